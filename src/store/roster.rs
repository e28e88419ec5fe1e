//! Shifts, leaves and who changed them; and the duties that a plan is made of.

use std::collections::HashMap;

use entity::kinds::{
    AccountId, DutyRole, GridId, LeaveKind, RosterChange, ShiftDays, StaffId, StreetRole, Timestamp,
};
use entity::{leave, roster_change, shift};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect, Select,
};

use super::sql;
use crate::domain::roster::{Duty, Seat, Shift, Span};

/// When the office `r` of the member of staff `s` ends: who leaves has none from then on.
const UNTIL: &str = "CASE WHEN s.ended_at IS NULL THEN r.valid_to
    WHEN r.valid_to IS NULL OR r.valid_to > s.ended_at THEN s.ended_at
    ELSE r.valid_to END AS until";
/// The condition that it is held at some time between `$1` and `$2`.
const HELD: &str = "r.valid_from < $2 AND (r.valid_to IS NULL OR r.valid_to > $1)
    AND (s.ended_at IS NULL OR s.ended_at > $1)";

#[derive(FromQueryResult)]
struct DutyRow {
    grid_id: GridId,
    role: DutyRole,
    staff_id: StaffId,
    valid_from: Timestamp,
    until: Option<Timestamp>,
    weekdays: Option<i32>,
    days: Option<ShiftDays>,
    from_minute: Option<i32>,
    to_minute: Option<i32>,
}

/// Lists the duties of valid grids that overlap a window, each with its shift. Who leaves office
/// has none from then on.
pub async fn duties(conn: &impl ConnectionTrait, window: Span) -> Result<Vec<Duty>, DbErr> {
    let text = format!(
        "SELECT r.grid_id, r.role, r.staff_id, r.valid_from, {UNTIL},
            v.weekdays, v.days, v.from_minute, v.to_minute
       FROM responsibility r JOIN staff s ON s.id = r.staff_id JOIN grid g ON g.id = r.grid_id
       LEFT JOIN shift v ON v.name = r.shift
            AND v.version = (SELECT MAX(x.version) FROM shift x WHERE x.name = r.shift)
      WHERE {HELD} AND g.valid_to IS NULL
      ORDER BY r.id"
    );
    let values = [window.from.into(), window.to.into()];
    let rows = DutyRow::find_by_statement(sql(conn, &text, values)).all(conn).await?;
    Ok(rows.iter().map(duty).collect())
}

#[derive(FromQueryResult)]
struct SeatRow {
    role: StreetRole,
    staff_id: StaffId,
    valid_from: Timestamp,
    until: Option<Timestamp>,
}

/// Lists who sits at the street's desks within a window.
pub async fn seats(conn: &impl ConnectionTrait, window: Span) -> Result<Vec<Seat>, DbErr> {
    let text = format!(
        "SELECT r.role, r.staff_id, r.valid_from, {UNTIL}
       FROM staff_role r JOIN staff s ON s.id = r.staff_id
      WHERE r.role IN ('command', 'triage_desk') AND {HELD}
      ORDER BY r.id"
    );
    let values = [window.from.into(), window.to.into()];
    let rows = SeatRow::find_by_statement(sql(conn, &text, values)).all(conn).await?;
    let seat = |row: SeatRow| {
        let SeatRow { role: desk, staff_id: staff, valid_from: from, until: to } = row;
        Seat { desk, staff, from, to }
    };
    Ok(rows.into_iter().map(seat).collect())
}

fn duty(row: &DutyRow) -> Duty {
    let shift = || {
        Some(Shift {
            weekdays: row.weekdays?,
            days: row.days?,
            from_minute: row.from_minute?,
            to_minute: row.to_minute?,
        })
    };
    Duty {
        grid: row.grid_id,
        role: row.role,
        staff: row.staff_id,
        shift: shift(),
        from: row.valid_from,
        to: row.until,
    }
}

/// Lists the leaves that overlap a window and were not taken back.
pub async fn leaves(conn: &impl ConnectionTrait, window: Span) -> Result<Vec<leave::Model>, DbErr> {
    let found = leave::Entity::find()
        .filter(leave::Column::CancelledAt.is_null())
        .filter(leave::Column::FromAt.lt(window.to))
        .filter(leave::Column::ToAt.gt(window.from));
    let mut rows = found.all(conn).await?;
    // Asked for in this order, SQLite would read the leaves of all years.
    rows.sort_unstable_by_key(|row| row.id);
    Ok(rows)
}

/// Whose leaves somebody may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeavesOf {
    Everybody,
    Person(StaffId),
    /// His own and those of whoever is responsible in these communities and their grids.
    Led(StaffId, Vec<GridId>),
}

/// Lists a page of at most `limit` leaves that overlap a window and were not taken back, without
/// swaps and who signed off, the newest first; `before` is the last of the page before.
pub async fn page_of_leaves(
    conn: &impl ConnectionTrait,
    (whose, window): (&LeavesOf, Span),
    before: Option<i64>,
    (limit, now): (u64, Timestamp),
) -> Result<Vec<leave::Model>, DbErr> {
    let mut page = leave::Entity::find()
        .filter(leave::Column::Kind.eq(LeaveKind::Leave))
        .filter(leave::Column::CancelledAt.is_null())
        .filter(leave::Column::FromAt.lt(window.to))
        .filter(leave::Column::ToAt.gt(window.from));
    page = match whose {
        LeavesOf::Everybody => page,
        LeavesOf::Person(staff) => page.filter(leave::Column::StaffId.eq(*staff)),
        LeavesOf::Led(own, grids) => {
            let mine = leave::Column::StaffId.eq(*own);
            page.filter(mine.or(leave::Column::StaffId.in_subquery(responsible_in(grids, now))))
        }
    };
    if let Some(before) = before {
        page = page.filter(leave::Column::Id.lt(before));
    }
    page.order_by_desc(leave::Column::Id).limit(limit).all(conn).await
}

/// Selects who is responsible now for one of these grids or for a grid within one.
fn responsible_in(grids: &[GridId], now: Timestamp) -> SelectStatement {
    use entity::{grid, responsibility};
    let within = Query::select()
        .column(grid::Column::Id)
        .from(grid::Entity)
        .cond_where(
            Condition::any()
                .add(grid::Column::Id.is_in(grids.iter().copied()))
                .add(grid::Column::ParentId.is_in(grids.iter().copied())),
        )
        .to_owned();
    let valid_to = responsibility::Column::ValidTo;
    Query::select()
        .column(responsibility::Column::StaffId)
        .from(responsibility::Entity)
        .and_where(responsibility::Column::GridId.in_subquery(within))
        .and_where(responsibility::Column::ValidFrom.lte(now))
        .and_where(valid_to.is_null().or(valid_to.gt(now)))
        .to_owned()
}

/// Finds a leave that was not taken back.
pub async fn find_leave(
    conn: &impl ConnectionTrait,
    id: i64,
) -> Result<Option<leave::Model>, DbErr> {
    let found = leave::Entity::find_by_id(id).filter(leave::Column::CancelledAt.is_null());
    found.one(conn).await
}

/// Inserts a leave.
pub async fn insert_leave(
    tx: &impl ConnectionTrait,
    row: leave::ActiveModel,
) -> Result<leave::Model, DbErr> {
    leave::Entity::insert(row).exec_with_returning(tx).await
}

/// Takes a leave back; `false`: somebody else did.
pub async fn cancel_leave(
    tx: &impl ConnectionTrait,
    id: i64,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let changed = leave::Entity::update_many()
        .col_expr(leave::Column::CancelledAt, Expr::value(now))
        .filter(leave::Column::Id.eq(id))
        .filter(leave::Column::CancelledAt.is_null())
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Lists every version of every shift, the newest of each name first.
pub async fn shifts(conn: &impl ConnectionTrait) -> Result<Vec<shift::Model>, DbErr> {
    let by_name = shift::Entity::find().order_by_asc(shift::Column::Name);
    by_name.order_by_desc(shift::Column::Version).all(conn).await
}

/// Inserts the next version of a shift. Fails with a conflict of the database when somebody else
/// does so at the same moment.
pub async fn insert_shift(
    tx: &impl ConnectionTrait,
    (name, shift): (&str, Shift),
    now: Timestamp,
) -> Result<shift::Model, DbErr> {
    let newest = shift::Entity::find()
        .filter(shift::Column::Name.eq(name))
        .order_by_desc(shift::Column::Version)
        .one(tx)
        .await?;
    let row = shift::ActiveModel {
        id: NotSet,
        name: Set(name.to_owned()),
        version: Set(newest.map_or(1, |newest| newest.version.saturating_add(1))),
        weekdays: Set(shift.weekdays),
        days: Set(shift.days),
        from_minute: Set(shift.from_minute),
        to_minute: Set(shift.to_minute),
        created_at: Set(now),
    };
    shift::Entity::insert(row).exec_with_returning(tx).await
}

/// Appends to the record of changes.
pub async fn append(
    tx: &impl ConnectionTrait,
    (what, subject, staff): (RosterChange, i64, Option<StaffId>),
    by: AccountId,
    at: Timestamp,
) -> Result<(), DbErr> {
    let row = roster_change::ActiveModel {
        id: NotSet,
        what: Set(what),
        subject_id: Set(subject),
        staff_id: Set(staff),
        account_id: Set(by),
        at: Set(at),
    };
    roster_change::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// What a person said of his presence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// When he signed on, if that was the last thing he said.
    pub on_at: Option<Timestamp>,
}

/// Reads what somebody said since an instant.
pub async fn marks(
    conn: &impl ConnectionTrait,
    staff: StaffId,
    since: Timestamp,
) -> Result<Marks, DbErr> {
    let said = [RosterChange::SignedOn, RosterChange::SignedOff];
    let last = roster_change::Entity::find()
        .filter(roster_change::Column::StaffId.eq(staff))
        .filter(roster_change::Column::What.is_in(said))
        .filter(roster_change::Column::At.gte(since))
        .order_by_desc(roster_change::Column::Id)
        .one(conn)
        .await?;
    let on = last.filter(|last| last.what == RosterChange::SignedOn);
    Ok(Marks { on_at: on.map(|on| on.at) })
}

fn away_now(now: Timestamp) -> Select<leave::Entity> {
    leave::Entity::find()
        .filter(leave::Column::CancelledAt.is_null())
        .filter(leave::Column::FromAt.lte(now))
        .filter(leave::Column::ToAt.gt(now))
}

/// Finds what makes somebody away because he signed off.
pub async fn off_duty(
    conn: &impl ConnectionTrait,
    staff: StaffId,
    now: Timestamp,
) -> Result<Option<leave::Model>, DbErr> {
    away_now(now)
        .filter(leave::Column::Kind.eq(LeaveKind::OffDuty))
        .filter(leave::Column::StaffId.eq(staff))
        .one(conn)
        .await
}

/// Lists those of the staff who are away, each with who stands in and is there himself.
pub async fn away(
    conn: &impl ConnectionTrait,
    staff: &[StaffId],
    now: Timestamp,
) -> Result<HashMap<StaffId, Option<StaffId>>, DbErr> {
    let mut away = on_leave(conn, staff, now).await?;
    let substitutes: Vec<StaffId> = away.values().copied().flatten().collect();
    let away_too = on_leave(conn, &substitutes, now).await?;
    for substitute in away.values_mut() {
        *substitute = substitute.filter(|one| !away_too.contains_key(one));
    }
    Ok(away)
}

/// Each with the substitute who was named: of two leaves the one that was entered later counts.
async fn on_leave(
    conn: &impl ConnectionTrait,
    staff: &[StaffId],
    now: Timestamp,
) -> Result<HashMap<StaffId, Option<StaffId>>, DbErr> {
    if staff.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(StaffId, Option<StaffId>)> = away_now(now)
        .filter(leave::Column::StaffId.is_in(staff.iter().copied()))
        .order_by_asc(leave::Column::Id)
        .select_only()
        .columns([leave::Column::StaffId, leave::Column::SubstituteId])
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Ends what makes somebody away because he signed off. After the clock was put back that may begin
/// only later, and would make him away then. Returns the id of the last if there was one.
pub async fn end_off_duty(
    tx: &impl ConnectionTrait,
    staff: StaffId,
    now: Timestamp,
) -> Result<Option<i64>, DbErr> {
    let ended = leave::Entity::update_many()
        .col_expr(leave::Column::CancelledAt, Expr::value(now))
        .filter(leave::Column::CancelledAt.is_null())
        .filter(leave::Column::Kind.eq(LeaveKind::OffDuty))
        .filter(leave::Column::StaffId.eq(staff))
        .filter(leave::Column::ToAt.gt(now))
        .exec_with_returning(tx)
        .await?;
    Ok(ended.iter().map(|off| off.id).max())
}
