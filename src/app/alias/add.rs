//! The office names a place itself: in use at once, without waiting for two residents.

use entity::address_alias;
use entity::kinds::{AliasKind, AliasState};

use super::target::target;
use super::{admit, decide};
use crate::app::actor::Actor;
use crate::error::{Error, Fault, Result};
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
    if !s.places.now().index.knows(&target(kind, place.clone())) {
        let fault = Fault::new("/target", "unknown", "没有这个地点，请核对编号");
        return Err(Error::fields(vec![fault]));
    }
    let now = s.clock.now();
    let id = s
        .writer
        .commit(move |tx| {
            Box::pin(async move {
                let id = store::alias::name(tx, &word, (kind, &place), now).await?;
                Ok::<i64, Error>(id)
            })
        })
        .await?;
    decide::run(s, actor, id, AliasState::Approved).await
}
