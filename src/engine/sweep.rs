//! Compares intention with reality once a minute, removes what is no longer needed, and asks for
//! what is due every day.
//!
//! It repairs nothing: every number it reports should be zero, and one that is not is a fault of
//! the program that somebody must look at.

use std::time::Duration;

use entity::kinds::Timestamp;

use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::sweep::Findings;
use crate::store::{self};

/// How often.
pub const EVERY: Duration = Duration::from_mins(1);
/// What was due so long ago should have been taken up.
const LATE: Duration = Duration::from_mins(2);
const ANSWERS_KEPT: Duration = Duration::from_hours(24);
const CODES_KEPT: Duration = Duration::from_mins(10);
const JOBS_KEPT: Duration = Duration::from_hours(7 * 24);
const INBOX_KEPT: Duration = Duration::from_hours(180 * 24);

/// Sweeps once; returns what was found. Fails when the database does.
pub async fn run(s: &Services) -> Result<Findings> {
    let now = s.clock.now();
    let found = store::sweep::count(&s.db.read, now - LATE).await?;
    let oldest = store::job::earliest_due(&s.db.read).await?;
    let age = oldest.map_or(0, |due| i64::try_from(now.since(due).as_secs()).unwrap_or(i64::MAX));
    s.metrics.oldest_due_seconds.set(age);
    for (finding, count) in [
        ("forgotten_cases", found.forgotten_cases),
        ("orphaned_notices", found.orphaned_notices),
        ("abandoned_jobs", found.abandoned_jobs),
    ] {
        s.metrics.sweep.with_label_values(&[finding]).set(count);
    }
    let removed = remove(s, now).await?;
    if found.any() {
        tracing::error!(?found, oldest_due_seconds = age, removed, "sweep: this should be zero");
    } else {
        tracing::debug!(oldest_due_seconds = age, removed, "sweep: all is well");
    }
    ask(s, now).await?;
    Ok(found)
}

/// Asks for the day's and the minute's jobs; whichever process asks first, each runs once.
async fn ask(s: &Services, now: Timestamp) -> Result<()> {
    let services = s.clone();
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                crate::app::alias::learn::ask(tx, &services.settings, now).await?;
                crate::app::notice::reports::ask(&services, tx, now).await
            })
        })
        .await
}

async fn remove(s: &Services, now: Timestamp) -> Result<u64> {
    let mut removed = s
        .writer
        .commit(move |tx| {
            Box::pin(async move {
                let answers = store::idempotency::forget(tx, now - ANSWERS_KEPT).await?;
                let codes = store::sweep::forget_codes(tx, now - CODES_KEPT).await?;
                let told = store::inbox::forget(tx, now - INBOX_KEPT).await?;
                Ok::<_, Error>(answers + codes + told)
            })
        })
        .await?;
    removed += crate::app::session::forget::run(s).await?;
    loop {
        // A unit of its own for each batch: requests go between them.
        let batch = s
            .writer
            .commit(move |tx| {
                Box::pin(async move {
                    let before = now - JOBS_KEPT;
                    Ok::<_, Error>(store::sweep::forget_jobs(tx, before).await?)
                })
            })
            .await?;
        removed += batch;
        if !store::sweep::is_full(batch) {
            return Ok(removed);
        }
    }
}
