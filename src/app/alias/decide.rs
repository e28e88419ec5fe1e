//! Takes a learned name into use, or not; every process knows within a second.

use std::time::Duration;

use entity::address_alias;
use entity::kinds::{AccountId, AliasState, Timestamp};
use sea_orm::ConnectionTrait;

use super::admit;
use crate::app::actor::Actor;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;

/// An approved name must be approved again after two years: buildings go, and so do their names.
const VALID: Duration = Duration::from_hours(2 * 365 * 24);

/// Decides. A decision can be changed later. Fails with `forbidden` or `not_found`.
pub async fn run(
    s: &Services,
    actor: &Actor,
    id: i64,
    state: AliasState,
) -> Result<address_alias::Model> {
    admit(actor)?;
    let (now, by) = (s.clock.now(), actor.account);
    let decided = s
        .writer
        .commit(move |tx| Box::pin(async move { write(tx, id, state, (by, now)).await }))
        .await?;
    s.places.reload(&s.db, now).await?;
    Ok(decided)
}

/// Writes the decision and tells every process. Fails with `not_found`.
pub(super) async fn write(
    tx: &impl ConnectionTrait,
    id: i64,
    state: AliasState,
    (by, now): (AccountId, Timestamp),
) -> Result<address_alias::Model> {
    let until = (state == AliasState::Approved).then(|| now + VALID);
    store::alias::decide(tx, id, state, (by, now), until).await?;
    store::alias::places_changed(tx).await?;
    store::alias::find(tx, id).await?.ok_or_else(|| Error::not_found("这个别名"))
}
