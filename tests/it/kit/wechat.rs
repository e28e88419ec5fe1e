//! The stand-in for WeChat and the messages a test has to account for.

use std::collections::BTreeSet;
use std::net::{SocketAddr, TcpListener};
use std::sync::Mutex;

use serde::Deserialize;
use serde_json::{Value, json};
use zhinan::clock::Clock;
use zhinan::gateway::http::{Http, Timeouts};
use zhinan::sandbox::{self, Agent, Credentials, Settings, TextAccount};

pub const MINI: &str = "wx0000000000000001";
pub const OA: &str = "wx0000000000000002";
pub const SECRET: &str = "s3cret";

/// The account for text messages that every stand-in of a test knows.
pub fn text_account() -> TextAccount {
    TextAccount {
        secret_id: "AKIDtest".into(),
        secret_key: "key-of-the-tests".into(),
        app_id: "1400006666".into(),
    }
}

/// The application at WeCom that every stand-in of a test knows.
pub fn agent() -> Agent {
    Agent { corpid: "ww6a112864f8022910".into(), agentid: 1_000_002, secret: "agent-secret".into() }
}

pub struct StandIn {
    pub address: SocketAddr,
    http: Http,
    handle: actix_web::dev::ServerHandle,
    accounted: Mutex<BTreeSet<u64>>,
}

/// A card on somebody's phone.
#[derive(Clone, Debug, Deserialize)]
pub struct Message {
    pub seq: u64,
    pub to: String,
    pub channel: String,
    pub template: String,
    pub page: Option<String>,
    pub data: std::collections::BTreeMap<String, String>,
}

impl Message {
    /// Tells whether any field holds the words.
    pub fn says(&self, words: &str) -> bool {
        self.data.values().any(|value| value.contains(words))
    }
}

impl StandIn {
    /// Serves on a free port, on the runtime that runs this.
    pub fn start(clock: Clock) -> Self {
        let named = |appid: &str| Some(Credentials { appid: appid.into(), secret: SECRET.into() });
        let settings = Settings {
            clock,
            mini: named(MINI),
            oa: named(OA),
            sms: Some(text_account()),
            wecom: Some(agent()),
            workers: 1,
        };
        let running = sandbox::serve(TcpListener::bind("127.0.0.1:0").unwrap(), settings).unwrap();
        tokio::spawn(async { running.server.await.unwrap() });
        let http = Http::new(Timeouts::default()).unwrap();
        let (address, handle) = (running.address, running.handle);
        Self { address, http, handle, accounted: Mutex::default() }
    }

    pub async fn stop(&self) {
        self.handle.stop(false).await;
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        let url = format!("http://{}{path}", self.address);
        let reply = self.http.post_json(&url, &[], &body).await.unwrap();
        let text = String::from_utf8_lossy(&reply.body);
        assert!(reply.status < 300, "{path}: {} {text}", reply.status);
        serde_json::from_slice(&reply.body).unwrap_or(Value::Null)
    }

    pub async fn login_code(&self, openid: &str) -> String {
        let made = self.post("/_sandbox/login", json!({ "openid": openid })).await;
        made["code"].as_str().unwrap().to_owned()
    }

    /// Counts how often a path was called.
    pub async fn calls(&self, path: &str) -> u64 {
        let url = format!("http://{}/_sandbox/calls", self.address);
        let reply = self.http.get(&url, &[]).await.unwrap();
        let counts: Value = serde_json::from_slice(&reply.body).unwrap();
        counts[path].as_u64().unwrap_or(0)
    }

    pub async fn messages(&self) -> Vec<Message> {
        let url = format!("http://{}/_sandbox/messages", self.address);
        // A client of its own: a pooled connection is driven by the runtime that opened it, and
        // the last question is asked while the test's own runtime stands still.
        let http = Http::new(Timeouts::default()).unwrap();
        let reply = http.get(&url, &[]).await.unwrap();
        serde_json::from_slice(&reply.body).unwrap()
    }

    /// Messages no expectation has used up.
    pub async fn unaccounted(&self) -> Vec<Message> {
        let mut messages = self.messages().await;
        let accounted = self.accounted.lock().unwrap();
        messages.retain(|one| !accounted.contains(&one.seq));
        messages
    }

    /// Uses up the oldest message that fits.
    pub async fn take(&self, fits: impl Fn(&Message) -> bool) -> Option<Message> {
        let found = self.unaccounted().await.into_iter().find(fits)?;
        self.accounted.lock().unwrap().insert(found.seq);
        Some(found)
    }

    /// Uses up everything that has arrived so far.
    pub async fn ignore(&self) {
        let seqs: Vec<u64> = self.unaccounted().await.iter().map(|one| one.seq).collect();
        self.accounted.lock().unwrap().extend(seqs);
    }
}
