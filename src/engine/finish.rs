//! Does one claimed job and finishes it under its fence.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use entity::job::Model;
use entity::kinds::{JobId, JobKind, JobState, NoticeId, Timestamp};
use futures::FutureExt;
use rand::RngExt;
use tokio::time::{sleep, timeout};

use super::jobs::Work;
use super::record::{Record, Recorder};
use crate::app::insist::{insist, left};
use crate::app::notice::letter::{self, Letter};
use crate::app::notice::send::{self, Sending};
use crate::app::notice::together::{self, Accepted};
use crate::app::notice::verdict::{self, Called};
use crate::app::trouble;
use crate::app::work::{Outcome, Try};
use crate::crash;
use crate::domain::notice::backoff;
use crate::error::{Error, Result, caught};
use crate::services::Services;
use crate::store::job::Finish;
use crate::store::{self};

/// A job that lost its lease so many times, four of them while it ran alone, is what ends workers.
const MOST_LOST: i32 = 6;
/// From so many lost leases on a job runs while nothing else does.
const ALONE: i32 = 2;
/// What takes the longer the more cases there are, and cannot be put down in between.
const PATIENT: [JobKind; 3] = [JobKind::ExportFigures, JobKind::FreezeFigures, JobKind::ListHints];

/// Runs a claimed job to its end within the hard limit and records the outcome; with a letter, only
/// the call and its record are left. Never fails: what
/// cannot be recorded is a lost lease, and the next claim decides. Tells whether it was a message
/// taken over like most, after which nothing else can be due.
pub async fn run(s: &Services, job: Model, letter: Option<Letter>, recorder: &Recorder) -> bool {
    let trace = job.trace_id.clone().unwrap_or_else(|| format!("job-{}", job.id));
    crate::telemetry::traced(trace, async {
        // Making it ready took so long that somebody else would be at it before this one ends.
        if left(s, job.run_at) < s.settings.job_limit {
            give_back(s, &job, letter.as_ref()).await;
            return false;
        }
        let outcome = match letter {
            Some(letter) => post(s, &job, letter, recorder).await,
            None => Some(outcome(s, &job).await),
        };
        match outcome {
            Some(outcome) => {
                record(s, &job, outcome).await;
                false
            }
            None => true,
        }
    })
    .await
}

/// Makes ready all that can be made ready at once, in one unit that is committed when this returns.
pub async fn prepare(s: &Services, jobs: &[Model]) -> HashMap<JobId, Letter> {
    // Who has cost a lease goes step by step, so that it can be seen where it ends.
    let fresh = jobs.iter().filter(|job| job.kind == JobKind::SendNotice && job.lost == 0);
    let notices: HashMap<NoticeId, JobId> =
        fresh.filter_map(|job| Some((Work::decode(job).ok()?.notice()?, job.id))).collect();
    if notices.is_empty() {
        return HashMap::new();
    }
    let prepared = together::prepare(s, notices.keys().copied().collect()).await;
    let letters = prepared.unwrap_or_else(|error| {
        tracing::warn!(error = %error.chain(), "notices are made ready one by one");
        HashMap::new()
    });
    if !letters.is_empty() {
        crash::point("notice.marked");
    }
    let of_job = |(id, letter)| Some((*notices.get(&id)?, letter));
    letters.into_iter().filter_map(of_job).collect()
}

/// Sends a letter that is ready; `None` when its job is finished together with its record.
async fn post(s: &Services, job: &Model, letter: Letter, recorder: &Recorder) -> Option<Outcome> {
    let work = match Work::decode(job) {
        Ok(work) => work,
        Err(why) => return Some(Outcome::Dead { why }),
    };
    let called = send::call_out(s, letter, this(job)).map(Ok);
    let called = match limited(s.settings.job_limit, called).await {
        Ok(called) => Arc::new(called),
        Err(outcome) => return Some(concluded(s, job, work, outcome).await),
    };
    let told = match called.accepted() {
        None => Record::Alone,
        Some((letter, msgid)) => {
            let (letter, fence) = (letter.clone(), job.fence);
            recorder.record(Accepted { letter, msgid, job: job.id, fence }).await
        }
    };
    if told == Record::Alone {
        let outcome = recorded(s, job, called).await;
        return Some(concluded(s, job, work, outcome).await);
    }
    s.metrics.jobs.with_label_values(&[job.kind.word(), Outcome::Done.word()]).inc();
    if told == Record::LeaseLost {
        lease_lost(s, job);
    }
    None
}

/// Records what came of a call, for as long as the lease lasts, and not more briefly than any job
/// may take: nobody may ask a second time.
async fn recorded(s: &Services, job: &Model, called: Arc<Called>) -> Outcome {
    let limit = left(s, job.run_at).max(s.settings.job_limit);
    let record = insist(s, job.run_at, || verdict::conclude(s, Arc::clone(&called)));
    limited(limit, record).await.unwrap_or_else(|outcome| outcome)
}

/// Gives a claimed job back that was not started: its attempt does not count, and nobody called for
/// its letter. A lease that was lost before stays counted: whoever ends processes that are busy is
/// found all the same.
pub async fn give_back(s: &Services, job: &Model, letter: Option<&Letter>) {
    crash::point("job.give_back");
    let now = s.clock.now();
    let finish = Finish {
        state: JobState::Ready,
        run_at: now,
        error: job.last_error.clone(),
        undo: true,
        came_back: false,
    };
    let marked = letter.map(|letter| (letter.notice.id, letter.first_at));
    write(s, job, (finish, marked), now).await;
}

fn this(job: &Model) -> Try {
    let count = |n: i32| u32::try_from(n).unwrap_or(0);
    Try {
        attempt: count(job.attempt).max(1),
        max_attempt: count(job.max_attempt),
        generation: job.generation,
    }
}

async fn outcome(s: &Services, job: &Model) -> Outcome {
    // Only a job whose worker ended may meet its own next generation at work.
    if job.lost > 0 && store::job::is_superseded(&s.db.read, job).await.unwrap_or(false) {
        return Outcome::Done;
    }
    let work = match Work::decode(job) {
        Ok(work) => work,
        Err(why) => return unread(s, job, why).await,
    };
    let limit = s.settings.job_limit;
    let done = if job.lost >= MOST_LOST {
        Err(Outcome::Dead { why: format!("its lease was lost {} times", job.lost) })
    } else if !PATIENT.contains(&job.kind) {
        limited(limit, work.clone().run(s, this(job))).await
    } else if job.lost < ALONE {
        Box::pin(patient(s, job, work.clone().run(s, this(job)))).await
    } else {
        // All others wait for it: what takes longer is not tried again.
        let once = Box::pin(within(limit, work.clone().run(s, this(job)))).await;
        once.unwrap_or_else(|why| Err(Outcome::Dead { why }))
    };
    let outcome = match done {
        Ok(Sending::Called(called)) => recorded(s, job, called).await,
        Ok(Sending::Over(outcome)) | Err(outcome) => outcome,
    };
    concluded(s, job, work, outcome).await
}

/// Ends a job that nobody understands, and sees that nobody waits for it.
async fn unread(s: &Services, job: &Model, why: String) -> Outcome {
    match Work::by_key(job) {
        Some(work) => concluded(s, job, work, Outcome::Dead { why }).await,
        None => Outcome::Dead { why },
    }
}

/// Ends what has no try left, and sees that nobody waits for it.
async fn concluded(s: &Services, job: &Model, work: Work, outcome: Outcome) -> Outcome {
    let outcome = bounded(outcome, this(job));
    if matches!(outcome, Outcome::Dead { .. })
        && let Err(error) = work.give_up(s).await
    {
        // The job stays and is tried again: its notice must not wait for nobody.
        return Outcome::retry(error.chain());
    }
    outcome
}

/// Runs a piece of work within a limit; what takes longer is tried again.
fn limited<T>(
    limit: Duration,
    work: impl Future<Output = Result<T>>,
) -> impl Future<Output = std::result::Result<T, Outcome>> {
    within(limit, work).map(|done| done.unwrap_or_else(|why| Err(Outcome::retry(why))))
}

/// Runs a piece of work within a limit; fails with words about it.
fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T>>,
) -> impl Future<Output = std::result::Result<std::result::Result<T, Outcome>, String>> {
    timeout(limit, caught(work)).map(move |done| match done {
        Ok(done) => Ok(ended(done)),
        Err(_elapsed) => Err(format!("took longer than {} s", limit.as_secs())),
    })
}

/// Runs a piece of work for as long as it takes, its lease renewed meanwhile; at the stop of the
/// program it is given up, to be begun again, and does not count as a try.
async fn patient<T>(
    s: &Services,
    job: &Model,
    work: impl Future<Output = Result<T>>,
) -> std::result::Result<T, Outcome> {
    let (mut work, stop) = (pin!(caught(work)), s.lifecycle.winding_down());
    loop {
        tokio::select! {
            done = &mut work => return ended(done),
            () = stop.cancelled() => {
                let why = "the program stops".to_owned();
                return Err(Outcome::Retry { at: Some(s.clock.now()), counted: false, why });
            }
            () = sleep(s.settings.lease / 3) => {
                if !renewed(s, job).await {
                    return Err(Outcome::retry("the lease was lost"));
                }
            }
        }
    }
}

/// Renews a lease; what cannot be written now is tried the next time, while the lease lasts.
async fn renewed(s: &Services, job: &Model) -> bool {
    let (id, fence, until) = (job.id, job.fence, s.clock.now() + s.settings.lease);
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move { Ok::<_, Error>(store::job::renew(tx, id, fence, until).await?) })
    });
    unit.await.unwrap_or(true)
}

/// What goes wrong is tried again.
fn ended<T>(done: std::result::Result<Result<T>, String>) -> std::result::Result<T, Outcome> {
    match done {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(Outcome::retry(error.chain())),
        Err(_panic) => Err(Outcome::retry("the handler panicked")),
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
    let mut finish = finish_of(job, outcome, now);
    // What is given up at the stop did not come back by itself.
    finish.came_back &= !s.lifecycle.winding_down().is_cancelled();
    write(s, job, (finish, None), now).await;
}

fn finish_of(job: &Model, outcome: Outcome, now: Timestamp) -> Finish {
    let ended = |state, error| Finish { state, run_at: now, error, undo: false, came_back: false };
    match outcome {
        Outcome::Done => ended(JobState::Done, None),
        Outcome::Dead { why } | Outcome::Unknown { why } => ended(JobState::Dead, Some(why)),
        Outcome::Retry { at, counted, why } => {
            let wait = || now + backoff(this(job).attempt, rand::rng().random(), None);
            Finish {
                state: JobState::Ready,
                run_at: at.unwrap_or_else(wait),
                error: Some(why),
                // The try whose worker ended counts: the two in turn would go on for ever.
                undo: !counted && !store::job::inherited(job) && job.attempt > 0,
                came_back: job.lost < MOST_LOST,
            }
        }
    }
}

/// Writes how a job goes on; a notice that was marked at an instant is planned again with it.
async fn write(
    s: &Services,
    job: &Model,
    (finish, marked): (Finish, Option<(NoticeId, Timestamp)>),
    now: Timestamp,
) {
    let (services, id, fence) = (s.clone(), job.id, job.fence);
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            let held = store::job::finish(tx, id, fence, &finish, now).await?;
            if let Some((notice, at)) = marked.filter(|_| held) {
                letter::unmark(&services, tx, &[notice], at).await?;
            }
            Ok::<_, Error>(held)
        })
    });
    let written = unit.await;
    match written {
        Ok(true) => trouble::written(s),
        Ok(false) => lease_lost(s, job),
        Err(error) if trouble::met(s, &error) => {}
        Err(error) => {
            tracing::error!(job = id.0, error = %error.chain(), "the end of a job is not written");
        }
    }
}

fn lease_lost(s: &Services, job: &Model) {
    let kind = job.kind.word();
    s.metrics.leases_lost.with_label_values(&[kind]).inc();
    tracing::warn!(job = job.id.0, kind, "lease lost: somebody else decides");
}
