//! Does one claimed job and finishes it under its fence.

use std::panic::AssertUnwindSafe;

use entity::job::Model;
use entity::kinds::{JobState, Timestamp};
use futures::FutureExt;
use rand::RngExt;
use tokio::time::timeout;

use super::jobs::Work;
use crate::app::work::{Outcome, Try};
use crate::domain::notice::backoff;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::job::Finish;
use crate::store::{self};

/// A job that ended so many workers, four times of them while it ran alone, is the reason.
const MOST_LOST: i32 = 6;

/// Runs a claimed job to its end within the hard limit and records the outcome. Never fails: what
/// cannot be recorded is a lost lease, and the next claim decides.
pub async fn run(s: &Services, job: Model) {
    let trace = job.trace_id.clone().unwrap_or_else(|| format!("job-{}", job.id));
    crate::telemetry::traced(trace, async {
        let outcome = outcome(s, &job).await;
        record(s, &job, outcome).await;
    })
    .await;
}

/// Gives a claimed job back that was not started: neither its attempt nor its lease counts.
pub async fn give_back(s: &Services, job: &Model) {
    let now = s.clock.now();
    let finish = Finish {
        state: JobState::Ready,
        run_at: now,
        error: job.last_error.clone(),
        // A claim of a lost lease counted in `lost`, not as an attempt.
        undo_attempt: job.lost == 0,
    };
    write(s, job, finish, now).await;
}

fn this(job: &Model) -> Try {
    let count = |n: i32| u32::try_from(n).unwrap_or(0);
    Try { attempt: count(job.attempt).max(1), max_attempt: count(job.max_attempt) }
}

async fn outcome(s: &Services, job: &Model) -> Outcome {
    let work = match Work::decode(job) {
        Ok(work) => work,
        Err(why) => return Outcome::Dead { why },
    };
    let outcome = if job.lost >= MOST_LOST {
        Outcome::Dead { why: format!("the worker ended {} times with this job", job.lost) }
    } else {
        attempt(s, work, this(job)).await
    };
    let outcome = bounded(outcome, this(job));
    if matches!(outcome, Outcome::Dead { .. })
        && let Err(error) = work.give_up(s).await
    {
        // The job stays and is tried again: its notice must not wait for nobody.
        return Outcome::retry(error.chain());
    }
    outcome
}

async fn attempt(s: &Services, work: Work, this: Try) -> Outcome {
    let limit = s.settings.job_limit;
    let done = timeout(limit, AssertUnwindSafe(work.run(s, this)).catch_unwind()).await;
    match done {
        Ok(Ok(Ok(outcome))) => outcome,
        Ok(Ok(Err(error))) => Outcome::retry(error.chain()),
        Ok(Err(_panic)) => Outcome::retry("the handler panicked"),
        Err(_elapsed) => Outcome::retry(format!("took longer than {} s", limit.as_secs())),
    }
}

/// Turns the last counted retry into the end.
fn bounded(outcome: Outcome, this: Try) -> Outcome {
    match outcome {
        Outcome::Retry { counted: true, why, .. } if this.attempt >= this.max_attempt => {
            Outcome::Dead { why: format!("gave up after {} attempts: {why}", this.attempt) }
        }
        other => other,
    }
}

async fn record(s: &Services, job: &Model, outcome: Outcome) {
    let now = s.clock.now();
    s.metrics.jobs.with_label_values(&[job.kind.word(), outcome.word()]).inc();
    match &outcome {
        Outcome::Done => {}
        Outcome::Retry { why, counted, .. } => {
            tracing::info!(job = job.id.0, kind = job.kind.word(), counted, why, "job waits");
        }
        Outcome::Dead { why } | Outcome::Unknown { why } => {
            tracing::warn!(job = job.id.0, kind = job.kind.word(), why, "job ended");
        }
    }
    write(s, job, finish_of(job, outcome, now), now).await;
}

fn finish_of(job: &Model, outcome: Outcome, now: Timestamp) -> Finish {
    let ended = |state, error| Finish { state, run_at: now, error, undo_attempt: false };
    match outcome {
        Outcome::Done => ended(JobState::Done, None),
        Outcome::Dead { why } | Outcome::Unknown { why } => ended(JobState::Dead, Some(why)),
        Outcome::Retry { at, counted, why } => {
            let wait = || now + backoff(this(job).attempt, rand::rng().random(), None);
            Finish {
                state: JobState::Ready,
                run_at: at.unwrap_or_else(wait),
                error: Some(why),
                undo_attempt: !counted && job.attempt > 0,
            }
        }
    }
}

async fn write(s: &Services, job: &Model, finish: Finish, now: Timestamp) {
    let (id, fence) = (job.id, job.fence);
    let written: Result<bool> = s
        .writer
        .commit(move |tx| {
            Box::pin(async move {
                Ok::<_, Error>(store::job::finish(tx, id, fence, &finish, now).await?)
            })
        })
        .await;
    match written {
        Ok(true) => {}
        Ok(false) => {
            s.metrics.leases_lost.with_label_values(&[job.kind.word()]).inc();
            tracing::warn!(job = id.0, kind = job.kind.word(), "lease lost: somebody else decides");
        }
        Err(error) => {
            tracing::error!(job = id.0, error = %error.chain(), "the end of a job is not written");
        }
    }
}
