//! Takes in the notice of a year as a version that waits for a second person.

use entity::calendar_version::{ActiveModel, Entity, Model};
use entity::kinds::{AccountId, ChainSource, Timestamp};
use sea_orm::ActiveValue::Set;

use crate::app::actor::Actor;
use crate::app::version;
use crate::domain::calendar::{CalendarError, Table};
use crate::error::{Error, Fault, Result};
use crate::services::Services;
use crate::store::version as stored;
use crate::store::writer::Tx;

/// Imports a file for an administrator at the console. Fails with `forbidden` for anybody else, and
/// with `invalid_fields` when the file is no whole notice.
pub async fn run(s: &Services, actor: &Actor, text: &str) -> Result<Model> {
    version::admit_maker(actor, "导入放假安排")?;
    store(s, text, Some(actor.account)).await
}

/// Imports a file for whoever holds the machine; somebody at the console confirms it. Fails with
/// `invalid_fields` when the file is no whole notice.
pub async fn unattended(s: &Services, text: &str) -> Result<Model> {
    store(s, text, None).await
}

/// Checks a file: every table in it is a whole notice and fits the years that are known.
fn check(s: &Services, text: &str) -> std::result::Result<String, CalendarError> {
    let tables = Table::parse_all(text)?;
    if tables.is_empty() {
        return Err(CalendarError::Empty);
    }
    let mut body = String::new();
    for table in &tables {
        table.check()?;
        let rows = table.write();
        let rows = if body.is_empty() { rows.as_str() } else { after_heading(&rows) };
        body.push_str(rows);
    }
    s.calendar.now().with(0, tables).map(|_fits| body)
}

fn after_heading(text: &str) -> &str {
    text.split_once('\n').map_or("", |(_heading, rows)| rows)
}

async fn store(s: &Services, text: &str, by: Option<AccountId>) -> Result<Model> {
    s.calendar.reload(&s.db).await?;
    let body = check(s, text).map_err(|why| {
        let message = format!("放假安排有误：{}", why.zh());
        Error::fields(vec![Fault::new("/table", "unsound", message)])
    })?;
    let now = s.clock.now();
    s.writer.commit(move |tx| Box::pin(async move { write(tx, body, by, now).await })).await
}

async fn write(tx: &Tx, body: String, by: Option<AccountId>, now: Timestamp) -> Result<Model> {
    let last = stored::list::<Entity>(tx, 1).await?.first().map_or(0, |row| row.version);
    let row = ActiveModel {
        version: Set(last + 1),
        source: Set(by.map_or(ChainSource::CommandLine, |_| ChainSource::Console)),
        body: Set(body),
        created_by: Set(by),
        created_at: Set(now),
        confirmed_by: Set(None),
        confirmed_at: Set(None),
    };
    version::add(tx, last + 1, row).await
}
