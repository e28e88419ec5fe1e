//! What WeChat tells us, over HTTP, in every form.

use std::net::TcpListener;

use actix_web::{App, HttpServer, web};
use entity::kinds::{EventType, NoticeState, WechatApp};
use serde_json::{Value, json};
use tracing::Level;
use zhinan::api::{callbacks, media};
use zhinan::app::wechat_event::receive;
use zhinan::error::Error;
use zhinan::gateway::wechat::CallbackQuery;
use zhinan::gateway::wechat::crypto::{AesKey, encrypt, signature};
use zhinan::store::{people, session};

use super::kit::{World, on_each};
use crate::gateway::kit::{AES_KEY, MINI, OA, TOKEN, spawn};
use crate::kit::logs::Logs;

pub fn serve(w: &World) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let services = web::Data::new(w.s.clone());
    let app = move || {
        let app = App::new().app_data(services.clone());
        app.configure(callbacks::routes).configure(media::routes)
    };
    let server = HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run();
    spawn(async { server.await.unwrap() });
    format!("http://{address}")
}

#[expect(clippy::needless_pass_by_value, reason = "callers write the value in place")]
pub fn event(name: &str, from: &str, more: Value) -> Value {
    let mut event = json!({ "ToUserName": "gh_1", "FromUserName": from, "CreateTime": 1_700_000_000,
        "MsgType": "event", "Event": name });
    for (key, value) in more.as_object().unwrap() {
        event[key] = value.clone();
    }
    event
}

fn consent_of(template: &str, status: &str) -> Value {
    json!({ "List": [{ "TemplateId": template, "SubscribeStatusString": status, "PopupScene": "0" }] })
}

pub async fn push(w: &World, base: &str, app: &str, event: &Value) -> Value {
    push_as(w, base, (app, "xml"), event, &json!({})).await
}

async fn push_as(
    w: &World,
    base: &str,
    (app, format): (&str, &str),
    event: &Value,
    more: &Value,
) -> Value {
    let (path, appid) = if app == "oa" { ("oa", OA) } else { ("mp", MINI) };
    let mut order = json!({ "url": format!("{base}/wechat/{path}"), "app": app, "token": TOKEN,
        "aes_key": AES_KEY, "appid": appid, "format": format, "mode": "secure", "event": event });
    for (key, value) in more.as_object().unwrap() {
        order[key] = value.clone();
    }
    w.stand.post("/_sandbox/callbacks", order).await
}

/// Who seals a push, and when it leaves.
struct Sender<'a> {
    key: &'a str,
    appid: &'a str,
    /// Without a seal: the body is open, and signed as in plain mode.
    sealed: bool,
    at: i64,
}

impl Sender<'_> {
    /// Pushes as the handler for HTTP takes it, on this thread, whose log can be read.
    async fn push(&self, w: &World, app: WechatApp, event: &Value) -> Result<(), Error> {
        let text = event.to_string();
        let sealed = encrypt(&AesKey::parse(self.key).unwrap(), [7; 16], &text, self.appid);
        let (timestamp, nonce) = (self.at.to_string(), "1".to_owned());
        let query = CallbackQuery {
            signature: signature(&[TOKEN, &timestamp, &nonce]),
            msg_signature: signature(&[TOKEN, &timestamp, &nonce, &sealed]),
            timestamp,
            nonce,
            ..CallbackQuery::default()
        };
        let body = if self.sealed { json!({ "Encrypt": sealed }).to_string() } else { text };
        receive::run(&w.s, app, &query, body.as_bytes()).await
    }
}

/// Stores one push of each kind, as the handler for HTTP does.
pub async fn store_one_of_each(w: &World) {
    let all = [
        (
            WechatApp::Mini,
            event("subscribe_msg_popup_event", "resident", consent_of("T-acknowledged", "accept")),
        ),
        (
            WechatApp::Mini,
            event("subscribe_msg_change_event", "resident", consent_of("T-resolved", "reject")),
        ),
        (WechatApp::Oa, event("subscribe", "new-follower", json!({}))),
        (WechatApp::Oa, event("unsubscribe", "secretary", json!({}))),
        (
            WechatApp::Oa,
            event("TEMPLATESENDJOBFINISH", "primary", json!({ "MsgID": 1, "Status": "success" })),
        ),
        (
            WechatApp::Mini,
            event(
                "user_authorization_revoke",
                "x",
                json!({ "OpenID": "resident", "RevokeInfo": "8" }),
            ),
        ),
    ];
    let person = json!({ "openid": "new-follower", "unionid": "u-9" });
    w.stand.post("/_sandbox/people", person).await;
    for (app, event) in all {
        let appid = if app == WechatApp::Oa { OA } else { MINI };
        let sender = Sender { key: AES_KEY, appid, sealed: true, at: 1_700_000_000 };
        sender.push(w, app, &event).await.unwrap();
    }
}

#[tokio::test]
async fn a_push_in_any_form_is_stored_once_and_counts_once() {
    on_each(async |w| {
        let base = serve(&w);
        let popup =
            event("subscribe_msg_popup_event", "resident", consent_of("T-acknowledged", "accept"));
        for format in ["xml", "json", "json"] {
            let answer = push_as(&w, &base, ("mini", format), &popup, &json!({})).await;
            assert_eq!(answer, json!({ "status": 200, "body": "success" }));
        }
        w.run_due().await;
        assert_eq!(
            w.credits().await,
            [("T-acknowledged".to_owned(), 1)],
            "repeats are one consent"
        );
        let reject =
            event("subscribe_msg_change_event", "resident", consent_of("T-acknowledged", "reject"));
        push(&w, &base, "mini", &reject).await;
        w.run_due().await;
        assert_eq!(w.credits().await, [("T-acknowledged".to_owned(), 0)]);
    })
    .await;
}

#[tokio::test]
async fn forged_and_stale_and_oversized_pushes_are_refused_and_store_nothing() {
    on_each(async |w| {
        let base = serve(&w);
        let good = event("unsubscribe", "primary", json!({}));
        let long = event("unsubscribe", "primary", json!({ "Pad": "长".repeat(40_000) }));
        for (event, more, status) in [
            (&good, json!({ "token": "another" }), 403),
            (&good, json!({ "mode": "plain" }), 403),
            (&good, json!({ "timestamp": 1_700_000_000 - 301 }), 403),
            (&good, json!({ "appid": "wx9" }), 403),
            (&long, json!({}), 413),
        ] {
            let answer = push_as(&w, &base, ("oa", "xml"), event, &more).await;
            assert_eq!(answer["status"], status, "{more}");
        }
        assert_eq!(w.run_due().await, 0);
        let counted = w.s.metrics.render().unwrap();
        for reason in ["forged", "not_encrypted", "stale", "envelope"] {
            let line = format!(r#"zhinan_callbacks_total{{app="oa",outcome="{reason}"}} 1"#);
            assert!(counted.contains(&line), "{line}: {counted}");
        }
    })
    .await;
}

/// Everything is refused until somebody puts it right, and nothing of it is repeated for long.
#[tokio::test]
async fn a_door_that_loses_its_platform_s_own_pushes_is_an_error_once_until_it_takes_one() {
    let logs = Logs::default();
    let _listening = logs.listen();
    let said = |level: Level, words: &str| {
        let lines = logs.lines().into_iter().filter(|line| line.level == level);
        lines.filter(|line| line.text.contains(words)).count()
    };
    let errors = || said(Level::ERROR, "it is lost");
    on_each(async |w| {
        let (other_key, app) = ("kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR", WechatApp::Oa);
        let good = || {
            let at = w.s.clock.now().0 / 1_000_000;
            Sender { key: AES_KEY, appid: OA, sealed: true, at }
        };
        let what = |second: i64| event("unsubscribe", "nobody", json!({ "CreateTime": second }));
        let stale = || Sender { at: good().at - 301, ..good() };
        let begun = errors();
        for (nth, (bad, cure)) in (1..).zip([
            (stale(), "clock"),
            (Sender { key: other_key, ..good() }, "aes_key"),
            (Sender { appid: "wx9", ..good() }, "appid"),
            (Sender { sealed: false, ..good() }, "安全模式"),
        ]) {
            let named = said(Level::ERROR, cure);
            for _repeat in 0..3 {
                bad.push(&w, app, &what(1)).await.unwrap_err();
            }
            assert_eq!((errors(), said(Level::ERROR, cure)), (begun + nth, named + 1), "{cure}");
        }
        // Whoever only knows the address makes no noise.
        let query = CallbackQuery { timestamp: "1".into(), ..CallbackQuery::default() };
        receive::run(&w.s, app, &query, b"{}").await.unwrap_err();
        let over = said(Level::INFO, "taken again");
        for (later, ended) in [(599, 0), (1, 4)] {
            w.stand.advance(later);
            good().push(&w, app, &what(good().at)).await.unwrap();
            assert_eq!(said(Level::INFO, "taken again"), over + ended);
        }
        assert_eq!(errors(), begun + 4);
        stale().push(&w, app, &what(2)).await.unwrap_err();
        assert_eq!(errors(), begun + 5, "it begins anew");
        good().push(&w, WechatApp::Mini, &what(3)).await.unwrap_err();
        assert_eq!(errors(), begun + 6, "each door for itself");
    })
    .await;
}

#[tokio::test]
async fn the_address_check_is_echoed_only_to_wechat() {
    on_each(async |w| {
        let base = serve(&w);
        let signed = signature(&[TOKEN, "1700000000", "7"]);
        for (signature, status) in [(signed.as_str(), 200), ("0000", 403), ("", 403)] {
            let url = format!("{base}/wechat/oa");
            let query = [
                ("signature", signature),
                ("timestamp", "1700000000"),
                ("nonce", "7"),
                ("echostr", "e<1>"),
            ];
            let http = zhinan::gateway::http::Http::new(zhinan::gateway::http::Timeouts::default())
                .unwrap();
            let reply = http.get(&url, &query).await.unwrap();
            assert_eq!(reply.status, status);
            assert_eq!(reply.body == b"e<1>", status == 200);
        }
    })
    .await;
}

#[tokio::test]
async fn followers_are_joined_by_their_unionid_and_leave_again() {
    on_each(async |w| {
        let base = serve(&w);
        w.sql("UPDATE wechat_identity SET unionid = 'u-1' WHERE openid = 'resident'").await;
        for (openid, unionid) in [("oa-resident", "u-1"), ("oa-stranger", "u-2")] {
            w.stand.post("/_sandbox/people", json!({ "openid": openid, "unionid": unionid })).await;
            push(&w, &base, "oa", &event("subscribe", openid, json!({ "EventKey": "" }))).await;
        }
        w.run_due().await;
        let read = &w.s.db.read;
        let known = people::find_openid(read, WechatApp::Oa, "oa-resident").await.unwrap().unwrap();
        let login = people::find_openid(read, WechatApp::Mini, "resident").await.unwrap().unwrap();
        assert_eq!(known.account_id, login.account_id);
        let stranger = people::find_unionid(read, "u-2").await.unwrap().unwrap();
        assert_eq!(
            stranger.openid, "oa-stranger",
            "a later login finds the account by its unionid"
        );
        assert_ne!(stranger.account_id, login.account_id);
        push(&w, &base, "oa", &event("unsubscribe", "oa-resident", json!({}))).await;
        w.run_due().await;
        let gone = people::find_openid(read, WechatApp::Oa, "oa-resident").await.unwrap().unwrap();
        assert!(gone.dead_at.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_report_that_a_message_never_arrived_tells_the_next_person_now() {
    on_each(async |w| {
        let base = serve(&w);
        let case = w.case("停水").await;
        w.run_due().await;
        w.told().await;
        for (notice, status) in
            w.notices(case).await.iter().zip(["failed: system failed", "failed:user block"])
        {
            let who = if status.contains("user") { "cadre" } else { "primary" };
            let report = json!({ "MsgID": notice.msgid.unwrap().to_string(), "Status": status });
            push(&w, &base, "oa", &event("TEMPLATESENDJOBFINISH", who, report)).await;
        }
        w.run_due().await;
        assert_eq!(w.told().await, ["backup"]);
        assert!(w.notices(case).await[..2].iter().all(|n| n.state == NoticeState::Dead));
        let failures = w.events(case).await.into_iter().filter(|e| *e == EventType::PushFailed);
        assert_eq!(failures.count(), 2);
        let delivered = w.notices(case).await[2].msgid.unwrap().to_string();
        let report = json!({ "MsgID": delivered, "Status": "success" });
        push(&w, &base, "oa", &event("TEMPLATESENDJOBFINISH", "backup", report)).await;
        w.run_due().await;
        assert_eq!(w.notices(case).await[2].state, NoticeState::Delivered);
    })
    .await;
}

/// Under the key of the message that it lost, the platform would take the new one for a repeat.
#[tokio::test]
async fn whom_the_platform_s_own_trouble_kept_from_hearing_is_told_anew_and_hears() {
    on_each(async |w| {
        let base = serve(&w);
        let case = w.case("停水").await;
        w.run_due().await;
        assert!(w.told().await.contains(&"primary".to_owned()));
        let first = w.notices(case).await.remove(0);
        let lost = json!({ "MsgID": first.msgid.unwrap().to_string(),
            "Status": "failed: system failed" });
        push(&w, &base, "oa", &event("templatesendjobfinish", "primary", lost)).await;
        w.run_due().await;
        w.told().await;
        w.after(6).await;
        assert!(w.told().await.contains(&"primary".to_owned()));
        let again = w.notices(case).await.remove(0);
        assert_eq!(again.state, NoticeState::Accepted);
        assert_ne!(again.msgid, first.msgid);
    })
    .await;
}

#[tokio::test]
async fn a_signed_push_that_nobody_understands_is_kept_and_taken_once() {
    on_each(async |w| {
        let base = serve(&w);
        let broken = event("TEMPLATESENDJOBFINISH", "primary", json!({ "Status": "success" }));
        for _twice in 0..2 {
            let answer = push(&w, &base, "oa", &broken).await;
            assert_eq!(answer["status"], 200, "or it would be repeated in vain: {answer}");
        }
        w.run_due().await;
        let counted = w.s.metrics.render().unwrap();
        assert!(counted.contains(r#"app="oa",outcome="stored"} 1"#), "{counted}");
        assert!(counted.contains(r#"app="oa",outcome="repeat"} 1"#), "{counted}");
        assert!(w.jobs().await.iter().any(|job| job.last_error.is_some()), "the reason is kept");
    })
    .await;
}

#[tokio::test]
async fn withdrawn_positions_and_everything_of_a_closed_account_are_erased() {
    on_each(async |w| {
        let base = serve(&w);
        let case = w.case("停水").await;
        let positions = async || w.find(case).await.position_sealed;
        w.sql("UPDATE cases SET position_sealed = 'x'").await;
        for (kinds, kept) in [("1,18", false), ("2", true), ("13", false)] {
            w.sql("UPDATE cases SET position_sealed = 'x'").await;
            let revoke = json!({ "OpenID": "resident", "RevokeInfo": kinds });
            push(&w, &base, "mini", &event("user_authorization_revoke", kinds, revoke)).await;
            w.run_due().await;
            assert_eq!(positions().await.is_some(), kept, "{kinds}");
        }
        w.sql("UPDATE cases SET position_sealed = 'x'").await;
        push(
            &w,
            &base,
            "mini",
            &event("subscribe_msg_popup_event", "resident", consent_of("T", "accept")),
        )
        .await;
        w.run_due().await;
        assert_eq!(w.credits().await, [("T".to_owned(), 1)]);
        w.sql("UPDATE cases SET contact_phone_sealed = 'x', contact_phone_index = 'y'").await;
        w.sql("UPDATE account SET phone_sealed = 'x', phone_index = 'y'").await;
        w.sql(
            "INSERT INTO refresh_token (family, account_id, kind, token_hash, issued_at, expires_at,
                family_ends_at)
             SELECT openid, account_id, 'wechat', openid, 0, 1, 1 FROM wechat_identity
              WHERE openid IN ('resident', 'primary')",
        )
        .await;
        let signed_in = async |who: &str| {
            let token = session::find_token(&w.s.db.read, who).await.unwrap().unwrap();
            let account = people::find_account(&w.s.db.read, token.account_id).await.unwrap();
            (account.unwrap(), token.revoked_at.is_none())
        };
        let gone = json!({ "OpenID": "resident" });
        push(&w, &base, "mini", &event("user_authorization_cancellation", "x", gone)).await;
        w.run_due().await;
        assert_eq!((positions().await, w.credits().await), (None, vec![("T".to_owned(), 0)]));
        let read = &w.s.db.read;
        let login = people::find_openid(read, WechatApp::Mini, "resident").await.unwrap().unwrap();
        assert!(login.dead_at.is_some());
        let found = w.find(case).await;
        assert_eq!((found.contact_phone_sealed, found.contact_phone_index), (None, None));
        let (account, living) = signed_in("resident").await;
        assert_eq!((account.phone_sealed, account.token_version, living), (None, 1, false));
        let (other, living) = signed_in("primary").await;
        assert_eq!((other.phone_sealed.is_some(), other.token_version, living), (true, 0, true));
    })
    .await;
}

#[tokio::test]
async fn a_punishment_of_the_platform_is_an_alarm() {
    on_each(async |w| {
        let base = serve(&w);
        let why = json!({ "illegal_reason": "存在诱导分享行为", "illegal_content": ["x"] });
        push(&w, &base, "mini", &event("wxa_punish_event", "x", why)).await;
        w.run_due().await;
        assert!(w.s.metrics.render().unwrap().contains("zhinan_punishments_total 1"));
    })
    .await;
}

#[tokio::test]
async fn a_withdrawn_phone_is_erased() {
    on_each(async |w| {
        let base = serve(&w);
        let revoke = json!({ "OpenID": "resident", "RevokeInfo": "8" });
        push(&w, &base, "mini", &event("user_authorization_revoke", "x", revoke)).await;
        w.run_due().await;
        let read = &w.s.db.read;
        let login = people::find_openid(read, WechatApp::Mini, "resident").await.unwrap().unwrap();
        let account = people::find_account(read, login.account_id).await.unwrap().unwrap();
        assert_eq!((account.phone_sealed, account.phone_index), (None, None));
    })
    .await;
}
