//! When people come on duty.

use std::collections::{BTreeMap, BTreeSet};

use entity::kinds::{ShiftDays, StaffId, Timestamp};

use super::{Duty, Leave, Plan, Shift, Span, plan};
use crate::domain::calendar::Calendar;

/// Whoever is on duty around the clock begins his day at eight.
const DAILY: Shift =
    Shift { weekdays: 127, days: ShiftDays::Every, from_minute: 8 * 60, to_minute: 8 * 60 };
const DAY_MICROS: i64 = 24 * 3_600_000_000;
/// So far back a turn may have begun that is still being worked.
const BACK: i64 = 2 * DAY_MICROS;

/// Returns the time that [`starts`] must know the duties and leaves of.
pub fn known(window: Span) -> Span {
    Span { from: Timestamp(window.from.0.saturating_sub(BACK)), to: window.to }
}

/// Lists who comes on duty after `window.from` and until before `window.to`, and when. Who takes up
/// another duty while he has one already does not come on duty; who stands in for somebody does so
/// for the turns of that one.
pub fn starts(
    duties: &[Duty],
    leaves: &[Leave],
    window: Span,
    calendar: &Calendar,
) -> Vec<(StaffId, Timestamp)> {
    let always: BTreeSet<StaffId> =
        duties.iter().filter(|duty| duty.shift.is_none()).map(|duty| duty.staff).collect();
    let duties: Vec<Duty> = duties
        .iter()
        .filter(|duty| duty.shift.is_none() || !always.contains(&duty.staff))
        .map(|duty| Duty { shift: Some(duty.shift.unwrap_or(DAILY)), ..*duty })
        .collect();
    let Plan { turns, .. } = plan(&duties, leaves, known(window), calendar);
    let mut of: BTreeMap<StaffId, Vec<Span>> = BTreeMap::new();
    for turn in turns {
        of.entry(turn.staff).or_default().push(turn.span);
    }
    let mut found = Vec::new();
    for (staff, spans) in of {
        let began = begins(spans).into_iter();
        found.extend(began.filter(|at| window.from < *at && *at < window.to).map(|at| (staff, at)));
    }
    found
}

/// Returns where the spans begin, those that overlap taken as one; a turn that follows another
/// without a break is one of its own.
fn begins(mut spans: Vec<Span>) -> Vec<Timestamp> {
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.from < last.to || span == *last => last.to = last.to.max(span.to),
            _ => joined.push(span),
        }
    }
    joined.into_iter().map(|span| span.from).collect()
}
