//! The office names a place itself: in use at once, without waiting for two residents.

use entity::address_alias;
use entity::kinds::{AliasKind, AliasState};

use super::target::{known, target};
use super::{admit, decide};
use crate::app::actor::Actor;
use crate::error::Result;
use crate::services::Services;
use crate::store;

/// Takes a name into use. A name that was proposed or refused before is approved by it. Fails with
/// `forbidden`, and names `/target` when the gazetteer has no such place.
pub async fn run(
    s: &Services,
    actor: &Actor,
    word: String,
    kind: AliasKind,
    place: String,
) -> Result<address_alias::Model> {
    admit(actor)?;
    known(s, &target(kind, place.clone()), "/target")?;
    let (now, by) = (s.clock.now(), actor.account);
    let added = s
        .writer
        .commit(move |tx| {
            Box::pin(async move {
                let id = store::alias::name(tx, &word, (kind, &place), now).await?;
                decide::write(tx, id, AliasState::Approved, (by, now)).await
            })
        })
        .await?;
    s.places.reload(&s.db, now).await?;
    Ok(added)
}
