//! Tokens and logins: the calls that carry an `AppSecret` instead of a token.

use std::collections::HashMap;
use std::time::Duration;

use actix_web::web::{Bytes, Data, Json, Query};
use entity::kinds::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::Credentials;
use super::refusal::{Answer, Refusal};
use super::sends::read;
use super::world::{Sandbox, random_text};

const CODE_LIFE: Duration = Duration::from_mins(5);

/// Codes that work once and for 5 minutes.
pub(super) struct Codes<T> {
    open: HashMap<String, (T, Timestamp)>,
    used: HashMap<String, Timestamp>,
}

impl<T> Default for Codes<T> {
    fn default() -> Self {
        Self { open: HashMap::new(), used: HashMap::new() }
    }
}

impl<T> Codes<T> {
    /// Makes a code that stands for `what`.
    pub(super) fn make(&mut self, what: T, now: Timestamp) -> String {
        let code = random_text("0");
        self.open.insert(code.clone(), (what, now + CODE_LIFE));
        code
    }

    /// Uses a code up; `used` is the refusal for one that was used before.
    pub(super) fn take(&mut self, code: &str, used: i64, now: Timestamp) -> Result<T, Refusal> {
        self.used.retain(|_, until| *until > now);
        if self.used.contains_key(code) {
            return Err(Refusal::of(used));
        }
        let (what, until) = self.open.remove(code).ok_or_else(|| Refusal::of(40029))?;
        if until <= now {
            return Err(Refusal::of(40029));
        }
        self.used.insert(code.to_owned(), until);
        Ok(what)
    }
}

/// A request for a token, as JSON at the stable endpoint and as a query at the older one.
#[derive(Deserialize)]
pub(super) struct TokenRequest {
    #[serde(default)]
    grant_type: String,
    #[serde(default)]
    appid: String,
    #[serde(default)]
    secret: String,
    #[serde(default)]
    force_refresh: bool,
}

pub(super) async fn stable_token(sandbox: Data<Sandbox>, body: Bytes) -> Answer {
    let asked: TokenRequest = read(&body)?;
    check_grant(&sandbox, &asked)?;
    let now = sandbox.now();
    let (token, left) = sandbox.world().tokens.stable(&asked.appid, asked.force_refresh, now)?;
    Ok(Json(json!({ "access_token": token, "expires_in": left })))
}

pub(super) async fn token(sandbox: Data<Sandbox>, asked: Query<TokenRequest>) -> Answer {
    check_grant(&sandbox, &asked)?;
    let now = sandbox.now();
    let (token, left) = sandbox.world().tokens.plain(&asked.appid, now);
    Ok(Json(json!({ "access_token": token, "expires_in": left })))
}

fn check_grant(sandbox: &Sandbox, asked: &TokenRequest) -> Result<(), Refusal> {
    if asked.grant_type != "client_credential" {
        return Err(Refusal::new(40002, "invalid grant_type"));
    }
    let known = [&sandbox.settings.mini, &sandbox.settings.oa];
    check_secret(&known, &asked.appid, &asked.secret)
}

/// Accepts any credentials unless the settings name some.
fn check_secret(known: &[&Option<Credentials>], appid: &str, secret: &str) -> Result<(), Refusal> {
    if appid.is_empty() {
        return Err(Refusal::new(41002, "appid missing"));
    }
    if secret.is_empty() {
        return Err(Refusal::new(41004, "appsecret missing"));
    }
    let mut named = known.iter().filter_map(|one| one.as_ref()).peekable();
    if named.peek().is_none() {
        return Ok(());
    }
    match named.find(|one| one.appid == appid) {
        None => Err(Refusal::of(40013)),
        Some(one) if one.secret != secret => Err(Refusal::of(40125)),
        Some(_) => Ok(()),
    }
}

#[derive(Deserialize)]
pub(super) struct LoginQuery {
    #[serde(default)]
    appid: String,
    #[serde(default)]
    secret: String,
    #[serde(default)]
    js_code: String,
    #[serde(default)]
    grant_type: String,
}

pub(super) async fn jscode2session(sandbox: Data<Sandbox>, asked: Query<LoginQuery>) -> Answer {
    if asked.grant_type != "authorization_code" {
        return Err(Refusal::new(40002, "invalid grant_type"));
    }
    check_secret(&[&sandbox.settings.mini], &asked.appid, &asked.secret)?;
    let now = sandbox.now();
    let login = sandbox.world().logins.take(&asked.js_code, 40163, now)?;
    let mut answer = json!({ "openid": login.openid, "session_key": random_text("") });
    if let (Some(unionid), Some(fields)) = (login.unionid, answer.as_object_mut()) {
        fields.insert("unionid".to_owned(), unionid.into());
    }
    Ok(Json(answer))
}
