//! Compares intention with reality once a minute, removes what is no longer needed, and asks for
//! what is due every day.
//!
//! It repairs nothing: every number it reports should be zero, and one that is not is a fault of
//! the program that somebody must look at.

use std::time::Duration;

use entity::kinds::{JobKind, Timestamp};

use super::heartbeat;
use crate::app::{inbox, space};
use crate::domain::escalation::Snapshot;
use crate::domain::notice::Recipient;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::retention::Over;
use crate::store::sweep::{Findings, Untold};
use crate::store::{self};

/// How often.
pub const EVERY: Duration = Duration::from_mins(1);
/// What was due so long ago should have been taken up.
const LATE: Duration = Duration::from_mins(2);
const ANSWERS_KEPT: Duration = Duration::from_hours(24);
const CODES_KEPT: Duration = Duration::from_mins(10);
const JOBS_KEPT: Duration = Duration::from_hours(7 * 24);
/// A report that was written without a network still finds its photos.
const UPLOADS_KEPT: Duration = Duration::from_hours(7 * 24);
const UPLOADS_BATCH: i64 = 200;
const EXPORTS_BATCH: u64 = 200;
const INBOX_KEPT: Duration = Duration::from_hours(180 * 24);

/// Sweeps once; returns what was found. What cannot be removed keeps nothing else from being done.
/// Fails when the database does. What a newer program brought into the database is left to that one.
pub async fn run(s: &Services) -> Result<Findings> {
    let now = s.clock.now();
    if is_outdated(s).await? {
        return Ok(Findings::default());
    }
    bring_back(s).await?;
    room(s);
    let mut found = store::sweep::count(&s.db.read, now - LATE).await?;
    found.stuck_cases = stuck(s, now).await?;
    found.unreached_cases = unreached(s, now).await?;
    let age = oldest(s, now).await?;
    measure(s, &found, age);
    let removed = tidied(s, now).await;
    let late = age > i64::try_from(s.settings.oldest_due.as_secs()).unwrap_or(i64::MAX);
    say(&found, (age, late), removed.unwrap_or(0));
    crate::app::roster::swap::expire::run(s).await?;
    ask(s, now).await?;
    heartbeat::run(s, removed.is_some() && !found.any() && !late, now).await?;
    Ok(found)
}

/// Removes what is over; returns how much, or says why it could not.
async fn tidied(s: &Services, now: Timestamp) -> Option<u64> {
    let said = |why: &Error| {
        tracing::error!(error = %why.chain(), "sweep: what is over could not be removed");
    };
    remove(s, now).await.inspect_err(said).ok()
}

fn say(found: &Findings, (oldest_due_seconds, late): (i64, bool), removed: u64) {
    if found.any() || late {
        tracing::error!(?found, oldest_due_seconds, removed, "sweep: this should be zero");
    } else {
        tracing::debug!(oldest_due_seconds, removed, "sweep: all is well");
    }
}

/// Tells, and says, that the database belongs to a newer program.
async fn is_outdated(s: &Services) -> Result<bool> {
    let unknown = store::schema::unknown(&s.db.read).await?;
    let outdated = !unknown.is_empty();
    if outdated {
        let unknown = unknown.join(", ");
        tracing::error!(unknown, "a newer program changed the database: this engine does nothing");
    }
    Ok(outdated)
}

/// Takes back what was meant for a time that a clock put back has made distant.
pub async fn bring_back(s: &Services) -> Result<()> {
    let (now, lease) = (s.clock.now(), s.settings.lease);
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move { Ok::<_, Error>(store::sweep::bring_back(tx, now, lease).await?) })
    });
    match unit.await? {
        0 => {}
        moved => tracing::warn!(moved, "the clock was put back: what was due later is due now"),
    }
    Ok(())
}

/// Looks how much room is left for our files; says once that it is little, and once that it is
/// enough again.
fn room(s: &Services) {
    let Some(room) = space::look(s) else { return };
    let was_low = s.metrics.low_space.get() == 1;
    s.metrics.free_space_bytes.set(i64::try_from(room.free).unwrap_or(i64::MAX));
    s.metrics.low_space.set(i64::from(room.low));
    let free_mb = room.free / space::MB;
    match (was_low, room.low) {
        (false, true) => tracing::error!(
            free_mb,
            "little room is left: requests will be refused \
            when the disk is full"
        ),
        (true, false) => tracing::info!(free_mb, "there is room again"),
        _ => {}
    }
}

fn measure(s: &Services, found: &Findings, oldest_due_seconds: i64) {
    s.metrics.oldest_due_seconds.set(oldest_due_seconds);
    for (finding, count) in [
        ("forgotten_cases", found.forgotten_cases),
        ("orphaned_notices", found.orphaned_notices),
        ("abandoned_jobs", found.abandoned_jobs),
        ("stuck_cases", found.stuck_cases),
        ("unreached_cases", found.unreached_cases),
    ] {
        s.metrics.sweep.with_label_values(&[finding]).set(count);
    }
}

/// Shows how many jobs of each kind are due and for how long the oldest of them, zero for a kind
/// without any; returns the age of the oldest of all in seconds.
async fn oldest(s: &Services, now: Timestamp) -> Result<i64> {
    let due = store::job::due_by_kind(&s.db.read, now).await?;
    let seconds = |at| i64::try_from(now.since(at).as_secs()).unwrap_or(i64::MAX);
    for kind in JobKind::ALL {
        let mine = due.iter().find(|one| one.kind == *kind);
        let word = [kind.word()];
        s.metrics.due_jobs.with_label_values(&word).set(mine.map_or(0, |one| one.count));
        s.metrics
            .due_job_seconds
            .with_label_values(&word)
            .set(mine.map_or(0, |one| seconds(one.oldest)));
    }
    Ok(due.iter().map(|one| seconds(one.oldest)).max().unwrap_or(0))
}

/// Counts cases whose step reached nobody although a next step was there to be taken at once. The
/// last step waits for its repeat.
async fn stuck(s: &Services, now: Timestamp) -> Result<i64> {
    let failed = store::sweep::failed_steps(&s.db.read, now - LATE).await?;
    let has_next = |one: &store::sweep::Failed| {
        let snapshot = serde_json::from_str::<Snapshot>(&one.snapshot);
        let steps = snapshot.map_or(usize::MAX, |snapshot| snapshot.chain.steps.len());
        usize::try_from(one.step).is_ok_and(|step| step + 1 < steps)
    };
    Ok(i64::try_from(failed.iter().filter(|one| has_next(one)).count()).unwrap_or(i64::MAX))
}

/// Counts cases whose chain is at its end and told nobody: each further round would be as silent.
/// Whoever opened the case in his inbox heard of it.
async fn unreached(s: &Services, now: Timestamp) -> Result<i64> {
    let mut count = 0;
    for one in store::sweep::untold(&s.db.read, now - LATE).await? {
        // One that cannot be read is found by its failing looks.
        let Ok(snapshot) = serde_json::from_str::<Snapshot>(&one.snapshot) else { continue };
        let steps = snapshot.chain.steps.len();
        let ended = usize::try_from(one.step).is_ok_and(|step| step + 1 >= steps);
        if ended && !is_read(s, &one, &snapshot).await? {
            count += 1;
        }
    }
    Ok(count)
}

/// Tells whether one of a case's people opened its entry of the running chain.
async fn is_read(s: &Services, one: &Untold, snapshot: &Snapshot) -> Result<bool> {
    let people = snapshot.people.values().flatten();
    let told = people.flat_map(|person| [person.staff, person.holder()]);
    let inboxes: Vec<String> = told.map(|staff| inbox::owner(Recipient::Staff(staff))).collect();
    Ok(store::inbox::was_read(&s.db.read, &inboxes, one.id, one.since).await?)
}

/// Asks for the day's and the minute's jobs; whichever process asks first, each runs once.
async fn ask(s: &Services, now: Timestamp) -> Result<()> {
    let services = s.clone();
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                crate::app::alias::learn::ask(tx, &services.settings, now).await?;
                crate::app::follower::fill::ask(&services, tx, now).await?;
                crate::app::notice::owed::ask(&services, tx, now).await?;
                crate::app::notice::reports::ask(&services, tx, now).await?;
                crate::app::audit::freeze::ask(&services, tx, now).await?;
                crate::app::audit::hints::ask(&services, tx, now).await?;
                crate::app::proof::seal::ask(&services, tx, now).await?;
                crate::app::calendar::redate::ask_again(&services, tx, now).await?;
                crate::app::audit::roll_up::ask(&services, tx, now).await?;
                crate::app::my::files::ask_again(&services, tx, now).await
            })
        })
        .await
}

async fn remove(s: &Services, now: Timestamp) -> Result<u64> {
    let kept = s.settings.retention;
    let mut removed = s
        .writer
        .commit(move |tx| {
            Box::pin(async move {
                let answers = store::idempotency::forget(tx, now - ANSWERS_KEPT).await?;
                let codes = store::sweep::forget_codes(tx, now - CODES_KEPT).await?;
                let told = store::inbox::forget(tx, now - INBOX_KEPT).await?;
                let files = store::erase::unused(tx, now - UPLOADS_KEPT, UPLOADS_BATCH).await?;
                let taken = store::erase::exports(tx, now - kept.exports, EXPORTS_BATCH).await?;
                Ok::<_, Error>(answers + codes + told + files + taken)
            })
        })
        .await?;
    removed += crate::app::session::forget::run(s).await?;
    for (over, kept) in [
        (Over::Jobs, JOBS_KEPT),
        (Over::Probes, kept.probes),
        (Over::Lines, kept.lines),
        (Over::Pushes, kept.pushes),
        (Over::Cards, kept.cards),
    ] {
        removed += forget(s, over, now - kept).await?;
    }
    Ok(removed)
}

/// Removes what was over before an instant, in a unit of its own for each batch: requests go between
/// them.
async fn forget(s: &Services, over: Over, before: Timestamp) -> Result<u64> {
    let mut removed = 0;
    loop {
        let unit = s.writer.commit(move |tx| {
            Box::pin(
                async move { Ok::<_, Error>(store::retention::forget(tx, over, before).await?) },
            )
        });
        let batch = unit.await?;
        removed += batch;
        if !store::sweep::is_full(batch) {
            return Ok(removed);
        }
    }
}
