//! A phone's side of the API: signs in, acts, looks at what arrived.

use std::time::Duration;

use entity::kinds::Timestamp;
use serde_json::{Value, json};

use crate::config::Config;
use crate::gateway::http::{Http, Reply, Timeouts};

/// How long anything may take to show before the story says that it did not.
const PATIENCE: u32 = 240;
const PAUSE: Duration = Duration::from_millis(250);
/// A change may be overtaken by the engine's own; then it is seen anew and tried again.
const TRIES: u32 = 6;

/// An expectation that was not met.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StoryError(String);

impl StoryError {
    /// Says what was expected and what came instead.
    pub fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

/// Where the story plays.
#[derive(Debug)]
pub struct Stage {
    http: Http,
    url: String,
    sandbox: String,
    appid: String,
    token: String,
    aes_key: String,
    templates: [String; 3],
}

/// Somebody who signed in.
#[derive(Clone, Debug)]
pub struct Actor {
    pub openid: String,
    token: String,
}

impl Stage {
    /// Sets the stage; the callback's secrets come from the server's configuration.
    pub fn new(url: &str, sandbox: &str, config: &Config) -> Result<Self, StoryError> {
        let patience = Timeouts { connect: Duration::from_secs(2), total: Duration::from_secs(15) };
        let mini = &config.wechat.mini;
        let ids = &config.wechat.templates;
        Ok(Self {
            http: Http::new(patience).map_err(|why| StoryError::new(why.to_string()))?,
            url: url.trim_end_matches('/').to_owned(),
            sandbox: sandbox.trim_end_matches('/').to_owned(),
            appid: mini.appid.clone(),
            token: mini.token.expose().to_owned(),
            aes_key: mini.aes_key.expose().to_owned(),
            templates: [
                ids.resident_acknowledged.clone(),
                ids.resident_resolved.clone(),
                ids.resident_question.clone(),
            ],
        })
    }

    /// Signs in as the mini-program does: WeChat's code against a token.
    pub async fn sign_in(&self, openid: &str) -> Result<Actor, StoryError> {
        let login = self.at_sandbox("login", &json!({ "openid": openid })).await?;
        let url = format!("{}/api/v1/auth/wechat", self.url);
        let body = json!({ "code": login.get("code") });
        let session = self.send("POST", &url, &[], Some(&body)).await?;
        let token = session.get("access_token").and_then(Value::as_str);
        let token = token.ok_or_else(|| StoryError::new("登录没有返回 access_token"))?;
        Ok(Actor { openid: openid.to_owned(), token: token.to_owned() })
    }

    /// The resident taps "allow" on all templates: WeChat notes it and tells the server.
    pub async fn consent(&self, openid: &str, second: i64) -> Result<(), StoryError> {
        let mut list = Vec::new();
        for id in &self.templates {
            let grant = json!({ "openid": openid, "template_id": id, "count": 1 });
            self.at_sandbox("credits", &grant).await?;
            list.push(
                json!({ "TemplateId": id, "SubscribeStatusString": "accept", "PopupScene": "0" }),
            );
        }
        let event = json!({
            "ToUserName": "gh_demo", "FromUserName": openid, "CreateTime": second,
            "MsgType": "event", "Event": "subscribe_msg_popup_event", "List": list,
        });
        let push = json!({
            "url": format!("{}/wechat/mp", self.url), "app": "mini", "appid": self.appid,
            "token": self.token, "aes_key": self.aes_key, "event": event,
        });
        let answer = self.at_sandbox("callbacks", &push).await?;
        match answer.get("status").and_then(Value::as_u64) {
            Some(200) => Ok(()),
            _ => Err(StoryError::new(format!("微信回调没有被接受：{answer}"))),
        }
    }

    /// Gets as somebody.
    pub async fn get(&self, who: &Actor, path: &str) -> Result<Value, StoryError> {
        let bearer = format!("Bearer {}", who.token);
        let url = format!("{}{path}", self.url);
        self.send("GET", &url, &[("Authorization", &bearer)], None).await
    }

    /// Reports a case.
    pub async fn report(&self, who: &Actor, key: &str, body: &Value) -> Result<Value, StoryError> {
        let bearer = format!("Bearer {}", who.token);
        let headers = [("Authorization", bearer.as_str()), ("Idempotency-Key", key)];
        self.send("POST", &format!("{}/api/v1/cases", self.url), &headers, Some(body)).await
    }

    /// Does something to a case as somebody who sees its present version.
    pub async fn act(
        &self,
        who: &Actor,
        case: i64,
        verb: &str,
        mut body: Value,
    ) -> Result<Value, StoryError> {
        let bearer = format!("Bearer {}", who.token);
        let headers = [("Authorization", bearer.as_str())];
        let path = format!("/api/v1/cases/{case}");
        let url = format!("{}{path}/{verb}", self.url);
        for _ in 0..TRIES {
            let seen = self.get(who, &path).await?;
            if let (Some(fields), Some(version)) = (body.as_object_mut(), seen.get("version")) {
                fields.insert("expected_version".into(), version.clone());
            }
            let reply = self.exchange("POST", &url, &headers, Some(&body)).await?;
            if reply.status != 409 || !says(&reply, "version_conflict") {
                return read(&url, &reply);
            }
        }
        Err(StoryError::new(format!("{verb} 总是被别的更新抢先")))
    }

    /// Waits until a card about the case is on somebody's phone.
    pub async fn arrives(&self, openid: &str, number: &str) -> Result<Value, StoryError> {
        let url = format!("{}/_sandbox/messages?to={openid}", self.sandbox);
        for _ in 0..PATIENCE {
            let cards = self.send("GET", &url, &[], None).await?;
            let about = |card: &&Value| text(card, "/data/character_string1") == number;
            if let Some(card) = cards.as_array().and_then(|cards| cards.iter().find(about)) {
                return Ok(card.clone());
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(StoryError::new(format!("{openid} 没有收到关于 {number} 的消息")))
    }

    async fn at_sandbox(&self, path: &str, body: &Value) -> Result<Value, StoryError> {
        self.send("POST", &format!("{}/_sandbox/{path}", self.sandbox), &[], Some(body)).await
    }

    async fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Value, StoryError> {
        read(url, &self.exchange(method, url, headers, body).await?)
    }

    async fn exchange(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Reply, StoryError> {
        let reply = self.http.send(method, url, headers, body).await;
        reply.map_err(|why| StoryError::new(format!("{method} {url}：{why}")))
    }
}

fn read(url: &str, reply: &Reply) -> Result<Value, StoryError> {
    let body = String::from_utf8_lossy(&reply.body);
    if reply.status >= 300 {
        return Err(StoryError::new(format!("{url} 回答 {}：{body}", reply.status)));
    }
    serde_json::from_str(&body).map_err(|why| StoryError::new(format!("{url}：{why}")))
}

fn says(reply: &Reply, word: &str) -> bool {
    String::from_utf8_lossy(&reply.body).contains(word)
}

/// Reads a text out of an answer; empty when it is not there.
pub fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Writes an instant for a query.
pub fn instant(at: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(at.0).unwrap_or_default().to_string()
}
