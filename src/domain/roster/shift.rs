//! When a shift is worked.

use entity::kinds::{ShiftDays, Timestamp};

use super::Span;
use crate::domain::calendar::{Calendar, local_date};

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// China has no daylight saving time.
const EAST_8: i64 = 8 * 60 * MINUTE;

/// Hours of certain days. It belongs to the day on which it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Bit 0 is Monday.
    pub weekdays: i32,
    pub days: ShiftDays,
    /// Minutes from local midnight.
    pub from_minute: i32,
    /// Not after `from_minute`: on the next day.
    pub to_minute: i32,
}

/// Tells whether a shift is worked at an instant; no shift is around the clock.
pub fn is_on(shift: Option<Shift>, calendar: &Calendar, at: Timestamp) -> bool {
    shift.is_none_or(|shift| {
        let today = local_day(at);
        let of = |day| shift.on(calendar, day).is_some_and(|span| span.holds(at));
        of(today) || of(today.saturating_sub(1))
    })
}

impl Shift {
    /// Lists the times of the shift within a window.
    pub fn spans(self, calendar: &Calendar, window: Span) -> Vec<Span> {
        let days = local_day(window.from).saturating_sub(1)..=local_day(window.to);
        days.filter_map(|day| self.on(calendar, day)?.meet(window)).collect()
    }

    /// Returns its time on one day; `None` when it is not worked then.
    fn on(self, calendar: &Calendar, day: i64) -> Option<Span> {
        let midnight = day.saturating_mul(DAY).saturating_sub(EAST_8);
        // 1970-01-01 was a Thursday.
        let weekday = day.saturating_add(3).rem_euclid(7);
        let bit = 1_i64.checked_shl(u32::try_from(weekday).ok()?)?;
        let workday = || calendar.is_workday(local_date(Timestamp(midnight)));
        let worked = match self.days {
            ShiftDays::Every => true,
            ShiftDays::Workday => workday(),
            ShiftDays::DayOff => !workday(),
        };
        if i64::from(self.weekdays) & bit == 0 || !worked {
            return None;
        }
        let over = if self.to_minute <= self.from_minute { DAY } else { 0 };
        let at = |minute: i32| midnight.saturating_add(i64::from(minute).saturating_mul(MINUTE));
        Span::new(
            Timestamp(at(self.from_minute)),
            Timestamp(at(self.to_minute).saturating_add(over)),
        )
    }
}

fn local_day(at: Timestamp) -> i64 {
    at.0.saturating_add(EAST_8).div_euclid(DAY)
}
