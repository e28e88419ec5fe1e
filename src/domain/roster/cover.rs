//! Lays duties, shifts and leaves over each other: who is on duty when.

use entity::kinds::{DutyRole, GridId, StaffId, Timestamp};

use super::{Shift, Span};
use crate::domain::calendar::Calendar;

/// Somebody's responsibility for a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duty {
    pub grid: GridId,
    pub role: DutyRole,
    pub staff: StaffId,
    /// `None`: around the clock.
    pub shift: Option<Shift>,
    pub from: Timestamp,
    /// `None`: until further notice.
    pub to: Option<Timestamp>,
}

/// Somebody is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leave {
    pub staff: StaffId,
    pub span: Span,
    pub substitute: Option<StaffId>,
}

/// Somebody is on duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    pub grid: GridId,
    pub role: DutyRole,
    pub staff: StaffId,
    /// For whom he stands in.
    pub instead_of: Option<StaffId>,
    pub span: Span,
}

/// Who is on duty within a window, and where somebody is away whom nobody replaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub turns: Vec<Turn>,
    pub absences: Vec<(Duty, Span)>,
}

/// Plans a window. A substitute who is away himself replaces nobody: there is no substitute of a
/// substitute.
pub fn plan(duties: &[Duty], leaves: &[Leave], window: Span, calendar: &Calendar) -> Plan {
    let mut plan = Plan::default();
    for duty in duties {
        let Some(valid) = valid((duty.from, duty.to), window) else { continue };
        let worked = duty.shift.map_or_else(|| vec![valid], |shift| shift.spans(calendar, valid));
        for span in worked {
            lay(&mut plan, duty, leaves, span);
        }
    }
    plan.turns.sort_by_key(|turn| (turn.grid, turn.span, turn.role.word(), turn.staff));
    plan
}

/// Returns the part of a window in which an office is held.
pub(super) fn valid((from, to): (Timestamp, Option<Timestamp>), window: Span) -> Option<Span> {
    Span::new(from, to.unwrap_or(window.to))?.meet(window)
}

fn lay(plan: &mut Plan, duty: &Duty, leaves: &[Leave], span: Span) {
    let there = there(duty.staff, leaves, span);
    plan.turns.extend(there.on.into_iter().map(|(staff, span)| Turn {
        grid: duty.grid,
        role: duty.role,
        staff,
        instead_of: (staff != duty.staff).then_some(duty.staff),
        span,
    }));
    plan.absences.extend(there.away.into_iter().map(|span| (*duty, span)));
}

/// Who is there within a span, and when somebody should be and nobody is.
#[derive(Debug, Default)]
pub(super) struct There {
    pub on: Vec<(StaffId, Span)>,
    pub away: Vec<Span>,
}

/// Tells who is there for one person within a span in which he has an office.
pub(super) fn there(staff: StaffId, leaves: &[Leave], span: Span) -> There {
    let mine = |leave: &&Leave| leave.staff == staff;
    let away: Vec<Span> = leaves.iter().filter(mine).map(|leave| leave.span).collect();
    let here = span.without(&away);
    let mut there = There::default();
    there.on.extend(here.into_iter().map(|span| (staff, span)));
    for leave in leaves.iter().filter(mine) {
        let Some(gone) = leave.span.meet(span) else { continue };
        let mut stands_in = Vec::new();
        if let Some(substitute) = leave.substitute {
            let too = leaves.iter().filter(|one| one.staff == substitute);
            stands_in = gone.without(&too.map(|one| one.span).collect::<Vec<_>>());
            there.on.extend(stands_in.iter().map(|span| (substitute, *span)));
        }
        there.away.extend(gone.without(&stands_in));
    }
    there
}
