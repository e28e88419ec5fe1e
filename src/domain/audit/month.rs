//! Months of figures: where one begins and ends, and from when on it is frozen.

use std::fmt;

use entity::kinds::Timestamp;
use jiff::civil::Date;

use crate::domain::calendar::{Calendar, Hours, Profile, iso_date, local_date, parse_instant};

/// A month at +08:00: `2026-10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(Date);

/// Corrections of the first two workdays still count.
const FROZEN_ON: u32 = 3;

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m"))
    }
}

fn midnight(day: Date) -> Option<Timestamp> {
    parse_instant(&day.to_string())
}

impl Month {
    /// Reads `2026-10`.
    pub fn read(text: &str) -> Option<Self> {
        let whole = text.len() == "2026-10".len();
        format!("{text}-01").parse().ok().filter(|_| whole).map(Self)
    }

    /// That of an instant.
    pub fn of(at: Timestamp) -> Self {
        Self(local_date(at).first_of_month())
    }

    /// The month before that of an instant; `None` at the beginning of time.
    pub fn before(now: Timestamp) -> Option<Self> {
        local_date(now).first_of_month().yesterday().ok().map(|day| Self(day.first_of_month()))
    }

    /// The next one; `None` at the end of time.
    pub fn next(self) -> Option<Self> {
        self.0.last_of_month().tomorrow().ok().map(Self)
    }

    /// Its first instant and the first that is not in it any more.
    pub fn bounds(self) -> Option<(Timestamp, Timestamp)> {
        let next = self.0.last_of_month().tomorrow().ok()?;
        Some((midnight(self.0)?, midnight(next)?))
    }

    /// The instant from which on it is frozen: the beginning of the third workday of the next one.
    pub fn frozen_from(self, calendar: &Calendar) -> Option<Timestamp> {
        let last = midnight(self.0.last_of_month())?;
        let hours = Hours::standard(Profile::Office);
        let third = calendar.add_workdays(hours, last, FROZEN_ON);
        // The days of rest are not published yet, and the 1st of January is one every year.
        let later = calendar.add_workdays(hours, last, FROZEN_ON + 1);
        parse_instant(&iso_date(if third.provisional { later.at } else { third.at }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::local_minute;

    #[test]
    fn a_month_is_frozen_on_the_third_workday_of_the_next_one() {
        let calendar = Calendar::builtin();
        for (month, begins, ends, frozen) in [
            // The 1st of November 2026 is a Sunday.
            ("2026-10", "2026-10-01 00:00", "2026-11-01 00:00", "2026-11-04 00:00"),
            // The National Day's week ends on the 7th; the 10th, a Saturday, works.
            ("2026-09", "2026-09-01 00:00", "2026-10-01 00:00", "2026-10-10 00:00"),
            ("2025-12", "2025-12-01 00:00", "2026-01-01 00:00", "2026-01-06 00:00"),
            // Nobody knows 2027 yet: the 1st of January is no workday all the same.
            ("2026-12", "2026-12-01 00:00", "2027-01-01 00:00", "2027-01-06 00:00"),
        ] {
            let one = Month::read(month).unwrap();
            let (from, to) = one.bounds().unwrap();
            assert_eq!((local_minute(from), local_minute(to)), (begins.into(), ends.into()));
            assert_eq!(local_minute(one.frozen_from(&calendar).unwrap()), frozen, "{month}");
            assert_eq!(one.to_string(), month);
            assert_eq!((Month::before(to), Month::of(from)), (Some(one), one));
            assert_eq!(one.next(), Some(Month::of(to)));
        }
        for wrong in ["2026-13", "2026-1", "2026-10-01", "x"] {
            assert_eq!(Month::read(wrong), None, "{wrong}");
        }
    }
}
