//! Counts settled cases in cells, every night, so that nobody need read them again.
//!
//! The cells follow from the ledger alone: where they are gone, or were made by other definitions,
//! the same come back. Every unit says which state of the cells it was made for, so that a job that
//! runs twice, or beside another, counts no case twice.

use std::collections::HashMap;
use std::sync::Arc;

use entity::figure_rolled::Model as State;
use entity::kinds::{CaseId, JobKind, Timestamp};
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::json;

use super::ledger::{self, Batch};
use super::rolled::{closed, members, named, opened};
use crate::app::work::{Outcome, priority};
use crate::domain::audit::calendars::Calendars;
use crate::domain::audit::facts::Fact;
use crate::domain::audit::rollup::cell::Key;
use crate::domain::audit::rollup::{Change, Content, EDITION, is_settled};
use crate::domain::audit::story::Story;
use crate::domain::calendar::{day_of, midnight_of};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::beside::{self, Candidate, Counted};
use crate::store::figures::Numbered;
use crate::store::job::NewJob;
use crate::store::rolled::{self, Cell};
use crate::store::writer::Tx;
use crate::store::{self, snapshot};

/// Cases of one unit: the cells of a month are written once for all of them.
const UNIT: usize = 8_000;
/// Cases that are put in order at once, so that those of one grid, which share their cells, come in
/// few units.
const IN_ORDER: u64 = 64_000;
/// Cases that are forgotten in one unit.
const FORGOTTEN: u64 = 8_000;
/// Cases whose ledgers are opened at once.
const OPENED: usize = 500;
/// So many are opened while the next are read.
const SIDE_BY_SIDE: usize = 3;
/// Cells, or cases, of one statement.
const STATEMENT: usize = 2_000;
/// The night's job runs from this hour on.
const FROM_HOUR: std::time::Duration = std::time::Duration::from_mins(20);

/// Asks for the night's job unless it was done, or there were no cases yet when the day began. Fails
/// when the database does.
pub async fn ask(s: &Services, tx: &Tx, now: Timestamp) -> Result<()> {
    let today = day_of(now);
    if now < midnight_of(today) + FROM_HOUR || rolled::state(tx).await?.day >= today {
        return Ok(());
    }
    if snapshot::began(tx).await?.is_none_or(|first| first >= midnight_of(today)) {
        return Ok(());
    }
    let job = NewJob {
        kind: JobKind::RollUpFigures,
        dedup_key: today.to_string(),
        payload: json!({ "day": today }).to_string(),
        priority: priority::BULK,
        run_at: now,
        max_attempt: s.settings.max_attempt,
        trace_id: crate::telemetry::trace_id(),
    };
    Ok(store::job::enqueue(tx, vec![job], now).await?)
}

/// Counts everything that was settled when the day began, takes away what is not any more, and counts
/// anew what something was said of since. Run again it finds nothing to do. Fails when the database
/// does, or when somebody else changes the cells.
pub async fn run(s: &Services) -> Result<Outcome> {
    let today = day_of(s.clock.now());
    let until_at = midnight_of(today);
    let mut state = rolled::state(&s.db.read).await?;
    if state.edition == *EDITION && state.day >= today {
        return Ok(Outcome::Done);
    }
    let from_nothing = state.edition != *EDITION;
    if from_nothing {
        state = forget(s, state).await?;
    }
    let calendars = ledger::calendars(s).await?;
    let mut waiting = Waiting::until(until_at);
    let mut next = unit(s, &mut waiting, &calendars).await?;
    let mut units = 0_u64;
    while let Some((cells, counted)) = next {
        let to = State { edition: *EDITION, until_at, ..state.clone() };
        // The next cases are opened while these are stored: no case is in both.
        let both =
            futures::try_join!(put(s, cells, counted, to), unit(s, &mut waiting, &calendars));
        (state, next) = both?;
        units += 1;
        if from_nothing && units.is_power_of_two() {
            look_again(s).await?;
        }
    }
    // What one night adds is for the server's own housekeeping to see.
    if from_nothing && units > 0 {
        look_again(s).await?;
    }
    let to = State { edition: *EDITION, until_at, day: today, ..state };
    put(s, Vec::new(), Vec::new(), to).await?;
    Ok(Outcome::Done)
}

async fn look_again(s: &Services) -> Result<()> {
    let unit = s
        .writer
        .commit(|tx| Box::pin(async move { Ok::<_, Error>(rolled::look_again(tx).await?) }));
    unit.await
}

/// The cases that are to be judged.
struct Waiting {
    /// When they must have been over.
    at: Timestamp,
    /// The last one that was put in order.
    after: CaseId,
    in_order: Vec<Candidate>,
}

impl Waiting {
    const fn until(at: Timestamp) -> Self {
        Self { at, after: CaseId(0), in_order: Vec::new() }
    }

    /// Takes those of the next unit; none are left when it is empty.
    async fn next(&mut self, s: &Services) -> Result<Vec<Candidate>> {
        if self.in_order.is_empty() {
            let mut cases = beside::candidates(&s.db.read, self.after, self.at, IN_ORDER).await?;
            self.after = cases.last().map_or(self.after, |last| last.id);
            cases.sort_by_key(|one| one.small_grid_id);
            self.in_order = cases;
        }
        let rest = self.in_order.split_off(self.in_order.len().min(UNIT));
        Ok(std::mem::replace(&mut self.in_order, rest))
    }
}

/// Cells with what is to be added to them, and the cases that then are counted.
type Unit = (Vec<(Key, Content)>, Vec<Counted>);

/// Judges the cases of the next unit; `None` when there are none.
async fn unit(
    s: &Services,
    waiting: &mut Waiting,
    calendars: &Arc<Calendars>,
) -> Result<Option<Unit>> {
    let cases = waiting.next(s).await?;
    if cases.is_empty() {
        return Ok(None);
    }
    let (change, counted) = count(s, cases, (waiting.at, calendars)).await?;
    let cells = tokio::task::spawn_blocking(move || change.cells()).await;
    Ok(Some((cells.map_err(Error::internal)?, counted)))
}

/// What becomes of a case: what is taken away, what is added, and up to which event it is counted.
fn judge(
    change: &mut Change,
    (candidate, facts): (&Candidate, &[(i32, Fact)]),
    (at, calendars): (Timestamp, &Calendars),
) -> Option<Counted> {
    let story = |seq: i32| {
        let told = facts.iter().filter(|(number, _)| *number <= seq);
        Story::of(told.map(|(_, fact)| fact))
    };
    if candidate.counted > 0 {
        change.count((candidate.id.0, &story(candidate.counted)?), calendars, -1);
    }
    let now = story(candidate.last_seq)?;
    let seq = if is_settled(&now, calendars, at) { candidate.last_seq } else { 0 };
    if seq > 0 {
        change.count((candidate.id.0, &now), calendars, 1);
    }
    (seq > 0 || candidate.counted > 0).then_some(Counted { id: candidate.id, seq })
}

/// Opens the ledgers of cases and says what is to be changed.
async fn count(
    s: &Services,
    cases: Vec<Candidate>,
    (at, calendars): (Timestamp, &Arc<Calendars>),
) -> Result<(Change, Vec<Counted>)> {
    let one = |cases: Vec<Candidate>| {
        let (s, calendars) = (s.clone(), Arc::clone(calendars));
        async move {
            let mut by_id: HashMap<CaseId, Candidate> = HashMap::new();
            let mut numbered = Vec::new();
            for one in cases {
                numbered.push(Numbered { id: one.id, number: one.number.clone() });
                by_id.insert(one.id, one);
            }
            numbered.sort_unstable_by_key(|one| one.id);
            let batch = Batch::of(&s, numbered, at).await?;
            let judged = tokio::task::spawn_blocking(move || {
                let (mut change, mut counted) = (Change::default(), Vec::new());
                for (id, _, facts) in batch.facts(&s.vault)? {
                    let Some(one) = by_id.get(&id) else { continue };
                    counted.extend(judge(&mut change, (one, &facts), (at, &calendars)));
                }
                Ok::<_, Error>((change, counted))
            });
            judged.await.map_err(Error::internal)?
        }
    };
    let parts: Vec<Vec<Candidate>> = cases.chunks(OPENED).map(<[_]>::to_vec).collect();
    let mut parts = stream::iter(parts).map(one).buffered(SIDE_BY_SIDE);
    let (mut change, mut counted) = (Change::default(), Vec::new());
    while let Some((more, also)) = parts.try_next().await? {
        change.merge(more);
        counted.extend(also);
    }
    Ok((change, counted))
}

/// Adds to the cells, and notes the cases, in one unit; returns the new state. Fails when the cells
/// were changed by somebody else meanwhile.
pub async fn put(
    s: &Services,
    cells: Vec<(Key, Content)>,
    counted: Vec<Counted>,
    to: State,
) -> Result<State> {
    let seen = to.generation;
    let to = State { generation: seen + 1, ..to };
    let (cells, empty) = merged(s, cells).await?;
    let after = to.clone();
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            if !rolled::raise(tx, seen, &to).await? {
                return Err(Error::internal("the cells were changed by somebody else"));
            }
            let mut cells = cells.into_iter();
            while cells.len() > 0 {
                rolled::store(tx, cells.by_ref().take(STATEMENT)).await?;
            }
            rolled::remove(tx, &empty).await?;
            for some in counted.chunks(STATEMENT) {
                beside::note(tx, some).await?;
            }
            Ok::<_, Error>(())
        })
    });
    unit.await?;
    Ok(after)
}

/// Puts a change together with what is stored: the cells to store, and the keys of those to remove.
async fn merged(s: &Services, cells: Vec<(Key, Content)>) -> Result<(Vec<Cell>, Vec<String>)> {
    let change = tokio::task::spawn_blocking(move || {
        let keyed = |(key, content): (Key, Content)| (key.text(), key, content);
        let mut all: Vec<(String, Key, Content)> = cells.into_iter().map(keyed).collect();
        // Neighbours are found, and stored, one beside the other.
        all.sort_unstable_by(|(a, ..), (b, ..)| b.cmp(a));
        all
    });
    let mut change = change.await.map_err(Error::internal)?;
    let (mut cells, mut empty) = (Vec::new(), Vec::new());
    while !change.is_empty() {
        let some = change.split_off(change.len().saturating_sub(STATEMENT));
        let keys: Vec<&str> = some.iter().map(|(text, ..)| text.as_str()).collect();
        let stored = rolled::stored(&s.db.read, &keys).await?;
        let put = tokio::task::spawn_blocking(move || put_together(some, stored));
        let (more, gone) = put.await.map_err(Error::internal)??;
        cells.extend(more);
        empty.extend(gone);
    }
    Ok((cells, empty))
}

fn put_together(
    change: Vec<(String, Key, Content)>,
    stored: Vec<rolled::Stored>,
) -> Result<(Vec<Cell>, Vec<String>)> {
    let stored: HashMap<String, rolled::Stored> =
        stored.into_iter().map(|one| (one.key.clone(), one)).collect();
    let (mut cells, mut empty) = (Vec::new(), Vec::new());
    for (text, key, mut content) in change {
        let before = stored.get(&text);
        if let Some(stored) = before {
            let sums = opened(&stored.body, content.sums.len())?;
            let mut whole = Content { sums, members: members(&stored.listed)? };
            whole.merge(&content);
            content = whole;
        }
        if content.settle() {
            cells.push(row((key, text), &content, before.is_none())?);
        } else {
            empty.push(text);
        }
    }
    Ok((cells, empty))
}

fn row((key, text): (Key, String), content: &Content, is_new: bool) -> Result<Cell> {
    let [grid, community, category, urgency, source, month] = key.place.0;
    let (body, listed) = (closed(&content.sums)?, named(&content.members)?);
    Ok(Cell {
        key: text,
        slice: key.slice.word(),
        anchor: key.anchor.word(),
        day: key.days.0,
        other: key.days.1,
        grid,
        community,
        category,
        urgency,
        source,
        month,
        body,
        listed,
        is_new,
    })
}

/// Forgets every cell; until all are there again, what is not counted is read from the ledger.
async fn forget(s: &Services, from: State) -> Result<State> {
    let none = State { edition: 0, day: 0, until_at: Timestamp(0), ..from };
    let none = put(s, Vec::new(), Vec::new(), none).await?;
    let mut after = CaseId(0);
    loop {
        let cases = beside::counted(&s.db.read, after, FORGOTTEN).await?;
        let Some(last) = cases.last() else { break };
        after = *last;
        let to = none.clone();
        let unit = s.writer.commit(move |tx| {
            Box::pin(async move {
                if !rolled::raise(tx, to.generation, &to).await? {
                    return Err(Error::internal("the cells were changed by somebody else"));
                }
                Ok::<_, Error>(beside::uncount(tx, &cases).await?)
            })
        });
        unit.await?;
    }
    let to = none.clone();
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            if !rolled::raise(tx, to.generation, &to).await? {
                return Err(Error::internal("the cells were changed by somebody else"));
            }
            Ok::<_, Error>(rolled::clear(tx).await?)
        })
    });
    unit.await?;
    Ok(none)
}
