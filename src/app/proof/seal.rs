//! Seals every day after its end: what each case's chain had grown to, signed, one day after another.

use std::time::Duration;

use entity::kinds::{CaseId, JobKind, Timestamp};
use entity::{ledger_checkpoint, ledger_head};
use sea_orm::ActiveValue::Set;

use crate::app::work::{Outcome, priority};
use crate::domain::calendar::{iso_date, parse_instant};
use crate::domain::case::ledger::checkpoint::{Checkpoint, Head};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::checkpoint::{self, Waiting};
use crate::store::job::NewJob;
use crate::store::writer::Tx;
use crate::store::{self};

/// Units that began before midnight are over by then; one that is not is in the next checkpoint.
const SETTLED: Duration = Duration::from_mins(10);
/// Ids that units under way may hold while later ones are already visible.
const UNDER_WAY: i64 = 10_000;
/// Cases whose entries are read with one statement.
const BATCH: usize = 1_000;

const DAY: Duration = Duration::from_hours(24);

/// The street's day before the one of an instant.
fn yesterday(now: Timestamp) -> String {
    iso_date(now - DAY)
}

/// When a day is over.
pub(super) fn end(day: &str) -> Result<Timestamp> {
    let midnight = parse_instant(day).ok_or_else(|| Error::internal("no such day"))?;
    Ok(midnight + DAY)
}

/// The first day that is not sealed; `None` before the first entry.
async fn next_day(s: &Services) -> Result<Option<(String, Option<ledger_checkpoint::Model>)>> {
    match checkpoint::last(&s.db.read).await? {
        Some(last) => Ok(Some((iso_date(end(&last.day)?), Some(last)))),
        None => Ok(checkpoint::began(&s.db.read).await?.map(|first| (iso_date(first), None))),
    }
}

/// Asks for the checkpoints that are due, the last of them yesterday's. Fails when the database does.
pub async fn ask(s: &Services, tx: &Tx, now: Timestamp) -> Result<()> {
    let day = yesterday(now - SETTLED);
    let last = checkpoint::last(tx).await?.map(|last| last.day);
    let began = checkpoint::began(tx).await?.map(iso_date);
    let due = last.is_none_or(|last| last < day) && began.is_some_and(|first| first <= day);
    if !due {
        return Ok(());
    }
    let job = NewJob {
        kind: JobKind::SealDay,
        dedup_key: day,
        payload: "{}".to_owned(),
        priority: priority::BULK,
        run_at: now,
        max_attempt: s.settings.max_attempt,
        trace_id: crate::telemetry::trace_id(),
    };
    Ok(store::job::enqueue(tx, vec![job], now).await?)
}

/// Seals every day that is over and not sealed, and adds the checkpoints to their file. Run again it
/// finds them sealed. Fails when the database does.
pub async fn run(s: &Services) -> Result<Outcome> {
    let until = yesterday(s.clock.now() - SETTLED);
    while let Some((day, last)) = next_day(s).await?.filter(|(day, _)| *day <= until) {
        one(s, day, last).await?;
    }
    super::publish::run(s).await
}

async fn one(s: &Services, day: String, last: Option<ledger_checkpoint::Model>) -> Result<()> {
    let end = end(&day)?;
    let from = last.as_ref().map_or(0, |last| last.next_event - UNDER_WAY);
    // Read before the cases: what comes in between is looked at again the next time.
    let next_event = checkpoint::next_event(&s.db.read, from, end).await?;
    let mut grown = Vec::new();
    for cases in checkpoint::touched(&s.db.read, from, end).await?.chunks(BATCH) {
        grown.extend(heads(&checkpoint::waiting(&s.db.read, cases, end).await?));
    }
    grown.sort_unstable_by(|(_, a), (_, b)| a.number().cmp(b.number()));
    let (cases, heads): (Vec<CaseId>, Vec<Head>) = grown.into_iter().unzip();
    let before = last.as_ref().map(plain);
    let sealed = Checkpoint::of(&day, &heads, before.as_ref()).map_err(Error::internal)?;
    let row = ledger_checkpoint::ActiveModel {
        day: Set(day.clone()),
        count: Set(sealed.count),
        root: Set(sealed.root.clone()),
        prev: Set(sealed.prev.clone()),
        signature: Set(s.signer.sign(&sealed.bytes().map_err(Error::internal)?)),
        next_event: Set(next_event),
        created_at: Set(s.clock.now()),
    };
    let rows = cases.into_iter().zip(heads).map(|(case, head)| ledger_head::ActiveModel {
        day: Set(day.clone()),
        case_id: Set(case),
        first_seq: Set(head.first()),
        last_seq: Set(head.last()),
        marks: Set(head.2),
        hash: Set(head.3),
    });
    let rows: Vec<_> = rows.collect();
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move { Ok::<_, Error>(checkpoint::insert(tx, row, rows).await?) })
    });
    unit.await?;
    tracing::info!(day = sealed.day, entries = sealed.count, "a day of the record is sealed");
    Ok(())
}

/// What a stored checkpoint says.
pub(super) fn plain(row: &ledger_checkpoint::Model) -> Checkpoint {
    Checkpoint {
        day: row.day.clone(),
        count: row.count,
        root: row.root.clone(),
        prev: row.prev.clone(),
    }
}

fn heads(waiting: &[Waiting]) -> Vec<(CaseId, Head)> {
    let mut heads = Vec::new();
    for one in waiting.chunk_by(|a, b| a.case_id == b.case_id) {
        let entries: Vec<(i64, String)> = one.iter().map(|e| (e.seq, e.hash.clone())).collect();
        let Some(first) = one.first() else { continue };
        heads.extend(Head::of(&first.number, &entries).map(|head| (first.case_id, head)));
    }
    heads
}
