//! The numbers of new cases, counted through every local day.
//!
//! They are taken in a commit of their own, before the unit that uses them: the counter is one row,
//! and whoever held it until his own commit would make all others wait. A number that was taken for
//! a unit which was then not written goes to the next case, so that a day's numbers have a gap only
//! where the program ended in between.

use std::sync::{Mutex, PoisonError};

use entity::kinds::Timestamp;

use crate::domain::calendar;
use crate::domain::case::number::CaseNumber;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;

/// Numbers that were taken and not used.
#[derive(Debug, Default)]
pub struct Spare(Mutex<Vec<CaseNumber>>);

impl Spare {
    /// Takes numbers of the local day of `now`, in rising order where none was left over.
    pub async fn take(
        &self,
        s: &Services,
        now: Timestamp,
        count: usize,
    ) -> Result<Vec<CaseNumber>> {
        let day = calendar::local_date(now);
        let mut numbers = self.left_over(day, count);
        let missing = i32::try_from(count - numbers.len()).map_err(Error::internal)?;
        if missing > 0 {
            let compact = calendar::compact_date(now);
            let unit = s.writer.commit(move |tx| {
                Box::pin(async move { store::case::take_numbers(tx, &compact, missing).await })
            });
            let last = unit.await?;
            for counter in last - missing + 1..=last {
                let counter = u32::try_from(counter).map_err(Error::internal)?;
                let number = CaseNumber::new(&s.settings.number_prefix, day, counter);
                numbers.push(number.map_err(Error::internal)?);
            }
        }
        Ok(numbers)
    }

    fn left_over(&self, day: jiff::civil::Date, most: usize) -> Vec<CaseNumber> {
        let mut spare = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Yesterday's are too late for anybody.
        spare.retain(|number| number.date() == day);
        let from = spare.len().saturating_sub(most);
        spare.drain(from..).collect()
    }

    /// Leaves the numbers of a unit that failed to the next cases; not those that a case has after
    /// all, because the connection broke while the unit was being committed. While the database
    /// does not answer, they are given up.
    pub async fn put_back(&self, s: &Services, numbers: Vec<CaseNumber>) {
        let asked: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        let Ok(given) = store::case::given(&s.db.read, &asked).await else { return };
        let unused = numbers.into_iter().filter(|number| !given.contains(&number.to_string()));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(unused);
    }
}
