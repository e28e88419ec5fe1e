//! Subscribe messages of the mini-program, the channel that reaches residents.
//!
//! There is no key by which WeChat recognises a repeat, and each send burns a consent: a doubtful
//! send must not be repeated.

use serde::Serialize;
use serde_json::Value;

use super::failure::{Class, Endpoint, Failure};
use super::template::{Answer, Sent, fields};
use super::{AppKind, Wechat};

/// One card for one user of the mini-program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscribeMessage {
    /// The user's openid at the mini-program.
    pub to: String,
    /// The template's id at the mini-program.
    pub template_id: String,
    /// Page that the card opens; `None` makes a card without a jump.
    pub page: Option<String>,
    /// Field key and value, such as `("phrase3", "已受理")`.
    pub data: Vec<(String, String)>,
}

#[derive(Serialize)]
struct Body<'a> {
    touser: &'a str,
    template_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<&'a str>,
    miniprogram_state: &'a str,
    lang: &'static str,
    data: Value,
}

impl Wechat {
    /// Sends one subscribe message, after any other to the same person; never repeat it when the
    /// failure is doubtful.
    pub async fn send_subscribe(&self, message: &SubscribeMessage) -> Result<Sent, Failure> {
        let Some(_turn) = self.inner.turns.take(&message.to).await else {
            let why = "another message to the same person is under way";
            return Err(Failure::local(Endpoint::Subscribe, Class::Retry, why));
        };
        let body = Body {
            touser: &message.to,
            template_id: &message.template_id,
            page: message.page.as_deref(),
            miniprogram_state: &self.inner.miniprogram_state,
            lang: "zh_CN",
            data: fields(&message.data),
        };
        let answer: Answer = self.post(AppKind::Mini, Endpoint::Subscribe, &body).await?;
        Ok(Sent { msgid: answer.msgid })
    }
}
