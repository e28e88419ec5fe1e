//! The two ways to put a card on a phone.

use std::collections::BTreeMap;

use actix_web::web::{Bytes, Data, Json};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::fields;
use super::mailbox::{Instant, Message};
use super::refusal::{Answer, Refusal};
use super::world::Sandbox;

#[derive(Deserialize)]
struct TemplateSend {
    #[serde(default)]
    touser: String,
    #[serde(default)]
    template_id: String,
    miniprogram: Option<Jump>,
    client_msg_id: Option<String>,
    #[serde(default)]
    data: BTreeMap<String, Field>,
}

#[derive(Deserialize)]
struct Jump {
    pagepath: Option<String>,
}

#[derive(Deserialize)]
struct SubscribeSend {
    #[serde(default)]
    touser: String,
    #[serde(default)]
    template_id: String,
    page: Option<String>,
    #[serde(default)]
    data: BTreeMap<String, Field>,
}

#[derive(Deserialize)]
struct Field {
    #[serde(default)]
    value: String,
}

/// Reads a body as WeChat does, whatever its declared type.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    if body.is_empty() {
        return Err(Refusal::of(44002));
    }
    serde_json::from_slice(body)
        .map_err(|why| Refusal::new(47001, &format!("data format error: {why}")))
}

pub(super) async fn template(sandbox: Data<Sandbox>, body: Bytes) -> Answer {
    let send: TemplateSend = read(&body)?;
    check_recipient(&sandbox, &send.touser, 43004)?;
    check_template(&send.template_id)?;
    let message = Message {
        seq: 0,
        channel: "template",
        data: shown(send.data)?,
        page: send.miniprogram.and_then(|jump| jump.pagepath),
        to: send.touser,
        template: send.template_id,
        client_msg_id: send.client_msg_id.filter(|id| !id.is_empty()),
        received_at: Instant(sandbox.now()),
        repeats: 0,
    };
    let msgid = sandbox.world().mailbox.deliver(message);
    Ok(Json(json!({ "errcode": 0, "errmsg": "ok", "msgid": msgid })))
}

pub(super) async fn subscribe(sandbox: Data<Sandbox>, body: Bytes) -> Answer {
    let send: SubscribeSend = read(&body)?;
    check_recipient(&sandbox, &send.touser, 43101)?;
    check_template(&send.template_id)?;
    if send.page.as_deref().is_some_and(|page| page.starts_with("http")) {
        return Err(Refusal::of(41030));
    }
    let data = shown(send.data)?;
    let mut world = sandbox.world();
    if world.is_under_way(&send.touser) {
        return Err(Refusal::of(43108));
    }
    // A long-term consent stands however often it is used.
    let stands = world.templates.get(&send.template_id).is_some_and(|one| one.long_term);
    let consent = world.credits.get_mut(&(send.touser.clone(), send.template_id.clone()));
    match consent.filter(|left| **left > 0) {
        Some(left) => *left -= u64::from(!stands),
        None => return Err(Refusal::of(43101)),
    }
    let message = Message {
        seq: 0,
        channel: "subscribe",
        data,
        page: send.page,
        to: send.touser,
        template: send.template_id,
        client_msg_id: None,
        received_at: Instant(sandbox.now()),
        repeats: 0,
    };
    let msgid = world.mailbox.deliver(message);
    Ok(Json(json!({ "errcode": 0, "errmsg": "ok", "msgid": msgid })))
}

#[derive(Deserialize)]
struct EmployeeSend {
    #[serde(default)]
    touser: String,
    #[serde(default)]
    template_id: String,
    #[serde(default)]
    page: String,
    /// JSON within a string.
    #[serde(default)]
    data: String,
}

#[derive(Deserialize)]
struct Fields {
    data: BTreeMap<String, Field>,
}

pub(super) async fn employee(sandbox: Data<Sandbox>, body: Bytes) -> Answer {
    let send: EmployeeSend = read(&body)?;
    let fields: Fields = serde_json::from_str(&send.data)
        .map_err(|why| Refusal::new(40097, &format!("invalid args: {why}")))?;
    check_template(&send.template_id)?;
    let data = shown(fields.data)?;
    let mut world = sandbox.world();
    if !world.employees.contains(&send.touser) {
        return Err(Refusal::new(40256, "the user is not bound as employee"));
    }
    if world.faults.blocks.contains(&send.touser) {
        return Err(Refusal::new(50001, "the user did not subscribe the template"));
    }
    let message = Message {
        seq: 0,
        channel: "employee",
        data,
        page: Some(send.page).filter(|page| !page.is_empty()),
        to: send.touser,
        template: send.template_id,
        client_msg_id: None,
        received_at: Instant(sandbox.now()),
        repeats: 0,
    };
    world.mailbox.deliver(message);
    Ok(Json(json!({ "errcode": 0, "errmsg": "ok" })))
}

fn check_recipient(sandbox: &Sandbox, openid: &str, refuses: i64) -> Result<(), Refusal> {
    let world = sandbox.world();
    if openid.is_empty() || world.faults.unknown.contains(openid) {
        return Err(Refusal::of(40003));
    }
    if world.faults.blocks.contains(openid) {
        return Err(Refusal::of(refuses));
    }
    Ok(())
}

fn check_template(template_id: &str) -> Result<(), Refusal> {
    if template_id.is_empty() { Err(Refusal::of(40037)) } else { Ok(()) }
}

/// Returns what the card shows, or names the field that breaks its type's rule.
fn shown(data: BTreeMap<String, Field>) -> Result<BTreeMap<String, String>, Refusal> {
    if data.is_empty() {
        return Err(Refusal::new(47003, "argument invalid! data is empty"));
    }
    for (key, field) in &data {
        if !fields::fits(key, &field.value) {
            let words = format!("argument invalid! data.{key}.value invalid");
            return Err(Refusal::new(47003, &words));
        }
    }
    let visible = data.into_iter().filter(|(key, _)| !fields::vanishes(key));
    Ok(visible.map(|(key, field)| (key, field.value)).collect())
}
