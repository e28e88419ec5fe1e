//! The privacy policy: which version a person agreed to, and when.
//!
//! No report waits for it. Answering a cry for help is the street's statutory duty, for which the
//! law asks no consent (PIPL article 13, paragraph 1, items 3 and 4); the record is there so that
//! everybody can see that he was told (articles 17 and 7), and for what does rest on consent:
//! messages, the kept home, the kept position.

use entity::agreement;
use entity::kinds::Timestamp;

use crate::app::actor::Actor;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store;

/// Where a person stands with the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The version in force.
    pub current: String,
    /// The last version he agreed to, with the time, unless he took it back.
    pub agreed: Option<(String, Timestamp)>,
    pub withdrawn_at: Option<Timestamp>,
}

impl Standing {
    /// Tells whether he is to be asked: he never agreed, took it back, or the policy is a new one.
    pub fn must_ask(&self) -> bool {
        self.agreed.as_ref().is_none_or(|(version, _)| *version != self.current)
    }

    fn of(current: &str, newest: Option<agreement::Model>) -> Self {
        let withdrawn_at = newest.as_ref().and_then(|row| row.withdrawn_at);
        let agreed = newest.filter(|row| row.withdrawn_at.is_none());
        let agreed = agreed.map(|row| (row.version, row.agreed_at));
        Self { current: current.to_owned(), agreed, withdrawn_at }
    }
}

/// Shows where the speaker stands.
pub async fn show(s: &Services, actor: &Actor) -> Result<Standing> {
    let newest = store::agreement::newest(&s.db.read, actor.account).await?;
    Ok(Standing::of(&s.settings.street.privacy_version, newest))
}

/// Notes that the speaker agreed to a version. Fails with `conflict` when it is not the one in
/// force: he read another text.
pub async fn agree(s: &Services, actor: &Actor, version: String) -> Result<Standing> {
    if version != s.settings.street.privacy_version {
        let detail = "隐私政策已更新，请重新阅读后再同意";
        return Err(Error::new(Code::Conflict, detail));
    }
    let (account, now) = (actor.account, s.clock.now());
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                Ok::<_, Error>(store::agreement::add(tx, account, &version, now).await?)
            })
        })
        .await?;
    show(s, actor).await
}

/// Takes the agreement back and deletes what rested on it: name, home, positions and messages that
/// were still allowed. Taking back what was never given succeeds.
pub async fn withdraw(s: &Services, actor: &Actor) -> Result<Standing> {
    let (account, now) = (actor.account, s.clock.now());
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                store::agreement::withdraw(tx, account, now).await?;
                store::my::erase_profile(tx, account).await?;
                store::people::erase_positions(tx, account, None).await?;
                Ok::<_, Error>(store::consent::clear_all(tx, account, now).await?)
            })
        })
        .await?;
    show(s, actor).await
}
