//! Notices: planned with the case, moved only by compare-and-set.

use entity::kinds::{AccountId, CaseId, Channel, NoticeId, NoticeState, StaffId, Timestamp};
use entity::notice::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Cond, Expr, ExprTrait, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, FromQueryResult,
    QueryFilter, QueryOrder, QuerySelect, Value,
};

use super::batch::Batch;
use super::message::{self, message};
use super::{bulk, sql};

pub use super::message::Ending;

message!(notice);

/// What it takes to send a notice that is stored.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Stored {
    pub id: NoticeId,
    pub case_id: CaseId,
    pub urgent: bool,
    pub held_until: Option<Timestamp>,
}

impl Stored {
    /// Takes it from a row that is about to be stored; `None` while that has no id.
    pub fn to_be(row: &ActiveModel) -> Option<Self> {
        Some(Self {
            id: *row.id.try_as_ref()?,
            case_id: *row.case_id.try_as_ref()?,
            urgent: *row.urgent.try_as_ref()?,
            held_until: *row.held_until.try_as_ref()?,
        })
    }

    /// Takes it from the whole row.
    pub const fn of(notice: &Model) -> Self {
        let &Model { id, case_id, urgent, held_until, .. } = notice;
        Self { id, case_id, urgent, held_until }
    }
}

/// Inserts notices whose key is new; returns those that were stored.
pub async fn insert_new(
    tx: &impl ConnectionTrait,
    notices: Vec<ActiveModel>,
) -> Result<Vec<Stored>, DbErr> {
    let wanted = [Column::Id, Column::CaseId, Column::Urgent, Column::HeldUntil];
    let stored = bulk::insert(tx, notices, &[Column::DedupKey], &wanted).await?;
    stored.iter().map(|row| Stored::from_query_result(row, "")).collect()
}

/// Adds notices of new cases, under ids that were taken for them.
pub fn put_all(batch: &mut Batch, notices: Vec<ActiveModel>) -> Result<(), DbErr> {
    batch.insert(notices, &[])
}

/// Finds one notice.
pub async fn find(conn: &impl ConnectionTrait, id: NoticeId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(conn).await
}

/// Finds notices by their ids.
pub async fn find_all(conn: &impl ConnectionTrait, ids: &[NoticeId]) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(conn).await
}

/// Lists everything that was meant to be told about a case, oldest first.
pub async fn of_case(conn: &impl ConnectionTrait, case: CaseId) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::CaseId.eq(case)).order_by_asc(Column::Id).all(conn).await
}

/// Lists what a person was told, newest first.
pub async fn of_account(
    conn: &impl ConnectionTrait,
    account: AccountId,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::AccountId.eq(account))
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(conn)
        .await
}

/// Lists the notices of a case that nobody has begun to send.
pub async fn planned(tx: &impl ConnectionTrait, case: CaseId) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::CaseId.eq(case))
        .filter(Column::State.eq(NoticeState::Planned))
        .order_by_asc(Column::Id)
        .all(tx)
        .await
}

/// Finds the notice that the platform knows by this number; every channel counts for itself.
pub async fn find_msgid(
    conn: &impl ConnectionTrait,
    number: (Channel, i64),
) -> Result<Option<Model>, DbErr> {
    message::find_numbered::<Entity>(conn, number).await
}

/// The word for a message that a report is about, or another one: the report did not say which.
pub const ONE_OF_SEVERAL: &str = "one_of_several";

/// Lists the subscribe messages to an account that left between two times and of which nobody knows
/// what became: those without a report, and those that were given one of several. They come in the
/// order of their cases, so that whoever locks these meets no other crosswise.
pub async fn unreported(
    conn: &impl ConnectionTrait,
    account: AccountId,
    (from, until): (Timestamp, Timestamp),
) -> Result<Vec<Model>, DbErr> {
    let open = [NoticeState::Sending, NoticeState::Accepted, NoticeState::Unknown];
    let given = Column::Reason.eq(ONE_OF_SEVERAL).and(Column::State.eq(NoticeState::Delivered));
    Entity::find()
        .filter(Column::AccountId.eq(account))
        .filter(Column::Channel.eq(Channel::MiniSubscribe))
        .filter(
            Cond::any().add(given).add(
                Cond::all()
                    .add(Column::State.is_in(open))
                    .add(Column::Reason.is_null().or(Column::Reason.ne(ONE_OF_SEVERAL))),
            ),
        )
        .filter(Column::BundledInto.is_null())
        .filter(Column::SendingAt.between(from, until))
        .order_by_asc(Column::CaseId)
        .order_by_asc(Column::Id)
        .all(conn)
        .await
}

/// Notes that a message may be the one of several that did not arrive; `false`: it has ended
/// otherwise.
pub async fn set_doubtful(tx: &impl ConnectionTrait, id: NoticeId) -> Result<bool, DbErr> {
    use NoticeState::{Accepted, Delivered, Unknown};
    let changed = Entity::update_many()
        .col_expr(Column::State, Expr::value(Unknown))
        .col_expr(Column::Reason, Expr::value(ONE_OF_SEVERAL))
        .col_expr(Column::DeliveredAt, Expr::value(None::<Timestamp>))
        .filter(Column::Id.eq(id))
        .filter(Column::State.is_in([Accepted, Delivered, Unknown]))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Notes the number of a message that had none; `false`: it has one by now.
pub async fn set_msgid(tx: &impl ConnectionTrait, id: NoticeId, msgid: i64) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .col_expr(Column::Msgid, Expr::value(msgid))
        .filter(Column::Id.eq(id))
        .filter(Column::Msgid.is_null())
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Marks a planned notice as being sent, before the call leaves the house. `false`: somebody else
/// has it, or it was cancelled.
pub async fn set_sending(
    tx: &impl ConnectionTrait,
    id: NoticeId,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let marked = message::sending::<Entity>(now).filter(Column::Id.eq(id));
    Ok(marked.exec(tx).await?.rows_affected == 1)
}

/// Marks planned notices as being sent; returns those that were planned.
pub async fn set_all_sending(
    tx: &impl ConnectionTrait,
    ids: &[NoticeId],
    now: Timestamp,
) -> Result<Vec<NoticeId>, DbErr> {
    let marked = message::sending::<Entity>(now).filter(Column::Id.is_in(ids.iter().copied()));
    Ok(marked.exec_with_returning(tx).await?.into_iter().map(|notice| notice.id).collect())
}

/// Finds those of these notices that were marked as being sent at this instant, and keeps others from
/// changing them until the unit ends.
pub async fn marked(
    tx: &impl ConnectionTrait,
    ids: &[NoticeId],
    at: Timestamp,
) -> Result<Vec<Model>, DbErr> {
    let these = Entity::find().filter(Column::Id.is_in(ids.iter().copied()));
    let mut query = these.order_by_asc(Column::Id);
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        // All of them, so that a commit which is still under way is waited for.
        query = query.lock(LockType::Update);
    }
    let mut found = query.all(tx).await?;
    found.retain(|one| one.state == NoticeState::Sending && one.sending_at == Some(at));
    Ok(found)
}

/// Gives a notice back that was certainly not delivered, so that a later try may send it.
pub async fn set_planned_again(tx: &impl ConnectionTrait, id: NoticeId) -> Result<bool, DbErr> {
    message::set_planned_again::<Entity>(tx, id).await
}

/// Holds a planned notice back.
pub async fn hold(tx: &impl ConnectionTrait, id: NoticeId, until: Timestamp) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::HeldUntil, Expr::value(until))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(NoticeState::Planned))
        .exec(tx)
        .await
        .map(|_done| ())
}

/// Lists the other notices that were held back for the same person through the same channel and
/// that no notice tells of yet, oldest first.
pub async fn held_beside(conn: &impl ConnectionTrait, notice: &Model) -> Result<Vec<Model>, DbErr> {
    let person = match (notice.staff_id, notice.account_id) {
        (Some(staff), _) => Column::StaffId.eq(staff),
        (None, account) => Column::StaffId.is_null().and(Column::AccountId.eq(account)),
    };
    Entity::find()
        .filter(person)
        .filter(Column::Channel.eq(notice.channel))
        .filter(Column::State.eq(NoticeState::Planned))
        .filter(Column::HeldUntil.is_not_null())
        .filter(Column::BundledInto.is_null())
        .filter(Column::Id.ne(notice.id))
        .order_by_asc(Column::Id)
        .all(conn)
        .await
}

/// To whom, through which channel and when a message began to leave.
pub type Left = (Option<StaffId>, Option<AccountId>, Channel, Timestamp);

/// Lists what began to leave to these people since an instant.
pub async fn sent_since(
    conn: &impl ConnectionTrait,
    people: &[(Option<StaffId>, Option<AccountId>)],
    since: Timestamp,
) -> Result<Vec<Left>, DbErr> {
    let staff = people.iter().filter_map(|(staff, _)| *staff);
    let accounts = people.iter().filter_map(|(_, account)| *account);
    let others = Column::StaffId.is_null().and(Column::AccountId.is_in(accounts));
    Entity::find()
        .select_only()
        .columns([Column::StaffId, Column::AccountId, Column::Channel, Column::SendingAt])
        .filter(Column::StaffId.is_in(staff).or(others))
        .filter(Column::SendingAt.gte(since))
        .into_tuple()
        .all(conn)
        .await
}

/// Counts the urgent notices to a member of staff that wait to leave through a channel. The channel
/// stands in the statement, so that the index over those of one channel is used.
pub async fn urgent_planned(
    conn: &impl ConnectionTrait,
    staff: StaffId,
    channel: Channel,
) -> Result<usize, DbErr> {
    let text = format!(
        "SELECT COUNT(*) FROM notice WHERE staff_id = $1 AND channel = '{}' AND urgent
            AND finished_at IS NULL AND state = 'planned'",
        channel.word()
    );
    let row = conn.query_one_raw(super::sql(conn, &text, [staff.into()])).await?;
    let count = row.map_or(Ok(0), |row| row.try_get_by_index::<i64>(0))?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Lets a notice tell of others, as far as nobody has begun to send them.
pub async fn bundle(
    tx: &impl ConnectionTrait,
    into: NoticeId,
    ids: &[NoticeId],
) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    Entity::update_many()
        .col_expr(Column::BundledInto, Expr::value(into))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::State.eq(NoticeState::Planned))
        .filter(Column::BundledInto.is_null())
        .exec(tx)
        .await
        .map(|_done| ())
}

/// Lets a notice go its own way.
pub async fn unbundle(tx: &impl ConnectionTrait, id: NoticeId) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::BundledInto, Expr::value(Option::<NoticeId>::None))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await
        .map(|_done| ())
}

/// Finds the notice that tells of another one; what becomes of it waits until the unit ends.
pub async fn find_carrier(tx: &impl ConnectionTrait, id: NoticeId) -> Result<Option<Model>, DbErr> {
    let mut query = Entity::find_by_id(id);
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        query = query.lock(LockType::Share);
    }
    query.one(tx).await
}

/// Lists what a notice tells of beside its own case.
pub async fn bundled(conn: &impl ConnectionTrait, into: NoticeId) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::BundledInto.eq(into)).order_by_asc(Column::Id).all(conn).await
}

/// Plans those again by themselves that counted as told by a notice which did not arrive.
pub async fn revive_bundled(
    tx: &impl ConnectionTrait,
    into: NoticeId,
) -> Result<Vec<Model>, DbErr> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(NoticeState::Planned))
        .col_expr(Column::BundledInto, Expr::value(Option::<NoticeId>::None))
        .col_expr(Column::Reason, Expr::value(Option::<String>::None))
        .col_expr(Column::AcceptedAt, Expr::value(Option::<Timestamp>::None))
        .col_expr(Column::FinishedAt, Expr::value(Option::<Timestamp>::None))
        .filter(Column::BundledInto.eq(into))
        .filter(Column::State.eq(NoticeState::Accepted))
        .exec_with_returning(tx)
        .await
}

/// Ends a notice that is being sent (or, in doubt, planned). `false`: it had ended before.
pub async fn finish(
    tx: &impl ConnectionTrait,
    id: NoticeId,
    ending: &Ending,
) -> Result<bool, DbErr> {
    message::finish::<Entity>(tx, id, ending).await
}

/// Ends notices that the platform took over, each with the number that it was given; returns those
/// that had not ended before.
pub async fn accept_all(
    tx: &impl ConnectionTrait,
    taken: &[(NoticeId, Option<i64>)],
    now: Timestamp,
) -> Result<Vec<NoticeId>, DbErr> {
    let rows: Vec<[Value; 2]> =
        taken.iter().map(|(id, msgid)| [(*id).into(), (*msgid).into()]).collect();
    let (taken, rows) = bulk::table(tx, &[("id", "bigint"), ("msgid", "bigint")], &rows, 2)?;
    let text = format!(
        "UPDATE notice SET state = 'accepted', msgid = one.msgid, errcode = NULL, reason = NULL,
            accepted_at = $1, finished_at = $1
         FROM {taken} WHERE notice.id = one.id AND notice.state IN ('planned', 'sending')
         RETURNING notice.id AS id"
    );
    let values: Vec<Value> = [now.into()].into_iter().chain(rows).collect();
    let ended = tx.query_all_raw(sql(tx, &text, values)).await?;
    ended.iter().map(|row| row.try_get("", "id")).collect()
}

/// Cancels what is planned for staff about a case; what is already on its way stays.
pub async fn cancel_planned(
    tx: &impl ConnectionTrait,
    case: CaseId,
    now: Timestamp,
) -> Result<u64, DbErr> {
    let changed = Entity::update_many()
        .col_expr(Column::State, Expr::value(NoticeState::Cancelled))
        .col_expr(Column::FinishedAt, Expr::value(now))
        .filter(Column::CaseId.eq(case))
        .filter(Column::StaffId.is_not_null())
        .filter(Column::State.eq(NoticeState::Planned))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected)
}

/// Tells whether a text message that was accepted after an instant has no report yet.
pub async fn awaits_text_report(
    conn: &impl ConnectionTrait,
    after: Timestamp,
) -> Result<bool, DbErr> {
    message::awaits_text_report::<Entity>(conn, after).await
}

/// Records what was reported later about a message that was accepted, or of which nobody knew whether
/// it left: whether it arrived, and in a word. `None`: it has ended otherwise.
pub async fn set_delivered(
    tx: &impl ConnectionTrait,
    id: NoticeId,
    (delivered, status): (bool, &str),
    now: Timestamp,
) -> Result<Option<Model>, DbErr> {
    let reported = message::delivered::<Entity>(delivered, status, now);
    let changed = reported.filter(Column::Id.eq(id)).exec_with_returning(tx).await?;
    Ok(changed.into_iter().next())
}
