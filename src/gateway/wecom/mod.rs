//! WeCom (企业微信): the door by which it reaches us, and the application that sends cards.
//!
//! Its envelope is WeChat's, sealed for the corporation instead of an account. What differs: there
//! is no plain mode, and the check of the address is sealed as well. Either half may be configured
//! without the other: without a secret nothing is sent, without a key nothing is heard.

mod card;
pub mod event;
pub mod failure;
mod robot;

use std::sync::Arc;

use entity::kinds::Timestamp;
use futures::FutureExt;
use futures::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

pub use card::{Button, Card, Closing, Shown};

use super::http::{Http, Reply, Timeouts};
use super::wechat::call::{accepted, read};
use super::wechat::callback::Door;
use super::wechat::failure::{Endpoint, Failure};
use super::wechat::token::{Fetched, TokenKeeper};
use super::wechat::{App, CallbackError, CallbackQuery, SetupError, TokenShare};
use crate::clock::Clock;

/// The corporation, its callback's credentials (all or none), and its application's (all or none).
#[derive(Clone, Debug)]
pub struct Settings {
    /// `https://qyapi.weixin.qq.com`, or the address of a sandbox.
    pub base_url: String,
    /// `CorpID`: whom envelopes are sealed for.
    pub corpid: String,
    /// Token of the callback configuration.
    pub token: SecretString,
    /// `EncodingAESKey` of the callback configuration.
    pub aes_key: SecretString,
    /// Number of the application that sends; 0: nothing is sent.
    pub agentid: i64,
    /// Its secret.
    pub secret: SecretString,
    /// How long to wait for WeCom.
    pub timeouts: Timeouts,
}

/// WeCom. Cheap to clone; all clones share the token.
#[derive(Clone)]
pub struct Wecom {
    http: Http,
    base_url: Arc<str>,
    door: Option<Arc<Door>>,
    agent: Option<Arc<Agent>>,
}

/// The application that sends.
struct Agent {
    http: Http,
    base_url: Arc<str>,
    corpid: String,
    agentid: i64,
    secret: SecretString,
    tokens: TokenKeeper,
}

impl std::fmt::Debug for Wecom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (door, agent) = (self.door.is_some(), self.agent.is_some());
        f.debug_struct("Wecom").field("door", &door).field("agent", &agent).finish_non_exhaustive()
    }
}

impl Wecom {
    /// Builds what is configured, without touching the network; fails on an invalid
    /// `EncodingAESKey`.
    pub fn new(settings: Settings, clock: Clock, share: &TokenShare) -> Result<Self, SetupError> {
        let http = Http::new(settings.timeouts).map_err(SetupError::Http)?;
        let base_url = settings.base_url.trim_end_matches('/').into();
        let door = door(&settings)?;
        let agent = agent(settings, (&http, &base_url), clock, share);
        Ok(Self { http, base_url, door, agent })
    }

    /// Tells whether cards can be sent.
    pub const fn sends(&self) -> bool {
        self.agent.is_some()
    }

    /// Answers the check of the callback address with what its sealed `echostr` says.
    pub fn verify_callback(
        &self,
        query: &CallbackQuery,
        now: Timestamp,
    ) -> Result<String, CallbackError> {
        self.door()?.open_echo(query, now)
    }

    /// Authenticates one pushed body and returns its inner text. Fails on anything forged, stale,
    /// oversized or meant for another corporation.
    pub fn open_callback(
        &self,
        query: &CallbackQuery,
        body: &[u8],
        now: Timestamp,
    ) -> Result<String, CallbackError> {
        self.door()?.open(query, body, now)
    }

    fn door(&self) -> Result<&Door, CallbackError> {
        self.door.as_deref().ok_or(CallbackError::NoDoor)
    }
}

fn door(settings: &Settings) -> Result<Option<Arc<Door>>, SetupError> {
    let Settings { corpid, token, aes_key, .. } = settings;
    let missing = [corpid.as_str(), token.expose_secret(), aes_key.expose_secret()];
    if missing.iter().any(|part| part.is_empty()) {
        return Ok(None);
    }
    let app = App {
        appid: corpid.clone(),
        secret: SecretString::default(),
        token: token.clone(),
        aes_key: aes_key.clone(),
    };
    Ok(Some(Arc::new(Door::new(&app)?)))
}

fn agent(
    settings: Settings,
    (http, base_url): (&Http, &Arc<str>),
    clock: Clock,
    share: &TokenShare,
) -> Option<Arc<Agent>> {
    let Settings { corpid, agentid, secret, .. } = settings;
    if corpid.is_empty() || agentid == 0 || secret.expose_secret().is_empty() {
        return None;
    }
    // A token belongs to corporation and application: two of them never share one.
    let owner = format!("{corpid}-{agentid}");
    Some(Arc::new(Agent {
        http: http.clone(),
        base_url: Arc::clone(base_url),
        tokens: TokenKeeper::new(&owner, clock, share.clone()),
        corpid,
        agentid,
        secret,
    }))
}

impl Wecom {
    /// Obtains a token without using it: proves that address, corporation and secret are right.
    pub async fn prove(&self) -> Result<(), Failure> {
        let agent = self.agent(Endpoint::WecomToken)?;
        let fetch = move |_force: bool| agent.fetch_token().boxed();
        agent.tokens.current(&fetch).await.map(drop)
    }
}

impl Agent {
    /// Posts `body` with the token; renews it and replays once when WeCom refuses the token, which
    /// means that nothing was done.
    async fn post<B: Serialize + Sync>(
        &self,
        endpoint: Endpoint,
        body: &B,
    ) -> Result<Reply, Failure> {
        let fetch = move |_force: bool| self.fetch_token().boxed();
        let token = self.tokens.current(&fetch).await?;
        match self.call(endpoint, &token, body).await {
            Err(failure) if failure.refuses_token() => {
                let renewed = self.tokens.renew(Some(&token), &fetch).await?;
                self.call(endpoint, &renewed, body).await
            }
            other => other,
        }
    }

    fn call<'a, B: Serialize + Sync>(
        &'a self,
        endpoint: Endpoint,
        token: &'a str,
        body: &'a B,
    ) -> BoxFuture<'a, Result<Reply, Failure>> {
        let posting = async move {
            let url = format!("{}{}", self.base_url, endpoint.path());
            accepted(endpoint, self.http.post_json(&url, &[("access_token", token)], body).await)
        };
        posting.boxed()
    }

    /// Fetches the token; WeCom cannot be forced to make a new one and makes one by itself when the
    /// old one died.
    async fn fetch_token(&self) -> Result<Fetched, Failure> {
        let url = format!("{}{}", self.base_url, Endpoint::WecomToken.path());
        let query = [("corpid", self.corpid.as_str()), ("corpsecret", self.secret.expose_secret())];
        let reply = accepted(Endpoint::WecomToken, self.http.get(&url, &query).await);
        let fetched = reply.and_then(|answer| read(Endpoint::WecomToken, &answer));
        fetched.map_err(Failure::before_the_call)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::{Value, json};

    use super::*;

    fn door(vector: &Value) -> Wecom {
        let text = |name: &str| vector[name].as_str().unwrap();
        let settings = Settings {
            base_url: String::new(),
            corpid: text("receive_id").into(),
            token: text("token").into(),
            aes_key: text("encoding_aes_key").into(),
            agentid: 0,
            secret: SecretString::default(),
            timeouts: Timeouts::default(),
        };
        Wecom::new(settings, Clock::System, &TokenShare::Local).unwrap()
    }

    fn query(vector: &Value) -> CallbackQuery {
        let text = |name: &str| vector[name].as_str().unwrap().to_owned();
        CallbackQuery {
            timestamp: text("timestamp"),
            nonce: text("nonce"),
            msg_signature: text("msg_signature"),
            echostr: text("encrypt"),
            ..CallbackQuery::default()
        }
    }

    fn then(vector: &Value) -> Timestamp {
        let seconds: i64 = vector["timestamp"].as_str().unwrap().parse().unwrap();
        Timestamp(seconds * 1_000_000)
    }

    fn published() -> Value {
        json!({
            "receive_id": "wx49f0ab532d5d035a",
            "token": "123456",
            "encoding_aes_key": "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR",
            "timestamp": "1411443780",
            "nonce": "437374425",
            "encrypt": "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q==",
            "msg_signature": "dd6b9c95b495b3f7e2901bfbc76c664930ffdb96",
            "plaintext": "5927782489442352469",
        })
    }

    #[test]
    fn the_published_echo_is_opened_and_nothing_that_differs_from_it() {
        let vector = published();
        let (good, now) = (query(&vector), then(&vector));
        let answer = door(&vector).verify_callback(&good, now);
        assert_eq!(answer.as_deref(), Ok("5927782489442352469"));
        let ask = |query: &CallbackQuery| door(&vector).verify_callback(query, now);
        let unescaped = CallbackQuery { echostr: good.echostr.replace('+', " "), ..good.clone() };
        assert!(unescaped.echostr.contains(' '));
        assert_eq!(ask(&unescaped), answer, "a plus that nobody escaped");
        let marked = format!("\u{feff}<xml><Encrypt>{}</Encrypt></xml>", good.echostr);
        assert_eq!(door(&vector).open_callback(&good, marked.as_bytes(), now), answer);
        let other = |nonce: &str| CallbackQuery { nonce: nonce.into(), ..good.clone() };
        assert_eq!(ask(&other("437374426")), Err(CallbackError::Forged));
        let late = Timestamp(now.0 + 301_000_000);
        assert_eq!(door(&vector).verify_callback(&good, late), Err(CallbackError::Stale));
        let mut foreign = vector.clone();
        foreign["receive_id"] = "ww1".into();
        let answer = door(&foreign).verify_callback(&good, now);
        assert!(matches!(answer, Err(CallbackError::Envelope(_))), "{answer:?}");
    }

    #[test]
    fn without_corporation_token_or_key_there_is_no_door() {
        for name in ["receive_id", "token", "encoding_aes_key"] {
            let mut vector = published();
            vector[name] = "".into();
            let answer = door(&vector).verify_callback(&query(&vector), then(&vector));
            assert_eq!(answer, Err(CallbackError::NoDoor), "{name}");
            let answer = door(&vector).open_callback(&query(&vector), b"", then(&vector));
            assert_eq!(answer, Err(CallbackError::NoDoor), "{name}");
        }
    }

    #[test]
    fn all_known_vectors_pass_the_door_as_echo_and_as_push() {
        let file = "../shared/wechat/crypto/callback_aes_vectors.json";
        let Ok(text) = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file))
        else {
            eprintln!("SKIPPED: {file} is not there");
            return;
        };
        let facts: Value = serde_json::from_str(&text).unwrap();
        let signed = |vector: &&Value| vector["msg_signature_verified"] == json!(true);
        let mut passed = 0;
        for vector in facts["vectors"].as_array().unwrap().iter().filter(signed) {
            let (query, now) = (query(vector), then(vector));
            // Some authors sealed for another receiver than the one they name.
            if vector["trailing_receive_id"] != vector["receive_id"] {
                continue;
            }
            let plain = vector["plaintext"].as_str().unwrap();
            let echo = door(vector).verify_callback(&query, now);
            assert_eq!(echo.as_deref(), Ok(plain), "{}", vector["id"]);
            let sealed = vector["encrypt"].as_str().unwrap();
            let body = format!("<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>");
            let push = door(vector).open_callback(&query, body.as_bytes(), now);
            assert_eq!(push.as_deref(), Ok(plain), "{}", vector["id"]);
            passed += 1;
        }
        assert!(passed >= 5, "only {passed} vectors were usable");
    }
}
