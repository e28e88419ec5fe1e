//! Makes a code of the official account by which a member of staff joins himself: whoever scans it
//! with his WeChat follows, and is told through the account from then on.
//!
//! It serves where the two accounts share no 开放平台, and whom no push has joined.

use std::time::Duration;

use entity::follow_code;
use entity::kinds::{Timestamp, WechatApp};
use sea_orm::ActiveValue::{NotSet, Set};

use crate::app::actor::Actor;
use crate::app::limit::admit;
use crate::app::wechat_event::follow::{SCENE, fingerprint};
use crate::auth::limits::Rule;
use crate::error::{Code, Error, Result};
use crate::gateway::wechat::{Class, Failure, SceneCode};
use crate::services::Services;
use crate::store::{self};

/// Long enough to fetch a phone, short enough for a screen that others see.
const LIFE: Duration = Duration::from_mins(10);
const CODES: Rule = Rule { name: "follow_code", burst: 5, per: Duration::from_mins(10) };

/// A code to scan.
#[derive(Clone, Debug)]
pub struct FollowCode {
    pub code: SceneCode,
    pub expires_at: Timestamp,
}

/// Makes the actor's code and voids his last one. Fails with `forbidden` for whoever is no member of
/// staff signed in by WeChat, `too_many_requests`, and `wechat_unreachable`.
pub async fn run(s: &Services, actor: &Actor) -> Result<FollowCode> {
    if actor.console || actor.staff.is_none() {
        return Err(Error::new(Code::Forbidden, "请工作人员在小程序中获取绑定码"));
    }
    admit(s, &CODES, &actor.account.to_string()).await?;
    let scene = format!("{SCENE}{}", hex::encode(s.random().split_at(16).0));
    let code = s.wechat.scene_code(&scene, LIFE.as_secs()).await.map_err(refused)?;
    let now = s.clock.now();
    let expires_at = now + LIFE;
    let row = follow_code::ActiveModel {
        id: NotSet,
        account_id: Set(actor.account),
        code_hash: Set(fingerprint(&scene)),
        expires_at: Set(expires_at),
        used_at: Set(None),
        created_at: Set(now),
    };
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move { Ok::<_, Error>(store::follower::set_code(tx, row).await?) })
    });
    unit.await?;
    tracing::info!(account = actor.account.0, app = WechatApp::Oa.word(), "a code to follow by");
    Ok(FollowCode { code, expires_at })
}

fn refused(failure: Failure) -> Error {
    let error = match failure.class {
        Class::RateLimited | Class::Retry | Class::RefreshToken => {
            Error::new(Code::WechatUnreachable, "暂时连不上微信，请稍后再试")
        }
        _ => Error::new(Code::Internal, ""),
    };
    error.caused_by(failure)
}
