//! Confirms a version that somebody else made; from then on it can come into force.

use entity::target_version::{Entity, Model};

use crate::app::actor::Actor;
use crate::app::version;
use crate::error::Result;
use crate::services::Services;

/// Confirms. Fails with `forbidden` for anybody but system and security administrators at the
/// console, `rule_refused` for whoever made the version, `not_found`, and `conflict` when it is
/// confirmed already.
pub async fn run(s: &Services, actor: &Actor, number: i64) -> Result<Model> {
    version::admit_confirmer(actor, "时限")?;
    let (by, now) = (actor.account, s.clock.now());
    let confirmed = s
        .writer
        .commit(move |tx| Box::pin(version::confirm::<Entity>(tx, number, (by, now))))
        .await?;
    s.targets.reload(&s.db, now).await?;
    Ok(confirmed)
}
