//! What WeChat tells us, in our own shapes, whether it came as XML or as JSON.
//!
//! WeChat repeats pushes, so every notification carries a key by which the receiver recognises
//! one it has seen: the hash of its inner text.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::callback::{CallbackError, document};
use super::security::Verdict;
use super::tolerant::{as_integer, as_text};

/// One push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// `FromUserName`: mostly the person's openid, the platform for authorisation events.
    pub from: String,
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
        /// The person at the mini-program.
        openid: String,
        /// WeChat's numbers of the kinds of data.
        kinds: Vec<i64>,
    },
    /// A person deleted their account at the mini-program.
    AuthorizationCancelled {
        /// The person at the mini-program.
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
            kinds: body.get("RevokeInfo").map(numbers).unwrap_or_default(),
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
    let wrappers = each(body.get(wrapper).unwrap_or(body));
    let entries = wrappers.filter_map(|wrapper| wrapper.get("List")).flat_map(each);
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
    let suggest = body.get("result").map(|result| string(result, "suggest")).unwrap_or_default();
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
            created_at: 0,
            event: Event::Other("unread".to_owned()),
            dedup_key: hex::encode(Sha256::digest(text.as_bytes())),
        }
    }
}

fn string(body: &Value, key: &str) -> String {
    body.get(key).and_then(as_text).unwrap_or_default().trim().to_owned()
}

/// Reads whose data an event is about, however the name is written; without him nothing is done.
fn openid(body: &Value) -> Option<String> {
    let found = ["OpenID", "OpenId", "openid"].map(|key| string(body, key));
    found.into_iter().find(|openid| !openid.is_empty())
}

fn integer(body: &Value, key: &str) -> Option<i64> {
    body.get(key).and_then(as_integer)
}
