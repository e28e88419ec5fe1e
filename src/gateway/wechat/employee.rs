//! Employee-relation messages (用工关系消息): to people who declared in the mini-program that they
//! work for its operator. They land in 小程序助手.
//!
//! The call has no key by which a repeat is recognised, and answers with a number only.

use serde::Serialize;
use serde_json::{Value, json};

use super::failure::{Endpoint, Failure};
use super::template::{Answer, Sent, fields};
use super::{AppKind, Wechat};

/// One card for one employee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmployeeMessage {
    /// The person's openid at the mini-program.
    pub to: String,
    /// The template's id at the mini-program.
    pub template_id: String,
    /// Page that the card opens.
    pub page: String,
    /// Field key and value, such as `("thing2", "水电气暖")`.
    pub data: Vec<(String, String)>,
}

#[derive(Serialize)]
struct Body<'a> {
    touser: &'a str,
    template_id: &'a str,
    page: &'a str,
    /// JSON within a string: `{"data":{"thing1":{"value":"…"}}}`.
    data: String,
}

impl Wechat {
    /// Sends one message; never repeat it when the failure is doubtful.
    pub async fn send_employee(&self, message: &EmployeeMessage) -> Result<Sent, Failure> {
        let data: Value = json!({ "data": fields(&message.data) });
        let body = Body {
            touser: &message.to,
            template_id: &message.template_id,
            page: &message.page,
            data: data.to_string(),
        };
        let answer: Answer = self.post(AppKind::Mini, Endpoint::Employee, &body).await?;
        Ok(Sent { msgid: answer.msgid })
    }
}
