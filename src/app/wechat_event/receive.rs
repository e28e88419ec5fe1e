//! Takes a push in: proves that WeChat sent it, stores it sealed and once, and plans its job.

use std::time::Duration;

use entity::kinds::{JobKind, Timestamp, WechatApp};
use sha2::{Digest, Sha256};

pub use crate::gateway::wechat::{CallbackError, CallbackQuery};

use crate::app::trouble;
use crate::app::work::priority;
use crate::crash;
use crate::error::{Code, Error, Result};
use crate::gateway::wechat::crypto::EnvelopeError;
use crate::gateway::wechat::{AppKind, Event, Notification};
use crate::services::Services;
use crate::store::job::NewJob;
use crate::store::wechat_event::NewEvent;
use crate::store::{self};

/// The column context under which pushes are sealed.
pub const BODY: &str = "wechat_event.body";
/// A push that is not stored by then is refused, and the platform repeats it: it wants its answer
/// within a second, of which a tenth is left for the wake.
const STORED_WITHIN: Duration = Duration::from_millis(800);

/// Checks the address check and returns what to answer. Fails with `forbidden`, and with
/// `route_not_found` where WeCom is not configured.
pub fn verify(s: &Services, app: WechatApp, query: &CallbackQuery) -> Result<String> {
    let echo = |kind| s.wechat.verify_callback(kind, query).map(|()| query.echostr.clone());
    let answer = match app {
        WechatApp::Mini => echo(AppKind::Mini),
        WechatApp::Oa => echo(AppKind::Oa),
        WechatApp::Wecom => s.wecom.verify_callback(query, s.clock.now()),
    };
    answer.map_err(|why| refused(s, app, why))
}

fn open(
    s: &Services,
    app: WechatApp,
    query: &CallbackQuery,
    body: &[u8],
) -> std::result::Result<String, CallbackError> {
    match app {
        WechatApp::Mini => s.wechat.open_callback(AppKind::Mini, query, body),
        WechatApp::Oa => s.wechat.open_callback(AppKind::Oa, query, body),
        WechatApp::Wecom => s.wecom.open_callback(query, body, s.clock.now()),
    }
}

/// Stores a push and plans its job; a repeat changes nothing. Fails with `forbidden` when it is
/// forged, stale or no envelope, with `body_too_large`, with `database_down` when it could not be
/// stored in time (it may be later: then the repeat finds it), and like [`verify`].
pub async fn run(s: &Services, app: WechatApp, query: &CallbackQuery, body: &[u8]) -> Result<()> {
    let refuse = |why| refused(s, app, why);
    let text = open(s, app, query, body).map_err(refuse)?;
    // Whoever signed it repeats it until it is taken, so what we cannot read is kept for a reader.
    let told = Notification::parse(&text).unwrap_or_else(|why| {
        tracing::warn!(app = app.word(), %why, "a push is not understood; it is kept");
        Notification::unread(&text)
    });
    let event = NewEvent {
        app,
        hash: key(app, &told),
        body_sealed: s.vault.seal(BODY, &text).map_err(Error::internal)?,
    };
    let (now, max_attempt) = (s.clock.now(), s.settings.max_attempt);
    let priority = priority(&told.event);
    let storing = s.writer.commit(move |tx| {
        Box::pin(async move {
            let Some(id) = store::wechat_event::insert_new(tx, event, now).await? else {
                return Ok(false);
            };
            store::job::enqueue(tx, vec![job(id, (priority, max_attempt), now)], now).await?;
            Ok::<_, Error>(true)
        })
    });
    let fresh =
        tokio::time::timeout(STORED_WITHIN, storing).await.map_err(|_late| late(s, app))??;
    crash::point("callback.stored");
    count(s, app, if fresh { "stored" } else { "repeat" });
    trouble::heard(s, app);
    s.wake.ping().await;
    Ok(())
}

/// What presses is acted upon before what waits for a slow platform: the press of a button, a message
/// that did not arrive, a consent that the next message needs. Looking a follower up asks WeChat, and
/// goes beside ordinary messages.
const fn priority(event: &Event) -> i32 {
    match event {
        Event::Followed { .. } | Event::Scanned { .. } => priority::ORDINARY,
        _ => priority::URGENT,
    }
}

fn job(id: i64, (priority, max_attempt): (i32, i32), now: Timestamp) -> NewJob {
    NewJob {
        kind: JobKind::WechatEvent,
        dedup_key: id.to_string(),
        payload: serde_json::json!({ "event": id }).to_string(),
        priority,
        run_at: now,
        max_attempt,
        trace_id: crate::telemetry::trace_id(),
    }
}

/// Returns by what a repeat is recognised: who, when and what. A repeat comes in a new envelope,
/// and nobody promises that its inner text is the same byte for byte; that text serves alone when
/// the push carries no time, or is of a kind we do not read: two changes of an address book in one
/// second have the same name and are two.
fn key(app: WechatApp, told: &Notification) -> String {
    if told.created_at == 0 || matches!(told.event, Event::Other(_)) {
        return told.dedup_key.clone();
    }
    let mut said = format!("{}\n{}\n{}\n{:?}", app.word(), told.from, told.created_at, told.event);
    // Of the platform's own pushes it may be all that says whom they are about.
    said.extend(told.unionid.as_deref());
    hex::encode(Sha256::digest(said.as_bytes()))
}

fn late(s: &Services, app: WechatApp) -> Error {
    count(s, app, "late");
    Error::new(Code::DatabaseDown, "").caused_by("it was not stored in time")
}

/// Counts a push that is not believed and says why.
pub fn refused(s: &Services, app: WechatApp, why: CallbackError) -> Error {
    if why == CallbackError::NoDoor {
        return Error::new(Code::RouteNotFound, "没有这个地址，请检查路径");
    }
    count(s, app, why.word());
    if let Some(cure) = cure(why) {
        trouble::deaf(s, (app, why), cure);
    }
    let code = match why {
        CallbackError::TooLarge => Code::BodyTooLarge,
        _ => Code::Forbidden,
    };
    Error::new(code, "这不是微信的推送").caused_by(why)
}

/// Says what an operator has to put right where the platform's own pushes are refused and lost; `None`
/// where that is not certain.
const fn cure(why: CallbackError) -> Option<&'static str> {
    match why {
        CallbackError::NoKey | CallbackError::Envelope(EnvelopeError::Damaged) => {
            Some("compare `aes_key` in the configuration with the platform's console")
        }
        CallbackError::Envelope(EnvelopeError::WrongApp) => {
            Some("compare `appid`, or `corpid`, in the configuration with the platform's console")
        }
        CallbackError::PlainMode => {
            Some("choose encrypted pushes (安全模式) at the platform's console")
        }
        CallbackError::Stale => {
            Some("set this server's clock, unless somebody repeats an old push")
        }
        _ => None,
    }
}

fn count(s: &Services, app: WechatApp, outcome: &str) {
    s.metrics.callbacks.with_label_values(&[app.word(), outcome]).inc();
}
