//! What WeChat tells us, in our own shapes, whether it came as XML or as JSON.
//!
//! WeChat repeats pushes, so every notification carries a key by which the receiver recognises
//! one it has seen: the hash of its inner text.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::callback::{CallbackError, document, field};
use super::security::Verdict;
use super::tolerant::{as_integer, as_text};

/// One push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// `FromUserName`: mostly the person's openid, the platform for authorisation events.
    pub from: String,
    /// `UnionID`: the person across all our apps, in some authorisation events.
    pub unionid: Option<String>,
    /// `CreateTime`, seconds since the epoch; 0 when absent.
    pub created_at: i64,
    /// What happened.
    pub event: Event,
    /// SHA-256 of the inner text in hex; the same for a repeat of the same push.
    pub dedup_key: String,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A person answered the subscription popup: one more send per accepted template.
    SubscribePopup(Vec<Choice>),
    /// A person changed a subscription in the settings; WeChat pushes refusals only.
    SubscribeChange(Vec<Choice>),
    /// Subscribe messages were delivered, or failed on WeChat's side.
    SubscribeSent(Vec<SentReport>),
    /// A person follows the official account, perhaps by a code that carries a key.
    Followed {
        /// Scene of the scanned code, its `qrscene_` prefix removed.
        scene: Option<String>,
    },
    /// A follower scanned a code of the official account.
    Scanned {
        /// Scene of the code.
        scene: String,
    },
    /// A person no longer follows the official account.
    Unfollowed,
    /// A template message was delivered or not.
    TemplateFinished {
        /// The number that sending returned.
        msgid: i64,
        /// How it ended.
        delivery: Delivery,
    },
    /// A person withdrew data: 8 phone, 13 and 18 location, and others.
    AuthorizationRevoked {
        /// The person at the app; empty where only his `UnionID` is told.
        openid: String,
        /// WeChat's numbers of the kinds of data.
        kinds: Vec<i64>,
    },
    /// A person deleted their account at the app.
    AuthorizationCancelled {
        /// The person at the app; empty where only his `UnionID` is told.
        openid: String,
    },
    /// WeChat looked at a picture or a recording.
    MediaChecked {
        /// Names the question.
        trace_id: String,
        /// What it says, or why it says nothing.
        verdict: Result<Verdict, String>,
    },
    /// The platform warns or punishes our mini-program; an operator must look.
    Punished {
        /// WeChat's number of the decision.
        id: String,
        /// WeChat's reason, about us and nobody else.
        reason: String,
    },
    /// Anything else, by its name.
    Other(String),
}

/// A person's decision about one template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The template.
    pub template_id: String,
    /// Whether messages of it may be sent.
    /// `None`: it says nothing of the person.
    pub accepted: Option<bool>,
}

/// WeChat's report about one subscribe message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentReport {
    /// The template.
    pub template_id: String,
    /// The number that sending may have returned.
    pub msgid: Option<i64>,
    /// 0 when delivered; `None` when the report does not say how it ended.
    pub error_code: Option<i64>,
}

/// How a template message ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// On the phone.
    Delivered,
    /// The person refuses messages of this account.
    UserBlocked,
    /// WeChat's own trouble.
    SystemFailed,
    /// A status nobody has described.
    OtherFailure(String),
}

impl Delivery {
    /// Returns the word that a record keeps.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::UserBlocked => "unreachable",
            Self::SystemFailed => "unavailable",
            Self::OtherFailure(_) => "not_delivered",
        }
    }
}

impl Notification {
    /// Parses the inner text that `Wechat::open_callback` returned. Unknown events are `Other`;
    /// only a text that is neither XML nor JSON, a report without its number, or a person's wish
    /// without the person fails.
    pub fn parse(text: &str) -> Result<Self, CallbackError> {
        let body = document(text).ok_or(CallbackError::Malformed)?;
        Ok(Self {
            from: string(&body, "FromUserName"),
            unionid: unionid(&body),
            created_at: integer(&body, "CreateTime").unwrap_or(0),
            event: event(&body).ok_or(CallbackError::Malformed)?,
            dedup_key: hex::encode(Sha256::digest(text.as_bytes())),
        })
    }
}

fn event(body: &Value) -> Option<Event> {
    let name = match string(body, "Event") {
        name if name.is_empty() => string(body, "MsgType"),
        name => name,
    };
    Some(match name.to_lowercase().as_str() {
        "subscribe_msg_popup_event" => {
            Event::SubscribePopup(list(body, "SubscribeMsgPopupEvent").map(choice).collect())
        }
        "subscribe_msg_change_event" => {
            Event::SubscribeChange(list(body, "SubscribeMsgChangeEvent").map(choice).collect())
        }
        "subscribe_msg_sent_event" => {
            Event::SubscribeSent(list(body, "SubscribeMsgSentEvent").map(sent_report).collect())
        }
        "subscribe" => Event::Followed { scene: scene(&string(body, "EventKey")) },
        "scan" => Event::Scanned { scene: scene(&string(body, "EventKey")).unwrap_or_default() },
        "unsubscribe" => Event::Unfollowed,
        "templatesendjobfinish" => Event::TemplateFinished {
            msgid: integer(body, "MsgID")?,
            delivery: delivery(&string(body, "Status")),
        },
        "user_authorization_revoke" => Event::AuthorizationRevoked {
            openid: openid(body)?,
            kinds: field(body, "RevokeInfo").map(numbers).unwrap_or_default(),
        },
        "user_authorization_cancellation" => {
            Event::AuthorizationCancelled { openid: openid(body)? }
        }
        "wxa_media_check" => {
            Event::MediaChecked { trace_id: string(body, "trace_id"), verdict: verdict(body) }
        }
        "wxa_punish_event" => Event::Punished {
            id: string(body, "punish_id"),
            reason: string(body, "illegal_reason"),
        },
        _ => Event::Other(name),
    })
}

/// Finds the entries of a list event: XML wraps `List` in an element of its own, perhaps each entry
/// in another one, JSON has it at the top, and a list of one is not a list.
fn list<'a>(body: &'a Value, wrapper: &str) -> impl Iterator<Item = &'a Value> {
    let wrappers = each(field(body, wrapper).unwrap_or(body));
    let entries = wrappers.filter_map(|wrapper| field(wrapper, "List")).flat_map(each);
    entries.filter(|entry| entry.is_object())
}

/// Lists what stands as one or as many.
fn each(found: &Value) -> impl Iterator<Item = &Value> {
    let (many, one) = match found {
        Value::Array(many) => (many.as_slice(), None),
        one => (&[][..], Some(one)),
    };
    many.iter().chain(one)
}

fn choice(entry: &Value) -> Choice {
    let said = string(entry, "SubscribeStatusString").to_lowercase();
    // `acceptWithAudio` and `acceptWithAlert` are acceptances too; `filter` and `ban` speak of the
    // template.
    let accepted = match said.trim() {
        "reject" => Some(false),
        other => other.starts_with("accept").then_some(true),
    };
    Choice { template_id: string(entry, "TemplateId"), accepted }
}

fn sent_report(entry: &Value) -> SentReport {
    SentReport {
        template_id: string(entry, "TemplateId"),
        msgid: integer(entry, "MsgID"),
        error_code: integer(entry, "ErrorCode")
            .or_else(|| status_code(&string(entry, "ErrorStatus"))),
    }
}

/// The word beside the number stands for it where that is missing.
fn status_code(word: &str) -> Option<i64> {
    match word.to_lowercase().as_str() {
        "" => None,
        "success" => Some(0),
        _ => Some(-1),
    }
}

fn scene(key: &str) -> Option<String> {
    let scene = key.strip_prefix("qrscene_").unwrap_or(key);
    (!scene.is_empty()).then(|| scene.to_owned())
}

fn delivery(status: &str) -> Delivery {
    // WeChat writes "failed:user block" but "failed: system failed".
    let plain: String = status.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    match plain.as_str() {
        "success" => Delivery::Delivered,
        "failed:userblock" => Delivery::UserBlocked,
        "failed:systemfailed" => Delivery::SystemFailed,
        _ => Delivery::OtherFailure(status.to_owned()),
    }
}

/// Reads what WeChat says of a picture. Older pushes carry no number of their own; one that is not 0
/// says that WeChat could not look.
fn verdict(body: &Value) -> Result<Verdict, String> {
    match integer(body, "errcode").unwrap_or(0) {
        0 => {}
        code => return Err(format!("errcode {code}")),
    }
    let suggest = field(body, "result").map(|result| string(result, "suggest")).unwrap_or_default();
    Verdict::from_word(&suggest).ok_or_else(|| "no suggestion".to_owned())
}

/// Reads numbers that stand as one, as several in a text, or as a list of either.
fn numbers(found: &Value) -> Vec<i64> {
    match found {
        Value::Array(many) => many.iter().flat_map(numbers).collect(),
        Value::Object(fields) => fields.values().flat_map(numbers).collect(),
        other => {
            let raw = as_text(other).unwrap_or_default();
            let parts = raw.split(|c: char| !c.is_ascii_digit());
            parts.filter_map(|part| part.parse().ok()).collect()
        }
    }
}

impl Notification {
    /// Keeps a push that is certainly the platform's and is not understood.
    pub fn unread(text: &str) -> Self {
        Self {
            from: String::new(),
            unionid: None,
            created_at: 0,
            event: Event::Other("unread".to_owned()),
            dedup_key: hex::encode(Sha256::digest(text.as_bytes())),
        }
    }
}

/// Tells whether a text, understood or not, is about an authorisation that somebody took back.
pub fn takes_back(text: &str) -> bool {
    text.to_lowercase().contains("user_authorization_")
}

fn string(body: &Value, key: &str) -> String {
    field(body, key).and_then(as_text).unwrap_or_default().trim().to_owned()
}

/// Reads whose data an event is about; `None` when nothing says so: without him nothing is done.
fn openid(body: &Value) -> Option<String> {
    let found = string(body, "OpenID");
    (!found.is_empty() || unionid(body).is_some()).then_some(found)
}

fn unionid(body: &Value) -> Option<String> {
    Some(string(body, "UnionID")).filter(|unionid| !unionid.is_empty())
}

fn integer(body: &Value, key: &str) -> Option<i64> {
    field(body, key).and_then(as_integer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Notification {
        Notification::parse(text).unwrap()
    }

    #[test]
    fn names_of_fields_are_read_as_the_official_examples_print_them() {
        let example = r#"{"ToUserName":"gh_1","FromUserName":"f","CreateTime":1627359464,
            "MsgType":"event","Event":"user_authorization_revoke"," OpenID":"o-1"," AppID":"wx1",
            " RevokeInfo":"201"}"#;
        let revoked = |kinds| Event::AuthorizationRevoked { openid: "o-1".into(), kinds };
        assert_eq!(parsed(example).event, revoked(vec![201]));
        let example = "<xml><Event><![CDATA[user_authorization_revoke]]></Event>\
            <OpenID><![CDATA[o-1]]></OpenID><RevokeInfo><![CDATA[1]]></RevokeInfo>\
            < OpenPID><![CDATA[G7esq]]></OpenPID></xml>";
        assert_eq!(parsed(example).event, revoked(vec![1]));
        for name in ["MsgID", "MsgId", "msgid", " MSGID "] {
            let text =
                format!(r#"{{"Event":"TEMPLATESENDJOBFINISH","Status":"success","{name}":"7"}}"#);
            let ended = Event::TemplateFinished { msgid: 7, delivery: Delivery::Delivered };
            assert_eq!(parsed(&text).event, ended, "{name}");
        }
        let both =
            r#"{"Event":"TEMPLATESENDJOBFINISH","Status":"x","MsgId":1,"MsgID":2,"msgid":3}"#;
        assert!(matches!(parsed(both).event, Event::TemplateFinished { msgid: 2, .. }));
    }

    #[test]
    fn whoever_is_told_by_his_union_id_alone_is_somebody() {
        let event = |more: &str| {
            let name = r#""Event":"user_authorization_cancellation""#;
            Notification::parse(&format!(r"{{{name}{more}}}"))
                .map(|told| (told.unionid, told.event))
        };
        let cancelled = |openid: &str| Event::AuthorizationCancelled { openid: openid.into() };
        let unionid = Some("u-1".to_owned());
        for (more, want) in [
            (r#","OpenID":"o-1""#, Ok((None, cancelled("o-1")))),
            (r#","OpenID":"o-1","UnionID":" u-1""#, Ok((unionid.clone(), cancelled("o-1")))),
            (r#","OpenID":null,"unionid":"u-1""#, Ok((unionid, cancelled("")))),
            (r#","OpenID":"","UnionID":" ""#, Err(CallbackError::Malformed)),
        ] {
            assert_eq!(event(more), want, "{more}");
        }
        for (text, owed) in [
            (r#"{"Event":"user_authorization_revoke""#, true),
            ("<xml><Event>USER_AUTHORIZATION_CANCELLATION</Event></xml>", true),
            ("<xml><Event>subscribe</Event></xml>", false),
        ] {
            assert_eq!(takes_back(text), owed, "{text}");
        }
    }

    #[test]
    fn a_control_character_in_a_push_is_no_reason_to_lose_it() {
        let text = "{\"Event\":\"unsubscribe\",\"Nick\":\"\u{14}\"}";
        assert_eq!(parsed(text).event, Event::Unfollowed);
    }
}
