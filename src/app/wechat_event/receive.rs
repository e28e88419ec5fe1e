//! Takes a push in: proves that WeChat sent it, stores it sealed and once, and plans its job.

use entity::kinds::{JobKind, Timestamp, WechatApp};
use sha2::{Digest, Sha256};

pub use crate::gateway::wechat::CallbackQuery;

use crate::error::{Code, Error, Result};
use crate::gateway::wechat::{AppKind, CallbackError, Notification};
use crate::services::Services;
use crate::store::job::NewJob;
use crate::store::wechat_event::NewEvent;
use crate::store::{self};

/// The column context under which pushes are sealed.
pub const BODY: &str = "wechat_event.body";
/// After what residents wait for: a follower is not in a hurry.
const PRIORITY: i32 = 60;

const fn kind(app: WechatApp) -> AppKind {
    match app {
        WechatApp::Mini => AppKind::Mini,
        WechatApp::Oa => AppKind::Oa,
    }
}

/// Checks the address check; the caller then echoes `echostr`. Fails with `forbidden`.
pub fn verify(s: &Services, app: WechatApp, query: &CallbackQuery) -> Result<()> {
    s.wechat.verify_callback(kind(app), query).map_err(|why| refused(s, app, why))
}

/// Stores a push and plans its job; a repeat changes nothing. Fails with `forbidden` when it is
/// forged, stale or not understood, and with `body_too_large`.
pub async fn run(s: &Services, app: WechatApp, query: &CallbackQuery, body: &[u8]) -> Result<()> {
    let refuse = |why| refused(s, app, why);
    let text = s.wechat.open_callback(kind(app), query, body).map_err(refuse)?;
    let told = Notification::parse(&text).map_err(refuse)?;
    let event = NewEvent {
        app,
        hash: key(app, &told),
        body_sealed: s.vault.seal(BODY, &text).map_err(Error::internal)?,
    };
    let (now, max_attempt) = (s.clock.now(), s.settings.max_attempt);
    let fresh = s
        .writer
        .commit(move |tx| {
            Box::pin(async move {
                let Some(id) = store::wechat_event::insert_new(tx, event, now).await? else {
                    return Ok(false);
                };
                store::job::enqueue(tx, vec![job(id, max_attempt, now)], now).await?;
                Ok::<_, Error>(true)
            })
        })
        .await?;
    count(s, app, if fresh { "stored" } else { "repeat" });
    s.wake.ping().await;
    Ok(())
}

fn job(id: i64, max_attempt: i32, now: Timestamp) -> NewJob {
    NewJob {
        kind: JobKind::WechatEvent,
        dedup_key: id.to_string(),
        payload: serde_json::json!({ "event": id }).to_string(),
        priority: PRIORITY,
        run_at: now,
        max_attempt,
        trace_id: crate::telemetry::trace_id(),
    }
}

/// Returns by what a repeat is recognised: who, when and what. A repeat comes in a new envelope,
/// and nobody promises that its inner text is the same byte for byte; that text serves alone when
/// the push carries no time.
fn key(app: WechatApp, told: &Notification) -> String {
    if told.created_at == 0 {
        return told.dedup_key.clone();
    }
    let said = format!("{}\n{}\n{}\n{:?}", app.word(), told.from, told.created_at, told.event);
    hex::encode(Sha256::digest(said.as_bytes()))
}

fn refused(s: &Services, app: WechatApp, why: CallbackError) -> Error {
    count(s, app, "refused");
    let code = match why {
        CallbackError::TooLarge => Code::BodyTooLarge,
        _ => Code::Forbidden,
    };
    Error::new(code, "这不是微信的推送").caused_by(why)
}

fn count(s: &Services, app: WechatApp, outcome: &str) {
    s.metrics.callbacks.with_label_values(&[app.word(), outcome]).inc();
}
