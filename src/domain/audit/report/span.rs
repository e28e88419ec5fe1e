//! The period of a report: a day, a week from Monday on, a month.

use std::fmt;

use entity::kinds::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::{Span as Step, ToSpan as _};

use crate::domain::calendar::parse_instant;

/// How long the period of a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Daily,
    Weekly,
    Monthly,
}

impl Kind {
    /// Parses the word of the API; `None` when there is no such report.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Daily, Self::Weekly, Self::Monthly].into_iter().find(|kind| kind.word() == word)
    }

    /// Returns the word of the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
        }
    }

    /// Returns what a person reads.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Daily => "日报",
            Self::Weekly => "周报",
            Self::Monthly => "月报",
        }
    }

    /// What the period before is called.
    pub(super) const fn before(self) -> &'static str {
        match self {
            Self::Daily => "前一日",
            Self::Weekly => "上周",
            Self::Monthly => "上月",
        }
    }
}

/// First instant, and the first that no longer counts.
pub type Bounds = (Timestamp, Timestamp);

/// The period of a report, in local days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub kind: Kind,
    pub first: Date,
    pub last: Date,
}

fn midnight(day: Date) -> Option<Timestamp> {
    parse_instant(&day.to_string())
}

fn shifted(day: Date, by: Step) -> Date {
    day.saturating_add(by)
}

impl Span {
    /// The period that holds a day.
    pub fn of(kind: Kind, day: Date) -> Self {
        let (first, last) = match kind {
            Kind::Daily => (day, day),
            Kind::Weekly => {
                let back = day.weekday().since(Weekday::Monday);
                let monday = shifted(day, -i64::from(back).days());
                (monday, shifted(monday, 6.days()))
            }
            Kind::Monthly => (day.first_of_month(), day.last_of_month()),
        };
        Self { kind, first, last }
    }

    /// The period before.
    #[must_use]
    pub fn before(self) -> Self {
        Self::of(self.kind, shifted(self.first, (-1).days()))
    }

    /// Its first instant, and the first that no longer counts; `None` at the ends of time.
    pub fn bounds(self) -> Option<Bounds> {
        Some((midnight(self.first)?, midnight(shifted(self.last, 1.days()))?))
    }

    /// The days that are shown one by one: those of a month, of two weeks, or a fortnight up to a
    /// day; each with what stands below it.
    pub fn days(self) -> Vec<(String, Bounds)> {
        let from = match self.kind {
            Kind::Daily => shifted(self.first, (-13).days()),
            Kind::Weekly => self.before().first,
            Kind::Monthly => self.first,
        };
        let mut days = Vec::new();
        let mut day = from;
        while day <= self.last && days.len() < 31 {
            let label = format!("{}/{}", day.month(), day.day());
            days.extend(Self::of(Kind::Daily, day).bounds().map(|bounds| (label, bounds)));
            day = shifted(day, 1.days());
        }
        days
    }
}

fn zh(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

fn weekday(day: Date) -> &'static str {
    match day.weekday() {
        Weekday::Monday => "星期一",
        Weekday::Tuesday => "星期二",
        Weekday::Wednesday => "星期三",
        Weekday::Thursday => "星期四",
        Weekday::Friday => "星期五",
        Weekday::Saturday => "星期六",
        Weekday::Sunday => "星期日",
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = (self.first, self.last);
        match self.kind {
            Kind::Daily => write!(f, "{}　{}", zh(first), weekday(first)),
            Kind::Weekly => {
                let week = first.iso_week_date();
                let (year, week) = (week.year(), week.week());
                write!(f, "{year}年第{week}周（{}至{}）", zh(first), zh(last))
            }
            Kind::Monthly => write!(f, "{}年{}月", first.year(), first.month()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::local_minute;

    #[test]
    fn a_period_is_the_one_that_holds_the_day() {
        for (kind, day, begins, ends, called, before) in [
            (
                Kind::Daily,
                "2026-11-26",
                "2026-11-26",
                "2026-11-27",
                "2026年11月26日　星期四",
                "2026-11-25",
            ),
            (
                Kind::Weekly,
                "2026-11-23",
                "2026-11-23",
                "2026-11-30",
                "2026年第48周（2026年11月23日至2026年11月29日）",
                "2026-11-16",
            ),
            (
                Kind::Weekly,
                "2026-11-29",
                "2026-11-23",
                "2026-11-30",
                "2026年第48周（2026年11月23日至2026年11月29日）",
                "2026-11-16",
            ),
            // The last days of December may lie in the first week of the next year.
            (
                Kind::Weekly,
                "2025-12-31",
                "2025-12-29",
                "2026-01-05",
                "2026年第1周（2025年12月29日至2026年1月4日）",
                "2025-12-22",
            ),
            (Kind::Monthly, "2026-02-14", "2026-02-01", "2026-03-01", "2026年2月", "2026-01-01"),
        ] {
            let span = Span::of(kind, day.parse().unwrap());
            let (from, to) = span.bounds().unwrap();
            assert_eq!(local_minute(from), format!("{begins} 00:00"));
            assert_eq!(local_minute(to), format!("{ends} 00:00"));
            assert_eq!(span.to_string(), called);
            assert_eq!(span.before().first.to_string(), before);
            assert_eq!(span.before().bounds().unwrap().1, from, "nothing lies between");
            let days = span.days();
            assert_eq!(days.last().unwrap().1.1, to);
            assert!(days.windows(2).all(|two| two[0].1.1 == two[1].1.0));
            assert_eq!(days.len(), if kind == Kind::Monthly { 28 } else { 14 });
        }
    }
}
