//! Computes due times again that led beyond the last known year, once that year is known. Each
//! case says in its ledger what changed; a case whose times are still not certain keeps waiting.

use entity::kinds::{CaseId, JobKind, Timestamp};
use serde_json::json;

use crate::app::case::change::Change;
use crate::app::case::clock;
use crate::app::work::{Outcome, priority};
use crate::domain::calendar::iso_date;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::job::NewJob;
use crate::store::writer::Tx;
use crate::store::{self};

/// How many cases are looked up at once.
const PAGE: u64 = 100;

/// Asks the engine to compute again with this version of the calendar.
pub async fn ask(s: &Services, tx: &Tx, version: i64, now: Timestamp) -> Result<()> {
    plan(s, tx, (version, version.to_string()), now).await
}

async fn plan(
    s: &Services,
    tx: &Tx,
    (version, dedup_key): (i64, String),
    now: Timestamp,
) -> Result<()> {
    let job = NewJob {
        kind: JobKind::Redate,
        dedup_key,
        payload: json!({ "calendar": version }).to_string(),
        priority: priority::BULK,
        run_at: now,
        max_attempt: s.settings.max_attempt,
        trace_id: crate::telemetry::trace_id(),
    };
    store::job::enqueue(tx, vec![job], now).await?;
    Ok(())
}

/// Asks once a day for cases that were written while a notice was confirmed, or could not be computed
/// then.
pub async fn ask_again(s: &Services, tx: &Tx, now: Timestamp) -> Result<()> {
    if store::due::provisional(tx, CaseId(0), 1).await?.is_empty() {
        return Ok(());
    }
    let version = s.calendar.now().version();
    plan(s, tx, (version.into(), format!("{version}/{}", iso_date(now))), now).await
}

/// Goes through the open cases that wait for a notice, each in a unit of its own. Run again it
/// finds those that are left; one that cannot be computed holds up no other. Fails when the database
/// does, or with the first of those.
pub async fn run(s: &Services, version: u32) -> Result<Outcome> {
    // Confirmed in another process a moment ago.
    s.calendar.reload(&s.db).await?;
    if s.calendar.now().version() < version {
        return Err(Error::internal("the confirmed calendar is not there yet"));
    }
    let (mut after, mut all) = (CaseId(0), Ok(()));
    loop {
        let page = store::due::provisional(&s.db.read, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = *last;
        for case in page {
            let done = one(s, case).await;
            if let Err(why) = &done {
                tracing::error!(case = case.0, error = %why.chain(), "its due times stay as they are");
            }
            all = all.and(done);
        }
    }
    all.map(|()| Outcome::Done)
}

async fn one(s: &Services, id: CaseId) -> Result<()> {
    let services = s.clone();
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            let case = store::case::find_locked(tx, id).await?;
            let waits = case.filter(|case| case.due_provisional && case.next_check_at.is_some());
            let Some(case) = waits else { return Ok(()) };
            let mut change = Change::by_engine(&services, case, services.clock.now());
            if clock::redate(&mut change, tx).await? {
                change.store(tx).await?;
            }
            Ok::<_, Error>(())
        })
    });
    unit.await
}
