//! Pushes an event to the program under test, signed and sealed as WeChat does it.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, Responder};
use rand::RngExt as _;
use serde::Deserialize;
use serde_json::{Value, json};

use super::world::Sandbox;
use crate::gateway::wechat::crypto::{AesKey, encrypt, signature};

/// What to push, and with which secrets of the receiving account.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Push {
    url: String,
    /// For the reader of a script; the secrets below decide.
    #[serde(default, rename = "app")]
    _app: String,
    token: String,
    #[serde(default)]
    aes_key: String,
    #[serde(default)]
    appid: String,
    #[serde(default)]
    format: Format,
    #[serde(default)]
    mode: Mode,
    event: Value,
    /// Seconds since the epoch, to push something stale; the clock decides when absent.
    timestamp: Option<i64>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    Xml,
    #[default]
    Json,
}

#[derive(Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    Plain,
    #[default]
    Secure,
}

/// A program that hears pushes, and what they are signed and sealed with.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ear {
    pub(super) url: String,
    token: String,
    aes_key: String,
}

impl Push {
    /// Makes a push of WeCom, which knows XML only and has no plain mode.
    pub(super) fn of_wecom(ear: Ear, corpid: &str, event: Value) -> Self {
        Self {
            url: ear.url,
            _app: String::new(),
            token: ear.token,
            aes_key: ear.aes_key,
            appid: corpid.to_owned(),
            format: Format::Xml,
            mode: Mode::Secure,
            event,
            timestamp: None,
        }
    }
}

pub(super) async fn deliver(sandbox: Data<Sandbox>, push: Json<Push>) -> impl Responder {
    send(&sandbox, &push).await
}

/// Pushes and tells what the program answered.
pub(super) async fn send(sandbox: &Sandbox, push: &Push) -> HttpResponse {
    let timestamp = push.timestamp.unwrap_or(sandbox.now().0 / 1_000_000).to_string();
    let nonce = rand::rng().random_range(100_000_000_u32..2_000_000_000).to_string();
    let Some((query, body)) = envelope(push, &timestamp, &nonce) else {
        return HttpResponse::BadRequest()
            .json(json!({ "error": "aes_key is not 43 characters of base64" }));
    };
    let content_type = match push.format {
        Format::Xml => "text/xml",
        Format::Json => "application/json",
    };
    match sandbox.outbound.push(&push.url, &query, content_type, body).await {
        Ok((status, body)) => HttpResponse::Ok().json(json!({ "status": status, "body": body })),
        Err(cause) => HttpResponse::BadGateway().json(json!({ "error": cause.to_string() })),
    }
}

type Query = Vec<(&'static str, String)>;

fn envelope(push: &Push, timestamp: &str, nonce: &str) -> Option<(Query, String)> {
    let text = written(push.format, &push.event);
    let plain = signature(&[&push.token, timestamp, nonce]);
    let mut query =
        vec![("signature", plain), ("timestamp", timestamp.into()), ("nonce", nonce.into())];
    if push.mode == Mode::Plain {
        return Some((query, text));
    }
    let sealed = encrypt(&AesKey::parse(&push.aes_key)?, rand::rng().random(), &text, &push.appid);
    let signed = signature(&[&push.token, timestamp, nonce, &sealed]);
    query.extend([("encrypt_type", "aes".to_owned()), ("msg_signature", signed)]);
    let outer = json!({ "ToUserName": push.event.get("ToUserName"), "Encrypt": sealed });
    Some((query, written(push.format, &outer)))
}

fn written(format: Format, event: &Value) -> String {
    match format {
        Format::Json => event.to_string(),
        Format::Xml => {
            let mut text = String::new();
            element(&mut text, "xml", &wrapped(event));
            text
        }
    }
}

/// Puts the `List` of a subscription event where XML has it; JSON has it at the top.
fn wrapped(event: &Value) -> Value {
    let wrapper = match event.get("Event").and_then(Value::as_str) {
        Some("subscribe_msg_popup_event") => "SubscribeMsgPopupEvent",
        Some("subscribe_msg_change_event") => "SubscribeMsgChangeEvent",
        Some("subscribe_msg_sent_event") => "SubscribeMsgSentEvent",
        _ => return event.clone(),
    };
    let mut fields = event.as_object().cloned().unwrap_or_default();
    if let Some(list) = fields.remove("List") {
        fields.insert(wrapper.to_owned(), json!({ "List": list }));
    }
    Value::Object(fields)
}

/// Writes one element; an array becomes repeated elements.
fn element(text: &mut String, name: &str, value: &Value) {
    if let Value::Array(many) = value {
        return many.iter().for_each(|one| element(text, name, one));
    }
    let content = match value {
        Value::Object(fields) => {
            let mut inner = String::new();
            fields.iter().for_each(|(key, value)| element(&mut inner, key, value));
            inner
        }
        Value::String(raw) => format!("<![CDATA[{}]]>", raw.replace("]]>", "]]]]><![CDATA[>")),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    text.extend(["<", name, ">", content.as_str(), "</", name, ">"]);
}
