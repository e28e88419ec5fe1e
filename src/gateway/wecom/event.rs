//! What WeCom tells us, in our own shapes. Its events share names with WeChat's and mean other
//! things, so they are read here and nowhere else.

use serde_json::Value;

use crate::gateway::wechat::CallbackError;
use crate::gateway::wechat::callback::{document, field};
use crate::gateway::wechat::tolerant::{as_integer, as_text};

/// One push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// `CreateTime`, seconds since the epoch; 0 when absent.
    pub created_at: i64,
    /// What happened.
    pub event: Event,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A member pressed a button of a card.
    CardPressed {
        /// Who, in lower case: WeCom does not tell cases apart.
        userid: String,
        /// The `task_id` of the card.
        task_id: String,
        /// The key of the button.
        key: String,
        /// By which the card can be changed now; empty when absent.
        response_code: String,
    },
    /// A member was removed from the address book.
    MemberDeleted {
        /// Who, in lower case.
        userid: String,
    },
    /// A member was changed in the address book.
    MemberChanged {
        /// Who, in lower case, as he was called before.
        userid: String,
        /// What he is called now, in lower case, when that changed.
        renamed: Option<String>,
        /// Whether he can use WeCom, when that changed: 1 does, 2, 4 and 5 do not.
        active: Option<bool>,
    },
    /// A member was entered in the address book, which does not say whether he uses WeCom.
    MemberEntered {
        /// Who, in lower case.
        userid: String,
    },
    /// A member came into the application's range, or left it.
    MemberInRange {
        /// Who, in lower case.
        userid: String,
        /// Whether messages of the application reach him now.
        inside: bool,
    },
    /// Anything else, by its name.
    Other(String),
}

/// `Status` of a member who uses WeCom.
const ACTIVE: i64 = 1;

impl Notification {
    /// Parses the inner text that `Wecom::open_callback` returned; only a text that is neither XML
    /// nor JSON fails.
    pub fn parse(text: &str) -> Result<Self, CallbackError> {
        let body = document(text).ok_or(CallbackError::Malformed)?;
        let created_at = field(&body, "CreateTime").and_then(as_integer).unwrap_or(0);
        Ok(Self { created_at, event: Event::of(&body) })
    }
}

impl Event {
    fn of(body: &Value) -> Self {
        let word = |key: &str| string(body, key);
        let userid = |key: &str| word(key).to_lowercase();
        let lower = |key: &str| word(key).to_lowercase();
        let status = field(body, "Status").and_then(as_integer);
        match (lower("Event").as_str(), lower("ChangeType").as_str()) {
            ("template_card_event", _) => Self::CardPressed {
                userid: userid("FromUserName"),
                task_id: word("TaskId"),
                key: word("EventKey"),
                response_code: word("ResponseCode"),
            },
            (range @ ("subscribe" | "unsubscribe"), _) => {
                Self::MemberInRange { userid: userid("FromUserName"), inside: range == "subscribe" }
            }
            ("change_contact", "delete_user") => Self::MemberDeleted { userid: userid("UserID") },
            ("change_contact", "create_user") if status.is_none() => {
                Self::MemberEntered { userid: userid("UserID") }
            }
            ("change_contact", "update_user" | "create_user") => Self::MemberChanged {
                userid: userid("UserID"),
                renamed: Some(userid("NewUserID")).filter(|new| !new.is_empty()),
                active: status.map(|status| status == ACTIVE),
            },
            _ => Self::Other(word("Event")),
        }
    }
}

fn string(body: &Value, key: &str) -> String {
    field(body, key).and_then(as_text).unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(inner: &str) -> Event {
        let text = format!("<xml><MsgType>event</MsgType>{inner}</xml>");
        Notification::parse(&text).unwrap().event
    }

    #[test]
    fn a_push_says_when_it_happened_or_nothing() {
        for (written, seconds) in [("<CreateTime>1700000012</CreateTime>", 1_700_000_012), ("", 0)]
        {
            let told = Notification::parse(&format!("<xml><Event>x</Event>{written}</xml>"));
            assert_eq!(told.unwrap().created_at, seconds);
        }
    }

    #[test]
    fn a_press_names_the_member_the_card_and_the_code() {
        let inner = "<FromUserName><![CDATA[ZhangSan]]></FromUserName>\
            <Event><![CDATA[template_card_event]]></Event><EventKey>acknowledge</EventKey>\
            <TaskId>zn-7</TaskId><CardType>button_interaction</CardType>\
            <ResponseCode>code</ResponseCode><AgentID>1</AgentID>";
        let pressed = Event::CardPressed {
            userid: "zhangsan".into(),
            task_id: "zn-7".into(),
            key: "acknowledge".into(),
            response_code: "code".into(),
        };
        assert_eq!(told(inner), pressed);
    }

    #[test]
    fn changes_of_the_address_book_are_told_apart() {
        let change = |kind: &str, more: &str| {
            told(&format!(
                "<Event>change_contact</Event><ChangeType>{kind}</ChangeType>\
                 <UserID>LiSi</UserID>{more}"
            ))
        };
        let changed = |renamed: Option<&str>, active| Event::MemberChanged {
            userid: "lisi".into(),
            renamed: renamed.map(str::to_owned),
            active,
        };
        assert_eq!(change("delete_user", ""), Event::MemberDeleted { userid: "lisi".into() });
        assert_eq!(change("update_user", "<Status>2</Status>"), changed(None, Some(false)));
        assert_eq!(change("update_user", "<Status>1</Status>"), changed(None, Some(true)));
        assert_eq!(change("update_user", "<Name>x</Name>"), changed(None, None));
        assert_eq!(change("update_user", ""), changed(None, None), "it says nothing of him");
        let entered = Event::MemberEntered { userid: "lisi".into() };
        assert_eq!(change("create_user", "<Department>1</Department>"), entered);
        assert_eq!(change("create_user", "<Status>4</Status>"), changed(None, Some(false)));
        assert_eq!(change("create_user", "<Status>1</Status>"), changed(None, Some(true)));
        let renamed = change("update_user", "<NewUserID>WangWu</NewUserID>");
        assert_eq!(renamed, changed(Some("wangwu"), None));
        assert_eq!(change("create_party", ""), Event::Other("change_contact".into()));
    }

    #[test]
    fn who_comes_into_the_range_of_the_application_is_told_from_who_leaves_it() {
        for (name, inside) in [("subscribe", true), ("unsubscribe", false)] {
            let event = told(&format!(
                "<FromUserName><![CDATA[LiSi]]></FromUserName><Event>{name}</Event>\
                 <AgentID>1000002</AgentID>"
            ));
            assert_eq!(event, Event::MemberInRange { userid: "lisi".into(), inside });
        }
    }
}
