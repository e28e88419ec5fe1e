//! Removes doomed files from the store. The row goes after the file: a crash in between removes
//! the file a second time, which is no error.

use std::time::Duration;

use entity::kinds::{JobKind, Timestamp};

use crate::app::work::{Outcome, priority};
use crate::domain::calendar;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::job::NewJob;
use crate::store::writer::Tx;
use crate::store::{self};

/// How many files one job removes; the next one goes on.
const BATCH: u64 = 50;
/// What waits longer was given up by its job and is asked for again.
const LATE: Duration = Duration::from_hours(1);

/// Asks for the removal of what is doomed, in the unit that dooms it.
pub async fn ask(s: &Services, tx: &Tx, key: String, now: Timestamp) -> Result<()> {
    let job = NewJob {
        kind: JobKind::EraseFiles,
        dedup_key: key,
        payload: "{}".to_owned(),
        priority: priority::BULK,
        run_at: now,
        max_attempt: s.settings.max_attempt,
        trace_id: crate::telemetry::trace_id(),
    };
    Ok(store::job::enqueue(tx, vec![job], now).await?)
}

/// Asks once a day for what should have been gone long ago.
pub async fn ask_again(s: &Services, tx: &Tx, now: Timestamp) -> Result<()> {
    if store::erase::doomed(tx, now - LATE, 1).await?.is_empty() {
        return Ok(());
    }
    ask(s, tx, format!("late-{}", calendar::compact_date(now)), now).await
}

/// Removes a batch of files. Waits and tries again when the store does not answer.
pub async fn run(s: &Services) -> Result<Outcome> {
    let now = s.clock.now();
    let doomed = store::erase::doomed(&s.db.read, now, BATCH).await?;
    if doomed.is_empty() {
        return Ok(Outcome::Done);
    }
    let more = u64::try_from(doomed.len()).is_ok_and(|many| many >= BATCH);
    for object in &doomed {
        if let Err(why) = s.storage.delete(object).await {
            return Ok(Outcome::retry(Error::from(why).chain()));
        }
    }
    s.writer
        .commit(move |tx| {
            Box::pin(async move { Ok::<_, Error>(store::erase::set_gone(tx, &doomed, now).await?) })
        })
        .await?;
    if !more {
        return Ok(Outcome::Done);
    }
    Ok(Outcome::Retry { at: Some(now), counted: false, why: "more files wait".to_owned() })
}
