//! What chains, targets and the calendar have in common as stored versions: one person makes one,
//! another confirms it, and whoever answers for the street or audits it reads them all.

use entity::kinds::{AccountId, ChainSource, StreetRole, Timestamp};
use sea_orm::{ActiveModelTrait, EntityTrait};
use serde::Serialize;
use utoipa::ToSchema;

use super::actor::Actor;
use super::case::view::open_name;
use crate::domain::calendar::rfc3339;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::version::{self, Head, Versioned};
use crate::store::writer::Tx;
use crate::store::{self};

/// More versions than a street makes in years; the newest are shown.
pub const MOST: u64 = 200;

/// What every version says of itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionView {
    pub version: i64,
    pub source: ChainSource,
    pub source_zh: &'static str,
    /// Nobody, when it comes from the configuration or the command line.
    pub created_by: Option<String>,
    pub created_at: String,
    pub confirmed_by: Option<String>,
    /// Missing while it waits for a second person.
    pub confirmed_at: Option<String>,
}

/// Lets those through who may read versions of `what`. Fails with `forbidden`.
pub fn admit_reader(actor: &Actor, what: &str) -> Result<()> {
    const READERS: [StreetRole; 5] = [
        StreetRole::SystemAdmin,
        StreetRole::SecurityAdmin,
        StreetRole::AuditAdmin,
        StreetRole::Auditor,
        StreetRole::Command,
    ];
    if READERS.iter().any(|&role| actor.is(role)) {
        return Ok(());
    }
    let sentence = format!("只有管理员、督查审计和街道指挥中心可以查看{what}");
    Err(Error::new(Code::Forbidden, sentence))
}

/// Lets those through who may make a version; `doing` says how. Fails with `forbidden` for anybody
/// but system administrators at the console.
pub fn admit_maker(actor: &Actor, doing: &str) -> Result<()> {
    if actor.console && actor.is(StreetRole::SystemAdmin) {
        return Ok(());
    }
    Err(Error::new(Code::Forbidden, format!("只有系统管理员可以在控制台{doing}")))
}

/// Lets those through who may confirm a version of `what`. Fails with `forbidden` for anybody but
/// system and security administrators at the console.
pub fn admit_confirmer(actor: &Actor, what: &str) -> Result<()> {
    let admin = actor.is(StreetRole::SystemAdmin) || actor.is(StreetRole::SecurityAdmin);
    if actor.console && admin {
        return Ok(());
    }
    Err(Error::new(Code::Forbidden, format!("只有系统管理员和安全管理员可以确认{what}")))
}

/// When a version counts from: nobody changes what was promised yesterday.
pub fn later(s: &Services, valid_from: Option<Timestamp>) -> Timestamp {
    let now = s.clock.now();
    valid_from.map_or(now, |at| at.max(now))
}

/// Adds a version under its number. Fails with `conflict` when somebody else has just taken it.
pub async fn add<A>(tx: &Tx, number: i64, row: A) -> Result<<A::Entity as EntityTrait>::Model>
where
    A: ActiveModelTrait,
    A::Entity: Versioned,
{
    if !version::insert(tx, row).await? {
        return Err(Error::new(Code::Conflict, "刚刚有人新增了另一个版本，请刷新后再试"));
    }
    let added = version::find::<A::Entity>(tx, number).await?;
    added.ok_or_else(|| Error::internal("a version is gone"))
}

/// Confirms a version. Fails with `not_found`, `rule_refused` for whoever made it, and `conflict`
/// when it is confirmed already.
pub async fn confirm<E: Versioned>(
    tx: &Tx,
    version: i64,
    (by, now): (AccountId, Timestamp),
) -> Result<E::Model> {
    let row = find::<E>(tx, version).await?;
    if E::head(&row).created_by == Some(by) {
        return Err(Error::new(Code::RuleRefused, "须由另一人确认，不能自己确认"));
    }
    if !version::confirm::<E>(tx, version, (by, now)).await? {
        return Err(Error::new(Code::Conflict, "这个版本已经确认过了"));
    }
    find::<E>(tx, version).await
}

/// Finds a version. Fails with `not_found`.
pub async fn find<E: Versioned>(tx: &Tx, version: i64) -> Result<E::Model> {
    let row = version::find::<E>(tx, version).await?;
    row.ok_or_else(|| Error::not_found("这个版本"))
}

/// Shows what versions say of themselves, with the names of people.
pub async fn views(s: &Services, heads: &[Head]) -> Result<Vec<VersionView>> {
    let people = heads.iter().flat_map(|head| [head.created_by, head.confirmed_by]);
    let accounts: Vec<AccountId> = people.flatten().collect();
    let staff = store::people::staff_of_accounts(&s.db.read, &accounts).await?;
    let name = |account: Option<AccountId>| {
        let person = staff.iter().find(|one| account.is_some() && one.account_id == account);
        person.map(|one| open_name(s, &one.name_sealed)).transpose()
    };
    let view = |head: &Head| {
        Ok(VersionView {
            version: head.version,
            source: head.source,
            source_zh: head.source.zh(),
            created_by: name(head.created_by)?,
            created_at: rfc3339(head.created_at),
            confirmed_by: name(head.confirmed_by)?,
            confirmed_at: head.confirmed_at.map(rfc3339),
        })
    };
    heads.iter().map(view).collect()
}
