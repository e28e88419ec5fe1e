//! Bodies of pushes as the platforms wrote them over the years: XML or JSON, one entry or many,
//! numbers or strings, fields nobody described, CDATA, entities, and whatever people type.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// Names of events, ours and others'.
const NAMES: &[&str] = &[
    "subscribe_msg_popup_event",
    "subscribe_msg_change_event",
    "subscribe_msg_sent_event",
    "subscribe",
    "unsubscribe",
    "SCAN",
    "TEMPLATESENDJOBFINISH",
    "user_authorization_revoke",
    "user_authorization_cancellation",
    "user_info_modified",
    "wxa_punish_event",
    "wxa_media_check",
    "template_card_event",
    "change_contact",
    "enter_agent",
];
/// Fields that some event has, so that each also meets the wrong one and the wrong type.
const FIELDS: &[&str] = &[
    "EventKey",
    "Ticket",
    "MsgID",
    "MsgId",
    "Status",
    "OpenID",
    "AppID",
    "RevokeInfo",
    "PluginID",
    "illegal_reason",
    "illegal_content",
    "detail",
    "ErrorCode",
    "TaskId",
    "ResponseCode",
    "ChangeType",
    "UserID",
    "NewUserID",
    "Content",
];
const ENTRY: &[&str] =
    &["TemplateId", "SubscribeStatusString", "PopupScene", "MsgID", "ErrorCode", "ErrorStatus"];

/// A leaf and how it is written.
#[derive(Clone, Debug)]
pub struct Leaf {
    text: String,
    /// In JSON as a number, when it is one.
    bare: bool,
    how: How,
}

/// How XML writes a leaf.
#[derive(Clone, Copy, Debug)]
enum How {
    Data,
    Named,
    Numbered,
}

type Fields = Vec<(String, Leaf)>;

/// One push before it is written.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a habit of some sender")]
pub struct Body {
    pub name: String,
    fields: Fields,
    /// Entries of `List`; one is written as one, or as a list of one.
    entries: Option<Vec<Fields>>,
    one_is_many: bool,
    bare_time: bool,
    spaced: bool,
    ascii: bool,
}

fn leaf() -> impl Strategy<Value = Leaf> {
    let numbers = prop_oneof![
        (0_i64..100).prop_map(|n| n.to_string()),
        any::<i64>().prop_map(|n| n.to_string()),
        Just("1864323726461255680".to_owned()),
    ];
    let words = select(vec![
        "",
        "accept",
        "acceptWithAudio",
        "reject",
        "success",
        "failed:user block",
        "failed: system failed",
        "8",
        "8,13,18",
        "qrscene_7",
        "delete_user",
        "update_user",
        "]]>",
        "]]",
        "<b>&amp;</b>",
        "&#20013;",
        "\\u4e2d",
        "😀👨‍👩‍👧",
        "3栋2单元漏水",
        " 两边 ",
        "null",
        "\"'",
    ])
    .prop_map(str::to_owned);
    let text = prop_oneof![3 => numbers, 4 => words, 1 => "\\PC{0,40}"];
    let how = select(vec![How::Data, How::Named, How::Numbered]);
    (text, any::<bool>(), how).prop_map(|(text, bare, how)| Leaf { text, bare, how })
}

fn fields(
    known: &'static [&'static str],
    least: usize,
    most: usize,
) -> impl Strategy<Value = Fields> {
    let name = prop_oneof![
        4 => select(known).prop_map(str::to_owned),
        1 => "[A-Za-z_][A-Za-z0-9_]{0,12}".prop_filter("the frame's own", |name| {
            !["List", "Event", "MsgType", "CreateTime", "FromUserName", "ToUserName"]
                .contains(&name.as_str())
        }),
    ];
    // A field stands once: what two would mean nobody has said.
    vec((name, leaf()), least..=most).prop_map(|mut all| {
        all.sort_by(|one, other| one.0.cmp(&other.0));
        all.dedup_by(|one, other| one.0 == other.0);
        all
    })
}

pub fn body() -> impl Strategy<Value = Body> {
    let name = prop_oneof![
        9 => select(NAMES).prop_map(str::to_owned),
        1 => "[a-z_]{1,20}",
    ];
    let entries = proptest::option::of(vec(fields(ENTRY, 1, 5), 0..5));
    let written = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (name, fields(FIELDS, 0, 8), entries, written).prop_map(
        |(name, fields, entries, (one_is_many, bare_time, spaced, ascii))| Body {
            name,
            fields,
            entries,
            one_is_many,
            bare_time,
            spaced,
            ascii,
        },
    )
}

impl Leaf {
    fn json(&self) -> Value {
        match self.text.parse::<i64>() {
            Ok(number) if self.bare && number.to_string() == self.text => json!(number),
            _ => json!(self.text),
        }
    }

    fn xml(&self) -> String {
        match self.how {
            How::Data => format!("<![CDATA[{}]]>", self.text.replace("]]>", "]]]]><![CDATA[>")),
            How::Named => {
                let named = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;")];
                named.iter().fold(self.text.clone(), |text, (sign, name)| text.replace(sign, name))
            }
            How::Numbered => {
                let numbered = |c: char| match u32::from(c) {
                    code if c.is_ascii_alphanumeric() && code % 2 == 0 => c.to_string(),
                    code if code % 2 == 0 => format!("&#{code};"),
                    code => format!("&#x{code:X};"),
                };
                self.text.chars().map(numbered).collect()
            }
        }
    }
}

fn object(fields: &Fields) -> Map<String, Value> {
    fields.iter().map(|(name, leaf)| (name.clone(), leaf.json())).collect()
}

fn elements(fields: &Fields, gap: &str) -> String {
    let element = |(name, leaf): &(String, Leaf)| match leaf.xml() {
        empty if empty.is_empty() => format!("<{name}/>{gap}"),
        text => format!("<{name}>{text}</{name}>{gap}"),
    };
    fields.iter().map(element).collect()
}

impl Body {
    pub fn json(&self, from: &str, time: i64) -> String {
        let mut all = object(&self.fields);
        if let Some(entries) = &self.entries {
            let mut many: Vec<Value> = entries.iter().map(|one| object(one).into()).collect();
            let list = match many.len() {
                1 if !self.one_is_many => many.remove(0),
                _ => Value::Array(many),
            };
            all.insert("List".to_owned(), list);
        }
        let time = if self.bare_time { json!(time) } else { json!(time.to_string()) };
        for (name, value) in [
            ("ToUserName", json!("gh_1")),
            ("FromUserName", json!(from)),
            ("CreateTime", time),
            ("MsgType", json!("event")),
            ("Event", json!(self.name)),
        ] {
            all.insert(name.to_owned(), value);
        }
        let text = if self.spaced {
            format!("\n {}", serde_json::to_string_pretty(&all).unwrap())
        } else {
            serde_json::to_string(&all).unwrap()
        };
        if self.ascii { escaped(&text) } else { text }
    }

    pub fn xml(&self, from: &str, time: i64) -> String {
        let gap = if self.spaced { "\n  " } else { "" };
        let mut text = elements(&self.fields, gap);
        if let Some(entries) = &self.entries {
            let wrapper = match self.name.as_str() {
                "subscribe_msg_popup_event" => "SubscribeMsgPopupEvent",
                "subscribe_msg_change_event" => "SubscribeMsgChangeEvent",
                _ => "SubscribeMsgSentEvent",
            };
            let list = |one: &Fields| format!("<List>{gap}{}</List>{gap}", elements(one, gap));
            let lists: String = entries.iter().map(list).collect();
            text = format!("{text}<{wrapper}>{gap}{lists}</{wrapper}>{gap}");
        }
        let head = if self.ascii { "<?xml version=\"1.0\"?>\n<!-- - -->" } else { "" };
        format!(
            "{head}<xml>{gap}<ToUserName><![CDATA[gh_1]]></ToUserName>{gap}\
             <FromUserName><![CDATA[{from}]]></FromUserName>{gap}<CreateTime>{time}</CreateTime>\
             {gap}<MsgType><![CDATA[event]]></MsgType>{gap}<Event><![CDATA[{}]]></Event>{gap}\
             {text}</xml>\n",
            self.name
        )
    }
}

/// Writes everything that is not ASCII as JSON's escapes, as older senders do.
fn escaped(text: &str) -> String {
    let unit = |unit: u16| format!("\\u{unit:04x}");
    let character = |c: char| -> String {
        if c.is_ascii() {
            return c.to_string();
        }
        c.encode_utf16(&mut [0; 2]).iter().copied().map(unit).collect()
    };
    text.chars().map(character).collect()
}
