//! Adds a version of the targets, from the console or on behalf of whoever holds the machine; another
//! person must confirm it.

use entity::kinds::{AccountId, ChainSource, Timestamp};
use entity::target_version::{ActiveModel, Entity, Model};
use sea_orm::ActiveValue::Set;

use crate::app::actor::Actor;
use crate::app::version;
use crate::domain::case::targets::Targets;
use crate::error::{Error, Fault, Result};
use crate::services::Services;
use crate::store::version as stored;
use crate::store::writer::Tx;

/// Adds. Fails with `forbidden` for anybody but system administrators at the console, and with
/// `invalid_fields` when the table breaks a rule.
pub async fn run(
    s: &Services,
    actor: &Actor,
    body: &str,
    valid_from: Option<Timestamp>,
) -> Result<Model> {
    version::admit_maker(actor, "新增时限")?;
    let targets = Targets::read(body).map_err(|why| {
        let message = format!("时限不合规则：{why}");
        Error::fields(vec![Fault::new("/targets", "unsound", message)])
    })?;
    store(s, targets, Some(actor.account), valid_from).await
}

/// Adds on behalf of whoever holds the machine. Fails with `conflict` when somebody else has just
/// added one.
pub async fn unattended(
    s: &Services,
    targets: Targets,
    valid_from: Option<Timestamp>,
) -> Result<Model> {
    store(s, targets, None, valid_from).await
}

async fn store(
    s: &Services,
    targets: Targets,
    by: Option<AccountId>,
    valid_from: Option<Timestamp>,
) -> Result<Model> {
    let (now, from) = (s.clock.now(), version::later(s, valid_from));
    let unit = s
        .writer
        .commit(move |tx| Box::pin(async move { write(tx, targets, (by, now), from).await }));
    unit.await
}

async fn write(
    tx: &Tx,
    targets: Targets,
    (by, now): (Option<AccountId>, Timestamp),
    valid_from: Timestamp,
) -> Result<Model> {
    // Version 1 is what the program begins with.
    let number = stored::list::<Entity>(tx, 1).await?.first().map_or(1, |row| row.version) + 1;
    let short = u32::try_from(number).map_err(Error::internal)?;
    let body = serde_json::to_string(&targets.numbered(short)).map_err(Error::internal)?;
    let row = ActiveModel {
        version: Set(number),
        source: Set(if by.is_some() { ChainSource::Console } else { ChainSource::CommandLine }),
        body: Set(body),
        valid_from: Set(valid_from),
        created_by: Set(by),
        created_at: Set(now),
        confirmed_by: Set(None),
        confirmed_at: Set(None),
    };
    version::add(tx, number, row).await
}
