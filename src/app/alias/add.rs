//! The office names a place itself: in use at once, without waiting for two residents.

use entity::address_alias;
use entity::kinds::{AliasKind, AliasState};

use super::target::{known, target};
use super::{admit, decide};
use crate::app::actor::Actor;
use crate::domain::address::{Unfit, unfit};
use crate::error::{Error, Fault, Result};
use crate::services::Services;
use crate::store;

/// Takes a name into use. A name that was proposed or refused before is approved by it. Fails with
/// `forbidden`, and names `/target` when the gazetteer has no such place, or `/word` when it cannot be a
/// name of it.
pub async fn run(
    s: &Services,
    actor: &Actor,
    word: String,
    kind: AliasKind,
    place: String,
) -> Result<address_alias::Model> {
    admit(actor)?;
    let meant = target(kind, place.clone());
    known(s, &meant, "/target")?;
    if let Some(why) = unfit(&s.places.now().index, &word, &meant) {
        return Err(Error::fields(vec![fault(why)]));
    }
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

fn fault(why: Unfit) -> Fault {
    let (code, message) = match why {
        Unfit::NoName => ("no_name", "地名至少要有两个汉字，只能用汉字、字母和数字"),
        Unfit::Everyday => ("everyday", "这是人人都会写到的词，不能当作一个地方的名字"),
        Unfit::Taken => ("taken", "这已经是另一个地方的名字"),
    };
    Fault::new("/word", code, message)
}
