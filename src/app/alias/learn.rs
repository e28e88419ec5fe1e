//! Learns names from the corrections of the last year: proposes what they teach, withdraws what
//! they no longer do. What the office decided stays.
//!
//! One job for each new correction and one for each day, in whatever process. A job is void as soon
//! as there is a newer correction, whose own job then learns from all: so a job that was slow can
//! never write down what was true before.

use std::collections::BTreeSet;
use std::time::Duration;

use entity::address_correction;
use entity::kinds::{AliasKind, JobKind, Timestamp};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::target::{parts, target};
use crate::app::places::Snapshot;
use crate::app::work::{Outcome, priority};
use crate::domain::address::{Correction, Learned, learn};
use crate::domain::calendar;
use crate::error::{Error, Result};
use crate::services::{Services, Settings};
use crate::store;
use crate::store::job::NewJob;

/// How far back corrections count.
const COUNTS: Duration = Duration::from_hours(365 * 24);
/// More are not opened at once.
const MOST: u64 = 5_000;
/// The column context under which the words of a correction are sealed.
pub const WORDS: &str = "address_correction.text";

/// Asks for what is to be learned from the corrections there are, unless that was asked today.
/// Fails when the database does.
pub async fn ask(tx: &impl ConnectionTrait, settings: &Settings, now: Timestamp) -> Result<()> {
    let corrections = store::alias::count_corrections(tx).await?;
    if corrections == 0 {
        return Ok(());
    }
    let job = NewJob {
        kind: JobKind::LearnNames,
        dedup_key: format!("{}-{corrections}", calendar::compact_date(now)),
        payload: json!({ "corrections": corrections }).to_string(),
        // Nobody waits for a proposal.
        priority: priority::BULK,
        run_at: now,
        max_attempt: settings.max_attempt,
        trace_id: crate::telemetry::trace_id(),
    };
    Ok(store::job::enqueue(tx, vec![job], now).await?)
}

/// Learns from so many corrections; does nothing when there are others by now. Fails when the
/// database does or a text cannot be opened.
pub async fn run(s: &Services, corrections: i64) -> Result<Outcome> {
    if store::alias::count_corrections(&s.db.read).await? != corrections {
        return Ok(Outcome::Done);
    }
    let now = s.clock.now();
    let mut rows = store::alias::corrections(&s.db.read, now - COUNTS, MOST).await?;
    // Where only the grid is known, nothing is said of a name.
    rows.retain(|row| row.target.is_some());
    let learned = read(s, &rows).await?;
    let kept: BTreeSet<_> = learned.iter().map(named).collect();
    let proposals: Vec<_> = learned
        .into_iter()
        .map(|one| {
            let cases = confirming(&one, &rows);
            let counts = (one.confirmations, one.uses);
            store::alias::proposal(one.word, parts(one.target), counts, cases, now)
        })
        .collect();
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                // Asked again: a correction that came while we read has a job of its own.
                if store::alias::count_corrections(tx).await? != corrections {
                    return Ok(());
                }
                for row in proposals {
                    store::alias::propose(tx, row).await?;
                }
                store::alias::withdraw(tx, &kept).await?;
                Ok::<(), Error>(())
            })
        })
        .await?;
    Ok(Outcome::Done)
}

/// Reads the corrections on a thread of its own: thousands of texts take a second, and requests on
/// this one must not wait for them.
async fn read(s: &Services, rows: &[address_correction::Model]) -> Result<Vec<Learned>> {
    let corrections = rows.iter().map(|row| opened(s, row)).collect::<Result<Vec<_>>>()?;
    let places = s.places.now();
    let learned = tokio::task::spawn_blocking(move || known(&places, &corrections));
    learned.await.map_err(Error::internal)
}

/// Learns names of places that are still there.
fn known(places: &Snapshot, corrections: &[Correction]) -> Vec<Learned> {
    let mut learned = learn(&places.index, corrections);
    learned.retain(|one| places.index.knows(&one.target));
    learned
}

fn named(learned: &Learned) -> (String, AliasKind, String) {
    let (kind, target) = parts(learned.target.clone());
    (learned.word.clone(), kind, target)
}

fn opened(s: &Services, row: &address_correction::Model) -> Result<Correction> {
    let kind = row.target_kind.as_deref().and_then(AliasKind::from_word);
    Ok(Correction {
        text: s.vault.open(WORDS, &row.text_sealed).map_err(Error::internal)?,
        resident: row.resident_id.to_string(),
        target: kind.zip(row.target.clone()).map(|(kind, id)| target(kind, id)),
    })
}

/// Lists the cases behind a name as JSON.
fn confirming(learned: &Learned, rows: &[address_correction::Model]) -> String {
    let cases: Vec<i64> =
        learned.from.iter().filter_map(|i| rows.get(*i)).map(|row| row.case_id.0).collect();
    json!(cases).to_string()
}
