//! Adds a version of the chains: from the console (a second person must confirm it), or on behalf of
//! whoever holds the machine (it counts at once).

use entity::chain_version::{ActiveModel, Entity, Model};
use entity::kinds::{AccountId, ChainSource, Timestamp};
use sea_orm::ActiveValue::Set;

use crate::app::actor::Actor;
use crate::app::version;
use crate::domain::escalation::Chains;
use crate::error::{Code, Error, Fault, Result};
use crate::services::Services;
use crate::store::version as stored;
use crate::store::writer::Tx;

/// How many versions are looked through for the last configured one.
const HISTORY: u64 = 10_000;

/// A version before it has a number.
#[derive(Clone, Debug)]
struct New {
    chains: Chains,
    source: ChainSource,
    by: Option<AccountId>,
    valid_from: Timestamp,
}

/// Adds a version that waits for a second person. Fails with `forbidden` for anybody but system
/// administrators at the console, and with `invalid_fields` when the chains break a rule.
pub async fn run(
    s: &Services,
    actor: &Actor,
    body: &str,
    valid_from: Option<Timestamp>,
) -> Result<Model> {
    version::admit_maker(actor, "新增升级链")?;
    let chains = Chains::read(body).map_err(|why| {
        let message = format!("升级链不合规则：{why}");
        Error::fields(vec![Fault::new("/chains", "unsound", message)])
    })?;
    let by = Some(actor.account);
    store(
        s,
        New { chains, source: ChainSource::Console, by, valid_from: version::later(s, valid_from) },
    )
    .await
}

/// Adds a version on behalf of whoever holds the machine; it counts from `valid_from`, or now.
pub async fn unattended(
    s: &Services,
    chains: Chains,
    valid_from: Option<Timestamp>,
) -> Result<Model> {
    // Or the next start would take the configured chains for the newer ones.
    record_configured(s).await?;
    let (source, valid_from) = (ChainSource::CommandLine, version::later(s, valid_from));
    let added = store(s, New { chains, source, by: None, valid_from }).await?;
    s.chains.reload(&s.db, s.clock.now()).await?;
    Ok(added)
}

/// Makes what the configuration names a version of its own when it is not what it named before.
/// Called when a process begins to serve: from then on every case names a stored version.
pub async fn record_configured(s: &Services) -> Result<()> {
    let configured = s.chains.configured();
    let rows = stored::list::<Entity>(&s.db.read, HISTORY).await?;
    let before = rows.into_iter().find(|row| row.source == ChainSource::Configuration);
    let same = |row: &Model| {
        Chains::read(&row.body).is_ok_and(|c| c.numbered(0) == configured.clone().numbered(0))
    };
    if !before.is_some_and(|row| same(&row)) {
        let (chains, valid_from) = (configured.clone(), s.clock.now());
        let new = New { chains, source: ChainSource::Configuration, by: None, valid_from };
        match store(s, new).await {
            Ok(added) => tracing::info!(version = added.version, "the configured chains are new"),
            // Another process starts at the same moment and says the same.
            Err(error) if error.code == Code::Conflict => {}
            Err(error) => return Err(error),
        }
    }
    s.chains.reload(&s.db, s.clock.now()).await
}

async fn store(s: &Services, new: New) -> Result<Model> {
    let now = s.clock.now();
    s.writer.commit(move |tx| Box::pin(async move { write(tx, &new, now).await })).await
}

async fn write(tx: &Tx, new: &New, now: Timestamp) -> Result<Model> {
    let last = stored::list::<Entity>(tx, 1).await?.first().map(|row| row.version);
    // Cases that were started before anything was stored name version 1.
    let none = i64::from(new.source != ChainSource::Configuration);
    let number = last.unwrap_or(none) + 1;
    let short = u32::try_from(number).map_err(Error::internal)?;
    let chains = new.chains.clone().numbered(short);
    let confirmed_at = (new.source != ChainSource::Console).then_some(now);
    let row = ActiveModel {
        version: Set(number),
        source: Set(new.source),
        body: Set(serde_json::to_string(&chains).map_err(Error::internal)?),
        valid_from: Set(new.valid_from),
        created_by: Set(new.by),
        created_at: Set(now),
        confirmed_by: Set(None),
        confirmed_at: Set(confirmed_at),
    };
    version::add(tx, number, row).await
}
