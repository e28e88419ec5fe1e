//! Working time: which days and hours count, and when a target falls due.
//!
//! Owns the table of days off and make-up workdays (`days.csv`, one `table` per yearly State
//! Council notice; a notice may name December days of the year before). Time is counted in
//! microseconds on UTC instants; the local day is a fixed +08:00, China has no summer time.
//! Invariant: `work(a, add_work(a, d)) == d` and nothing loops over days, so a due time costs a
//! binary search however far away it lies.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use entity::kinds::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;
const EAST_8: i64 = 8 * HOUR;
/// 09:00–12:00 and 14:00–17:30, from local midnight.
const OFFICE: [(i64, i64); 2] = [(9 * HOUR, 12 * HOUR), (14 * HOUR, 17 * HOUR + HOUR / 2)];
/// 1969-12-29, the Monday of the week of 1970-01-01.
const FIRST_MONDAY: i64 = -3;
const CHINA: Offset = Offset::constant(8);
const EPOCH: Date = Date::constant(1970, 1, 1);

/// Which hours count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// Workdays 09:00–12:00 and 14:00–17:30.
    Office,
    /// Every hour of every day.
    Duty,
}

/// When a target is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    #[serde(serialize_with = "as_rfc3339")]
    pub at: Timestamp,
    /// The way there crosses a year whose table is not known, so `at` may move.
    pub provisional: bool,
}

/// Why a table of days was refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum CalendarError {
    #[error("line {line}: expected `table,date,rest|work`, found `{found}`")]
    Malformed { line: usize, found: String },
    #[error("line {line}: {date} is listed twice")]
    Twice { line: usize, date: String },
    #[error("line {line}: {date} is a make-up day but no Saturday or Sunday")]
    MakeUpOnWeekday { line: usize, date: String },
}

/// The days that differ from Monday-to-Friday, and the years for which they are known.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Local day number and the change it makes to the Mon–Fri count, ascending; `0` entries
    /// (a festival on a Sunday) are left out.
    changes: Vec<(i64, i64)>,
    /// Sum of the changes before each entry of `changes`; one longer than it.
    sums: Vec<i64>,
    years: BTreeSet<i16>,
}

impl Calendar {
    /// Returns the table delivered with the program.
    ///
    /// # Panics
    /// Never in a released build: a test parses the same file.
    pub fn builtin() -> Self {
        Self::parse(include_str!("days.csv")).unwrap_or_else(|refused| unreachable!("{refused}"))
    }

    /// Parses `table,date,rest|work` lines under one heading line.
    ///
    /// Fails on the first line that is malformed, repeats a date or makes a weekday a make-up day.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let mut days = BTreeMap::new();
        let mut years = BTreeSet::new();
        for (at, row) in text.lines().enumerate().skip(1).filter(|(_, row)| !row.trim().is_empty())
        {
            let line = at.saturating_add(1);
            let (year, date, works) = parse_row(row)
                .ok_or_else(|| CalendarError::Malformed { line, found: row.to_owned() })?;
            let day = day_number(date);
            if works && is_weekday(day) {
                return Err(CalendarError::MakeUpOnWeekday { line, date: date.to_string() });
            }
            if days.insert(day, i64::from(works) - i64::from(is_weekday(day))).is_some() {
                return Err(CalendarError::Twice { line, date: date.to_string() });
            }
            years.insert(year);
        }
        let changes: Vec<_> = days.into_iter().filter(|(_, change)| *change != 0).collect();
        let sums = std::iter::once(0)
            .chain(changes.iter().scan(0, |sum, (_, change)| {
                *sum += change;
                Some(*sum)
            }))
            .collect();
        Ok(Self { changes, sums, years })
    }

    /// Returns whether offices work on this local date; Monday to Friday where no table is known.
    pub fn is_workday(&self, date: Date) -> bool {
        let day = day_number(date);
        self.workdays_before(day.saturating_add(1)) > self.workdays_before(day)
    }

    /// Returns whether the notice for this year is in the table.
    pub fn knows(&self, year: i16) -> bool {
        self.years.contains(&year)
    }

    /// Returns the counted time between two instants; zero when `b` is not after `a`.
    pub fn work(&self, profile: Profile, a: Timestamp, b: Timestamp) -> Duration {
        let worked = match profile {
            Profile::Duty => b.0.saturating_sub(a.0),
            Profile::Office => self.worked_until(b).saturating_sub(self.worked_until(a)),
        };
        Duration::from_micros(u64::try_from(worked).unwrap_or(0))
    }

    /// Returns the first instant at which `target` of counted time has passed since `from`:
    /// a target used up at closing time is due at closing time. Saturates at the end of time.
    pub fn add_work(&self, profile: Profile, from: Timestamp, target: Duration) -> Due {
        if profile == Profile::Duty || target.is_zero() {
            return self.due(profile, from, from + target);
        }
        let target = i64::try_from(target.as_micros()).unwrap_or(i64::MAX);
        let goal = self.worked_until(from).saturating_add(target);
        let whole_days = goal.saturating_sub(1).div_euclid(office_day());
        let day = self.day_of_workday(local_day(from), whole_days.saturating_add(1));
        let rest = goal.saturating_sub(self.workdays_before(day).saturating_mul(office_day()));
        self.due(profile, from, instant(day, clock_after(rest)))
    }

    /// Returns the closing time of the `n`-th workday after the local day of `from`; with `n` = 0
    /// that of the same day, or of the next workday when it is a day of rest.
    pub fn add_workdays(&self, profile: Profile, from: Timestamp, n: u32) -> Due {
        let today = local_day(from);
        let at = match profile {
            Profile::Duty => instant(today.saturating_add(i64::from(n)), DAY),
            Profile::Office => {
                let done = self.workdays_before(today.saturating_add(i64::from(n > 0)));
                let nth = done.saturating_add(i64::from(n.max(1)));
                instant(self.day_of_workday(today, nth), OFFICE[1].1)
            }
        };
        self.due(profile, from, at)
    }

    fn due(&self, profile: Profile, from: Timestamp, at: Timestamp) -> Due {
        let (first, last) = (local_date(from).year(), local_date(at).year());
        let known = profile == Profile::Duty
            || (self.knows(first) && (first..=last).all(|y| self.knows(y)));
        Due { at, provisional: !known }
    }

    /// Counts workdays before a local day, from an arbitrary but fixed beginning.
    fn workdays_before(&self, day: i64) -> i64 {
        let since = day.saturating_sub(FIRST_MONDAY);
        let weekdays =
            since.div_euclid(7).saturating_mul(5).saturating_add(since.rem_euclid(7).min(5));
        let listed = self.changes.partition_point(|(d, _)| *d < day);
        weekdays.saturating_add(self.sums.get(listed).copied().unwrap_or(0))
    }

    /// Counts office time before an instant, from the same beginning.
    fn worked_until(&self, at: Timestamp) -> i64 {
        let day = local_day(at);
        let before = self.workdays_before(day);
        let clock = at.0.saturating_add(EAST_8).saturating_sub(day.saturating_mul(DAY));
        let today =
            if self.workdays_before(day.saturating_add(1)) > before { worked_by(clock) } else { 0 };
        before.saturating_mul(office_day()).saturating_add(today)
    }

    /// Finds the first day from `earliest` on that completes the `nth` workday.
    fn day_of_workday(&self, earliest: i64, nth: i64) -> i64 {
        let need = nth.saturating_sub(self.workdays_before(earliest)).max(0);
        let listed = i64::try_from(self.changes.len()).unwrap_or(i64::MAX);
        let (mut low, mut high) = (
            earliest,
            earliest
                .saturating_add(need.saturating_add(listed).saturating_mul(2))
                .saturating_add(14),
        );
        while low < high {
            let middle = low.midpoint(high);
            if self.workdays_before(middle.saturating_add(1)) >= nth {
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

/// Returns RFC 3339 in UTC with six decimals, the form of every instant in JSON.
pub fn rfc3339(at: Timestamp) -> String {
    format!("{:.6}", moment(at))
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

fn parse_row(row: &str) -> Option<(i16, Date, bool)> {
    let mut fields = row.trim().split(',');
    let (year, date, kind) = (fields.next()?, fields.next()?, fields.next()?);
    let works = match kind {
        "work" => true,
        "rest" => false,
        _ => return None,
    };
    if fields.next().is_some() {
        return None;
    }
    Some((year.parse().ok()?, date.parse().ok()?, works))
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

fn instant(day: i64, clock: i64) -> Timestamp {
    Timestamp(day.saturating_mul(DAY).saturating_add(clock).saturating_sub(EAST_8))
}

fn office_day() -> i64 {
    OFFICE.iter().map(|(open, close)| close - open).sum()
}

/// Returns how much of a workday has been worked when the clock shows `clock`.
fn worked_by(clock: i64) -> i64 {
    OFFICE.iter().map(|(open, close)| clock.clamp(*open, *close) - open).sum()
}

/// Returns the earliest clock at which `worked` of a workday is done.
fn clock_after(worked: i64) -> i64 {
    let [(open, noon), (afternoon, close)] = OFFICE;
    if worked <= noon - open {
        open + worked
    } else {
        (afternoon + worked - (noon - open)).min(close)
    }
}
