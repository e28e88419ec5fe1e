//! The numbers of new cases, counted through every local day.
//!
//! On SQLite the unit that uses them takes them, for it has the whole file to itself. On PostgreSQL
//! they are taken before that unit, by one statement that is a commit of its own: the counter is one
//! row, and whoever held it until his own commit would make all others wait. A number that was taken
//! for a unit which was then not written goes to the next case, so that a day's numbers have a gap
//! only where a unit was cut off: the program ended, or the database was away.

use std::sync::{Mutex, PoisonError};

use entity::kinds::Timestamp;
use sea_orm::ConnectionTrait;

use crate::domain::calendar;
use crate::domain::case::number::CaseNumber;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;
use crate::store::writer::Tx;

/// Numbers that were taken and not used.
#[derive(Debug, Default)]
pub struct Spare(Mutex<Vec<CaseNumber>>);

impl Spare {
    /// Takes numbers of the local day of `now` before the unit that uses them, in rising order where
    /// none was left over; none where that unit takes them.
    pub async fn take(
        &self,
        s: &Services,
        now: Timestamp,
        count: usize,
    ) -> Result<Vec<CaseNumber>> {
        if s.db.is_sqlite() {
            return Ok(Vec::new());
        }
        let day = calendar::local_date(now);
        let mut numbers = self.left_over(day, count);
        let missing = i32::try_from(count - numbers.len()).map_err(Error::internal)?;
        if missing > 0 {
            match counted(s, &s.db.read, now, missing).await {
                Ok(more) => numbers.extend(more),
                Err(why) => {
                    self.leave(numbers);
                    return Err(why);
                }
            }
        }
        Ok(numbers)
    }

    /// Returns what was taken before the unit, or takes within it what it needs.
    pub async fn taken_or_within(
        taken: Vec<CaseNumber>,
        s: &Services,
        tx: &Tx,
        (now, count): (Timestamp, usize),
    ) -> Result<Vec<CaseNumber>> {
        if taken.len() == count {
            return Ok(taken);
        }
        counted(s, tx, now, i32::try_from(count).map_err(Error::internal)?).await
    }

    fn left_over(&self, day: jiff::civil::Date, most: usize) -> Vec<CaseNumber> {
        let mut spare = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Yesterday's are too late for anybody.
        spare.retain(|number| number.date() == day);
        spare.sort_unstable_by_key(CaseNumber::counter);
        let count = spare.len().min(most);
        spare.drain(..count).collect()
    }

    /// Leaves numbers that no case has, nor will have, to the next ones.
    pub fn leave(&self, numbers: Vec<CaseNumber>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(numbers);
    }
}

/// Counts the next numbers of a local day.
async fn counted(
    s: &Services,
    conn: &impl ConnectionTrait,
    now: Timestamp,
    count: i32,
) -> Result<Vec<CaseNumber>> {
    let last = store::case::take_numbers(conn, &calendar::compact_date(now), count).await?;
    let number = |counter: i32| {
        let counter = u32::try_from(counter).map_err(Error::internal)?;
        CaseNumber::new(&s.settings.number_prefix, calendar::local_date(now), counter)
            .map_err(Error::internal)
    };
    (last - count + 1..=last).map(number).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_was_left_over_goes_out_in_its_order_and_never_on_another_day() {
        let (spare, today) = (Spare::default(), date(2026, 11, 24));
        let number = |day, counter| CaseNumber::new("NC", day, counter).unwrap();
        spare.leave([7, 5].map(|counter| number(today, counter)).to_vec());
        spare.leave(vec![number(date(2026, 11, 23), 1), number(today, 6)]);
        let counters = |most| {
            let given = spare.left_over(today, most).into_iter();
            given.map(|number| number.counter()).collect::<Vec<_>>()
        };
        assert_eq!((counters(2), counters(2), counters(2)), (vec![5, 6], vec![7], vec![]));
    }
}
