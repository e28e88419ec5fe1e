//! Working time: which days and hours count, and when a target falls due.
//!
//! Owns the tables of days off and make-up workdays ([`table`], one for each yearly State Council
//! notice; a notice may name December days of the year before) and the hours of profiles
//! ([`hours`]). Time is counted in microseconds on UTC instants; the local day is a fixed +08:00,
//! China has no summer time. Everything is a pure function of a [`Calendar`] and [`Hours`], both of
//! which carry a version, so that a figure can be computed again years later.
//! Invariant: `work(a, add_work(a, d)) == d` and nothing loops over days, so a due time costs a
//! binary search however far away it lies.

use std::collections::BTreeMap;
use std::time::Duration;

use entity::kinds::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

mod explain;
pub mod hours;
pub mod pause;
pub mod table;
mod whole;

pub use explain::weekday;
pub use hours::Hours;
pub use table::{CalendarError, Table};

use hours::Days;
use table::Listed;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;
const EAST_8: i64 = 8 * 60 * MINUTE;
/// 1969-12-29, the Monday of the week of 1970-01-01.
const FIRST_MONDAY: i64 = -3;
const CHINA: Offset = Offset::constant(8);
const EPOCH: Date = Date::constant(1970, 1, 1);
/// The notice of a year may move days of the December before it. In 2007 to 2026 ten dates were
/// moved so, none before the 26th; one more day is taken to be safe.
const NEXT_NOTICE_FROM: (i8, i8) = (12, 25);

/// Which hours count, by name; the hours themselves are [`Hours`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// Workdays, within office hours.
    Office,
    /// Every day, around the clock unless the street says otherwise.
    Duty,
}

/// When a target is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    #[serde(serialize_with = "as_rfc3339")]
    pub at: Timestamp,
    /// The way there crosses a day that a notice not yet published may move, so `at` may move.
    pub provisional: bool,
}

/// The days that differ from Monday-to-Friday, and the years for which they are known.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// 0: the tables delivered with the program.
    version: u32,
    tables: BTreeMap<i16, Table>,
    listed: BTreeMap<i64, Listed>,
    /// Local day number and the change it makes to the Mon–Fri count, ascending; `0` entries
    /// (a festival on a Sunday) are left out.
    changes: Vec<(i64, i64)>,
    /// Sum of the changes before each entry of `changes`; one longer than it.
    sums: Vec<i64>,
}

/// The file of days that the program is delivered with: version 0 of the calendar.
pub const DELIVERED: &str = include_str!("days.csv");

impl Calendar {
    /// Returns the tables delivered with the program.
    ///
    /// # Panics
    /// Never in a released build: a test parses the same file.
    pub fn builtin() -> Self {
        Self::parse(DELIVERED).unwrap_or_else(|refused| unreachable!("{refused}"))
    }

    /// Reads the tables of a file ([`Table::parse_all`]) as version 0.
    ///
    /// Fails on the first line that is malformed, repeats a date or makes a weekday a make-up day.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        Self::of(0, Table::parse_all(text)?)
    }

    /// Puts tables together; of two tables of one year the later one counts. Fails when a date is
    /// listed by the notices of two years.
    pub fn of(
        version: u32,
        tables: impl IntoIterator<Item = Table>,
    ) -> Result<Self, CalendarError> {
        let tables: BTreeMap<i16, Table> =
            tables.into_iter().map(|table| (table.year, table)).collect();
        let mut listed = BTreeMap::new();
        for one in tables.values().flat_map(|table| &table.days) {
            if listed.insert(day_number(one.date), one.clone()).is_some() {
                return Err(CalendarError::Twice { line: 0, date: one.date.to_string() });
            }
        }
        let change = |(day, one): (&i64, &Listed)| {
            let change = i64::from(one.works) - i64::from(is_weekday(*day));
            (change != 0).then_some((*day, change))
        };
        let changes: Vec<_> = listed.iter().filter_map(change).collect();
        let sums = std::iter::once(0)
            .chain(changes.iter().scan(0, |sum, (_, change)| {
                *sum += change;
                Some(*sum)
            }))
            .collect();
        Ok(Self { version, tables, listed, changes, sums })
    }

    /// Returns the calendar with a stored version behind this one, and why that version cannot be
    /// read or does not fit, where it is so: then the days stay as they were.
    pub fn followed_by(&self, version: u32, body: &str) -> (Self, Option<CalendarError>) {
        match Table::parse_all(body).and_then(|tables| self.with(version, tables)) {
            Ok(next) => (next, None),
            Err(why) => (Self { version, ..self.clone() }, Some(why)),
        }
    }

    /// Returns this calendar with more tables, which replace those of the same years. Fails as
    /// [`Calendar::of`] does.
    pub fn with(
        &self,
        version: u32,
        tables: impl IntoIterator<Item = Table>,
    ) -> Result<Self, CalendarError> {
        Self::of(version, self.tables.values().cloned().chain(tables))
    }

    /// Returns the version, 0 for what was delivered with the program.
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// Returns the tables, one for each year, in their order.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.values()
    }

    /// Returns whether offices work on this local date; Monday to Friday where no table is known.
    pub fn is_workday(&self, date: Date) -> bool {
        let day = day_number(date);
        self.workdays_before(day.saturating_add(1)) > self.workdays_before(day)
    }

    /// Returns whether the notice for this year is in the table.
    pub fn knows(&self, year: i16) -> bool {
        self.tables.contains_key(&year)
    }

    /// Returns whether no notice that is still to come can move this day: its own year is known,
    /// and for the last days of December the next year too.
    pub fn is_settled(&self, date: Date) -> bool {
        let next = (date.month(), date.day()) >= NEXT_NOTICE_FROM;
        self.knows(date.year()) && (!next || self.knows(date.year().saturating_add(1)))
    }

    /// Returns the counted time between two instants; zero when `b` is not after `a`. Additive:
    /// `work(a, b) + work(b, c) == work(a, c)`; never longer than the wall time.
    pub fn work(&self, hours: impl AsRef<Hours>, a: Timestamp, b: Timestamp) -> Duration {
        let hours = hours.as_ref();
        let worked = self.worked_until(hours, b).saturating_sub(self.worked_until(hours, a));
        Duration::from_micros(u64::try_from(worked).unwrap_or(0))
    }

    /// Returns the first instant at which `target` of counted time has passed since `from`:
    /// a target used up at closing time is due at closing time (domain §5.3; hours begin at once,
    /// Civil Code Art. 201). Saturates at the end of time.
    pub fn add_work(&self, hours: impl AsRef<Hours>, from: Timestamp, target: Duration) -> Due {
        let hours = hours.as_ref();
        if target.is_zero() || hours.is_wall() {
            return self.due(hours, from, from + target);
        }
        let target = i64::try_from(target.as_micros()).unwrap_or(i64::MAX);
        let goal = self.worked_until(hours, from).saturating_add(target);
        let whole_days = goal.saturating_sub(1).div_euclid(hours.day());
        let day = self.day_of(hours.days(), local_day(from), whole_days.saturating_add(1));
        let before = self.days_before(hours.days(), day).saturating_mul(hours.day());
        self.due(hours, from, instant(day, hours.clock_after(goal.saturating_sub(before))))
    }

    /// Returns the closing time of the `n`-th workday after the local day of `from`, which is not
    /// counted (Civil Code Art. 201 and 203); with `n` = 0 that of the same day, or of the next
    /// workday when it is a day of rest.
    pub fn add_workdays(&self, hours: impl AsRef<Hours>, from: Timestamp, n: u32) -> Due {
        let (hours, today) = (hours.as_ref(), local_day(from));
        let first = today.saturating_add(i64::from(n > 0));
        let nth = self.days_before(hours.days(), first).saturating_add(i64::from(n.max(1)));
        let day = self.day_of(hours.days(), today, nth);
        self.due(hours, from, instant(day, hours.closing()))
    }

    fn due(&self, hours: &Hours, from: Timestamp, at: Timestamp) -> Due {
        let (first, last) = (local_date(from).year(), local_date(at));
        let known = hours.days() == Days::Every
            || ((first..=last.year()).all(|y| self.knows(y)) && self.is_settled(last));
        Due { at, provisional: !known }
    }

    fn days_before(&self, days: Days, day: i64) -> i64 {
        match days {
            Days::Every => day.saturating_sub(FIRST_MONDAY),
            Days::Workday => self.workdays_before(day),
        }
    }

    /// Counts workdays before a local day, from an arbitrary but fixed beginning.
    fn workdays_before(&self, day: i64) -> i64 {
        let since = day.saturating_sub(FIRST_MONDAY);
        let weekdays =
            since.div_euclid(7).saturating_mul(5).saturating_add(since.rem_euclid(7).min(5));
        let listed = self.changes.partition_point(|(d, _)| *d < day);
        weekdays.saturating_add(self.sums.get(listed).copied().unwrap_or(0))
    }

    /// Counts time within the hours before an instant, from the same beginning.
    fn worked_until(&self, hours: &Hours, at: Timestamp) -> i64 {
        let day = local_day(at);
        let before = self.days_before(hours.days(), day);
        let counts = self.days_before(hours.days(), day.saturating_add(1)) > before;
        let clock = at.0.saturating_add(EAST_8).saturating_sub(day.saturating_mul(DAY));
        let today = if counts { hours.worked_by(clock) } else { 0 };
        before.saturating_mul(hours.day()).saturating_add(today)
    }

    /// Finds the first day from `earliest` on that completes the `nth` counted day.
    fn day_of(&self, days: Days, earliest: i64, nth: i64) -> i64 {
        let need = nth.saturating_sub(self.days_before(days, earliest)).max(0);
        let listed = i64::try_from(self.changes.len()).unwrap_or(i64::MAX);
        let far = need.saturating_add(listed).saturating_mul(2).saturating_add(14);
        let (mut low, mut high) = (earliest, earliest.saturating_add(far));
        while low < high {
            let middle = low.midpoint(high);
            if self.days_before(days, middle.saturating_add(1)) >= nth {
                high = middle;
            } else {
                low = middle.saturating_add(1);
            }
        }
        low
    }
}

/// Returns the local (Asia/Shanghai) date of an instant; clamped to the years -9999 to 9999.
pub fn local_date(at: Timestamp) -> Date {
    CHINA.to_datetime(moment(at)).date()
}

/// Returns the local date as `YYYYMMDD`, as case numbers use it.
pub fn compact_date(at: Timestamp) -> String {
    local_date(at).strftime("%Y%m%d").to_string()
}

/// Returns the local date as `YYYY-MM-DD`.
pub fn iso_date(at: Timestamp) -> String {
    local_date(at).strftime("%Y-%m-%d").to_string()
}

/// Returns the local date and time as a person reads it: `2026-02-14 12:00`.
pub fn local_minute(at: Timestamp) -> String {
    CHINA.to_datetime(moment(at)).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Returns the local date as people say it: `2026年2月14日`.
pub fn spoken_date(at: Timestamp) -> String {
    let date = local_date(at);
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// Returns the local date and time to the second: `2026-02-14 12:00:00`.
pub fn local_second(at: Timestamp) -> String {
    CHINA.to_datetime(moment(at)).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The same with the fraction of the second where there is one, for times that people compare:
/// `2026-02-14 12:00:00.250000`.
pub fn local_exact(at: Timestamp) -> String {
    let micros = at.0.rem_euclid(1_000_000);
    let second = local_second(at);
    if micros == 0 { second } else { format!("{second}.{micros:06}") }
}

/// Returns RFC 3339 in UTC with six decimals, the form of every instant in JSON.
pub fn rfc3339(at: Timestamp) -> String {
    format!("{:.6}", moment(at))
}

/// Returns RFC 3339 to the second at +08:00: `2026-02-14T12:00:00+08:00`.
pub fn local_rfc3339(at: Timestamp) -> String {
    CHINA.to_datetime(moment(at)).strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string()
}

/// Parses RFC 3339 with any offset; `None` when it is not an instant.
pub fn parse_rfc3339(raw: &str) -> Option<Timestamp> {
    raw.parse::<jiff::Timestamp>().ok().map(|at| Timestamp(at.as_microsecond()))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn as_rfc3339<S: serde::Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&rfc3339(*at))
}

fn moment(at: Timestamp) -> jiff::Timestamp {
    let (first, last) =
        (jiff::Timestamp::MIN.as_microsecond(), jiff::Timestamp::MAX.as_microsecond());
    jiff::Timestamp::from_microsecond(at.0.clamp(first, last))
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

/// Parses a local day, meaning its midnight, or an RFC 3339 instant; `None` when it is neither.
pub fn parse_instant(raw: &str) -> Option<Timestamp> {
    let midnight = || {
        let day: Date = raw.parse().ok()?;
        let at = CHINA.to_timestamp(day.at(0, 0, 0, 0)).ok()?;
        Some(Timestamp(at.as_microsecond()))
    };
    if raw.len() == "2026-11-24".len() { midnight() } else { parse_rfc3339(raw) }
}

fn day_number(date: Date) -> i64 {
    date.duration_since(EPOCH).as_hours().div_euclid(24)
}

fn is_weekday(day: i64) -> bool {
    day.saturating_sub(FIRST_MONDAY).rem_euclid(7) < 5
}

fn local_day(at: Timestamp) -> i64 {
    at.0.saturating_add(EAST_8).div_euclid(DAY)
}

/// Returns the local day of an instant, counted from 1970.
pub fn day_of(at: Timestamp) -> i64 {
    local_day(at)
}

/// Returns the first day of the month in which a counted day lies.
pub fn first_of_month(day: i64) -> i64 {
    day_number(local_date(instant(day, 0)).first_of_month())
}

/// Returns the midnight with which a counted day begins.
pub fn midnight_of(day: i64) -> Timestamp {
    instant(day, 0)
}

fn instant(day: i64, clock: i64) -> Timestamp {
    Timestamp(day.saturating_mul(DAY).saturating_add(clock).saturating_sub(EAST_8))
}
