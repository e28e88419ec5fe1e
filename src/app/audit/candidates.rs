//! The cases that may be behind a figure: those of its cells and the few beside them, or the whole
//! ledger where cells cannot say it. Each of them is judged by its ledger afterwards.

use entity::kinds::{CaseId, Timestamp};

use super::figures::Question;
use super::ledger::{Batch, Window};
use super::rolled;
use crate::domain::audit::frame::{Dimension, Filter};
use crate::domain::audit::rollup::cell::DIMENSIONS;
use crate::domain::calendar::{day_of, midnight_of};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::{figures, rolled as stored};

/// Cases in the order of their ids, after one.
#[derive(Debug)]
pub struct Candidates {
    window: Window,
    after: CaseId,
    /// `None`: whatever the table of cases has for the period.
    known: Option<Vec<CaseId>>,
}

impl Candidates {
    /// Finds the cases that may be behind the first figure of a question. Fails when the database
    /// does.
    pub async fn of(s: &Services, ask: &Question, after: CaseId) -> Result<Self> {
        let known = known(s, ask, after).await?;
        Ok(Self { window: ask.window, after, known })
    }

    /// How many cells and the few beside them have; `None` when the whole ledger is looked through.
    pub fn known(&self) -> Option<u64> {
        let known = self.known.as_ref()?;
        Some(u64::try_from(known.len()).unwrap_or(u64::MAX))
    }

    /// Opens the next ones, at most so many; `None` at the end. Fails when the database does.
    pub async fn next(&mut self, s: &Services, most: u64) -> Result<Option<Batch>> {
        let batch = match &mut self.known {
            None => Batch::read_most(s, self.window, self.after, most).await?,
            Some(known) => {
                let most = usize::try_from(most).unwrap_or(usize::MAX).min(known.len());
                let some: Vec<CaseId> = known.drain(..most).collect();
                if some.is_empty() {
                    return Ok(None);
                }
                let cases = figures::numbered(&s.db.read, &some).await?;
                Some(Batch::of(s, cases, self.window.as_of).await?)
            }
        };
        self.after = batch.as_ref().map_or(self.after, Batch::last);
        Ok(batch)
    }
}

async fn known(s: &Services, ask: &Question, after: CaseId) -> Result<Option<Vec<CaseId>>> {
    let named = ask.named();
    let Some(first) = named.first() else { return Ok(None) };
    let mut parts = Vec::new();
    for wanted in rolled::wanted(&whole_days(ask), &[*first], Timestamp(i64::MAX)) {
        parts = stored::listed(&s.db.read, &wanted).await?;
        if !parts.is_empty() {
            break;
        }
    }
    if parts.is_empty() {
        return Ok(None);
    }
    let found = tokio::task::spawn_blocking(move || {
        let mut all = Vec::new();
        for part in &parts {
            match part.part.as_str() {
                "case" => all.push(part.id),
                "cell" => all.extend(rolled::members(&part.listed)?.cases()),
                _ => {}
            }
        }
        all.retain(|id| *id > after.0);
        all.sort_unstable();
        all.dedup();
        Ok::<_, Error>(all.into_iter().map(CaseId).collect())
    });
    found.await.map_err(Error::internal)?.map(Some)
}

/// The days that a question touches, whatever it is divided by, and of its filter what cells have.
fn whole_days(ask: &Question) -> Question {
    let Window { from, to, as_of } = ask.window;
    let last = Timestamp(to.0.saturating_sub(1));
    let window =
        Window { from: midnight_of(day_of(from)), to: midnight_of(day_of(last) + 1), as_of };
    let held = ask.filter.0.iter().filter(|(by, _)| DIMENSIONS.contains(by));
    let filter = Filter(held.cloned().collect());
    Question { ids: ask.ids.clone(), window, by: Dimension::None, filter }
}
