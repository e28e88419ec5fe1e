//! Joins followers of the official account with the logins of the same people: by their union id, or
//! by a code that a person asked for and somebody scans.
//!
//! Pushes overtake each other, so each carries when it happened, and what happened later stays.

use entity::follow_code;
use entity::kinds::{AccountId, Channel, Timestamp, WechatApp};
use entity::wechat_identity::Model as Identity;
use sha2::{Digest, Sha256};

use crate::app::probe;
use crate::error::Result;
use crate::gateway::wechat::Follower;
use crate::services::Services;
use crate::store::follower::Joined;
use crate::store::writer::Tx;
use crate::store::{self};

/// How the scenes of our codes begin; other codes of the account are none of our business.
pub const SCENE: &str = "zn-";

/// What a push says of a follower.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told<'a> {
    pub openid: &'a str,
    /// When it happened, by the platform's clock.
    pub at: Timestamp,
    /// The scene of a code that was scanned.
    pub scene: Option<&'a str>,
}

/// Returns by what a scene is found again.
pub fn fingerprint(scene: &str) -> String {
    hex::encode(Sha256::digest(scene.as_bytes()))
}

/// Joins a follower with a login. Without a code or a union id nobody can say whose openid it is; a
/// person without a login gets an account that the login will find.
pub(super) async fn followed(
    s: &Services,
    tx: &Tx,
    (told, follower): (Told<'_>, Option<&Follower>),
    now: Timestamp,
) -> Result<()> {
    let known = store::people::find_openid(tx, WechatApp::Oa, told.openid).await?;
    if known.as_ref().and_then(|one| one.told_at).is_some_and(|last| last > told.at) {
        return Ok(());
    }
    let Some(follower) = follower.filter(|one| one.follows) else {
        return left(tx, told).await;
    };
    let account = match by_code(tx, told, (known.as_ref(), follower), now).await? {
        Some(account) => Some(account),
        None => match &known {
            Some(known) => Some(known.account_id),
            None => by_unionid(tx, follower, now).await?,
        },
    };
    let Some(account) = account else { return Ok(()) };
    let joined = Joined {
        account,
        openid: told.openid.to_owned(),
        unionid: follower.unionid.clone(),
        told_at: told.at,
    };
    if !store::follower::join(tx, joined, now).await? {
        return Ok(());
    }
    probe::greet::account(s, tx, (account, Channel::OaTemplate), now).await
}

/// A follower scanned a code: only ours says anything new.
pub(super) async fn scanned(
    s: &Services,
    tx: &Tx,
    (told, follower): (Told<'_>, Option<&Follower>),
    now: Timestamp,
) -> Result<()> {
    if code(tx, told).await?.is_none() {
        return Ok(());
    }
    followed(s, tx, (told, follower), now).await
}

/// Closes the channel of somebody who does not follow any more.
pub(super) async fn left(tx: &Tx, told: Told<'_>) -> Result<()> {
    Ok(store::follower::leave(tx, told.openid, told.at).await?)
}

async fn code(tx: &Tx, told: Told<'_>) -> Result<Option<follow_code::Model>> {
    match told.scene.filter(|scene| scene.starts_with(SCENE)) {
        Some(scene) => Ok(store::follower::find_code(tx, &fingerprint(scene), told.at).await?),
        None => Ok(None),
    }
}

/// Returns whose code was scanned. Not when another person did it: then his messages would go to
/// somebody else's phone.
async fn by_code(
    tx: &Tx,
    told: Told<'_>,
    (known, follower): (Option<&Identity>, &Follower),
    now: Timestamp,
) -> Result<Option<AccountId>> {
    let Some(code) = code(tx, told).await? else { return Ok(None) };
    let owner = store::people::identity(tx, code.account_id, WechatApp::Mini).await?;
    let unionid = owner.and_then(|owner| owner.unionid);
    let other = matches!((&unionid, &follower.unionid), (Some(one), Some(two)) if one != two);
    let elsewhere = known.map(|known| known.account_id).filter(|id| *id != code.account_id);
    let somebody = match elsewhere {
        Some(account) => is_somebody(tx, account).await?,
        None => false,
    };
    if other || somebody {
        tracing::warn!(account = code.account_id.0, "a code was scanned by another person");
        return Ok(None);
    }
    let ours = store::follower::use_code(tx, code.id, now).await?;
    Ok(ours.then_some(code.account_id))
}

/// Tells whether anybody uses an account: one that only a follower made can be left behind.
async fn is_somebody(tx: &Tx, account: AccountId) -> Result<bool> {
    let login = store::people::identity(tx, account, WechatApp::Mini).await?;
    Ok(login.is_some() || store::people::staff_of_account(tx, account).await?.is_some())
}

async fn by_unionid(tx: &Tx, follower: &Follower, now: Timestamp) -> Result<Option<AccountId>> {
    let Some(unionid) = &follower.unionid else { return Ok(None) };
    Ok(Some(match store::people::find_unionid(tx, unionid).await? {
        Some(known) => known.account_id,
        None => store::people::insert_account(tx, now).await?.id,
    }))
}
