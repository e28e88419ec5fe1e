//! Dates of `duties.csv`: a day in the street's time zone, or an RFC 3339 instant.

use entity::kinds::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::fault::{Fault, FaultCode};
use super::sheet::{Faulty, Row};

/// Parses a cell; `None` when it is empty. Fails, with the fault noted, when it is no date.
pub fn cell(row: &Row, column: &str, faults: &mut Vec<Fault>) -> Result<Option<Timestamp>, Faulty> {
    let raw = row.text(column);
    if raw.is_empty() {
        return Ok(None);
    }
    let parsed = parse(raw);
    if parsed.is_none() {
        let reason = format!("“{raw}”不是日期，应如 2026-11-01 或 2026-11-01T08:00:00+08:00");
        faults.push(row.fault(column, FaultCode::BadDate, reason));
    }
    parsed.map(Some).ok_or(Faulty)
}

/// Parses a day as its first moment at +08:00, or an instant with its own offset.
pub fn parse(raw: &str) -> Option<Timestamp> {
    if let Ok(instant) = raw.parse::<jiff::Timestamp>() {
        return Some(Timestamp(instant.as_microsecond()));
    }
    let day: Date = raw.parse().ok()?;
    let start = Offset::constant(8).to_timestamp(day.at(0, 0, 0, 0)).ok()?;
    Some(Timestamp(start.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_shandong() {
        assert_eq!(parse("2026-11-01"), parse("2026-10-31T16:00:00Z"));
        assert_eq!(parse("2026-11-01T08:00:00+08:00"), parse("2026-11-01T00:00:00Z"));
        assert_eq!(parse("2026-02-30"), None);
    }
}
