//! Whether somebody has a shift now, and from when to when.

use std::time::Duration;

use entity::kinds::{StaffId, Timestamp};

use super::{Plan, Span};
use crate::domain::calendar::{iso_date, parse_instant};

const DAY: Duration = Duration::from_hours(24);

/// Returns the time around an instant in which somebody has turns one after the other, whatever
/// the grid; `None` when he has none then. Whoever is there longer than a day has each local day
/// as a shift: an end must come, so that nobody stays away because he once signed off.
pub fn shift_at(plan: &Plan, staff: StaffId, at: Timestamp) -> Option<Span> {
    let whole = worked(plan, staff).into_iter().find(|span| span.holds(at))?;
    if whole.to.since(whole.from) <= DAY {
        return Some(whole);
    }
    let midnight = parse_instant(&iso_date(at))?;
    Span::new(midnight, midnight + DAY)?.meet(whole)
}

/// Returns somebody's next time that begins after an instant.
pub fn shift_after(plan: &Plan, staff: StaffId, at: Timestamp) -> Option<Span> {
    worked(plan, staff).into_iter().find(|span| span.from > at)
}

/// Lists somebody's turns in order; those that touch are one.
fn worked(plan: &Plan, staff: StaffId) -> Vec<Span> {
    let mine = plan.turns.iter().filter(|turn| turn.staff == staff);
    let mut spans: Vec<Span> = mine.map(|turn| turn.span).collect();
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            _ => joined.push(span),
        }
    }
    joined
}
