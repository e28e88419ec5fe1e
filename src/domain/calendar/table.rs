//! One year's notice of the State Council as a table of days.
//!
//! Written as `table,date,rest|work,festival`, under one heading line or none; `table` is the year of
//! the notice, and the festival may be missing. Tables of facts have `date,off|work,festival`: there
//! the year is that of the date, or the next one for the last days of December. Invariant: a make-up workday is a Saturday or Sunday.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{day_number, is_weekday};

/// The fewest days of rest of a year since 2008 (Order 513 of the State Council; 13 since 2025).
/// A table with fewer was cut off, and would make people late without anybody noticing.
const FEWEST_RESTS: usize = 11;
/// From this day of the December before, a notice may name days.
const DECEMBER_FROM: i8 = 20;

/// Why a table of days was refused.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum CalendarError {
    #[error("line {line}: expected `table,date,rest|work,festival`, found `{found}`")]
    Malformed { line: usize, found: String },
    #[error("line {line}: {date} is listed twice")]
    Twice { line: usize, date: String },
    #[error("line {line}: {date} is a make-up day but no Saturday or Sunday")]
    MakeUpOnWeekday { line: usize, date: String },
    #[error("the notice of {year} lists {date}, which is not a day it may move")]
    OutOfYear { year: i16, date: String },
    #[error("the notice of {year} lists only {found} days of rest, it was cut off")]
    TooFew { year: i16, found: usize },
    #[error("the notice of {year} does not list {date}, a holiday by law: it may be cut off")]
    Lacks { year: i16, date: String },
    #[error(
        "the notice of {year} gives {found} days beside the weekends, the law {legal}: it may be cut off"
    )]
    Unbalanced { year: i16, found: usize, legal: usize },
    #[error(
        "the notice of {year} has {found} days of rest at the 1st of October, not {wanted}: it may be cut off"
    )]
    ShortOctober { year: i16, found: usize, wanted: usize },
    #[error("the file lists no day")]
    Empty,
}

impl CalendarError {
    /// Says it to whoever imports a file.
    pub fn zh(&self) -> String {
        match self {
            Self::Malformed { line, found } => {
                format!("第 {line} 行应为“年份,日期,rest或work,节日”，实为“{found}”")
            }
            Self::Twice { date, .. } => format!("{date} 列了两次"),
            Self::MakeUpOnWeekday { line, date } => {
                format!("第 {line} 行：{date} 不是周六或周日，不能是调休上班日")
            }
            Self::OutOfYear { year, date } => format!("{year} 年的通知不应列出 {date}"),
            Self::TooFew { year, found } => {
                format!("{year} 年只有 {found} 个放假日，文件不完整")
            }
            Self::Lacks { year, date } => {
                format!("{year} 年缺少法定假日 {date}，文件可能不完整")
            }
            Self::Unbalanced { year, found, legal } => {
                format!(
                    "{year} 年的放假日与调休上班日不相抵：多休 {found} 天，法定为 {legal} 天，文件可能不完整"
                )
            }
            Self::ShortOctober { year, found, wanted } => {
                format!(
                    "{year} 年国庆前后连休只有 {found} 天，应不少于 {wanted} 天，文件可能不完整"
                )
            }
            Self::Empty => "文件里没有任何日期".to_owned(),
        }
    }
}

/// A day that a notice names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub date: Date,
    pub works: bool,
    /// May be empty.
    pub festival: String,
}

/// The days of one notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub year: i16,
    /// In the order of the file.
    pub days: Vec<Listed>,
}

impl Table {
    /// Reads the tables of a file, in the order of their years.
    ///
    /// Fails on the first line that is malformed, repeats a date or makes a weekday a make-up day.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, CalendarError> {
        let mut tables: BTreeMap<i16, Self> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let text = text.trim_start_matches('\u{feff}');
        let rows = text.lines().enumerate().filter(|(_, row)| !row.trim().is_empty());
        for (at, row) in rows {
            // A heading has no day; a first line that has one is not passed over.
            if at == 0 && !row.contains(|one: char| one.is_ascii_digit()) {
                continue;
            }
            let line = at.saturating_add(1);
            let (year, one) = parse_row(row)
                .ok_or_else(|| CalendarError::Malformed { line, found: row.to_owned() })?;
            let date = one.date.to_string();
            if one.works && is_weekday(day_number(one.date)) {
                return Err(CalendarError::MakeUpOnWeekday { line, date });
            }
            if !seen.insert(one.date) {
                return Err(CalendarError::Twice { line, date });
            }
            tables.entry(year).or_insert_with(|| Self { year, days: Vec::new() }).days.push(one);
        }
        Ok(tables.into_values().collect())
    }

    /// Checks that the table can be a whole notice: it lists no day of another year but the last
    /// of the December before, and as many days of rest as the law gives. Fails with what is wrong.
    /// What only may be missing is [`Table::doubt`]'s.
    pub fn check(&self) -> Result<(), CalendarError> {
        let before = self.year.saturating_sub(1);
        let fits = |date: Date| {
            date.year() == self.year
                || (date.year(), date.month()) == (before, 12) && date.day() >= DECEMBER_FROM
        };
        if let Some(one) = self.days.iter().find(|one| !fits(one.date)) {
            return Err(CalendarError::OutOfYear { year: self.year, date: one.date.to_string() });
        }
        let found = self.counts().0;
        if found < FEWEST_RESTS {
            return Err(CalendarError::TooFew { year: self.year, found });
        }
        Ok(())
    }

    /// Writes the table as [`Table::parse_all`] reads it.
    pub fn write(&self) -> String {
        let row = |one: &Listed| {
            let word = if one.works { "work" } else { "rest" };
            format!("{},{},{word},{}\n", self.year, one.date, one.festival)
        };
        let heading = "table,date,day,festival\n".to_owned();
        std::iter::once(heading).chain(self.days.iter().map(row)).collect()
    }
}

fn parse_row(row: &str) -> Option<(i16, Listed)> {
    let fields: Vec<&str> = row.trim().split(',').collect();
    let (year, rest) = match fields.split_first()? {
        (first, _) if first.len() == "2026-01-01".len() => (None, fields.as_slice()),
        (year, rest) => (Some(year.parse::<i16>().ok()?), rest),
    };
    let (date, kind, festival) = match rest {
        [date, kind] => (date, kind, ""),
        [date, kind, festival] => (date, kind, *festival),
        _ => return None,
    };
    let works = match (*kind, year) {
        ("work", _) => true,
        ("rest", Some(_)) | ("off", None) => false,
        _ => return None,
    };
    let date: Date = date.parse().ok()?;
    let of_next = (date.month(), date.day()) >= (12, DECEMBER_FROM);
    let own = date.year().saturating_add(i16::from(of_next));
    Some((year.unwrap_or(own), Listed { date, works, festival: festival.to_owned() }))
}
