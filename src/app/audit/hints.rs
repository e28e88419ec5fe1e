//! Lists every night, for the last thirty days, what somebody should look at.

use std::time::Duration;

use entity::hint_list;
use entity::kinds::{CaseId, JobKind, Timestamp};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::figures;
use super::ledger::{self, Batch, Window};
use crate::app::actor::Actor;
use crate::app::work::{Outcome, priority};
use crate::domain::audit::detect::{Hint, Watch};
use crate::domain::calendar::{iso_date, parse_instant};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::job::NewJob;
use crate::store::writer::Tx;
use crate::store::{self, hint, snapshot};

/// How far back cases are looked at.
const LOOKS_BACK: Duration = Duration::from_hours(30 * 24);
/// The night's list is made from this hour on.
const FROM_HOUR: Duration = Duration::from_hours(1);

/// Asks for the night's list, unless it is there or there were no cases yet when the day began.
/// Fails when the database does.
pub async fn ask(s: &Services, tx: &Tx, now: Timestamp) -> Result<()> {
    let day = iso_date(now);
    let Some(midnight) = parse_instant(&day) else { return Ok(()) };
    let began = snapshot::began(tx).await?;
    if now < midnight + FROM_HOUR || began.is_none_or(|first| first >= midnight) {
        return Ok(());
    }
    if hint::find(tx, &day).await?.is_some() {
        return Ok(());
    }
    let job = NewJob {
        kind: JobKind::ListHints,
        payload: json!({ "day": day }).to_string(),
        dedup_key: day,
        priority: priority::BULK,
        run_at: now,
        max_attempt: s.settings.max_attempt,
        trace_id: crate::telemetry::trace_id(),
    };
    Ok(store::job::enqueue(tx, vec![job], now).await?)
}

/// Makes the list of a day: what there was when it began. Run again it finds the list there. Fails
/// when the database does.
pub async fn run(s: &Services, day: &str) -> Result<Outcome> {
    let as_of = parse_instant(day).ok_or_else(|| Error::internal("no such day"))?;
    if hint::find(&s.db.read, day).await?.is_some() {
        return Ok(Outcome::Done);
    }
    let window = Window { from: as_of - LOOKS_BACK, to: as_of, as_of };
    let mut watch = watch(s, window).await?;
    for one in store::photo::pictured(&s.db.read, (window.from, window.to)).await? {
        let apart = one.apart.map(|micros| Duration::from_micros(micros.unsigned_abs()));
        watch.look_at_photos(&one.number, one.staff.0, apart);
    }
    let hints = watch.hints();
    let row = hint_list::ActiveModel {
        day: Set(day.to_owned()),
        from_at: Set(window.from),
        as_of: Set(as_of),
        body: Set(serde_json::to_string(&hints).map_err(Error::internal)?),
        created_at: Set(s.clock.now()),
    };
    let unit = s
        .writer
        .commit(move |tx| Box::pin(async move { Ok::<_, Error>(hint::insert(tx, row).await?) }));
    unit.await?;
    Ok(Outcome::Done)
}

async fn watch(s: &Services, window: Window) -> Result<Watch> {
    let seen = Watch::new((window.from, window.to), ledger::calendars(s).await?);
    let (mut watch, mut after) = (seen.clone(), CaseId(0));
    while let Some(batch) = Batch::read(s, window, after).await? {
        after = batch.last();
        let (services, mut seen) = (s.clone(), seen.clone());
        let seen = tokio::task::spawn_blocking(move || {
            for told in batch.tell(&services.vault)? {
                if told.story.excluded.is_none() {
                    seen.look(&told.number, &told.story);
                }
            }
            Ok::<_, Error>(seen)
        });
        watch.merge(seen.await.map_err(Error::internal)??);
    }
    Ok(watch)
}

/// A list and when it was made.
#[derive(Debug)]
pub struct List {
    pub day: String,
    pub from: Timestamp,
    pub as_of: Timestamp,
    pub hints: Vec<Hint>,
}

/// Shows the list of a day, the last one when none is named; `None` before the first night. Fails
/// with `forbidden`.
pub async fn read(s: &Services, actor: &Actor, day: Option<&str>) -> Result<Option<List>> {
    figures::admit(actor)?;
    let row = match day {
        Some(day) => hint::find(&s.db.read, day).await?,
        None => hint::last(&s.db.read).await?,
    };
    let list = row.map(|row| {
        let hints = serde_json::from_str(&row.body).map_err(Error::internal)?;
        Ok(List { day: row.day, from: row.from_at, as_of: row.as_of, hints })
    });
    list.transpose()
}
