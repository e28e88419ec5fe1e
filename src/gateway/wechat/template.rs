//! Template messages of the official account, the channel that reaches workers.
//!
//! WeChat delivers one message per (openid, `client_msg_id`) within 10 minutes, so a doubtful
//! send may be repeated with the same id while it is younger than that.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::failure::{Endpoint, Failure};
use super::{AppKind, Wechat};

/// One card for one follower.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateMessage {
    /// The follower's openid at the official account.
    pub to: String,
    /// The template's id at the official account.
    pub template_id: String,
    /// Mini-program page that the card opens; `None` makes a card without a jump.
    pub page: Option<String>,
    /// The key by which WeChat recognises a repeat.
    pub client_msg_id: String,
    /// Field key and value, such as `("thing2", "3栋2单元漏水")`.
    pub data: Vec<(String, String)>,
}

/// WeChat took the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// WeChat's number, by which the delivery event refers to it; above 2^53, so a string in JSON.
    pub msgid: Option<i64>,
}

#[derive(Serialize)]
struct Body<'a> {
    touser: &'a str,
    template_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    miniprogram: Option<Jump<'a>>,
    client_msg_id: &'a str,
    data: Value,
}

#[derive(Serialize)]
struct Jump<'a> {
    appid: &'a str,
    pagepath: &'a str,
}

#[derive(Deserialize)]
pub(super) struct Answer {
    #[serde(default, deserialize_with = "super::tolerant::maybe_integer")]
    pub(super) msgid: Option<i64>,
}

impl Wechat {
    /// Sends one template message; the failure says whether it may have arrived all the same.
    pub async fn send_template(&self, message: &TemplateMessage) -> Result<Sent, Failure> {
        let appid = &self.account(AppKind::Mini).appid;
        let body = Body {
            touser: &message.to,
            template_id: &message.template_id,
            miniprogram: message.page.as_deref().map(|pagepath| Jump { appid, pagepath }),
            client_msg_id: &message.client_msg_id,
            data: fields(&message.data),
        };
        let answer: Answer = self.post(AppKind::Oa, Endpoint::Template, &body).await?;
        Ok(Sent { msgid: answer.msgid })
    }
}

/// Lays fields out as WeChat wants them: `{"thing2": {"value": "…"}}`.
pub(super) fn fields(data: &[(String, String)]) -> Value {
    data.iter()
        .map(|(key, value)| (key.clone(), json!({ "value": value })))
        .collect::<Map<_, _>>()
        .into()
}
