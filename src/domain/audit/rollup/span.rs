//! Days and months of the street's zone, and how a period is made of them.

use entity::kinds::Timestamp;

use crate::domain::calendar::{day_of as local_day, first_of_month, midnight_of};

/// Days since 1970 at +08:00.
pub type Day = i64;

/// Returns the day of an instant.
pub fn day_of(at: Timestamp) -> Day {
    local_day(at)
}

/// Returns the first day of a day's month.
pub fn month_of(day: Day) -> Day {
    first_of_month(day)
}

/// A period of whole days: as many whole months as it has, and the days around them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Of the whole period; the last is not included.
    pub days: (Day, Day),
    /// Of its whole months; both the same when it has none.
    pub months: (Day, Day),
}

impl Span {
    /// Takes a period `[from, to)` apart; `None` when it does not begin and end at midnight.
    pub fn of(from: Timestamp, to: Timestamp) -> Option<Self> {
        let midnight = |at: Timestamp| {
            let before = Timestamp(at.0.checked_sub(1)?);
            Some(day_of(at)).filter(|day| day_of(before) != *day)
        };
        let (first, last) = (midnight(from)?, midnight(to)?);
        let begins = match month_of(first) {
            begun if begun == first => first,
            // The next month begins within 31 days of this one's first.
            begun => month_of(begun + 31),
        };
        let ends = month_of(last);
        let months = if begins < ends { (begins, ends) } else { (first, first) };
        Some(Self { days: (first, last), months })
    }

    /// Takes a period to the end of the month in which it ends, for what has nothing behind its end;
    /// `None` when that says no more than [`Self::of`], or when it does not begin at midnight.
    pub fn to_end_of_month(from: Timestamp, to: Timestamp) -> Option<Self> {
        let begun = month_of(day_of(to));
        if midnight_of(begun) == to {
            return None;
        }
        // The next month begins within 31 days of this one's first.
        Self::of(from, midnight_of(month_of(begun + 31))).filter(|span| span.has_months())
    }

    /// Tells whether it has whole months.
    pub const fn has_months(self) -> bool {
        self.months.0 < self.months.1
    }

    /// Lists the days before and behind its whole months.
    pub fn edges(self) -> Vec<(Day, Day)> {
        let edges = [(self.days.0, self.months.0), (self.months.1, self.days.1)];
        edges.into_iter().filter(|(first, last)| first < last).collect()
    }
}
