//! Cases: loading within a scope, compare-and-set, lists.

use entity::cases::{ActiveModel, Column, Entity, Model};
use entity::kinds::{
    AccountId, CaseId, CaseState, EventType, GridId, HoldReason, StaffId, Timestamp, TriageReason,
    Urgency,
};
use entity::{case_event, staff};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr, sea_query::ExprTrait,
    sea_query::LockBehavior, sea_query::LockType, sea_query::Query, sea_query::SimpleExpr,
};

use super::batch::Batch;
use super::scope::{Belongs, Scope};
use super::{bulk, schema, skip_locked, sql};

/// Takes the next `count` numbers of a local day (`20261123`), counting from 1; returns the last.
pub async fn take_numbers(tx: &impl ConnectionTrait, day: &str, count: i32) -> Result<i32, DbErr> {
    let counted = sql(
        tx,
        "INSERT INTO case_counter (day, last) VALUES ($1, $2)
         ON CONFLICT (day) DO UPDATE SET last = case_counter.last + $2 RETURNING last",
        [day.into(), count.into()],
    );
    let row = tx.query_one_raw(counted).await?.ok_or_else(|| DbErr::RecordNotInserted)?;
    row.try_get("", "last")
}

/// Adds cases under ids that were taken for them.
pub fn put_all<'a>(
    batch: &mut Batch,
    cases: impl IntoIterator<Item = &'a Model>,
) -> Result<(), DbErr> {
    let row = |case: &Model| case.clone().into_active_model().reset_all();
    batch.insert::<ActiveModel>(cases.into_iter().map(row).collect(), &[])
}

/// Finds a case within the scope.
pub async fn find(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    id: CaseId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(scope.condition()).one(conn).await
}

/// Lists a resident's own cases that a worker of their small grid acknowledged since an instant,
/// newest first; what he asked for others or took back is not among them.
pub async fn confirmed(
    conn: &impl ConnectionTrait,
    reporter: AccountId,
    since: Timestamp,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    use CaseState::{Acknowledged, Closed, InProgress, OnHold, Resolved};
    Entity::find()
        .filter(Column::ReporterId.eq(reporter))
        .filter(Column::ReportedByStaff.is_null())
        .filter(Column::OnBehalfSealed.is_null())
        .filter(Column::SmallGridId.is_not_null())
        .filter(Column::AcknowledgedAt.gte(since))
        .filter(Column::State.is_in([Acknowledged, InProgress, OnHold, Resolved, Closed]))
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(conn)
        .await
}

/// Finds the newest of a resident's own cases since an instant that lies in a small grid; what he
/// asked for others or took back, and what was declined or is disputed, is not among them.
pub async fn last_placed(
    conn: &impl ConnectionTrait,
    reporter: AccountId,
    since: Timestamp,
) -> Result<Option<Model>, DbErr> {
    use CaseState::{Cancelled, Rejected, Triage};
    Entity::find()
        .filter(Column::ReporterId.eq(reporter))
        .filter(Column::ReportedByStaff.is_null())
        .filter(Column::OnBehalfSealed.is_null())
        .filter(Column::SmallGridId.is_not_null())
        .filter(Column::ReportedAt.gte(since))
        .filter(Column::State.is_not_in([Cancelled, Rejected, Triage]))
        .order_by_desc(Column::Id)
        .one(conn)
        .await
}

/// Lists the open urgent cases that somebody took, or that nobody took yet in these small grids.
pub async fn open_urgent(
    conn: &impl ConnectionTrait,
    staff: StaffId,
    grids: &[GridId],
) -> Result<Vec<Model>, DbErr> {
    use CaseState::{Acknowledged, Assigned, InProgress};
    let taken = Condition::all()
        .add(Column::State.is_in([Acknowledged, InProgress]))
        .add(Column::AcknowledgedBy.eq(staff));
    let waits = Condition::all()
        .add(Column::State.eq(Assigned))
        .add(Column::SmallGridId.is_in(grids.iter().copied()));
    Entity::find()
        .filter(Column::Urgency.eq(Urgency::Urgent))
        .filter(Condition::any().add(taken).add(waits))
        .order_by_asc(Column::Id)
        .all(conn)
        .await
}

/// Lists whom open cases belong to, at most `limit` of them.
pub async fn open_belongs(
    conn: &impl ConnectionTrait,
    limit: u64,
) -> Result<Vec<(CaseId, Belongs)>, DbErr> {
    let rows: Vec<(CaseId, AccountId, _, _, _)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::ReporterId, Column::ReportedByStaff])
        .columns([Column::SmallGridId, Column::LargeGridId])
        .filter(Column::NextCheckAt.is_not_null())
        .limit(limit)
        .into_tuple()
        .all(conn)
        .await?;
    let of = |(case, reporter_id, reported_by_staff, small_grid_id, large_grid_id)| {
        (case, Belongs { reporter_id, reported_by_staff, small_grid_id, large_grid_id })
    };
    Ok(rows.into_iter().map(of).collect())
}

/// Finds a case and keeps others from changing it until the unit ends.
pub async fn find_locked(tx: &impl ConnectionTrait, id: CaseId) -> Result<Option<Model>, DbErr> {
    let mut query = Entity::find_by_id(id);
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        query = query.lock(LockType::Update);
    }
    query.one(tx).await
}

/// Keeps others from changing two cases until the unit ends; in the order of their ids, so that two
/// units that want the same ones wait one behind the other.
pub async fn lock_both(tx: &impl ConnectionTrait, ids: [CaseId; 2]) -> Result<(), DbErr> {
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        let both = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::Id.is_in(ids))
            .order_by_asc(Column::Id)
            .lock(LockType::Update);
        both.into_tuple::<CaseId>().all(tx).await?;
    }
    Ok(())
}

/// Lists the cases that were merged into this one, in the order of their ids.
pub async fn merged_into(conn: &impl ConnectionTrait, lead: CaseId) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::MergedInto.eq(lead)).order_by_asc(Column::Id).all(conn).await
}

/// Puts the cases that were merged into one behind another one; their versions stay.
pub async fn move_merged(tx: &impl ConnectionTrait, from: CaseId, to: CaseId) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::MergedInto, Expr::value(to))
        .filter(Column::MergedInto.eq(from))
        .exec(tx)
        .await?;
    Ok(())
}

/// Forgets the number that was left with a case; the version stays.
pub async fn forget_phone(tx: &impl ConnectionTrait, id: CaseId) -> Result<(), DbErr> {
    forget_phones(tx, Column::Id.eq(id)).await
}

/// Forgets the numbers that a resident left with the cases that he reported until an instant.
pub async fn forget_phones_of(
    tx: &impl ConnectionTrait,
    account: AccountId,
    reported_until: Timestamp,
) -> Result<(), DbErr> {
    let own = Column::ReporterId.eq(account).and(Column::ReportedByStaff.is_null());
    let old = own.and(Column::ReportedAt.lte(reported_until));
    forget_phones(tx, old.and(Column::ContactPhoneSealed.is_not_null())).await
}

async fn forget_phones(tx: &impl ConnectionTrait, which: SimpleExpr) -> Result<(), DbErr> {
    let none = || Expr::val(Option::<String>::None);
    Entity::update_many()
        .col_expr(Column::ContactPhoneSealed, none())
        .col_expr(Column::ContactPhoneIndex, none())
        .filter(which)
        .exec(tx)
        .await?;
    Ok(())
}

/// Finds the cases that nobody holds and keeps others from changing them until the unit ends.
pub async fn find_unlocked(tx: &impl ConnectionTrait, ids: &[CaseId]) -> Result<Vec<Model>, DbErr> {
    let mut query = Entity::find().filter(Column::Id.is_in(ids.iter().copied()));
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        query = query.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    query.all(tx).await
}

/// An urgent case with a running chain, in the words of its index, which SQLite must recognise.
const PRESSING: &str = "AND urgency = 'urgent' AND state IN ('triage', 'assigned', 'acknowledged')";

/// Finds and locks the next case that the engine must look at, and returns since when: urgent ones
/// with a running chain come before all others, however long those are due. Cases locked elsewhere
/// are skipped, and all of them while the database belongs to a newer program. The row itself is
/// not read, so that whoever cannot read it knows which it is.
pub async fn find_due(
    tx: &impl ConnectionTrait,
    now: Timestamp,
) -> Result<Option<(CaseId, Timestamp)>, DbErr> {
    let (ours, lock) = (schema::is_ours(), skip_locked(tx));
    for which in [PRESSING, ""] {
        let text = format!(
            "SELECT id, next_check_at FROM cases WHERE next_check_at <= $1 {which} AND {ours}
              ORDER BY next_check_at LIMIT 1 {lock}"
        );
        if let Some(row) = tx.query_one_raw(sql(tx, &text, [now.into()])).await? {
            return Ok(Some((row.try_get("", "id")?, row.try_get("", "next_check_at")?)));
        }
    }
    Ok(None)
}

/// Returns when the engine must look at a case next; `None` when no case is open.
pub async fn earliest_check(conn: &impl ConnectionTrait) -> Result<Option<Timestamp>, DbErr> {
    let first = Entity::find()
        .select_only()
        .column(Column::NextCheckAt)
        .filter(Column::NextCheckAt.is_not_null())
        .order_by_asc(Column::NextCheckAt)
        .limit(1);
    Ok(first.into_tuple::<Option<Timestamp>>().one(conn).await?.flatten())
}

/// Writes the whole case, which was reconciled, if its version is still `seen`; tells whether it was.
pub async fn update(tx: &impl ConnectionTrait, case: Model, seen: i32) -> Result<bool, DbErr> {
    let id = case.id;
    let mut row = case.into_active_model().reset_all();
    row.id = sea_orm::ActiveValue::NotSet;
    row.number = sea_orm::ActiveValue::NotSet;
    row.put_off_since = sea_orm::ActiveValue::Set(None);
    let changed = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(id))
        .filter(Column::Version.eq(seen))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// A case beside the number of the last event that its row must still have.
pub type Observed<'a> = (&'a Model, i32);

/// Writes what the system observed of cases: the ledger's end, the first push, the content check
/// and the next look. The version stays, so that a person who reads the case can still act on what
/// he sees. Tells whether every row was written.
pub async fn observe(tx: &impl ConnectionTrait, cases: &[Observed<'_>]) -> Result<bool, DbErr> {
    let seen = cases.iter().map(|(case, seen_seq)| {
        [
            case.id.into(),
            (*seen_seq).into(),
            case.first_push_at.into(),
            case.opened_at.into(),
            case.content_check.into(),
            case.content_until.into(),
            case.next_check_at.into(),
            case.last_seq.into(),
            case.last_hash.clone().into(),
            case.last_event_at.into(),
        ]
    });
    let (observed, rows) = bulk::table(tx, &OBSERVED, &seen.collect::<Vec<_>>(), 1)?;
    let text = format!(
        "UPDATE cases SET first_push_at = one.first_push_at, opened_at = one.opened_at,
            content_check = one.content_check, content_until = one.content_until,
            next_check_at = one.next_check_at, last_seq = one.last_seq,
            last_hash = one.last_hash, last_event_at = one.last_event_at
         FROM {observed} WHERE cases.id = one.id AND cases.last_seq = one.seen_seq"
    );
    let written = tx.execute_raw(sql(tx, &text, rows)).await?.rows_affected();
    Ok(u64::try_from(cases.len()) == Ok(written))
}

const OBSERVED: [(&str, &str); 10] = [
    ("id", "bigint"),
    ("seen_seq", "integer"),
    ("first_push_at", "bigint"),
    ("opened_at", "bigint"),
    ("content_check", "text"),
    ("content_until", "bigint"),
    ("next_check_at", "bigint"),
    ("last_seq", "integer"),
    ("last_hash", "text"),
    ("last_event_at", "bigint"),
];

/// Moves the next look from `seen` to `to`, unless somebody else moved it meanwhile, and keeps since
/// when that goes on.
pub async fn push_back(
    tx: &impl ConnectionTrait,
    id: CaseId,
    (seen, to): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<bool, DbErr> {
    let text = "UPDATE cases SET next_check_at = $1, put_off_since = COALESCE(put_off_since, $2)
        WHERE id = $3 AND next_check_at = $4";
    let values = [to.into(), now.into(), id.into(), seen.into()];
    Ok(tx.execute_raw(sql(tx, text, values)).await?.rows_affected() == 1)
}

/// What a list asks for; `None` does not filter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub states: Vec<CaseState>,
    pub small_grid: Option<GridId>,
    pub large_grid: Option<GridId>,
    /// Open and past its resolve time at this instant.
    pub overdue_at: Option<Timestamp>,
    pub number_prefix: Option<String>,
    pub triage_only: bool,
    pub finished: Option<Finished>,
    /// Only what the reader brought, or only what his office concerns him with; decides the scope.
    pub brought: Option<bool>,
    pub part: Part,
}

/// Cases whose result stands and was declared by this person at this instant or later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finished {
    pub by: StaffId,
    pub since: Timestamp,
}

/// A list in two parts: what waits for the answer of the account that reported it, and the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    #[default]
    Whole,
    Waiting(AccountId),
    Rest(AccountId),
}

/// Lists cases of the scope, newest first, with ids below `before`.
pub async fn list(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    filter: &Filter,
    before: Option<CaseId>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(scope.condition())
        .filter(condition(filter))
        .filter(before.map_or(Condition::all(), |id| Condition::all().add(Column::Id.lt(id))))
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(conn)
        .await
}

fn condition(filter: &Filter) -> Condition {
    let mut all = Condition::all();
    if !filter.states.is_empty() {
        all = all.add(Column::State.is_in(filter.states.iter().copied()));
    }
    if let Some(grid) = filter.small_grid {
        all = all.add(Column::SmallGridId.eq(grid));
    }
    if let Some(grid) = filter.large_grid {
        all = all.add(Column::LargeGridId.eq(grid));
    }
    if let Some(now) = filter.overdue_at {
        all = all.add(Column::ResolveDueAt.lt(now)).add(Column::NextCheckAt.is_not_null());
    }
    if let Some(prefix) = &filter.number_prefix {
        all = all.add(Column::Number.starts_with(prefix));
    }
    if filter.triage_only {
        all = all.add(Column::State.eq(CaseState::Triage));
    }
    if let Some(finished) = filter.finished {
        all = all.add(finished_by(finished));
    }
    match filter.part {
        Part::Whole => all,
        Part::Waiting(account) => all.add(waiting(account)),
        // Said as a number: a reason that is missing must not make the row unknown to both parts.
        Part::Rest(account) => {
            let waits: Expr = Expr::case(waiting(account), 1).finally(0).into();
            all.add(ExprTrait::eq(waits, 0))
        }
    }
}

/// What somebody declared the result of, through whichever of his accounts.
fn finished_by(Finished { by, since }: Finished) -> Condition {
    let his = |column: staff::Column| {
        Query::select()
            .column(column)
            .from(staff::Entity)
            .and_where(staff::Column::Id.eq(by))
            .and_where(column.is_not_null())
            .to_owned()
    };
    let actor = Expr::col((case_event::Entity, case_event::Column::ActorId));
    let theirs = Condition::any()
        .add(actor.clone().in_subquery(his(staff::Column::AccountId)))
        .add(actor.in_subquery(his(staff::Column::WecomAccountId)));
    let declared = Query::select()
        .expr(Expr::val(1))
        .from(case_event::Entity)
        .and_where(
            Expr::col((case_event::Entity, case_event::Column::CaseId))
                .equals((Entity, Column::Id)),
        )
        .and_where(case_event::Column::Kind.eq(EventType::Resolved))
        .and_where(case_event::Column::ServerTime.gte(since))
        .cond_where(theirs)
        .to_owned();
    Condition::all().add(Column::ResolvedAt.gte(since)).add(Expr::exists(declared))
}

/// What waits for the account that reported it, as `domain::case::waits` says.
fn waiting(account: AccountId) -> Condition {
    let rests = |why: HoldReason| {
        Condition::all().add(Column::State.eq(CaseState::OnHold)).add(Column::HoldReason.eq(why))
    };
    let asked = Condition::all()
        .add(Column::State.eq(CaseState::Triage))
        .add(Column::TriageReason.eq(TriageReason::Ask));
    let appointment =
        rests(HoldReason::AwaitingAppointment).add(Column::AppointmentAgreed.eq(false));
    let papers = rests(HoldReason::AwaitingMaterial).add(Column::PapersAddedAt.is_null());
    let any = Condition::any()
        .add(Column::State.eq(CaseState::Resolved))
        .add(asked)
        .add(papers)
        .add(appointment);
    Condition::all()
        .add(Column::ReporterId.eq(account))
        .add(Column::ReportedByStaff.is_null())
        .add(any)
}
