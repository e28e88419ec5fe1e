//! Freezes the figures of a month on the third workday of the next one, and makes revisions.
//!
//! What is frozen is what the figures said at the beginning of that day. Later events change no
//! printing: whoever corrects one asks for another revision, with a reason.

use std::time::Duration;

use entity::kinds::{AccountId, JobKind, StreetRole, Timestamp};
use entity::{figure_basis, figure_snapshot};
use sea_orm::ActiveValue::{NotSet, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::figures::{self, Marked};
use super::ledger::Window;
use crate::app::actor::Actor;
use crate::app::work::{Outcome, priority};
use crate::domain::audit::frame::Dimension;
use crate::domain::audit::month::Month;
use crate::domain::audit::survey::Figure;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::job::NewJob;
use crate::store::snapshot;
use crate::store::writer::Tx;
use crate::store::{self};

/// What was written before the day began is settled by then.
const SETTLED: Duration = Duration::from_mins(10);
/// Cases of a row.
const PART: usize = 5_000;
/// Printings that a list shows.
const MOST: u64 = 120;

/// What one printing is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Printing {
    pub period: String,
    pub revision: i32,
    /// Microseconds; later events are not counted.
    pub as_of: i64,
    pub reason: Option<String>,
    pub by: Option<AccountId>,
}

fn job(s: &Services, printing: &Printing, run_at: Timestamp) -> NewJob {
    NewJob {
        kind: JobKind::FreezeFigures,
        dedup_key: format!("{}-{}", printing.period, printing.revision),
        payload: json!({ "printing": printing }).to_string(),
        priority: priority::BULK,
        run_at,
        max_attempt: s.settings.max_attempt,
        trace_id: crate::telemetry::trace_id(),
    }
}

/// Asks for the printing of every month that has none though its day has come; not for months before
/// the first case. Fails when the database does.
pub async fn ask(s: &Services, tx: &Tx, now: Timestamp) -> Result<()> {
    let (Some(last), Some(first)) = (Month::before(now), snapshot::began(tx).await?) else {
        return Ok(());
    };
    let (printed, calendar) = (snapshot::months(tx).await?, s.calendar.now());
    let months = std::iter::successors(Some(Month::of(first)), |month| month.next());
    let missing = months
        .take_while(|month| *month <= last)
        .filter(|month| !printed.contains(&month.to_string()));
    let due = missing.filter_map(|month| {
        let as_of = month.frozen_from(&calendar).filter(|as_of| now >= *as_of + SETTLED)?;
        let period = month.to_string();
        let printing = Printing { period, revision: 0, as_of: as_of.0, reason: None, by: None };
        Some(job(s, &printing, now))
    });
    Ok(store::job::enqueue(tx, due.collect(), now).await?)
}

/// Asks for another revision of a printed month; returns its number. Fails with `forbidden` for
/// anybody but auditors, with `not_found` when the month was never printed, and with `conflict` while
/// one that was asked for before is not printed yet.
pub async fn revise(s: &Services, actor: &Actor, period: &str, reason: String) -> Result<i32> {
    if !actor.is(StreetRole::Auditor) {
        return Err(Error::new(Code::Forbidden, "只有督查审计可以修订月度指标"));
    }
    let (services, by, period) = (s.clone(), actor.account, period.to_owned());
    let now = s.clock.now();
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            let last = snapshot::last_revision(tx, &period).await?;
            let (last, before) = last.ok_or_else(|| Error::not_found("这个月的指标"))?;
            // A clock that was put back makes no revision that knows less than the one before.
            let (revision, as_of) = (last + 1, now.max(before));
            let (reason, by) = (Some(reason), Some(by));
            let printing = Printing { period, revision, as_of: as_of.0, reason, by };
            let job = job(&services, &printing, as_of + SETTLED);
            if store::job::waits(tx, job.kind, &job.dedup_key).await? {
                let why = format!("第 {revision} 次修订已在等待印发，请待印发后再修订");
                return Err(Error::new(Code::Conflict, why));
            }
            // One that was asked for and never came may be asked for again.
            store::job::again(tx, job.kind, job, now).await?;
            Ok::<_, Error>(revision)
        })
    });
    let revision = unit.await?;
    s.wake.ping().await;
    Ok(revision)
}

/// Prints. Run again it finds the figures printed and changes nothing. Fails when the database does.
pub async fn run(s: &Services, printing: Printing) -> Result<Outcome> {
    let last = snapshot::last_revision(&s.db.read, &printing.period).await?;
    if last.is_some_and(|(last, _)| last >= printing.revision) {
        return Ok(Outcome::Done);
    }
    // The clock was put back since it was asked for: what happens until then is not known yet.
    let settled = Timestamp(printing.as_of) + SETTLED;
    if s.clock.now() < settled {
        let why = "the instant of the printing is still to come".to_owned();
        return Ok(Outcome::Retry { at: Some(settled), counted: false, why });
    }
    let month = Month::read(&printing.period).and_then(Month::bounds);
    let (from, to) = month.ok_or_else(|| Error::internal("no such month"))?;
    let window = Window { from, to, as_of: Timestamp(printing.as_of) };
    let (printed, marks) = figures::whole(s, window).await?;
    let now = s.clock.now();
    let mut rows = Vec::new();
    for (dimension, figures) in Dimension::ALL.iter().zip(printed) {
        for figure in figures {
            rows.push(row((&printing, window), (*dimension, figure), now)?);
        }
    }
    let basis = basis(&printing, marks)?;
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            snapshot::insert(tx, rows).await?;
            Ok::<_, Error>(snapshot::insert_basis(tx, basis).await?)
        })
    });
    unit.await?;
    Ok(Outcome::Done)
}

fn basis(printing: &Printing, marks: Vec<Marked>) -> Result<Vec<figure_basis::ActiveModel>> {
    let texts = marks.into_iter().map(|(number, mark)| (number, mark.to_string()));
    let texts: Vec<(String, String)> = texts.collect();
    let part = |(part, some): (i32, &[(String, String)])| {
        Ok(figure_basis::ActiveModel {
            period: Set(printing.period.clone()),
            revision: Set(printing.revision),
            part: Set(part),
            body: Set(serde_json::to_string(some).map_err(Error::internal)?),
        })
    };
    // A month without cases has a part too: an empty one.
    let parts = texts.chunks(PART).chain(texts.is_empty().then_some(texts.as_slice()));
    (0..).zip(parts).map(part).collect()
}

fn row(
    (printing, window): (&Printing, Window),
    (dimension, figure): (Dimension, Figure),
    now: Timestamp,
) -> Result<figure_snapshot::ActiveModel> {
    Ok(figure_snapshot::ActiveModel {
        id: NotSet,
        period: Set(printing.period.clone()),
        revision: Set(printing.revision),
        definition: Set(i32::try_from(figure.version).unwrap_or(i32::MAX)),
        body: Set(serde_json::to_string(&figure).map_err(Error::internal)?),
        figure: Set(figure.id),
        dimension: Set(dimension.word().to_owned()),
        from_at: Set(window.from),
        to_at: Set(window.to),
        as_of: Set(window.as_of),
        reason: Set(printing.reason.clone()),
        created_by: Set(printing.by),
        created_at: Set(now),
    })
}

/// What was printed of a month.
#[derive(Debug)]
pub struct Printed {
    pub revision: i32,
    pub window: Window,
    pub reason: Option<String>,
    pub created_at: Timestamp,
    pub figures: Vec<Figure>,
}

/// Reads a printing, the last one unless a revision is named, in the order in which its figures are
/// asked for. Fails with `forbidden`, with `not_found` when there is none, and with
/// `/ids unknown_figure` when it has not all of them.
pub async fn read(
    s: &Services,
    actor: &Actor,
    (period, revision): (&str, Option<i32>),
    (ids, by): (&[String], Dimension),
) -> Result<Printed> {
    figures::admit(actor)?;
    let missing = || Error::not_found("这个月的指标");
    let (last, _) = snapshot::last_revision(&s.db.read, period).await?.ok_or_else(missing)?;
    let revision = revision.unwrap_or(last);
    let rows = snapshot::list(&s.db.read, (period, revision), by.word()).await?;
    let head = rows.first().cloned().ok_or_else(missing)?;
    // What is sealed says which figure it is; the column beside it is not sealed.
    let read = |row: &figure_snapshot::Model| serde_json::from_str::<Figure>(&row.body);
    let all: std::result::Result<Vec<Figure>, _> = rows.iter().map(read).collect();
    let figures = asked(all.map_err(Error::internal)?, ids)?;
    Ok(Printed {
        revision,
        window: Window { from: head.from_at, to: head.to_at, as_of: head.as_of },
        reason: head.reason,
        created_at: head.created_at,
        figures,
    })
}

/// Finds the figures that are asked for, in that order; all of them where none is named. Fails with
/// `/ids unknown_figure`.
fn asked(mut all: Vec<Figure>, ids: &[String]) -> Result<Vec<Figure>> {
    if ids.is_empty() {
        return Ok(all);
    }
    let mut found = Vec::new();
    for id in figures::distinct(ids) {
        let place = all.iter().position(|one| one.id == id).ok_or_else(figures::unknown)?;
        found.push(all.swap_remove(place));
    }
    Ok(found)
}

/// Lists the printings, the latest month first. Fails with `forbidden`.
pub async fn list(s: &Services, actor: &Actor) -> Result<Vec<figure_snapshot::Model>> {
    figures::admit(actor)?;
    Ok(snapshot::printings(&s.db.read, MOST).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::audit::basis::Mark;

    #[test]
    fn a_printing_keeps_each_of_its_cases_once_and_an_empty_one_says_so() {
        let printing =
            Printing { period: "2026-10".into(), revision: 0, as_of: 0, reason: None, by: None };
        for (cases, parts) in [(0, 1), (1, 1), (PART, 1), (PART + 1, 2), (2 * PART + 1, 3)] {
            let mark = Mark::read("00ab000000000001").unwrap();
            let marks = (0..cases).map(|nth| (format!("NC-{nth}"), mark)).collect();
            let rows = basis(&printing, marks).unwrap();
            let kept: Vec<(String, String)> = rows
                .iter()
                .flat_map(|row| serde_json::from_str::<Vec<_>>(row.body.as_ref()).unwrap())
                .collect();
            assert_eq!((rows.len(), kept.len()), (parts, cases));
            assert!((0_i32..).zip(&rows).all(|(nth, row)| row.part == Set(nth)));
            assert!(kept.iter().enumerate().all(|(nth, one)| one.0 == format!("NC-{nth}")));
        }
    }
}
