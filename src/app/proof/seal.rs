//! Seals every day after its end: what each case's chain had grown to, signed, one day after another.

use std::collections::BTreeMap;
use std::time::Duration;

use entity::kinds::{CaseId, JobKind, Timestamp};
use entity::{ledger_annex, ledger_checkpoint, ledger_head};
use sea_orm::ActiveValue::Set;
use sea_orm::IntoActiveModel;

use super::export::printing;
use crate::app::audit::ledger::confirmed;
use crate::app::work::{Outcome, priority};
use crate::domain::calendar::{day_of, iso_date, parse_instant};
use crate::domain::case::ledger::annex;
use crate::domain::case::ledger::checkpoint::{Checkpoint, Head};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::checkpoint::{self, Grown, Waiting};
use crate::store::job::NewJob;
use crate::store::writer::Tx;
use crate::store::{self, snapshot};

/// Units that began before midnight are over by then; one that is not is in the next checkpoint.
const SETTLED: Duration = Duration::from_mins(10);
/// Ids that units under way may hold while later ones are already visible.
const UNDER_WAY: i64 = 10_000;
/// Cases whose entries are read with one statement.
const BATCH: usize = 1_000;
/// Entries of which one statement says what grew.
const PAGE: i64 = 100_000;
/// Cases and days that are in memory at once, 16 bytes each.
const MOST: usize = 4_000_000;

const DAY: Duration = Duration::from_hours(24);

/// The street's day before the one of an instant.
fn yesterday(now: Timestamp) -> String {
    iso_date(now - DAY)
}

fn start(day: &str) -> Result<Timestamp> {
    parse_instant(day).ok_or_else(|| Error::internal("no such day"))
}

/// When a day is over.
pub(super) fn end(day: &str) -> Result<Timestamp> {
    Ok(start(day)? + DAY)
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
/// finds them sealed. Seals nothing while that file contradicts the database. Fails when the database
/// does.
pub async fn run(s: &Services) -> Result<Outcome> {
    if let Some(refused) = super::publish::before_sealing(s).await? {
        return Ok(refused);
    }
    let until = yesterday(s.clock.now() - SETTLED);
    while let Some((day, last)) = next_day(s).await?.filter(|(day, _)| *day <= until) {
        several(s, (day, last), &until).await?;
    }
    super::publish::run(s).await
}

/// Seals days up to one of which there is an entry too many, or `until`.
async fn several(
    s: &Services,
    (mut day, mut last): (String, Option<ledger_checkpoint::Model>),
    until: &str,
) -> Result<()> {
    let from = last.as_ref().map_or(0, |last| last.next_event - UNDER_WAY);
    let days = (day_of(start(&day)?), day_of(start(until)?));
    for (cases, next_event) in Due::read(s, from, days).await? {
        let row = one(s, (&day, last.as_ref()), (cases, next_event)).await?;
        day = iso_date(end(&day)?);
        last = Some(row);
    }
    Ok(())
}

/// Which cases grew on which days that are to be sealed: read once for all of them, so that days
/// that were missed cost what is in them and not what came after each.
struct Due {
    /// The next day to be sealed, and the one after the last that is known wholly.
    days: (i64, i64),
    cases: BTreeMap<i64, Vec<CaseId>>,
    /// Of every day, sealed now or later, its first entry.
    firsts: BTreeMap<i64, i64>,
    /// Entries from here on may have come in since.
    end: i64,
}

impl Due {
    async fn read(s: &Services, from: i64, (first, last): (i64, i64)) -> Result<Self> {
        // Read before the entries: what comes in between is looked at again the next time.
        let end = checkpoint::end(&s.db.read).await?;
        let none = (BTreeMap::new(), BTreeMap::new());
        let mut due = Self { days: (first, last + 1), cases: none.0, firsts: none.1, end };
        // Nobody signs what a checkpoint says of where others wait.
        let mut at = from.min(end - UNDER_WAY).max(0);
        while at < end {
            let to = at.saturating_add(PAGE).min(end);
            due.note(checkpoint::grown(&s.db.read, (at, to)).await?, MOST);
            at = to;
        }
        Ok(due)
    }

    /// Takes in what grew; while it is too much, the last day is left for another time.
    fn note(&mut self, grown: Vec<Grown>, most: usize) {
        for Grown { case_id, day, first_event } in grown {
            // Written late: the next checkpoint has it.
            let day = day.max(self.days.0);
            let known = self.firsts.entry(day).or_insert(first_event);
            *known = first_event.min(*known);
            if day < self.days.1 {
                self.cases.entry(day).or_default().push(case_id);
            }
        }
        let mut count: usize = self.cases.values().map(Vec::len).sum();
        while count > most && self.cases.len() > 1 {
            let Some((day, cases)) = self.cases.pop_last() else { return };
            (count, self.days.1) = (count - cases.len(), day);
        }
    }
}

impl Iterator for Due {
    /// The cases that may have grown on the next day, and from which entry on others wait after it.
    type Item = (Vec<CaseId>, i64);

    fn next(&mut self) -> Option<Self::Item> {
        let day = self.days.0;
        if day >= self.days.1 {
            return None;
        }
        self.days.0 += 1;
        let mut cases = self.cases.remove(&day).unwrap_or_default();
        cases.sort_unstable();
        cases.dedup();
        let later = self.firsts.range(self.days.0..).map(|(_, first)| *first);
        Some((cases, later.fold(self.end, i64::min)))
    }
}

async fn one(
    s: &Services,
    (day, last): (&str, Option<&ledger_checkpoint::Model>),
    (cases, next_event): (Vec<CaseId>, i64),
) -> Result<ledger_checkpoint::Model> {
    let end = end(day)?;
    let mut grown = Vec::new();
    for cases in cases.chunks(BATCH) {
        grown.extend(heads(&checkpoint::waiting(&s.db.read, cases, end).await?));
    }
    grown.sort_unstable_by(|(_, a), (_, b)| a.number().cmp(b.number()));
    let (cases, heads): (Vec<CaseId>, Vec<Head>) = grown.into_iter().unzip();
    let annexes = annexes(s, end).await?;
    let beside = annexes.iter().filter_map(|(name, hash)| annex::head(name, hash.clone()));
    let mut all: Vec<Head> = heads.iter().cloned().chain(beside).collect();
    all.sort_unstable_by(|a, b| a.number().cmp(b.number()));
    let sealed = Checkpoint::of(day, &all, last.map(plain).as_ref()).map_err(Error::internal)?;
    let signature = s.signer.sign(&sealed.bytes().map_err(Error::internal)?);
    let Checkpoint { day, count, root, prev } = sealed;
    let created_at = s.clock.now();
    let row =
        ledger_checkpoint::Model { day, count, root, prev, signature, next_event, created_at };
    let day = &row.day;
    let rows = cases.into_iter().zip(heads).map(|(case, head)| ledger_head::ActiveModel {
        day: Set(day.clone()),
        case_id: Set(case),
        number: Set(head.number().to_owned()),
        first_seq: Set(head.first()),
        last_seq: Set(head.last()),
        marks: Set(head.2),
        hash: Set(head.3),
    });
    let rows: Vec<_> = rows.collect();
    let annexes = annexes.into_iter().map(|(name, hash)| ledger_annex::ActiveModel {
        name: Set(name),
        day: Set(day.clone()),
        hash: Set(hash),
    });
    let annexes: Vec<_> = annexes.collect();
    let stored = row.clone().into_active_model();
    let unit = s.writer.commit(move |tx| {
        Box::pin(
            async move { Ok::<_, Error>(checkpoint::insert(tx, stored, rows, annexes).await?) },
        )
    });
    unit.await?;
    tracing::info!(day = row.day, entries = row.count, "a day of the record is sealed");
    Ok(row)
}

/// Hashes what counts beside the entries and no checkpoint holds yet: versions of the calendar, and what
/// was printed of what had happened by the end of a day.
async fn annexes(s: &Services, end: Timestamp) -> Result<BTreeMap<String, String>> {
    let sealed = checkpoint::annexes(&s.db.read).await?;
    let mut calendars = confirmed(s).await?;
    calendars.retain(|one| !sealed.contains(&annex::calendar_name(one.version)));
    let mut printings = Vec::new();
    for (period, revision) in snapshot::printed(&s.db.read, end).await? {
        if sealed.contains(&annex::printing_name(&period, revision)) {
            continue;
        }
        let rows = snapshot::of(&s.db.read, (&period, revision)).await?;
        match rows.iter().map(printing).collect::<serde_json::Result<Vec<_>>>() {
            Ok(all) => printings.extend(all),
            // The entries of the day are sealed whatever became of a figure.
            Err(why) => tracing::error!(
                period,
                revision,
                %why,
                "a printing cannot be read and stays unsealed: run `zhinan verify`"
            ),
        }
    }
    annex::hashes(&calendars, &printings).map_err(Error::internal)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn grown(case: i64, day: i64, first_event: i64) -> Grown {
        Grown { case_id: CaseId(case), day, first_event }
    }

    fn due(end: i64) -> Due {
        Due { days: (10, 15), cases: BTreeMap::new(), firsts: BTreeMap::new(), end }
    }

    fn cases(of: &[i64]) -> Vec<CaseId> {
        of.iter().map(|id| CaseId(*id)).collect()
    }

    #[test]
    fn every_day_has_its_cases_and_the_first_has_what_was_written_late() {
        let mut due = due(100);
        due.note(vec![grown(2, 12, 40), grown(1, 10, 3), grown(1, 12, 41), grown(9, 20, 44)], 9);
        due.note(vec![grown(3, 4, 60), grown(1, 10, 70), grown(2, 13, 43)], 9);
        let all: Vec<_> = due.collect();
        assert_eq!(
            all,
            [
                // What waits after each day begins with the first entry of any later one.
                (cases(&[1, 3]), 40),
                (cases(&[]), 40),
                (cases(&[1, 2]), 43),
                (cases(&[2]), 44),
                (cases(&[]), 44),
            ]
        );
    }

    #[test]
    fn after_days_without_entries_whatever_comes_in_is_looked_at() {
        assert!(due(7).all(|one| one == (Vec::new(), 7)));
    }

    #[test]
    fn days_that_do_not_fit_are_left_whole_for_another_time() {
        let mut due = due(100);
        due.note(vec![grown(1, 10, 1), grown(1, 11, 2), grown(1, 13, 3)], 4);
        due.note(vec![grown(2, 13, 4), grown(2, 11, 5), grown(3, 14, 6)], 4);
        due.note(vec![grown(4, 12, 7), grown(4, 13, 8)], 4);
        let all: Vec<_> = due.collect();
        assert_eq!(all, [(cases(&[1]), 2), (cases(&[1, 2]), 3), (cases(&[4]), 3)]);
    }

    #[test]
    fn one_day_is_sealed_however_much_it_has() {
        let mut due = due(100);
        due.note(vec![grown(1, 10, 1), grown(2, 10, 2), grown(3, 11, 3)], 1);
        assert_eq!(due.collect::<Vec<_>>(), [(cases(&[1, 2]), 3)]);
    }
}
