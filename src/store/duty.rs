//! Who is responsible right now, and whether a message can reach them.

use std::collections::BTreeSet;

use entity::kinds::{AccountId, DutyRole, GridId, ShiftDays, StaffId, StreetRole, Timestamp};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::reach::{Carriers, leads};
use super::{is_listed, list, sql};
use crate::domain::calendar::Calendar;
use crate::domain::roster::{Shift, is_on};

/// One person in one capacity.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OnDuty {
    pub staff_id: StaffId,
    /// Whose capacity it is: his own, or that of whom he stands in for.
    pub holder: StaffId,
    pub name_sealed: String,
    pub office_phone: String,
    pub account_id: Option<AccountId>,
    /// Whether some channel would carry a message to the person now: 1 or 0.
    pub reached: i64,
    /// Word of a [`DutyRole`] or [`StreetRole`].
    pub role: String,
    pub grid_id: Option<GridId>,
}

impl OnDuty {
    /// Tells whether any channel leads to the person.
    pub const fn reachable(&self) -> bool {
        self.reached > 0
    }
}

const PERSON: &str = "s.id AS staff_id, s.name_sealed, s.office_phone, s.account_id";

/// A person in a capacity beside the shift in which he has it.
#[derive(FromQueryResult)]
struct Rostered {
    #[sea_orm(nested)]
    person: OnDuty,
    weekdays: Option<i32>,
    days: Option<ShiftDays>,
    from_minute: Option<i32>,
    to_minute: Option<i32>,
}

impl Rostered {
    /// A shift that nobody defined is around the clock.
    fn shift(&self) -> Option<Shift> {
        Some(Shift {
            weekdays: self.weekdays?,
            days: self.days?,
            from_minute: self.from_minute?,
            to_minute: self.to_minute?,
        })
    }
}

/// The leave, if any, in which somebody is at `$2`.
const AWAY: &str = "cancelled_at IS NULL AND from_at <= $2 AND to_at > $2";

/// Who is responsible for some grids, and who sits at the street's desks, at one instant.
#[derive(Clone, Debug)]
pub struct Roll(Vec<OnDuty>);

impl Roll {
    /// Lists those of a small grid, its community, and the street's command and triage desk.
    pub fn of(&self, small: Option<GridId>, large: Option<GridId>) -> Vec<OnDuty> {
        let theirs =
            |one: &&OnDuty| one.grid_id.is_none() || one.grid_id == small || one.grid_id == large;
        self.0.iter().filter(theirs).cloned().collect()
    }

    /// Gives each capacity that nobody has here to whoever has it in another roll.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        let is_here = |one: &OnDuty| {
            self.0.iter().any(|mine| (&mine.role, mine.grid_id) == (&one.role, one.grid_id))
        };
        let missing: Vec<OnDuty> = other.0.into_iter().filter(|one| !is_here(one)).collect();
        self.0.extend(missing);
        self
    }
}

/// Calls the roll of any number of grids at an instant. In the place of who is on leave stands his
/// substitute, unless that one is away himself; whose shift is over is not there.
pub async fn at_all(
    conn: &impl ConnectionTrait,
    grids: &BTreeSet<GridId>,
    carriers: Carriers,
    (now, calendar): (Timestamp, &Calendar),
) -> Result<Roll, DbErr> {
    let listed = is_listed(conn);
    let leads = leads(3);
    let text = format!(
        "SELECT {PERSON}, d.holder, d.role, d.grid_id, v.weekdays, v.days, v.from_minute, v.to_minute,
                CASE WHEN {leads} THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS reached
           FROM (SELECT r.role AS role, r.grid_id AS grid_id, r.shift AS shift, r.staff_id AS holder
                   FROM responsibility r JOIN staff h ON h.id = r.staff_id
                  WHERE r.grid_id {listed} AND r.valid_from <= $2
                    AND (r.valid_to IS NULL OR r.valid_to > $2)
                    AND (h.ended_at IS NULL OR h.ended_at > $2)
                 UNION ALL
                 SELECT t.role AS role, NULL AS grid_id, 'all' AS shift, t.staff_id AS holder
                   FROM staff_role t JOIN staff h ON h.id = t.staff_id
                  WHERE t.role IN ('command', 'triage_desk') AND t.valid_from <= $2
                    AND (t.valid_to IS NULL OR t.valid_to > $2)
                    AND (h.ended_at IS NULL OR h.ended_at > $2)) d
           LEFT JOIN leave l ON l.id = (SELECT MAX(m.id) FROM leave m
                WHERE m.staff_id = d.holder AND {AWAY})
           JOIN staff s ON s.id = CASE WHEN l.id IS NULL THEN d.holder ELSE l.substitute_id END
           LEFT JOIN shift v ON v.name = d.shift
                AND v.version = (SELECT MAX(x.version) FROM shift x WHERE x.name = d.shift)
          WHERE (s.ended_at IS NULL OR s.ended_at > $2) AND (l.id IS NULL
             OR NOT EXISTS (SELECT 1 FROM leave m WHERE m.staff_id = l.substitute_id AND {AWAY}))
          ORDER BY d.role, s.id"
    );
    let [sms, wecom, oa, mini, employee] = carriers.values();
    let values = [list(grids)?, now.into(), sms, wecom, oa, mini, employee];
    let rostered = Rostered::find_by_statement(sql(conn, &text, values)).all(conn).await?;
    let on = rostered.into_iter().filter(|one| is_on(one.shift(), calendar, now));
    Ok(Roll(on.map(|one| one.person).collect()))
}

/// A capacity and who has it, there or away.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Office {
    pub staff_id: StaffId,
    /// Word of a [`DutyRole`] or [`StreetRole`].
    pub role: String,
}

/// Lists who has a capacity in some grids, or a desk of the street, at an instant.
pub async fn offices(
    conn: &impl ConnectionTrait,
    grids: &BTreeSet<GridId>,
    at: Timestamp,
) -> Result<Vec<Office>, DbErr> {
    let listed = is_listed(conn);
    let text = format!(
        "SELECT r.staff_id, r.role FROM responsibility r JOIN staff s ON s.id = r.staff_id
          WHERE r.grid_id {listed} AND r.valid_from <= $2
            AND (r.valid_to IS NULL OR r.valid_to > $2)
            AND (s.ended_at IS NULL OR s.ended_at > $2)
         UNION ALL
         SELECT t.staff_id, t.role FROM staff_role t JOIN staff s ON s.id = t.staff_id
          WHERE t.role IN ('command', 'triage_desk') AND t.valid_from <= $2
            AND (t.valid_to IS NULL OR t.valid_to > $2)
            AND (s.ended_at IS NULL OR s.ended_at > $2)"
    );
    let values = [list(grids)?, at.into()];
    Office::find_by_statement(sql(conn, &text, values)).all(conn).await
}

/// What one member of staff is responsible for.
#[derive(Clone, Debug, Default)]
pub struct Duties {
    pub grids: Vec<(GridId, DutyRole)>,
    pub street: Vec<StreetRole>,
}

#[derive(FromQueryResult)]
struct DutyRow {
    role: String,
    grid_id: Option<GridId>,
}

/// Reads what a member of staff may do at an instant, for himself and for whom he stands in; empty
/// once he has left. A substitute gets the duties and the desks, never an administrator's rights.
pub async fn of_staff(
    conn: &impl ConnectionTrait,
    staff: StaffId,
    now: Timestamp,
) -> Result<Duties, DbErr> {
    let text = "SELECT r.role AS role, r.grid_id AS grid_id
           FROM responsibility r JOIN staff s ON s.id = r.staff_id
          WHERE r.staff_id = $1 AND r.valid_from <= $2 AND (r.valid_to IS NULL OR r.valid_to > $2)
            AND (s.ended_at IS NULL OR s.ended_at > $2)
         UNION ALL
         SELECT t.role AS role, NULL AS grid_id
           FROM staff_role t JOIN staff s ON s.id = t.staff_id
          WHERE t.staff_id = $1 AND t.valid_from <= $2 AND (t.valid_to IS NULL OR t.valid_to > $2)
            AND (s.ended_at IS NULL OR s.ended_at > $2)
         UNION ALL
         SELECT r.role AS role, r.grid_id AS grid_id
           FROM leave l JOIN staff s ON s.id = l.substitute_id
           JOIN responsibility r ON r.staff_id = l.staff_id
          WHERE l.substitute_id = $1 AND l.cancelled_at IS NULL AND l.from_at <= $2
            AND l.to_at > $2 AND r.valid_from <= $2 AND (r.valid_to IS NULL OR r.valid_to > $2)
            AND (s.ended_at IS NULL OR s.ended_at > $2)
         UNION ALL
         SELECT t.role AS role, NULL AS grid_id
           FROM leave l JOIN staff s ON s.id = l.substitute_id
           JOIN staff_role t ON t.staff_id = l.staff_id AND t.role IN ('command', 'triage_desk')
          WHERE l.substitute_id = $1 AND l.cancelled_at IS NULL AND l.from_at <= $2
            AND l.to_at > $2 AND t.valid_from <= $2 AND (t.valid_to IS NULL OR t.valid_to > $2)
            AND (s.ended_at IS NULL OR s.ended_at > $2)";
    let rows =
        DutyRow::find_by_statement(sql(conn, text, [staff.into(), now.into()])).all(conn).await?;
    let mut duties = Duties::default();
    for row in rows {
        match (row.grid_id, DutyRole::from_word(&row.role), StreetRole::from_word(&row.role)) {
            (Some(grid), Some(role), _) => duties.grids.push((grid, role)),
            (None, _, Some(role)) => duties.street.push(role),
            _ => {}
        }
    }
    Ok(duties)
}
