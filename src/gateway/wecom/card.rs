//! Cards of the application: one with a button that acknowledges, or one that only tells.
//!
//! WeCom drops a repeat of the same request within `duplicate_check_interval`, so the body holds
//! nothing that differs from try to try. An answer may say yes and still name the addressee among
//! those it did not reach.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::failure::NOBODY;
use super::{Agent, Wecom};
use crate::gateway::wechat::Class;
use crate::gateway::wechat::call::read;
use crate::gateway::wechat::failure::{Endpoint, Failure};
use crate::gateway::wechat::tolerant;

/// For how many seconds WeCom recognises a repeat; the most is four hours.
pub const REPEAT_KNOWN_S: u32 = 1_800;

/// A button of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Button {
    /// What it says.
    pub text: &'static str,
    /// What a press brings back.
    pub key: &'static str,
}

/// One card for one member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// The member's userid.
    pub to: String,
    /// Unlike every other task of the application; letters, digits, `_`, `-` and `@`.
    pub task_id: String,
    /// At most 26 characters.
    pub title: String,
    /// Name (at most 5 characters) and value (at most 26) of up to six lines.
    pub lines: Vec<(String, String)>,
    /// Without a button the card only tells.
    pub button: Option<Button>,
    /// The mini-program and the page that a tap opens; it must be linked with the corporation.
    pub opens: (String, String),
}

/// WeCom took the card over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// By which the card can be changed, once and within a day; only cards with a button have one.
    pub response_code: Option<String>,
}

/// The end of a card's button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// Whose card.
    pub userid: String,
    /// The code that sending or a press brought.
    pub response_code: String,
    /// What stands in the button's place.
    pub words: String,
}

#[derive(Serialize)]
struct Body<'a> {
    touser: &'a str,
    msgtype: &'static str,
    agentid: i64,
    enable_duplicate_check: u8,
    duplicate_check_interval: u32,
    template_card: Value,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default, deserialize_with = "tolerant::names")]
    invaliduser: String,
    #[serde(default, deserialize_with = "tolerant::names")]
    unlicenseduser: String,
    #[serde(default, deserialize_with = "tolerant::text")]
    response_code: String,
}

impl Wecom {
    /// Sends one card; the failure says whether it may have arrived all the same.
    pub async fn send_card(&self, card: &Card) -> Result<Shown, Failure> {
        let agent = self.agent(Endpoint::WecomSend)?;
        let body = Body {
            touser: &card.to,
            msgtype: "template_card",
            agentid: agent.agentid,
            enable_duplicate_check: 1,
            duplicate_check_interval: REPEAT_KNOWN_S,
            template_card: drawn(card),
        };
        let reply = agent.post(Endpoint::WecomSend, &body).await?;
        let answer: Answer = read(Endpoint::WecomSend, &reply)?;
        for (list, named) in
            [("invaliduser", &answer.invaliduser), ("unlicenseduser", &answer.unlicenseduser)]
        {
            // Userids come back in lower case, whatever their case was.
            if named.split('|').any(|one| one.eq_ignore_ascii_case(&card.to)) {
                return Err(unreached(list));
            }
        }
        Ok(Shown { response_code: Some(answer.response_code).filter(|code| !code.is_empty()) })
    }

    /// Replaces the button of a card by words; the code is used up by it.
    pub async fn close_card(&self, closing: &Closing) -> Result<(), Failure> {
        let agent = self.agent(Endpoint::WecomUpdate)?;
        let body = json!({
            "userids": [closing.userid],
            "agentid": agent.agentid,
            "response_code": closing.response_code,
            "button": { "replace_name": closing.words },
        });
        agent.post(Endpoint::WecomUpdate, &body).await.map(drop)
    }

    pub(super) fn agent(&self, endpoint: Endpoint) -> Result<&Agent, Failure> {
        let missing = "no application is configured";
        let none = || Failure::local(endpoint, Class::ConfigError, missing);
        self.agent.as_deref().ok_or_else(none)
    }
}

/// The answer was a yes, and the one whom it was for is among those it did not reach.
fn unreached(list: &str) -> Failure {
    let failure = Failure::local(Endpoint::WecomSend, Class::DropRecipient, list);
    Failure { errcode: Some(NOBODY), ..failure }
}

fn drawn(card: &Card) -> Value {
    let lines = card.lines.iter().map(|(name, value)| json!({ "keyname": name, "value": value }));
    let (appid, page) = &card.opens;
    let mut drawn = json!({
        "card_type": "text_notice",
        "main_title": { "title": card.title },
        "horizontal_content_list": lines.collect::<Vec<_>>(),
        "card_action": { "type": 2, "appid": appid, "pagepath": page },
        "task_id": card.task_id,
    });
    if let (Some(button), Some(fields)) = (card.button, drawn.as_object_mut()) {
        fields.insert("card_type".to_owned(), "button_interaction".into());
        let one = json!({ "text": button.text, "style": 1, "key": button.key });
        fields.insert("button_list".to_owned(), json!([one]));
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_is_no_text_makes_no_yes_doubtful() {
        for (body, code) in [
            (r#"{"errcode":0,"response_code":"c"}"#, "c"),
            (r#"{"errcode":0,"response_code":7}"#, "7"),
            (r#"{"errcode":0,"response_code":null}"#, ""),
            (r#"{"errcode":0,"response_code":{}}"#, ""),
            (r#"{"errcode":0}"#, ""),
        ] {
            let answer: Answer = serde_json::from_str(body).unwrap();
            assert_eq!(answer.response_code, code, "{body}");
        }
    }
}
