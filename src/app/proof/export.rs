//! Writes the record for somebody outside: entries with what figures read of them and no word more,
//! the calendar, the published figures, and the checkpoints that seal all of it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use entity::kinds::{CaseId, Timestamp};
use entity::{figure_basis, figure_snapshot, ledger_checkpoint};
use serde::Serialize;

use super::list::whole;
use super::read;
use crate::app::audit::ledger::confirmed;
use crate::domain::calendar::{DELIVERED, iso_date, parse_instant};
use crate::domain::case::ledger::annex;
use crate::domain::case::ledger::exported::{
    Basis, CalendarVersion, Header, Line, Printing, Published,
};
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::{checkpoint, snapshot};

/// Cases whose entries are in memory at once.
const BATCH: u64 = 500;
/// Checkpoints of a hundred years.
pub(super) const MOST_DAYS: u64 = 40_000;
/// Of the lines.
pub const FORMAT: u32 = 1;

/// What an export holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    pub days: usize,
    pub cases: usize,
    pub entries: usize,
    pub figures: usize,
    /// What was printed and is not in it, because it cannot be read: Chinese sentences.
    pub unreadable: Vec<String>,
    /// The first and the last day that it holds.
    pub span: (String, String),
}

/// Tells whether a text is a day as checkpoints name it: `2026-11-01`.
pub fn is_day(text: &str) -> bool {
    parse_instant(text).is_some_and(|midnight| iso_date(midnight) == text)
}

/// Writes the entries that checkpoints from `from` to `to` seal, days of the street, to `events`, and
/// every checkpoint up to `to` to `checkpoints`. Fails with `conflict` when no day is sealed yet, and
/// when a file cannot be written.
pub async fn run(
    s: &Services,
    (from, to): (Option<&str>, Option<&str>),
    events: &mut impl Write,
    checkpoints: &mut impl Write,
) -> Result<Contents> {
    let rows = checkpoint::between(&s.db.read, ("", to.unwrap_or("9999-12-31")), MOST_DAYS).await?;
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Err(Error::new(Code::Conflict, "还没有检查点：每天零点后封存前一天的账本"));
    };
    let from = from.filter(|from| *from > first.day.as_str()).unwrap_or(&first.day).to_owned();
    let header = Header { format: FORMAT, from, to: last.day.clone() };
    line(events, &Line::Export(header.clone()))?;
    let body = DELIVERED.to_owned();
    line(events, &Line::Calendar(CalendarVersion { version: 0, confirmed_at: 0, body }))?;
    for one in confirmed(s).await? {
        line(events, &Line::Calendar(one))?;
    }
    let span = (header.from.clone(), header.to.clone());
    let mut contents = Contents { days: rows.len(), span, ..Contents::default() };
    if header.from == first.day {
        figures(s, last, events, &mut contents).await?;
    }
    cases(s, &header, events, &mut contents).await?;
    for row in &rows {
        line(checkpoints, &whole(s, row).await?)?;
    }
    Ok(contents)
}

fn line(out: &mut impl Write, one: &impl Serialize) -> Result<()> {
    serde_json::to_writer(&mut *out, one).map_err(Error::internal)?;
    out.write_all(b"\n").map_err(Error::internal)
}

/// Writes what was published and can be computed from what is sealed.
async fn figures(
    s: &Services,
    last: &ledger_checkpoint::Model,
    events: &mut impl Write,
    contents: &mut Contents,
) -> Result<()> {
    let end = super::seal::end(&last.day)?;
    let Printed { readable: (printings, bases), unreadable } = published(s, end).await?;
    contents.figures = printings.len();
    contents.unreadable = unreadable;
    for one in printings {
        line(events, &Line::Printing(Box::new(one)))?;
    }
    for one in bases {
        line(events, &Line::Basis(one))?;
    }
    Ok(())
}

/// What was printed, as far as it can be read.
#[derive(Debug, Default)]
pub(super) struct Printed {
    pub readable: Published,
    /// What cannot be: Chinese sentences, for each printing one of its figures and one of its cases.
    pub unreadable: Vec<String>,
}

/// Reads the figures that were printed of what had happened until an instant, and what they said of
/// each of their cases, in parts. Fails when the database does.
pub(super) async fn published(s: &Services, until: Timestamp) -> Result<Printed> {
    let rows = snapshot::all(&s.db.read, until).await?;
    let mut printed = readable(&rows);
    let months: BTreeSet<(&str, i32)> =
        rows.iter().map(|row| (row.period.as_str(), row.revision)).collect();
    for (period, revision) in months {
        let parts = snapshot::basis(&s.db.read, (period, revision)).await?;
        match parts.into_iter().map(basis).collect::<serde_json::Result<Vec<_>>>() {
            Ok(parts) => printed.readable.1.extend(parts),
            // Without one of its parts the others would accuse the cases that it had.
            Err(_unreadable) => {
                let month = named(period, revision);
                printed.unreadable.push(format!("{month}所留存的工单摘要无法读取：被改动"));
            }
        }
    }
    Ok(printed)
}

/// Reads printed figures; of each printing it names the first one that cannot be read, and how many.
fn readable(rows: &[figure_snapshot::Model]) -> Printed {
    let mut printings = Vec::with_capacity(rows.len());
    let mut faults: BTreeMap<(&str, i32), (&figure_snapshot::Model, usize)> = BTreeMap::new();
    for row in rows {
        match printing(row) {
            Ok(one) => printings.push(one),
            Err(_unreadable) => {
                let fault = faults.entry((row.period.as_str(), row.revision));
                fault.or_insert((row, 0)).1 += 1;
            }
        }
    }
    let unreadable = faults.into_iter().map(|((period, revision), (first, count))| {
        let figure_snapshot::Model { figure, dimension, .. } = first;
        let month = named(period, revision);
        format!("{month}无法读取：{figure} 按 {dimension} 分组的内容被改动（共 {count} 项）")
    });
    Printed { unreadable: unreadable.collect(), readable: (printings, Vec::new()) }
}

/// A printing, as people call it.
fn named(period: &str, revision: i32) -> String {
    annex::zh(&annex::printing_name(period, revision)).unwrap_or_default()
}

fn basis(row: figure_basis::Model) -> serde_json::Result<Basis> {
    let cases = serde_json::from_str(&row.body)?;
    Ok(Basis { period: row.period, revision: row.revision, cases })
}

/// What an export says of a printed figure. Fails when what was printed is no JSON any more.
pub(super) fn printing(row: &figure_snapshot::Model) -> serde_json::Result<Printing> {
    Ok(Printing {
        period: row.period.clone(),
        revision: row.revision,
        dimension: row.dimension.clone(),
        from: row.from_at.0,
        to: row.to_at.0,
        as_of: row.as_of.0,
        figure: serde_json::from_str(&row.body)?,
    })
}

async fn cases(
    s: &Services,
    header: &Header,
    events: &mut impl Write,
    contents: &mut Contents,
) -> Result<()> {
    let mut after = CaseId(0);
    loop {
        let days = (header.from.as_str(), header.to.as_str());
        let batch = checkpoint::sealed(&s.db.read, days, after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.id;
        let named = batch.iter().map(|case| (case.id, case.number.clone()));
        for (case, chain) in batch.iter().zip(read::events(s, named).await?) {
            contents.cases += 1;
            for event in chain.into_iter().take_while(|one| one.entry.seq <= case.last_seq) {
                contents.entries += 1;
                line(events, &Line::Event(Box::new(event)))?;
            }
        }
    }
}
