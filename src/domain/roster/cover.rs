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
        let until = duty.to.unwrap_or(window.to);
        let Some(valid) = Span::new(duty.from, until).and_then(|span| span.meet(window)) else {
            continue;
        };
        let worked = duty.shift.map_or_else(|| vec![valid], |shift| shift.spans(calendar, valid));
        for span in worked {
            lay(&mut plan, duty, leaves, span);
        }
    }
    plan.turns.sort_by_key(|turn| (turn.grid, turn.span, turn.role.word(), turn.staff));
    plan
}

fn lay(plan: &mut Plan, duty: &Duty, leaves: &[Leave], span: Span) {
    let turn = |staff, instead_of, span| Turn {
        grid: duty.grid,
        role: duty.role,
        staff,
        instead_of,
        span,
    };
    let mine = |leave: &&Leave| leave.staff == duty.staff;
    let away: Vec<Span> = leaves.iter().filter(mine).map(|leave| leave.span).collect();
    let here = span.without(&away);
    plan.turns.extend(here.into_iter().map(|span| turn(duty.staff, None, span)));
    for leave in leaves.iter().filter(mine) {
        let Some(gone) = leave.span.meet(span) else { continue };
        let mut stands_in = Vec::new();
        if let Some(substitute) = leave.substitute {
            let too = leaves.iter().filter(|one| one.staff == substitute);
            stands_in = gone.without(&too.map(|one| one.span).collect::<Vec<_>>());
            let instead = Some(duty.staff);
            plan.turns.extend(stands_in.iter().map(|span| turn(substitute, instead, *span)));
        }
        plan.absences.extend(gone.without(&stands_in).into_iter().map(|span| (*duty, span)));
    }
}
