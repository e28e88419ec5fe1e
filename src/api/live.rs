//! The live connection: a WebSocket whose first message carries the token, never its address.
//!
//! Events are the entries of the person's inbox in order; between them comes which cases changed,
//! by their ids alone, for pages that show them. Each round asks anew whether the token and its
//! session still stand, reads what is new and sends it, then waits for a nudge, a word of the
//! client, or the heartbeat. Nothing is queued for a reader who does not read: he is dropped and
//! comes back with the number of his last event.

use std::convert::Infallible;
use std::time::Duration;

use actix_web::web::{self, Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use actix_ws::{
    AggregatedMessage as Message, AggregatedMessageStream, CloseCode, CloseReason, Closed,
    ProtocolError, Session,
};
use entity::kinds::InboxId;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::{Instant, Interval, interval_at, sleep, timeout};

use super::extract::ClientIp;
use super::inbox::InboxEntry;
use super::problem::{Problem, ProblemBody};
use crate::app::inbox::live::{self, Listener};
use crate::app::limit;
use crate::error::{Code, Error};
use crate::services::Services;

/// How long a client may take to say who he is.
const HELLO_WITHIN: Duration = Duration::from_secs(5);
/// How often the client is asked whether he is there; twice unanswered, and he is gone.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long one frame may take to leave, whatever it is.
const SEND_WITHIN: Duration = Duration::from_secs(10);
/// A token is less than a kilobyte.
const LARGEST: usize = 4 * 1024;

/// Registers the route.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/api/v1/live")
            .route(web::get().to(live))
            .default_service(web::to(super::openapi::no_route)),
    );
}

/// The first message, and every later one that brings a fresh token.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hello {
    token: String,
    /// The last event the client got.
    after: Option<InboxId>,
}

/// Opens the live connection. The first message is `{"token": "…", "after": 123}`, within five
/// seconds; `after` is the last event seen, to get what was missed. docs/API.md has the rest.
#[utoipa::path(get, path = "/api/v1/live", tag = "inbox", operation_id = "live",
    responses((status = 101, description = "WebSocket"), (status = 426, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn live(
    request: HttpRequest,
    body: Payload,
    ip: ClientIp,
    s: Data<Services>,
) -> Result<HttpResponse, Problem> {
    limit::admit(&s, &s.settings.limits.sign_in, &ip.key()).await?;
    let (answer, session, messages) = actix_ws::handle(&request, body)
        .map_err(|_plain| Error::new(Code::UpgradeRequired, "这个地址只接受 WebSocket 连接"))?;
    let messages = messages.max_frame_size(LARGEST).aggregate_continuations();
    let messages = messages.max_continuation_size(LARGEST);
    s.lifecycle.spawn_here(Talk::new(s.as_ref().clone(), session, messages).run());
    Ok(answer)
}

/// Why a connection ends, as the client sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The client left, or his connection broke.
    Gone,
    /// The server stops; come back.
    Stopping,
    TooLarge,
    BadMessage,
    Unauthenticated,
    TokenExpired,
    NoHello,
    Changed,
    TooSlow,
    TooMany,
    Internal,
}

impl End {
    const fn code(self) -> (u16, &'static str) {
        match self {
            Self::Gone => (1000, ""),
            Self::Stopping => (1001, "stopping"),
            Self::TooLarge => (1009, "message_too_large"),
            Self::Internal => (1011, "internal"),
            Self::BadMessage => (4400, "bad_message"),
            Self::Unauthenticated => (4401, "unauthenticated"),
            Self::TokenExpired => (4403, "token_expired"),
            Self::NoHello => (4408, "no_token_in_time"),
            Self::Changed => (4409, "person_changed"),
            Self::TooSlow => (4410, "too_slow"),
            Self::TooMany => (4429, "too_many"),
        }
    }

    fn of(error: &Error) -> Self {
        match error.code {
            Code::TokenExpired => Self::TokenExpired,
            Code::Unauthenticated => Self::Unauthenticated,
            Code::Conflict => Self::Changed,
            _ => {
                tracing::warn!(cause = error.chain(), "a live connection failed");
                Self::Internal
            }
        }
    }
}

/// The way to the client.
struct Out {
    session: Session,
    /// How long one frame may take to leave.
    within: Duration,
}

impl Out {
    async fn text(&mut self, text: String) -> Result<(), End> {
        left(self.within, self.session.text(text)).await
    }

    async fn ping(&mut self) -> Result<(), End> {
        left(self.within, self.session.ping(b"")).await
    }

    async fn pong(&mut self, payload: &[u8]) -> Result<(), End> {
        left(self.within, self.session.pong(payload)).await
    }

    async fn close(self, reason: CloseReason) -> Result<(), End> {
        left(self.within, self.session.close(Some(reason))).await
    }
}

/// Waits until a frame has left, or gives the reader up.
async fn left(
    within: Duration,
    frame: impl Future<Output = Result<(), Closed>>,
) -> Result<(), End> {
    match timeout(within, frame).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_closed)) => Err(End::Gone),
        Err(_late) => Err(End::TooSlow),
    }
}

/// One conversation.
struct Talk {
    s: Services,
    out: Out,
    messages: AggregatedMessageStream,
    /// When the client last said anything.
    heard: Instant,
    pulse: Interval,
}

impl Talk {
    fn new(s: Services, session: Session, messages: AggregatedMessageStream) -> Self {
        let pulse = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        let out = Out { session, within: SEND_WITHIN };
        Self { s, out, messages, heard: Instant::now(), pulse }
    }

    async fn run(mut self) {
        let Err(end) = self.talk().await;
        let (code, words) = end.code();
        let description = Some(words.to_owned()).filter(|words| !words.is_empty());
        let reason = CloseReason { code: CloseCode::from(code), description };
        // Whoever is gone does not hear it.
        let _unheard = self.out.close(reason).await;
    }

    async fn talk(&mut self) -> Result<Infallible, End> {
        let hello = self.hello().await?;
        let opened = live::open(&self.s, hello.token, hello.after).await;
        let mut listener = opened.map_err(|error| End::of(&error))?;
        let unread = listener.unread(&self.s).await.map_err(|error| End::of(&error))?;
        let ready = json!({ "kind": "ready", "resumed": listener.resumed, "unread": unread });
        self.send(&ready).await?;
        loop {
            self.tell_news(&mut listener).await?;
            while !self.wait(&mut listener).await? {}
        }
    }

    async fn hello(&mut self) -> Result<Hello, End> {
        let stop = self.s.lifecycle.hanging_up();
        let first = async {
            loop {
                let said = self.messages.recv().await;
                if let Some(hello) = self.heard(said).await? {
                    return Ok(hello);
                }
            }
        };
        tokio::select! {
            first = timeout(HELLO_WITHIN, first) => first.unwrap_or(Err(End::NoHello)),
            () = stop.cancelled() => Err(End::Stopping),
        }
    }

    /// Takes what the client said: a text is returned, a ping answered, the rest only noted.
    async fn heard(
        &mut self,
        said: Option<Result<Message, ProtocolError>>,
    ) -> Result<Option<Hello>, End> {
        self.heard = Instant::now();
        match said {
            Some(Ok(Message::Text(text))) => {
                serde_json::from_str(&text).map(Some).map_err(|_malformed| End::BadMessage)
            }
            Some(Ok(Message::Ping(payload))) => self.out.pong(&payload).await.map(|()| None),
            Some(Ok(Message::Pong(_))) => Ok(None),
            Some(Err(ProtocolError::Overflow)) => Err(End::TooLarge),
            Some(Ok(Message::Close(_)) | Err(ProtocolError::Io(_))) | None => Err(End::Gone),
            Some(Ok(Message::Binary(_)) | Err(_)) => Err(End::BadMessage),
        }
    }

    async fn tell_news(&mut self, listener: &mut Listener) -> Result<(), End> {
        loop {
            let news = listener.next(&self.s).await.map_err(|error| End::of(&error))?;
            if news.entries.is_empty() && news.changed.is_empty() {
                return Ok(());
            }
            for entry in news.entries {
                self.send(&InboxEntry::from(entry)).await?;
            }
            if !news.changed.is_empty() {
                self.send(&json!({ "kind": "changed", "cases": news.changed })).await?;
            }
        }
    }

    /// Waits for a reason to look again; `false` when it was none.
    async fn wait(&mut self, listener: &mut Listener) -> Result<bool, End> {
        let stop = self.s.lifecycle.hanging_up();
        let life = listener.until.since(self.s.clock.now());
        tokio::select! {
            () = listener.seat.line.nudged() => Ok(true),
            () = listener.seat.line.crowded_out() => Err(End::TooMany),
            () = stop.cancelled() => Err(End::Stopping),
            () = sleep(life) => Ok(true),
            said = self.messages.recv() => {
                let Some(hello) = self.heard(said).await? else { return Ok(false) };
                self.renew(listener, hello).await.map(|()| true)
            }
            _beat = self.pulse.tick() => self.beat().await.map(|()| true),
        }
    }

    /// Takes a fresh token; a client that floods is sent away.
    async fn renew(&mut self, listener: &mut Listener, hello: Hello) -> Result<(), End> {
        let key = listener.account.to_string();
        let admitted = limit::admit(&self.s, &self.s.settings.limits.act, &key).await;
        admitted.map_err(|_flood| End::TooMany)?;
        listener.renew(&self.s, hello.token).await.map_err(|error| End::of(&error))?;
        self.send(&json!({ "kind": "renewed" })).await
    }

    async fn beat(&mut self) -> Result<(), End> {
        if self.heard.elapsed() > HEARTBEAT * 2 {
            return Err(End::Gone);
        }
        self.out.ping().await
    }

    async fn send(&mut self, message: &impl Serialize) -> Result<(), End> {
        let text = serde_json::to_string(message).map_err(|why| End::of(&Error::internal(why)))?;
        self.out.text(text).await
    }
}

#[cfg(test)]
mod tests {
    use actix_web::FromRequest;
    use actix_web::http::header;
    use actix_web::test::TestRequest;

    use super::*;

    #[tokio::test]
    async fn who_reads_nothing_is_given_up_whatever_is_said_to_him() {
        let request = TestRequest::default()
            .insert_header((header::CONNECTION, "upgrade"))
            .insert_header((header::UPGRADE, "websocket"))
            .insert_header((header::SEC_WEBSOCKET_VERSION, "13"))
            .insert_header((header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="));
        let (request, mut body) = request.to_http_parts();
        let body = Payload::from_request(&request, &mut body).await.unwrap();
        let (_unread, session, _silent) = actix_ws::handle(&request, body).unwrap();
        let mut out = Out { session, within: Duration::from_millis(10) };
        let said = async {
            // Some frames wait for a reader.
            while out.ping().await.is_ok() {}
            [out.ping().await, out.pong(b"there").await, out.text("news".to_owned()).await]
        };
        let said = timeout(Duration::from_mins(1), said).await.expect("it waits for the reader");
        assert_eq!(said, [Err(End::TooSlow); 3]);
    }
}
