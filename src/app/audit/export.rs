//! Exports figures, or the cases behind one, as a file: a job that says how far it is, and a first
//! row that says who made it, when and what for.

use entity::figure_export;
use entity::kinds::{
    AccountId, ActorRole, CaseId, ExportContent, ExportFormat, ExportState, JobKind, StreetRole,
    Timestamp,
};
use sea_orm::ActiveValue::{NotSet, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::candidates::Candidates;
use super::figures::{self, Question};
use super::ledger::{self, Batch, Window};
use super::names::Names;
use super::spreadsheet;
use crate::app::actor::Actor;
use crate::app::case::view::open_name;
use crate::app::work::{Outcome, priority};
use crate::domain::audit::definition::{Card, figure};
use crate::domain::audit::frame::{Dimension, Filter};
use crate::domain::audit::sheet::{self, Csv, Head, Row};
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;
use crate::store::export::{self, Stored};
use crate::store::job::NewJob;
use crate::store::{self};

pub use entity::figure_export::Model as Export;

/// A question as it is kept with the export.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    ids: Vec<String>,
    from: i64,
    to: i64,
    as_of: i64,
    by: String,
    filter: String,
}

/// What is exported, and what for.
#[derive(Clone, Debug)]
pub struct Order {
    pub what: ExportContent,
    pub format: ExportFormat,
    pub purpose: String,
    /// The filter as it was written.
    pub filter: String,
}

/// Orders an export. Fails with `forbidden`, `/ids unknown_figure`, `/ids one_figure` when the cases
/// behind several figures are asked for, or `/format too_many_rows` when a workbook cannot hold them.
pub async fn order(
    s: &Services,
    actor: &Actor,
    ask: Question,
    order: Order,
) -> Result<figure_export::Model> {
    figures::admit(actor)?;
    ask.plan()?;
    if order.what == ExportContent::Cases && ask.ids.len() != 1 {
        let message = "导出明细时请只选一个指标";
        return Err(Error::fields(vec![Fault::new("/ids", "one_figure", message)]));
    }
    if (order.what, order.format) == (ExportContent::Cases, ExportFormat::Xlsx) {
        let known = Candidates::of(s, &ask, CaseId(0)).await?.known().unwrap_or(0);
        if usize::try_from(known).is_ok_and(|known| known >= sheet::MOST_ROWS) {
            let message = "明细超过一张工作表能容纳的行数，请缩小范围或改用 csv";
            return Err(Error::fields(vec![Fault::new("/format", "too_many_rows", message)]));
        }
    }
    let row = row(actor.account, &ask, order, s.clock.now())?;
    let services = s.clone();
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            let stored = export::insert(tx, row).await?;
            let now = stored.created_at;
            store::job::enqueue(tx, vec![job(&services, stored.id, now)], now).await?;
            Ok::<_, Error>(stored)
        })
    });
    let stored = unit.await?;
    s.wake.ping().await;
    Ok(stored)
}

fn row(
    account: AccountId,
    ask: &Question,
    order: Order,
    now: Timestamp,
) -> Result<figure_export::ActiveModel> {
    let kept = Kept {
        ids: ask.ids.clone(),
        from: ask.window.from.0,
        to: ask.window.to.0,
        as_of: ask.window.as_of.0,
        by: ask.by.word().to_owned(),
        filter: order.filter,
    };
    Ok(figure_export::ActiveModel {
        id: NotSet,
        account_id: Set(account),
        what: Set(order.what),
        format: Set(order.format),
        purpose: Set(order.purpose),
        question: Set(serde_json::to_string(&kept).map_err(Error::internal)?),
        state: Set(ExportState::Waiting),
        cases_read: Set(0),
        rows_written: Set(0),
        object: Set(None),
        sha256: Set(None),
        bytes: Set(None),
        created_at: Set(now),
        finished_at: Set(None),
    })
}

fn job(s: &Services, id: i64, now: Timestamp) -> NewJob {
    NewJob {
        kind: JobKind::ExportFigures,
        dedup_key: id.to_string(),
        payload: json!({ "export": id }).to_string(),
        priority: priority::BULK,
        run_at: now,
        max_attempt: s.settings.max_attempt,
        trace_id: crate::telemetry::trace_id(),
    }
}

/// Shows somebody's own export. Fails with `forbidden` or `not_found`.
pub async fn find(s: &Services, actor: &Actor, id: i64) -> Result<figure_export::Model> {
    figures::admit(actor)?;
    let found = export::find_of(&s.db.read, actor.account, id).await?;
    found.ok_or_else(|| Error::not_found("这次导出"))
}

/// Reads the file of somebody's own export and notes that he took it. Fails with `forbidden`, and
/// with `not_found` while there is no file.
pub async fn content(s: &Services, actor: &Actor, id: i64) -> Result<(ExportFormat, Vec<u8>)> {
    let export = find(s, actor, id).await?;
    let object = export.object.ok_or_else(|| absent(export.state))?;
    let bytes = s.storage.get(&object).await?;
    let auditor = actor.is(StreetRole::Auditor);
    let role = if auditor { ActorRole::Auditor } else { ActorRole::Command };
    let (who, now) = ((actor.account, role), s.clock.now());
    let purpose = format!("{id}：{}", export.purpose);
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            Ok::<_, Error>(store::access_log::insert_export(tx, who, purpose, now).await?)
        })
    });
    unit.await?;
    Ok((export.format, bytes))
}

fn absent(state: ExportState) -> Error {
    match state {
        ExportState::Expired => Error::new(Code::NotFound, "导出的文件已过期删除，请重新导出"),
        _ => Error::not_found("这次导出的文件"),
    }
}

/// Makes the file. Run again after it is there it does nothing. Fails when the database or the
/// store does.
pub async fn run(s: &Services, id: i64) -> Result<Outcome> {
    let found = export::find(&s.db.read, id).await?;
    let Some(export) = found.filter(|export| export.finished_at.is_none()) else {
        return Ok(Outcome::Done);
    };
    let kept: Kept = serde_json::from_str(&export.question).map_err(Error::internal)?;
    let (ask, head) = (question(&kept)?, head(s, &export, &kept).await?);
    let mut pages = Pages::begin(export.format);
    pages.add(head.rows());
    match export.what {
        ExportContent::Figures => pages.add(printed(s, &ask).await?),
        ExportContent::Cases => listed(s, id, &ask, &mut pages).await?,
    }
    if pages.is_too_long() {
        give_up(s, id).await?;
        return Ok(Outcome::Done);
    }
    let (count, format) = (pages.count(), export.format);
    let made_at = export.created_at;
    let made = tokio::task::spawn_blocking(move || pages.end(made_at));
    let bytes = made.await.map_err(Error::internal)??;
    let sha256 = hex::encode(Sha256::digest(&bytes));
    let file = Stored {
        // Named by what is in it: who makes it again makes the same file.
        object: format!("exports/{id}-{sha256}.{}", format.word()),
        sha256,
        bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
    };
    if let Err(why) = s.storage.put(&file.object, bytes).await {
        return Ok(Outcome::retry(Error::from(why).chain()));
    }
    let now = s.clock.now();
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            let read = export::find(tx, id).await?.map_or(0, |export| export.cases_read);
            export::progress(tx, id, (read, count)).await?;
            Ok::<_, Error>(export::finish(tx, id, Some(file), now).await?)
        })
    });
    unit.await?;
    Ok(Outcome::Done)
}

/// Says that it failed. Fails when the database does.
pub async fn give_up(s: &Services, id: i64) -> Result<()> {
    let now = s.clock.now();
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move { Ok::<_, Error>(export::finish(tx, id, None, now).await?) })
    });
    unit.await.map(|_ended| ())
}

fn question(kept: &Kept) -> Result<Question> {
    let by = Dimension::from_word(&kept.by);
    let (by, filter) = by
        .zip(Filter::read(&kept.filter))
        .ok_or_else(|| Error::internal("an export asks what nobody can"))?;
    let at = |micros| Timestamp(micros);
    let window = Window { from: at(kept.from), to: at(kept.to), as_of: at(kept.as_of) };
    Ok(Question { ids: kept.ids.clone(), window, by, filter })
}

async fn head(s: &Services, export: &figure_export::Model, kept: &Kept) -> Result<Head> {
    let staff = store::people::staff_of_accounts(&s.db.read, &[export.account_id]).await?;
    let person = staff.first().map(|one| {
        let name = open_name(s, &one.name_sealed)?;
        Ok::<_, Error>(format!("{} {name}", one.staff_no))
    });
    Ok(Head {
        who: person.transpose()?.unwrap_or_else(|| export.account_id.to_string()),
        when: export.created_at,
        purpose: export.purpose.clone(),
        from: Timestamp(kept.from),
        to: Timestamp(kept.to),
        as_of: Timestamp(kept.as_of),
        by: if kept.by == Dimension::Month.word() {
            format!("{}（上报月份）", kept.by)
        } else {
            kept.by.clone()
        },
        filter: kept.filter.clone(),
    })
}

async fn printed(s: &Services, ask: &Question) -> Result<Vec<Row>> {
    let figures = figures::compute(s, ask).await?;
    let names = Names::load(s, ask.by, &figures).await?;
    let rows = figures.iter().flat_map(|one| sheet::figure_rows(one, |key| names.of(key)));
    Ok(std::iter::once(sheet::figures_heading()).chain(rows).collect())
}

/// What is written so far: a CSV as its text, which takes less room than its rows.
struct Pages {
    rows: usize,
    csv: Option<Csv>,
    book: Vec<Row>,
}

impl Pages {
    fn begin(format: ExportFormat) -> Self {
        let csv = (format == ExportFormat::Csv).then(Csv::begin);
        Self { rows: 0, csv, book: Vec::new() }
    }

    fn add(&mut self, rows: Vec<Row>) {
        self.rows += rows.len();
        match &mut self.csv {
            Some(csv) => csv.add(&rows),
            None => self.book.extend(rows),
        }
    }

    const fn is_too_long(&self) -> bool {
        self.csv.is_none() && self.rows > sheet::MOST_ROWS
    }

    fn count(&self) -> i64 {
        i64::try_from(self.rows).unwrap_or(i64::MAX)
    }

    fn end(self, made_at: Timestamp) -> Result<Vec<u8>> {
        match self.csv {
            Some(csv) => Ok(csv.0.into_bytes()),
            None => spreadsheet::write(&self.book, made_at),
        }
    }
}

/// Reads the ledger in batches and says after each how far it is; stops where a workbook is full.
async fn listed(s: &Services, id: i64, ask: &Question, pages: &mut Pages) -> Result<()> {
    let card: &Card = ask
        .ids
        .first()
        .and_then(|id| figure(id))
        .map(|(card, _)| card)
        .ok_or_else(|| Error::internal("an export of no figure"))?;
    let (plan, calendars) = (std::sync::Arc::new(ask.plan()?), ledger::calendars(s).await?);
    pages.add(sheet::cases_heading(card));
    let (mut after, mut read) = (CaseId(0), 0);
    while let Some(batch) = Batch::read(s, ask.window, after).await? {
        after = batch.last();
        read += i64::try_from(batch.len()).unwrap_or(0);
        let found = figures::look(s, batch, (ask.window, &plan, &calendars)).await?;
        let row = |one: &figures::Behind| {
            let name = (one.number.as_str(), one.group.as_str());
            sheet::case_row(card, name, &one.story, &one.finding)
        };
        pages.add(found.iter().map(row).collect());
        if pages.is_too_long() {
            break;
        }
        let far = (read, pages.count());
        let unit = s.writer.commit(move |tx| {
            Box::pin(async move { Ok::<_, Error>(export::progress(tx, id, far).await?) })
        });
        unit.await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_that_is_full_is_known_before_it_is_written_and_a_csv_has_no_end() {
        for (format, too_long) in [(ExportFormat::Xlsx, true), (ExportFormat::Csv, false)] {
            let mut pages = Pages::begin(format);
            pages.add(vec![Vec::new(); sheet::MOST_ROWS]);
            assert!(!pages.is_too_long());
            pages.add(vec![vec!["x".to_owned()]]);
            assert_eq!((pages.is_too_long(), pages.count()), (too_long, 1_048_577));
        }
    }
}
