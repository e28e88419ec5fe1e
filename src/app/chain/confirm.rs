//! Confirms a version that somebody else made; from then on it can come into force.

use entity::chain_version::Model;
use entity::kinds::StreetRole;

use crate::app::actor::Actor;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::{self};

/// Confirms. Fails with `forbidden` for anybody but system and security administrators at the
/// console, `rule_refused` for whoever made the version, `not_found`, and `conflict` when it is
/// confirmed already.
pub async fn run(s: &Services, actor: &Actor, version: i64) -> Result<Model> {
    let admin = actor.is(StreetRole::SystemAdmin) || actor.is(StreetRole::SecurityAdmin);
    if !actor.console || !admin {
        return Err(Error::new(Code::Forbidden, "只有系统管理员和安全管理员可以确认升级链"));
    }
    let (by, now) = (actor.account, s.clock.now());
    let confirmed = s
        .writer
        .commit(move |tx| {
            Box::pin(async move {
                let missing = || Error::not_found("这个版本");
                let row = store::chain::find(tx, version).await?.ok_or_else(missing)?;
                if row.created_by == Some(by) {
                    return Err(Error::new(Code::RuleRefused, "须由另一人确认，不能自己确认"));
                }
                if !store::chain::confirm(tx, version, (by, now)).await? {
                    return Err(Error::new(Code::Conflict, "这个版本已经确认过了"));
                }
                store::chain::find(tx, version).await?.ok_or_else(missing)
            })
        })
        .await?;
    s.chains.reload(&s.db, now).await?;
    Ok(confirmed)
}
