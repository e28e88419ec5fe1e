//! Each call's answer, refusal and silence.

use std::time::Duration;

use serde_json::json;
use zhinan::gateway::http::Timeouts;
use zhinan::gateway::wechat::{AppKind, Class, CodeRequest, Endpoint, Follower, Session, Verdict};

use super::kit::{Stand, card, note};

const LOGIN: &str = "/sns/jscode2session";
const SEND: &str = "/cgi-bin/message/template/send";

#[tokio::test]
async fn a_login_code_names_the_person_once() {
    let stand = Stand::start();
    let code = stand.login_code("resident").await;
    let wechat = stand.wechat();
    let session = wechat.jscode2session(&code).await.unwrap();
    assert_eq!(session, Session { openid: "resident".into(), unionid: Some("u-1".into()) });
    let again = wechat.jscode2session(&code).await.unwrap_err();
    assert_eq!((again.class, again.errcode), (Class::ClientError, Some(40163)));
    let unknown = wechat.jscode2session("made-up").await.unwrap_err();
    assert_eq!((unknown.class, unknown.errcode), (Class::ClientError, Some(40029)));
}

#[tokio::test]
async fn a_login_code_expires_after_five_minutes() {
    let stand = Stand::start();
    let code = stand.login_code("resident").await;
    stand.advance(301);
    assert_eq!(stand.wechat().jscode2session(&code).await.unwrap_err().errcode, Some(40029));
}

#[tokio::test]
async fn a_login_is_never_repeated_by_the_gateway() {
    let stand = Stand::start();
    let code = stand.login_code("resident").await;
    stand.faults(json!({ "errcode": { "path": LOGIN, "code": -1 } })).await;
    let failure = stand.wechat().jscode2session(&code).await.unwrap_err();
    assert_eq!((failure.class, failure.doubtful), (Class::Retry, false));
    assert!(failure.rid.is_some());
    assert_eq!(stand.calls(LOGIN).await, 1);
}

#[tokio::test]
async fn a_template_message_arrives_as_it_was_meant() {
    let stand = Stand::start();
    let sent = stand.wechat().send_template(&card("worker", "task-1")).await.unwrap();
    assert!(sent.msgid.unwrap() > 1 << 53);
    let messages = stand.messages().await;
    let expected = json!({
        "seq": 1, "to": "worker", "channel": "template", "template": "T-assigned",
        "data": { "thing2": "3栋2单元漏水", "time4": "2026-07-30 09:42" },
        "page": "pages/case/index?id=7", "client_msg_id": "task-1",
        "received_at": "2023-11-14T22:13:20.000Z", "repeats": 0,
    });
    assert_eq!(messages, [expected]);
}

#[tokio::test]
async fn a_repeat_with_the_same_key_is_recognised_for_ten_minutes() {
    let stand = Stand::start();
    let wechat = stand.wechat();
    let first = wechat.send_template(&card("worker", "k")).await.unwrap();
    stand.advance(599);
    assert_eq!(wechat.send_template(&card("worker", "k")).await.unwrap(), first);
    wechat.send_template(&card("another", "k")).await.unwrap();
    stand.advance(2);
    wechat.send_template(&card("worker", "k")).await.unwrap();
    let repeats: Vec<_> = stand.messages().await.iter().map(|one| one["repeats"].clone()).collect();
    assert_eq!(repeats, [1, 0, 0]);
}

#[tokio::test]
async fn a_field_that_breaks_its_rule_is_named() {
    let stand = Stand::start();
    let mut wrong = card("worker", "k");
    wrong.data[0].1 = "一".repeat(21);
    let failure = stand.wechat().send_template(&wrong).await.unwrap_err();
    assert_eq!((failure.class, failure.errcode), (Class::ConfigError, Some(47003)));
    assert!(failure.detail.contains("data.thing2.value"), "{}", failure.detail);
}

#[tokio::test]
async fn a_subscribe_message_burns_one_consent() {
    let stand = Stand::start();
    let wechat = stand.wechat();
    let refused = wechat.send_subscribe(&note("resident")).await.unwrap_err();
    assert_eq!((refused.class, refused.errcode), (Class::DropRecipient, Some(43101)));
    let grant = json!({ "openid": "resident", "template_id": "T-accepted", "count": 1 });
    stand.post("/_sandbox/credits", grant).await;
    wechat.send_subscribe(&note("resident")).await.unwrap();
    assert_eq!(wechat.send_subscribe(&note("resident")).await.unwrap_err().errcode, Some(43101));
    assert_eq!(stand.messages().await[0]["channel"], "subscribe");
}

#[tokio::test]
async fn words_are_judged_although_errcode_is_zero() {
    let stand = Stand::start();
    let wechat = stand.wechat();
    for (text, verdict) in [
        ("三栋二单元漏水", Verdict::Pass),
        ("这是复核测试", Verdict::Review),
        ("这是风险测试", Verdict::Risky),
        ("复核测试，风险测试", Verdict::Risky),
    ] {
        assert_eq!(wechat.check_text("resident", text).await.unwrap(), verdict, "{text}");
    }
    let older = json!({ "path": "/wxa/msg_sec_check", "code": 87014, "times": 1 });
    stand.faults(json!({ "errcode": older })).await;
    assert_eq!(wechat.check_text("resident", "漏水").await.unwrap(), Verdict::Risky);
}

#[tokio::test]
async fn a_long_text_is_judged_whole_even_where_it_is_cut() {
    let stand = Stand::start();
    let wechat = stand.wechat();
    for before in [0, 2_447, 2_498, 2_600, 4_949] {
        let text = format!("{}风险测试{}", "水".repeat(before), "水".repeat(5_000 - before));
        assert_eq!(wechat.check_text("resident", &text).await.unwrap(), Verdict::Risky, "{before}");
    }
}

#[tokio::test]
async fn a_phone_number_is_given_once_and_only_for_its_owner() {
    let stand = Stand::start();
    let wechat = stand.wechat();
    let body = json!({ "number": "13800000000", "openid": "resident" });
    let code =
        stand.post("/_sandbox/phone", body.clone()).await["code"].as_str().unwrap().to_owned();
    let phone = wechat.phone_number(&code, "resident").await.ok().unwrap();
    assert_eq!((phone.number.as_str(), phone.country_code.as_str()), ("13800000000", "86"));
    assert_eq!(
        wechat.phone_number(&code, "resident").await.err().unwrap().class,
        Class::ClientError
    );
    let code = stand.post("/_sandbox/phone", body).await["code"].as_str().unwrap().to_owned();
    assert!(wechat.phone_number(&code, "somebody else").await.is_err());
}

#[tokio::test]
async fn a_building_code_is_an_image_and_a_wrong_scene_a_refusal() {
    let stand = Stand::start();
    let wechat = stand.wechat();
    let mut request = CodeRequest {
        scene: "b=8f3k2".into(),
        page: "pages/report/index".into(),
        check_path: false,
        env_version: "release".into(),
        width: 430,
    };
    let png = wechat.unlimited_code(&request).await.unwrap();
    assert_eq!(image::load_from_memory(&png).unwrap().width(), 430);
    request.scene = "楼=1".into();
    assert_eq!(wechat.unlimited_code(&request).await.unwrap_err().errcode, Some(40169));
}

#[tokio::test]
async fn a_follower_is_found_by_the_official_account() {
    let stand = Stand::start();
    stand.post("/_sandbox/people", json!({ "openid": "oa-1", "unionid": " u-1" })).await;
    let found = stand.wechat().follower("oa-1").await.unwrap();
    let unionid = Some("u-1".into());
    assert_eq!(found, Follower { openid: "oa-1".into(), follows: true, unionid });
}

#[tokio::test]
async fn a_refused_connection_is_not_doubtful() {
    let stand = Stand::start();
    let mut settings = stand.settings();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    settings.base_url = format!("http://{closed}");
    let failure = stand.wechat_with(settings).jscode2session("code-in-query").await.unwrap_err();
    assert_eq!((failure.class, failure.doubtful, failure.errcode), (Class::Retry, false, None));
    assert!(
        !failure.to_string().contains("s3cret") && !failure.to_string().contains("code-in-query")
    );
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_doubtful_and_the_repeat_is_recognised() {
    let stand = Stand::start();
    let mut settings = stand.settings();
    settings.timeouts = Timeouts { total: Duration::from_millis(400), ..Timeouts::default() };
    let wechat = stand.wechat_with(settings);
    wechat.send_template(&card("worker", "warm")).await.unwrap();
    stand.faults(json!({ "slow_ms": 5_000 })).await;
    let failure = wechat.send_template(&card("worker", "k")).await.unwrap_err();
    assert_eq!((failure.class, failure.doubtful), (Class::Retry, true));
    assert!(!format!("{failure:?} {failure}").contains("sandbox_"), "{failure:?}");
    stand.faults(json!({})).await;
    wechat.send_template(&card("worker", "k")).await.unwrap();
    let messages = stand.messages().await;
    assert_eq!(messages.len(), 2, "the late one had been delivered");
    assert_eq!(messages[1]["repeats"], 1);
}

#[tokio::test]
async fn a_lost_answer_and_a_dropped_connection_are_doubtful() {
    let stand = Stand::start();
    let wechat = stand.wechat();
    wechat.send_template(&card("worker", "warm")).await.unwrap();
    for (fault, delivered) in [(json!({ "lose_answers": 1 }), 2), (json!({ "dead": true }), 2)] {
        stand.faults(fault.clone()).await;
        let failure = wechat.send_template(&card("worker", &fault.to_string())).await.unwrap_err();
        assert_eq!((failure.class, failure.doubtful), (Class::Retry, true), "{fault}");
        assert_eq!(stand.messages().await.len(), delivered, "{fault}");
    }
}

#[tokio::test]
async fn a_message_is_not_doubtful_when_only_its_token_was_late() {
    let stand = Stand::start();
    let mut settings = stand.settings();
    settings.timeouts = Timeouts { total: Duration::from_millis(400), ..Timeouts::default() };
    stand.faults(json!({ "slow_ms": 5_000 })).await;
    let failure =
        stand.wechat_with(settings).send_template(&card("worker", "k")).await.unwrap_err();
    assert_eq!(
        (failure.endpoint, failure.class, failure.doubtful),
        (Endpoint::Token, Class::Retry, false)
    );
}

#[tokio::test]
async fn each_kind_of_trouble_has_its_class() {
    let stand = Stand::start();
    let wechat = stand.wechat();
    for (fault, class, errcode) in [
        (json!({ "busy": 1 }), Class::Retry, Some(-1)),
        (json!({ "fail_http": 2 }), Class::Retry, None),
        (json!({ "in_between": { SEND: 403 } }), Class::Retry, None),
        (json!({ "quota_used": true }), Class::RateLimited, Some(45009)),
        (json!({ "blocks": ["worker"] }), Class::DropRecipient, Some(43004)),
        (json!({ "unknown": ["worker"] }), Class::DropRecipient, Some(40003)),
        (
            json!({ "errcode": { "path": SEND, "code": 40249 } }),
            Class::ContentRejected,
            Some(40249),
        ),
        (json!({ "errcode": { "path": SEND, "code": 43116 } }), Class::ConfigError, Some(43116)),
    ] {
        stand.faults(fault.clone()).await;
        let failure = wechat.send_template(&card("worker", "k")).await.unwrap_err();
        assert_eq!(
            (failure.class, failure.errcode, failure.doubtful),
            (class, errcode, false),
            "{fault}"
        );
        stand.faults(json!({ "reset": true })).await;
    }
    wechat.send_template(&card("worker", "k")).await.unwrap();
}

#[tokio::test]
async fn a_yes_without_what_was_asked_for_says_nothing() {
    let stand = Stand::start();
    let wechat = stand.wechat();
    for path in [
        "/cgi-bin/user/info",
        "/cgi-bin/user/get",
        "/cgi-bin/user/info/batchget",
        "/cgi-bin/template/get_all_private_template",
        "/wxaapi/newtmpl/gettemplate",
    ] {
        stand.faults(json!({ "errcode": { "path": path, "code": 0, "times": 1 } })).await;
        let answer = match path.rsplit('/').next().unwrap() {
            "info" => wechat.follower("oa-1").await.map(drop),
            "get" => wechat.followers("").await.map(drop),
            "batchget" => wechat.follower_batch(&["oa-1".to_owned()]).await.map(drop),
            "gettemplate" => wechat.templates(AppKind::Mini).await.map(drop),
            _ => wechat.templates(AppKind::Oa).await.map(drop),
        };
        assert_eq!(answer.map_err(|failure| failure.class), Err(Class::Retry), "{path}");
        stand.faults(json!({ "reset": true })).await;
    }
}
