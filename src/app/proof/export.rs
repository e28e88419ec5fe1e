//! Writes the record for somebody outside: entries with what figures read of them and no word more,
//! the calendar, the published figures, and the checkpoints that seal all of it.

use std::collections::BTreeSet;
use std::io::Write;

use entity::kinds::{CaseId, Timestamp};
use entity::{figure_basis, figure_snapshot, ledger_checkpoint};
use serde::Serialize;

use super::list::whole;
use super::read;
use crate::app::audit::ledger::confirmed;
use crate::domain::calendar::DELIVERED;
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
    /// The first and the last day that it holds.
    pub span: (String, String),
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
        contents.figures = figures(s, last, events).await?;
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
) -> Result<usize> {
    let end = super::seal::end(&last.day)?;
    let (printings, bases) = published(s, end).await?;
    let written = printings.len();
    for one in printings {
        line(events, &Line::Printing(Box::new(one)))?;
    }
    for one in bases {
        line(events, &Line::Basis(one))?;
    }
    Ok(written)
}

/// Reads the figures that were printed of what had happened until an instant, and what they said of
/// each of their cases, in parts.
pub(super) async fn published(s: &Services, until: Timestamp) -> Result<Published> {
    let printed = snapshot::all(&s.db.read, until).await?;
    let printings = printed.into_iter().map(printing).collect::<Result<Vec<_>>>()?;
    let months: BTreeSet<(&str, i32)> =
        printings.iter().map(|one| (one.period.as_str(), one.revision)).collect();
    let mut bases = Vec::new();
    for month in months {
        let parts = snapshot::basis(&s.db.read, month).await?.into_iter().map(basis);
        bases.extend(parts.collect::<Result<Vec<_>>>()?);
    }
    Ok((printings, bases))
}

fn basis(row: figure_basis::Model) -> Result<Basis> {
    let cases = serde_json::from_str(&row.body).map_err(Error::internal)?;
    Ok(Basis { period: row.period, revision: row.revision, cases })
}

/// What an export says of a printed figure.
pub(super) fn printing(row: figure_snapshot::Model) -> Result<Printing> {
    Ok(Printing {
        period: row.period,
        revision: row.revision,
        dimension: row.dimension,
        from: row.from_at.0,
        to: row.to_at.0,
        as_of: row.as_of.0,
        figure: serde_json::from_str(&row.body).map_err(Error::internal)?,
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
