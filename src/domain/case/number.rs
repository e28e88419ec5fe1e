//! The number a resident reads over the phone: `NC-20261123-00042`.
//!
//! Prefix, local date, running number of that day. The database keeps it unique; here is only its
//! shape. A day with more than 99,999 cases gets a longer number, not a wrong one.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// A case number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CaseNumber {
    prefix: String,
    date: Date,
    counter: u32,
}

/// What a text lacks to be a case number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a case number looks like NC-20261123-00042")]
pub struct BadNumber;

impl CaseNumber {
    /// Builds a number; fails unless the prefix is 1–8 capital letters and the counter starts at 1.
    pub fn new(prefix: &str, date: Date, counter: u32) -> Result<Self, BadNumber> {
        let fits =
            (1..=8).contains(&prefix.len()) && prefix.bytes().all(|b| b.is_ascii_uppercase());
        if !fits || counter == 0 {
            return Err(BadNumber);
        }
        Ok(Self { prefix: prefix.to_owned(), date, counter })
    }

    /// Returns the local day of the report.
    pub const fn date(&self) -> Date {
        self.date
    }

    /// Returns the running number within the day.
    pub const fn counter(&self) -> u32 {
        self.counter
    }
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{:05}", self.prefix, self.date.strftime("%Y%m%d"), self.counter)
    }
}

impl FromStr for CaseNumber {
    type Err = BadNumber;

    /// Parses exactly what [`fmt::Display`] writes, and nothing else.
    fn from_str(raw: &str) -> Result<Self, BadNumber> {
        let mut parts = raw.splitn(3, '-');
        let (Some(prefix), Some(day), Some(counter)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(BadNumber);
        };
        let date = Date::strptime("%Y%m%d", day).map_err(|_error| BadNumber)?;
        let counter = counter.parse().map_err(|_error| BadNumber)?;
        let number = Self::new(prefix, date, counter)?;
        if number.to_string() == raw { Ok(number) } else { Err(BadNumber) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_is_written_with_five_digits_and_read_back() {
        let number = CaseNumber::new("NC", jiff::civil::date(2026, 11, 23), 42).unwrap();
        assert_eq!(number.to_string(), "NC-20261123-00042");
        assert_eq!("NC-20261123-00042".parse(), Ok(number));
    }

    #[test]
    fn other_shapes_are_refused() {
        let bad = [
            "",
            "NC",
            "NC-20261123-42",
            "nc-20261123-00042",
            "NC-20261323-00042",
            "NC-20261123-00000",
            "NC-20261123-+0042",
            "NC-20261123-00042 ",
            "-20261123-00042",
        ];
        for raw in bad {
            assert_eq!(raw.parse::<CaseNumber>(), Err(BadNumber), "{raw}");
        }
    }

    proptest! {
        #[test]
        fn every_number_survives_a_round_trip(month in 1i8..=12, day in 1i8..=28, counter in 1u32..) {
            let number = CaseNumber::new("NC", jiff::civil::date(2026, month, day), counter).unwrap();
            prop_assert_eq!(number.to_string().parse(), Ok(number));
        }
    }
}
