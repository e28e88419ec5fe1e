//! A sandbox on a free port and the gateway pointed at it, both on one manual clock.

use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::Ordering;
use std::time::Duration;

use entity::kinds::Timestamp;
use secrecy::SecretString;
use serde_json::{Value, json};
use zhinan::clock::Clock;
use zhinan::gateway::http::{Http, Timeouts};
use zhinan::gateway::wechat::{
    App, Settings, SubscribeMessage, TemplateMessage, TokenShare, Wechat,
};
use zhinan::sandbox;

pub const AES_KEY: &str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";
pub const TOKEN: &str = "QDG6eK";
pub const MINI: &str = "wx0000000000000001";
pub const OA: &str = "wx0000000000000002";

pub struct Stand {
    pub clock: Clock,
    pub address: SocketAddr,
    http: Http,
    handle: actix_web::dev::ServerHandle,
}

impl Stand {
    pub fn start() -> Self {
        let clock = Clock::manual(Timestamp(1_700_000_000_000_000));
        let named = |appid: &str| {
            Some(sandbox::Credentials { appid: appid.into(), secret: "s3cret".into() })
        };
        let settings = sandbox::Settings {
            clock: clock.clone(),
            mini: named(MINI),
            oa: named(OA),
            sms: Some(crate::kit::wechat::text_account()),
            wecom: Some(crate::kit::wechat::agent()),
            workers: 2,
        };
        let running = sandbox::serve(TcpListener::bind("127.0.0.1:0").unwrap(), settings).unwrap();
        spawn(async { running.server.await.unwrap() });
        let http = Http::new(Timeouts::default()).unwrap();
        Self { clock, address: running.address, http, handle: running.handle }
    }

    pub fn settings(&self) -> Settings {
        let app = |appid: &str| App {
            appid: appid.into(),
            secret: SecretString::from("s3cret"),
            token: SecretString::from(TOKEN),
            aes_key: SecretString::from(AES_KEY),
        };
        Settings {
            base_url: format!("http://{}/", self.address),
            mini: app(MINI),
            oa: app(OA),
            miniprogram_state: "formal".into(),
            timeouts: Timeouts::default(),
        }
    }

    pub fn wechat(&self) -> Wechat {
        self.wechat_with(self.settings())
    }

    pub fn wechat_with(&self, settings: Settings) -> Wechat {
        Wechat::new(settings, self.clock.clone(), &TokenShare::Local).unwrap()
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        let url = format!("http://{}{path}", self.address);
        let reply = self.http.post_json(&url, &[], &body).await.unwrap();
        assert!(
            reply.status < 300,
            "{path}: {} {}",
            reply.status,
            String::from_utf8_lossy(&reply.body)
        );
        serde_json::from_slice(&reply.body).unwrap_or(Value::Null)
    }

    pub async fn get(&self, path: &str) -> Value {
        let reply = self.http.get(&format!("http://{}{path}", self.address), &[]).await.unwrap();
        serde_json::from_slice(&reply.body).unwrap()
    }

    pub async fn faults(&self, faults: Value) {
        self.post("/_sandbox/faults", faults).await;
    }

    /// How often a path was called so far.
    pub async fn calls(&self, path: &str) -> u64 {
        self.get("/_sandbox/calls").await[path].as_u64().unwrap_or(0)
    }

    pub async fn messages(&self) -> Vec<Value> {
        self.get("/_sandbox/messages").await.as_array().unwrap().clone()
    }

    pub async fn login_code(&self, openid: &str) -> String {
        let made =
            self.post("/_sandbox/login", json!({ "openid": openid, "unionid": " u-1 " })).await;
        made["code"].as_str().unwrap().to_owned()
    }

    pub fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Puts the clock back, as somebody who sets it right does.
    pub fn put_back(&self, seconds: i64) {
        let Clock::Manual(at) = &self.clock else { panic!("a real clock is not moved") };
        at.fetch_sub(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

#[expect(clippy::disallowed_methods, reason = "a test owns its servers and ends with them")]
pub fn spawn(task: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(task);
}

pub fn card(to: &str, client_msg_id: &str) -> TemplateMessage {
    TemplateMessage {
        to: to.into(),
        template_id: "T-assigned".into(),
        page: Some("pages/case/index?id=7".into()),
        client_msg_id: client_msg_id.into(),
        data: vec![
            ("thing2".into(), "3栋2单元漏水".into()),
            ("time4".into(), "2026-07-30 09:42".into()),
        ],
    }
}

pub fn note(to: &str) -> SubscribeMessage {
    SubscribeMessage {
        to: to.into(),
        template_id: "T-accepted".into(),
        page: None,
        data: vec![("phrase1".into(), "已受理".into())],
    }
}
