//! The published vectors, the class table, and the shapes of events.

use std::path::PathBuf;
use std::sync::LazyLock;

use serde_json::Value;

use super::crypto::{self, AesKey, EnvelopeError};
use super::{Class, Delivery, Endpoint, Event, Notification, Verdict, classify};

/// Reads a file of facts beside the project; says so loudly when there is none.
fn fact(path: &str) -> Option<String> {
    let full = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/wechat").join(path);
    let text = std::fs::read_to_string(full).ok();
    if text.is_none() {
        eprintln!("SKIPPED: ../shared/wechat/{path} is not there");
    }
    text
}

struct Vector {
    token: &'static str,
    key: &'static str,
    appid: &'static str,
    stamp: [&'static str; 2],
    sealed: &'static str,
    signed: &'static str,
    random: &'static [u8; 16],
    text: &'static str,
}

const VECTORS: &[Vector] = &[
    Vector {
        token: "AAAAA",
        key: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        appid: "wxba5fad812f8e6fb9",
        stamp: ["1714112445", "415670741"],
        sealed: "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=",
        signed: "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
        random: b"a8eedb185eb2fecf",
        text: "{\"ToUserName\":\"gh_97417a04a28d\",\"FromUserName\":\"o9AgO5Kd5ggOC-bXrbNODIiE3bGY\",\"CreateTime\":1714112445,\"MsgType\":\"event\",\"Event\":\"debug_demo\",\"debug_str\":\"hello world\"}",
    },
    Vector {
        token: "AAAAA",
        key: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        appid: "wxba5fad812f8e6fb9",
        stamp: ["1713424427", "415670741"],
        sealed: "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==",
        signed: "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1",
        random: b"707722b803182950",
        text: "{\"demo_resp\":\"good luck\"}",
    },
    Vector {
        token: "123456",
        key: "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR",
        appid: "wx49f0ab532d5d035a",
        stamp: ["1411443780", "437374425"],
        sealed: "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q==",
        signed: "dd6b9c95b495b3f7e2901bfbc76c664930ffdb96",
        random: b"2304fc2fe146f1f8",
        text: "5927782489442352469",
    },
    Vector {
        token: "QDG6eK",
        key: "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
        appid: "wx5823bf96d3bd56c7",
        stamp: ["1409659813", "1372623149"],
        sealed: "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==",
        signed: "477715d11cdb4164915debcba66cb864d751f3e6",
        random: b"0960688932c47ef1",
        text: "<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName>\n<FromUserName><![CDATA[mycreate]]></FromUserName>\n<CreateTime>1409659813</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[hello]]></Content>\n<MsgId>4561255354251345929</MsgId>\n<AgentID>218</AgentID>\n</xml>",
    },
];

#[test]
fn published_envelopes_open_and_seal_to_the_same_bytes() {
    for vector in VECTORS {
        let key = AesKey::parse(vector.key).unwrap();
        let [timestamp, nonce] = vector.stamp;
        assert!(crypto::is_signed(vector.signed, &[vector.token, timestamp, nonce, vector.sealed]));
        assert_eq!(crypto::decrypt(&key, vector.sealed, vector.appid).as_deref(), Ok(vector.text));
        assert_eq!(crypto::encrypt(&key, *vector.random, vector.text, vector.appid), vector.sealed);
    }
}

#[test]
fn every_length_of_message_survives_sealing() {
    let key = AesKey::parse(VECTORS[3].key).unwrap();
    for length in 0..100 {
        let text = "水".repeat(length);
        let sealed = crypto::encrypt(&key, [7; 16], &text, "wx1");
        assert_eq!(crypto::decrypt(&key, &sealed, "wx1"), Ok(text));
        assert_eq!(crypto::decrypt(&key, &sealed, "wx2"), Err(EnvelopeError::WrongApp));
    }
}

#[test]
fn damaged_envelopes_are_refused_without_panic() {
    let key = AesKey::parse(VECTORS[0].key).unwrap();
    for damaged in ["", "AAAA", "not base64", &VECTORS[0].sealed[..64], &"A".repeat(88)] {
        assert_eq!(crypto::decrypt(&key, damaged, "wx1"), Err(EnvelopeError::Damaged), "{damaged}");
    }
}

#[test]
fn plain_signatures_are_those_of_the_documentation() {
    for (parts, signed) in [
        (["AAAAA", "1714036504", "1514711492"], "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        (["AAAAA", "1714037059", "486452656"], "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
        (["test", "1410685589", "test"], "f21891de399b4e33a1a93c9a7b8a8fffb5a443ff"),
        (["a", "b", "c"], "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ] {
        assert_eq!(crypto::signature(&parts), signed);
    }
}

#[test]
fn all_known_envelopes_open() {
    let Some(text) = fact("crypto/callback_aes_vectors.json") else { return };
    let facts: Value = serde_json::from_str(&text).unwrap();
    let mut opened = 0;
    for vector in facts["vectors"].as_array().unwrap() {
        let field = |name: &str| vector[name].as_str();
        let (Some(sealed), Some(plain)) = (field("encrypt"), field("plaintext")) else { continue };
        let key = AesKey::parse(field("encoding_aes_key").unwrap()).unwrap();
        let appid = field("trailing_receive_id").or(field("receive_id")).unwrap();
        assert_eq!(crypto::decrypt(&key, sealed, appid).as_deref(), Ok(plain), "{}", vector["id"]);
        opened += 1;
    }
    assert!(opened >= 7, "only {opened} vectors were usable");
}

#[test]
fn keys_are_accepted_and_refused_as_observed() {
    let Some(text) = fact("crypto/encoding_aes_key_validity.json") else { return };
    let facts: Value = serde_json::from_str(&text).unwrap();
    let list = |name: &str| facts[name].as_array().unwrap().clone();
    for key in list("valid") {
        assert!(AesKey::parse(key.as_str().unwrap()).is_some(), "{key}");
    }
    for entry in list("must_be_accepted_though_last_char_has_nonzero_trailing_bits") {
        assert!(AesKey::parse(entry["key"].as_str().unwrap()).is_some(), "{entry}");
    }
    for entry in list("invalid") {
        assert!(AesKey::parse(entry["key"].as_str().unwrap()).is_none(), "{entry}");
    }
}

#[test]
fn all_known_plain_signatures_fit() {
    let Some(text) = fact("crypto/plain_signature_vectors.json") else { return };
    let facts: Vec<Value> = serde_json::from_str(&text).unwrap();
    for vector in facts {
        let parts: Vec<&str> = match vector["parts_to_sort"].as_array() {
            Some(parts) => parts.iter().filter_map(Value::as_str).collect(),
            None => {
                ["token", "timestamp", "nonce"].map(|name| vector[name].as_str().unwrap()).to_vec()
            }
        };
        assert!(
            crypto::is_signed(vector["signature"].as_str().unwrap(), &parts),
            "{}",
            vector["id"]
        );
    }
}

/// The calls of this program that a scope of the fact sheet speaks of; empty for others' calls.
fn endpoints(scope: &str) -> Vec<Endpoint> {
    use Endpoint::{CheckText, Login, PhoneNumber, Subscribe, Template, Token, UserInfo, Wxacode};
    let business = [Template, Subscribe, CheckText, PhoneNumber, Wxacode, UserInfo];
    match scope {
        "*" => Endpoint::ALL.to_vec(),
        "business calls" => business.to_vec(),
        "cgi-bin/token, stable_token" | "token" | "stable_token" => vec![Token],
        "token (mini-program), every call (OA)" => vec![Token, Template, UserInfo],
        "security APIs" | "img_sec_check v1, msg_sec_check v1" => vec![CheckText],
        "sends, security" => vec![Template, Subscribe, CheckText],
        "jscode2session, getuserphonenumber" => vec![Login, PhoneNumber],
        "jscode2session" => vec![Login],
        "template" | "template (OA)" => vec![Template],
        "subscribe, template" => vec![Subscribe, Template],
        "subscribe" => vec![Subscribe],
        "employeerelationmsg" => vec![Endpoint::Employee],
        "OA" => vec![Template, UserInfo],
        "getwxacodeunlimit, subscribe (older)" => vec![Wxacode, Subscribe],
        "getwxacodeunlimit" => vec![Wxacode],
        "msg_sec_check / getwxacodeunlimit" => vec![CheckText, Wxacode],
        _ => vec![],
    }
}

fn class(word: &str) -> Class {
    match word {
        "retry" => Class::Retry,
        "refresh_token" => Class::RefreshToken,
        "rate_limited" => Class::RateLimited,
        "drop_recipient" => Class::DropRecipient,
        "config_error" => Class::ConfigError,
        "content_rejected" => Class::ContentRejected,
        "client_error" => Class::ClientError,
        other => panic!("a new class: {other}"),
    }
}

#[test]
fn every_known_code_has_its_class_at_every_call_we_make() {
    let Some(text) = fact("classes.json") else { return };
    let rows: Vec<Value> = serde_json::from_str(&text).unwrap();
    let (mut checked, mut others) = (0, Vec::new());
    for row in rows.iter().filter(|row| row["platform"] == "wx" && row["code"] != 0) {
        let (scope, code) = (row["scope"].as_str().unwrap(), row["code"].as_i64().unwrap());
        let ours = endpoints(scope);
        if ours.is_empty() {
            others.push(scope.to_owned());
        }
        for endpoint in ours {
            let expected = class(row["class"].as_str().unwrap());
            assert_eq!(classify(endpoint, code), expected, "{code} at {endpoint:?} ({scope})");
            checked += 1;
        }
    }
    others.sort();
    others.dedup();
    eprintln!("{checked} checked; calls this program does not make: {others:?}");
    assert!(checked > 150, "{checked}");
}

fn parsed(text: &str) -> Notification {
    Notification::parse(text).unwrap()
}

#[test]
fn the_three_endings_of_a_template_message_are_told_apart() {
    let text = |status: &str| {
        format!(
            "<xml><FromUserName><![CDATA[oa-1]]></FromUserName><CreateTime>1395658920</CreateTime>\
             <MsgType><![CDATA[event]]></MsgType><Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event>\
             <MsgID>2918131553548107776</MsgID><Status><![CDATA[{status}]]></Status></xml>"
        )
    };
    for (status, delivery) in [
        ("success", Delivery::Delivered),
        ("failed:user block", Delivery::UserBlocked),
        ("failed: system failed", Delivery::SystemFailed),
        ("failed:freq limit", Delivery::OtherFailure("failed:freq limit".into())),
    ] {
        let notification = parsed(&text(status));
        let msgid = 2_918_131_553_548_107_776;
        assert_eq!(notification.event, Event::TemplateFinished { msgid, delivery });
        assert_eq!((notification.from.as_str(), notification.created_at), ("oa-1", 1_395_658_920));
    }
}

#[test]
fn following_by_a_code_carries_its_scene() {
    let text = |key: &str| {
        format!("<xml><Event>subscribe</Event><EventKey><![CDATA[{key}]]></EventKey></xml>")
    };
    assert_eq!(
        parsed(&text("qrscene_bind-7")).event,
        Event::Followed { scene: Some("bind-7".into()) }
    );
    assert_eq!(parsed(&text("")).event, Event::Followed { scene: None });
    let scanned = "<xml><Event>SCAN</Event><EventKey>bind-7</EventKey><Ticket>t</Ticket></xml>";
    assert_eq!(parsed(scanned).event, Event::Scanned { scene: "bind-7".into() });
    assert_eq!(parsed("<xml><Event>unsubscribe</Event></xml>").event, Event::Unfollowed);
}

#[test]
fn withdrawn_consent_names_person_and_kinds() {
    let expected = Event::AuthorizationRevoked { openid: "r-1".into(), kinds: vec![8, 13] };
    for kinds in [r#""8,13""#, r#"["8","13"]"#, "[8,13]", r#"["8,13"]"#, r#"{"item":["8",13]}"#] {
        let text = format!(
            r#"{{"FromUserName":"x","Event":"user_authorization_revoke","OpenID":"r-1","RevokeInfo":{kinds}}}"#
        );
        assert_eq!(parsed(&text).event, expected, "{kinds}");
    }
    let text = "<xml><Event>user_authorization_revoke</Event><OpenID>r-1</OpenID>\
        <RevokeInfo>8</RevokeInfo><RevokeInfo><![CDATA[13]]></RevokeInfo></xml>";
    assert_eq!(parsed(text).event, expected);
    assert_eq!(parsed(&text.replace("OpenID", "OpenId")).event, expected);
    // Whoever it is, it is not done for nobody.
    for event in ["user_authorization_revoke", "user_authorization_cancellation"] {
        let nobody = format!(r#"{{"FromUserName":"x","Event":"{event}","OpenID":" "}}"#);
        assert!(Notification::parse(&nobody).is_err(), "{event}");
    }
}

#[test]
fn a_list_is_read_whole_however_it_is_wrapped() {
    let entry = |id| format!("<List><TemplateId>{id}</TemplateId></List>");
    let (one, two) = (entry("T"), entry("U"));
    let wrapped = |inner: &str| format!("<SubscribeMsgPopupEvent>{inner}</SubscribeMsgPopupEvent>");
    for (lists, want) in [
        (wrapped(&format!("{one}{two}")), vec!["T", "U"]),
        (format!("{}{}", wrapped(&one), wrapped(&two)), vec!["T", "U"]),
        (wrapped(&one), vec!["T"]),
        (one.clone(), vec!["T"]),
    ] {
        let text = format!("<xml><Event>subscribe_msg_popup_event</Event>{lists}</xml>");
        let Event::SubscribePopup(choices) = parsed(&text).event else {
            panic!("{text}");
        };
        let read: Vec<_> = choices.iter().map(|choice| choice.template_id.as_str()).collect();
        assert_eq!(read, want, "{lists}");
    }
}

#[test]
fn what_wechat_says_of_a_picture_is_read_in_every_form() {
    let said = |more: &str| {
        let text = format!(r#"{{"Event":"wxa_media_check","trace_id":"t-1"{more}}}"#);
        match parsed(&text).event {
            Event::MediaChecked { trace_id, verdict } if trace_id == "t-1" => verdict,
            other => Err(format!("{other:?}")),
        }
    };
    let result = |suggest: &str| format!(r#","result":{{"suggest":"{suggest}","label":20001}}"#);
    for (more, verdict) in [
        (result("pass"), Ok(Verdict::Pass)),
        (format!(r#","errcode":"0"{}"#, result("risky")), Ok(Verdict::Risky)),
        (format!(r#","errcode":0{}"#, result("review")), Ok(Verdict::Review)),
        (format!(r#","errcode":-1008{}"#, result("pass")), Err("errcode -1008".to_owned())),
        (result("perhaps"), Err("no suggestion".to_owned())),
        (String::new(), Err("no suggestion".to_owned())),
    ] {
        assert_eq!(said(&more), verdict, "{more}");
    }
    let xml = "<xml><Event>wxa_media_check</Event><trace_id>t-2</trace_id>\
        <result><suggest>risky</suggest></result></xml>";
    let event = Event::MediaChecked { trace_id: "t-2".into(), verdict: Ok(Verdict::Risky) };
    assert_eq!(parsed(xml).event, event);
}

#[test]
fn a_byte_order_mark_before_a_document_is_no_part_of_it() {
    for text in [
        "\u{feff}<xml><Event>unsubscribe</Event></xml>",
        "\u{feff} \r\n{\"Event\":\"unsubscribe\"}",
        " \u{feff}{\"Event\":\"unsubscribe\"}",
    ] {
        assert_eq!(parsed(text).event, Event::Unfollowed, "{text:?}");
    }
}

#[test]
fn hostile_documents_are_refused() {
    let deep = format!("{}{}", "<a>".repeat(50), "</a>".repeat(50));
    for text in [
        "<!DOCTYPE x [<!ENTITY e \"boom\">]><xml><Event>&e;</Event></xml>",
        "<xml><Event>&unknown;</Event></xml>",
        "<xml><Event>subscribe</xml>",
        "<xml><Event>subscribe",
        &deep,
        "[1]",
        "",
    ] {
        assert!(Notification::parse(text).is_err(), "{text}");
    }
}

/// Other senders write names in other letters and say how a message ended in one of two ways.
#[test]
fn a_name_is_known_in_any_letters_and_a_report_says_how_it_ended_or_nothing() {
    let event = |name: &str, more: &str| {
        parsed(&format!(r#"{{"MsgType":"event","Event":"{name}"{more}}}"#)).event
    };
    let scanned = Event::Scanned { scene: "zn-1".into() };
    assert_eq!(event("scan", r#","EventKey":"zn-1""#), scanned);
    assert_eq!(event("SCAN", r#","EventKey":"qrscene_zn-1""#), scanned);
    assert_eq!(event("Unsubscribe", ""), Event::Unfollowed);
    let ended = Event::TemplateFinished { msgid: 7, delivery: Delivery::Delivered };
    assert_eq!(event("TemplateSendJobFinish", r#","MsgID":"7","Status":"success""#), ended);
    assert_eq!(event("Other_Event", ""), Event::Other("Other_Event".into()));
    for (said, code) in [
        (r#""ErrorCode":0"#, Some(0)),
        (r#""ErrorCode":"43101","ErrorStatus":"failed""#, Some(43_101)),
        (r#""ErrorStatus":"success""#, Some(0)),
        (r#""ErrorStatus":"failed""#, Some(-1)),
        (r#""ErrorCode":null"#, None),
    ] {
        let list = format!(r#","List":{{"TemplateId":"T","MsgID":"7",{said}}}"#);
        let Event::SubscribeSent(reports) = event("subscribe_msg_sent_event", &list) else {
            panic!("{said}")
        };
        assert_eq!(reports[0].error_code, code, "{said}");
    }
}

#[test]
fn known_events_are_understood() {
    for (file, name) in [
        ("doc.TEMPLATESENDJOBFINISH.success.xml", "TemplateFinished"),
        ("doc.TEMPLATESENDJOBFINISH.user_block.xml", "UserBlocked"),
        ("doc.TEMPLATESENDJOBFINISH.system_failed.xml", "SystemFailed"),
        ("doc.SubscribeMessageSentEvent.object.json", "1864323726461255680"),
        ("doc.user_authorization_revoke.json", "AuthorizationRevoked"),
        ("doc.WxaMediaCheckEvent.ok.json", "MediaChecked"),
        ("doc.WxaMediaCheckEvent.ok.json", "60f96f1d-3845297a-1976a3ae\", verdict: Ok(Pass)"),
        ("doc.wxa_punish_event.json", "Punished"),
    ] {
        let Some(text) = fact(&format!("events/{file}")) else { continue };
        let event = format!("{:?}", parsed(&text).event);
        assert!(event.contains(name), "{file}: {event}");
    }
}

/// Every recorded push and every opened envelope, as text; none when the folder is not there.
static RECORDED: LazyLock<Vec<(String, String)>> = LazyLock::new(recorded);

fn recorded() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/wechat");
    let Ok(entries) = std::fs::read_dir(folder.join("events")) else {
        eprintln!("SKIPPED: {} is not there", folder.display());
        return Vec::new();
    };
    let mut all: Vec<(String, String)> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    let vectors = fact("crypto/callback_aes_vectors.json").unwrap_or_default();
    let vectors: Value = serde_json::from_str(&vectors).unwrap_or_default();
    for vector in vectors["vectors"].as_array().into_iter().flatten() {
        let plain = vector["plaintext"].as_str().unwrap_or_default();
        if plain.trim_start().starts_with(['<', '{']) {
            all.push((vector["id"].to_string(), plain.to_owned()));
        }
    }
    all
}

#[test]
fn every_recorded_push_is_understood_and_named() {
    let all = &*RECORDED;
    for (file, text) in all {
        let told = Notification::parse(text);
        assert!(told.is_ok(), "{file}: {told:?}");
        // A vector without a name is an answer of ours, not a push.
        let named = text.contains("MsgType");
        let other = matches!(&told.unwrap().event, Event::Other(name) if name.is_empty());
        assert!(!(named && other), "{file}");
        let read = |name: &str| file.contains(name);
        let event = Notification::parse(text).unwrap().event;
        if read("TEMPLATESENDJOBFINISH") {
            assert!(
                matches!(event, Event::TemplateFinished { msgid: 200_163_836, .. }),
                "{event:?}"
            );
        } else if read("punish") {
            assert_eq!(
                event,
                Event::Punished { id: "649557".into(), reason: "存在诱导分享行为".into() }
            );
        } else if read("revoke") {
            let openid = "oaKk343WOktAaT2ygsX138BGblrg".into();
            assert_eq!(event, Event::AuthorizationRevoked { openid, kinds: vec![1] });
        }
    }
    assert!(all.is_empty() || all.len() >= 10, "only {} pushes were found", all.len());
}

/// Bodies that stand in when nothing is recorded: XML and JSON, a list of one and of several.
const BODIES: [&str; 4] = [
    "<xml><MsgType><![CDATA[event]]></MsgType><Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent><List><TemplateId>T</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List><List><TemplateId>U</TemplateId></List></SubscribeMsgPopupEvent></xml>",
    r#"{"MsgType":"event","Event":"subscribe_msg_sent_event","CreateTime":"1","List":{"MsgID":"18643237264612556800","ErrorCode":"0"}}"#,
    r#"{"Event":"TEMPLATESENDJOBFINISH","MsgID":1e400,"Status":null,"CreateTime":-9223372036854775809}"#,
    "<xml><Encrypt>&#x110000;&unknown;</Encrypt></xml>",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2_000))]

    /// Cut, doubled, with bytes changed and pieces of another body between: an answer, no panic.
    #[test]
    fn a_mutated_push_is_answered_and_never_panics(
        which in 0_usize..64, cut in 0_usize..4_096, other in 0_usize..64, twice in proptest::bool::ANY,
        changes in proptest::collection::vec((0_usize..4_096, proptest::num::u8::ANY), 0..8)
    ) {
        let mut all: Vec<&str> = RECORDED.iter().map(|(_, text)| text.as_str()).collect();
        all.extend(BODIES);
        let mut bytes = all[which % all.len()].as_bytes().to_vec();
        let between = all[other % all.len()].as_bytes();
        let at = cut % bytes.len();
        drop(bytes.splice(at..at, between.iter().copied().take(cut % 99)));
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        if twice {
            bytes.extend(bytes.clone());
        }
        let text = String::from_utf8_lossy(&bytes);
        // Either is an answer; what is read has a key by which its repeat is known.
        if let Ok(told) = Notification::parse(&text) {
            proptest::prop_assert_eq!(told.dedup_key.len(), 64);
        }
    }
}
