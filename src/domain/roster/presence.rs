//! When each person of a plan is there next.

use entity::kinds::{DutyRole, GridId, StaffId, Timestamp};

use super::{Plan, Span};

/// One person in one capacity, and when he is there: now, or else next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presence {
    pub grid: GridId,
    pub role: DutyRole,
    pub staff: StaffId,
    /// For whom he stands in.
    pub instead_of: Option<StaffId>,
    /// Holds the instant that was asked for when he is there then.
    pub span: Span,
}

/// Lists everybody of a plan once for each capacity with his first time that is not over at an
/// instant; who is there first comes first. Turns of one person that touch are one time.
pub fn presences(plan: &Plan, at: Timestamp) -> Vec<Presence> {
    let mut found: Vec<Presence> = Vec::new();
    let mut turns: Vec<_> = plan.turns.iter().filter(|turn| turn.span.to > at).collect();
    turns.sort_by_key(|turn| turn.span);
    for turn in turns {
        let same = found.iter_mut().find(|one| {
            (one.grid, one.role, one.staff, one.instead_of)
                == (turn.grid, turn.role, turn.staff, turn.instead_of)
        });
        match same {
            Some(one) if turn.span.from <= one.span.to => {
                one.span.to = one.span.to.max(turn.span.to);
            }
            Some(_) => {}
            None => found.push(Presence {
                grid: turn.grid,
                role: turn.role,
                staff: turn.staff,
                instead_of: turn.instead_of,
                span: turn.span,
            }),
        }
    }
    found
}
