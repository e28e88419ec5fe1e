//! The shift that somebody works on a day.

use std::time::Duration;

use entity::kinds::StaffId;

use super::{Duty, Span};
use crate::domain::calendar::Calendar;

const DAY: Duration = Duration::from_hours(24);

/// Returns the time from the beginning of somebody's first turn of a local day to the end of his
/// last one, with the night that begins on it; `None` when he works no turn of that day. Whoever
/// is there around the clock works the day itself.
pub fn shift_on(duties: &[Duty], staff: StaffId, day: Span, calendar: &Calendar) -> Option<Span> {
    let mine = duties.iter().filter(|duty| duty.staff == staff);
    let spans = mine.flat_map(|duty| {
        let around = Span { from: day.from - DAY, to: day.to + DAY };
        let until = duty.to.unwrap_or(around.to);
        let valid = Span::new(duty.from, until).and_then(|span| span.meet(around));
        let worked = match (duty.shift, valid) {
            (Some(shift), Some(valid)) => shift.spans(calendar, valid),
            (None, Some(valid)) => valid.meet(day).into_iter().collect(),
            (_, None) => Vec::new(),
        };
        worked.into_iter().filter(|span| day.holds(span.from))
    });
    spans.reduce(|a, b| Span { from: a.from.min(b.from), to: a.to.max(b.to) })
}
