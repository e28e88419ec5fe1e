//! WeChat's server API, as far as this program needs it: one file per call.
//!
//! `Wechat` speaks for two accounts, the mini-program (residents log in and subscribe there) and
//! the official account (template messages to workers). The only thing it ever repeats is a call
//! that WeChat refused because of its token, once; whether to try again is the engine's decision.

pub mod callback;
pub mod crypto;
pub mod event;
pub(in crate::gateway) mod call;
pub(in crate::gateway) mod failure;
mod employee;
mod follower;
mod login;
mod media;
mod phone;
mod quota;
mod security;
mod share;
mod subscribe;
mod template;
mod templates;
pub(in crate::gateway) mod token;
pub(in crate::gateway) mod tolerant;
mod turns;
mod wxacode;
mod xml;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

pub use callback::{CallbackError, CallbackQuery, MAX_DRIFT_SECONDS};
pub use employee::EmployeeMessage;
pub use event::{Choice, Delivery, Event, Notification, SentReport};
pub use failure::{Class, Endpoint, Failure, classify};
pub use follower::{BATCH, Follower, Followers, SceneCode};
pub use login::Session;
pub use media::MediaKind;
pub use phone::PhoneNumber;
pub use security::Verdict;
pub use share::{Board, Note, TokenShare};
pub use subscribe::SubscribeMessage;
pub use template::{Sent, TemplateMessage};
pub use templates::ListedTemplate;
pub use wxacode::CodeRequest;

use crate::clock::Clock;
use crate::gateway::http::{Http, HttpError, Timeouts};
use callback::Door;
use token::TokenKeeper;
use turns::Turns;

/// One WeChat account's credentials.
#[derive(Clone, Debug)]
pub struct App {
    /// The public id.
    pub appid: String,
    /// `AppSecret`.
    pub secret: SecretString,
    /// Token of the callback configuration.
    pub token: SecretString,
    /// `EncodingAESKey` of the callback configuration; empty means callbacks come in plain mode.
    pub aes_key: SecretString,
}

/// Which of the two accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppKind {
    /// The mini-program.
    Mini,
    /// The official account (服务号).
    Oa,
}

/// Everything `Wechat` has to be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `https://api.weixin.qq.com`, or the address of a sandbox; no trailing slash needed.
    pub base_url: String,
    /// The mini-program.
    pub mini: App,
    /// The official account.
    pub oa: App,
    /// Which edition of the mini-program a card opens: `formal`, `trial` or `developer`.
    pub miniprogram_state: String,
    /// How long to wait for WeChat.
    pub timeouts: Timeouts,
}

/// Why `Wechat` could not be built.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The HTTP client.
    #[error("preparing calls to WeChat")]
    Http(#[source] HttpError),
    /// An `EncodingAESKey` that is not 43 characters of base64.
    #[error("the EncodingAESKey of {appid} is not valid")]
    AesKey {
        /// Whose key.
        appid: String,
    },
}

/// WeChat's server API. Cheap to clone; all clones share the tokens.
#[derive(Clone)]
pub struct Wechat {
    inner: Arc<Inner>,
}

impl std::fmt::Debug for Wechat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wechat").field("base_url", &self.inner.base_url).finish_non_exhaustive()
    }
}

struct Inner {
    http: Http,
    base_url: String,
    miniprogram_state: String,
    turns: Turns,
    clock: Clock,
    mini: Account,
    oa: Account,
}

struct Account {
    appid: String,
    secret: SecretString,
    tokens: TokenKeeper,
    door: Door,
}

impl Wechat {
    /// Builds the client without touching the network; fails on an invalid `EncodingAESKey`.
    pub fn new(settings: Settings, clock: Clock, share: &TokenShare) -> Result<Self, SetupError> {
        let http = Http::new(settings.timeouts).map_err(SetupError::Http)?;
        let account = |app: App| -> Result<Account, SetupError> {
            Ok(Account {
                door: Door::new(&app)?,
                tokens: TokenKeeper::new(&app.appid, clock.clone(), share.clone()),
                appid: app.appid,
                secret: app.secret,
            })
        };
        Ok(Self {
            inner: Arc::new(Inner {
                http,
                base_url: settings.base_url.trim_end_matches('/').to_owned(),
                miniprogram_state: settings.miniprogram_state,
                turns: Turns::default(),
                mini: account(settings.mini)?,
                oa: account(settings.oa)?,
                clock,
            }),
        })
    }

    /// Answers WeChat's GET check of the callback address; the caller then echoes `echostr`.
    pub fn verify_callback(
        &self,
        kind: AppKind,
        query: &CallbackQuery,
    ) -> Result<(), CallbackError> {
        self.account(kind).door.verify(query, self.inner.clock.now())
    }

    /// Authenticates one pushed body and returns its inner text (XML or JSON), for
    /// `Notification::parse`. Fails on anything forged, stale, oversized or meant for another app.
    pub fn open_callback(
        &self,
        kind: AppKind,
        query: &CallbackQuery,
        body: &[u8],
    ) -> Result<String, CallbackError> {
        self.account(kind).door.open(query, body, self.inner.clock.now())
    }

    fn account(&self, kind: AppKind) -> &Account {
        match kind {
            AppKind::Mini => &self.inner.mini,
            AppKind::Oa => &self.inner.oa,
        }
    }

    fn url(&self, endpoint: Endpoint) -> String {
        format!("{}{}", self.inner.base_url, endpoint.path())
    }
}

impl Account {
    fn secret(&self) -> &str {
        self.secret.expose_secret()
    }
}
