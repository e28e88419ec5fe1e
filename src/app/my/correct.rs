//! Corrects what a person may correct himself: how he is called, where he lives, whether his phone
//! is kept. A phone is set by WeChat's verification only.

use entity::profile;

use super::{HOME, NAME};
use crate::app::actor::Actor;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;

/// What he says of himself; `None` removes it.
#[derive(Clone, Debug)]
pub struct Correction {
    pub name: Option<String>,
    pub home: Option<String>,
}

/// Replaces what the person says of himself.
pub async fn run(s: &Services, actor: &Actor, correction: Correction) -> Result<()> {
    let seal = |context: &str, text: Option<String>| {
        let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        text.map(|text| s.vault.seal(context, &text).map_err(Error::internal)).transpose()
    };
    let row = profile::Model {
        account_id: actor.account,
        name_sealed: seal(NAME, correction.name)?,
        home_sealed: seal(HOME, correction.home)?,
        updated_at: s.clock.now(),
    };
    s.writer
        .commit(move |tx| {
            Box::pin(async move { Ok::<_, Error>(store::my::set_profile(tx, row).await?) })
        })
        .await
}

/// Forgets the verified phone; forgetting what is not there succeeds.
pub async fn forget_phone(s: &Services, actor: &Actor) -> Result<()> {
    let account = actor.account;
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                store::people::erase_phone(tx, account, None).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}
