//! Signs in with the code of `wx.login`.
//!
//! The code is noted before WeChat is asked: a code that comes twice never leaves the house, and
//! a crash in between costs the client one more `wx.login`.

use std::time::Duration;

use entity::kinds::{Channel, Timestamp, WechatApp};
use entity::{account, wechat_identity};
use sea_orm::ActiveValue::{NotSet, Set};
use sha2::{Digest, Sha256};

use super::{Family, Granted, Signed};
use crate::app::probe;
use crate::auth::Who;
use crate::error::{Code, Error, Result};
use crate::gateway::wechat::{Class, Failure, Session};
use crate::services::Services;
use crate::store::{self, writer::Tx};

/// How long a client waits before it tries WeChat again.
const AGAIN: Duration = Duration::from_secs(3);
const AGAIN_AFTER_QUOTA: Duration = Duration::from_mins(1);

/// Signs in. Fails with `wechat_code_refused` (log in again), `wechat_user_blocked` or
/// `wechat_unreachable`.
pub async fn run(s: &Services, code: &str) -> Result<Signed> {
    note(s, code).await?;
    let session = s.wechat.jscode2session(code).await.map_err(refused)?;
    enter(s, session).await
}

/// Refuses a code that was presented before.
async fn note(s: &Services, code: &str) -> Result<()> {
    let (hash, now) = (hex::encode(Sha256::digest(code.as_bytes())), s.clock.now());
    let fresh = s.writer.commit(move |tx| {
        Box::pin(async move { Ok::<_, Error>(store::session::note_code(tx, &hash, now).await?) })
    });
    if fresh.await? {
        Ok(())
    } else {
        Err(again("登录凭证已用过，请重新进入小程序"))
    }
}

fn again(detail: &str) -> Error {
    Error::new(Code::WechatCodeRefused, detail)
}

/// Translates WeChat's refusal into ours.
pub(super) fn refused(failure: Failure) -> Error {
    let unreachable =
        |wait| Error::new(Code::WechatUnreachable, "暂时连不上微信，请稍后再试").retry_after(wait);
    let error = match failure.class {
        Class::ClientError => again("微信凭证无效或已过期，请重试"),
        Class::DropRecipient => {
            Error::new(Code::WechatUserBlocked, "微信提示账号存在风险，请致电社区居委会办理")
        }
        Class::RateLimited => unreachable(AGAIN_AFTER_QUOTA),
        Class::Retry | Class::RefreshToken => unreachable(AGAIN),
        Class::ConfigError | Class::ContentRejected => Error::new(Code::Internal, ""),
    };
    error.caused_by(failure)
}

/// Finds or makes the person's account and opens a session.
pub(in crate::app) async fn enter(s: &Services, session: Session) -> Result<Signed> {
    match enter_once(s, session.clone()).await {
        // Two first sign-ins of one person raced; the other one's account is there now.
        Err(lost) if lost.code == Code::Conflict => enter_once(s, session).await,
        done => done,
    }
}

async fn enter_once(s: &Services, session: Session) -> Result<Signed> {
    let (services, now) = (s.clone(), s.clock.now());
    let (account, granted) = s
        .writer
        .commit(move |tx| Box::pin(async move { open(&services, tx, &session, now).await }))
        .await?;
    super::signed(s, account.id, granted).await
}

async fn open(
    s: &Services,
    tx: &Tx,
    session: &Session,
    now: Timestamp,
) -> Result<(account::Model, Granted)> {
    let account = account_of(tx, session, now).await?;
    if let Some(unionid) = &session.unionid
        && store::follower::adopt(tx, account.id, unionid).await?
    {
        probe::greet::account(s, tx, (account.id, Channel::OaTemplate), now).await?;
    }
    let staff = store::people::staff_of_account(tx, account.id).await?;
    let who = if staff.is_some() { Who::Staff } else { Who::Resident };
    let granted = super::grant(s, tx, &account, who, &Family::new(s, who, now)).await?;
    Ok((account, granted))
}

async fn account_of(tx: &Tx, session: &Session, now: Timestamp) -> Result<account::Model> {
    let known = store::people::find_openid(tx, WechatApp::Mini, &session.openid).await?;
    if let Some(identity) = known {
        if let (None, Some(unionid)) = (&identity.unionid, &session.unionid) {
            store::people::set_unionid(tx, identity.id, unionid).await?;
        }
        if identity.dead_at.is_some() {
            // Whatever WeChat said of him once, he is here.
            store::people::set_identity_dead(tx, WechatApp::Mini, &session.openid, None).await?;
        }
        return living(tx, identity.account_id).await;
    }
    let follower = match &session.unionid {
        Some(unionid) => store::people::find_unionid(tx, unionid).await?,
        None => None,
    };
    let account = match follower {
        Some(follower) => living(tx, follower.account_id).await?,
        None => store::people::insert_account(tx, now).await?,
    };
    let identity = wechat_identity::ActiveModel {
        id: NotSet,
        account_id: Set(account.id),
        app: Set(WechatApp::Mini),
        openid: Set(session.openid.clone()),
        unionid: Set(session.unionid.clone()),
        dead_at: Set(None),
        created_at: Set(now),
        told_at: Set(None),
    };
    match store::staff::insert_identities(tx, vec![identity]).await? {
        0 => Err(Error::new(Code::Conflict, "同一微信正在登录，请重试")),
        _ => Ok(account),
    }
}

async fn living(tx: &Tx, id: entity::kinds::AccountId) -> Result<account::Model> {
    let account = store::people::find_account(tx, id).await?;
    account.ok_or_else(|| Error::new(Code::Forbidden, "账号已停用，请联系街道"))
}
