//! Pushes from the sandbox to a receiver that opens them with the gateway.

use std::net::TcpListener;

use actix_web::{App, HttpResponse, HttpServer, web};
use serde_json::{Value, json};
use zhinan::gateway::wechat::{
    AppKind, CallbackQuery, Choice, Event, Notification, SentReport, Wechat,
};

use super::kit::{AES_KEY, MINI, Stand, TOKEN, spawn};

async fn receive(
    wechat: web::Data<Wechat>,
    query: web::Query<CallbackQuery>,
    body: web::Bytes,
) -> HttpResponse {
    match wechat.open_callback(AppKind::Mini, &query, &body) {
        Ok(text) => {
            HttpResponse::Ok().body(format!("{:?}", Notification::parse(&text).unwrap().event))
        }
        Err(why) => HttpResponse::Forbidden().body(format!("{why:?}")),
    }
}

/// Starts a receiver and returns its address.
fn receiver(wechat: &Wechat) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let wechat = web::Data::new(wechat.clone());
    let app = move || App::new().app_data(wechat.clone()).default_service(web::post().to(receive));
    let server = HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run();
    spawn(async { server.await.unwrap() });
    format!("http://{address}/")
}

fn push(url: &str, format: &str, mode: &str, event: &Value) -> Value {
    json!({ "url": url, "app": "mini", "token": TOKEN, "aes_key": AES_KEY, "appid": MINI,
        "format": format, "mode": mode, "event": event })
}

fn popup() -> Value {
    let list = json!([
        { "TemplateId": "T1", "SubscribeStatusString": "accept", "PopupScene": "0" },
        { "TemplateId": "T2", "SubscribeStatusString": "reject", "PopupScene": "0" },
    ]);
    json!({ "ToUserName": "gh_1", "FromUserName": "resident", "CreateTime": "1700000000",
        "MsgType": "event", "Event": "subscribe_msg_popup_event", "List": list })
}

#[tokio::test]
async fn a_push_survives_every_format_and_mode() {
    let stand = Stand::start();
    let secure = receiver(&stand.wechat());
    let mut settings = stand.settings();
    settings.mini.aes_key = String::new().into();
    let plain = receiver(&stand.wechat_with(settings));
    let choice = |id: &str, accepted| Choice { template_id: id.into(), accepted: Some(accepted) };
    let expected =
        format!("{:?}", Event::SubscribePopup(vec![choice("T1", true), choice("T2", false)]));
    for (url, mode) in [(&secure, "secure"), (&plain, "plain")] {
        for format in ["xml", "json"] {
            let answer = stand.post("/_sandbox/callbacks", push(url, format, mode, &popup())).await;
            assert_eq!(answer, json!({ "status": 200, "body": expected }), "{mode} {format}");
        }
    }
}

#[tokio::test]
async fn a_forged_or_stale_or_foreign_push_is_refused() {
    let stand = Stand::start();
    let url = receiver(&stand.wechat());
    let good = push(&url, "json", "secure", &popup());
    let now = 1_700_000_000;
    let other_key = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR";
    for (field, value, why) in [
        ("token", json!("another"), "Forged"),
        ("mode", json!("plain"), "PlainMode"),
        ("timestamp", json!(now - 301), "Stale"),
        ("timestamp", json!(now + 301), "Stale"),
        ("appid", json!("wx9"), "Envelope(WrongApp)"),
        ("aes_key", json!(other_key), "Envelope(Damaged)"),
    ] {
        let mut bad = good.clone();
        bad[field] = value;
        let answer = stand.post("/_sandbox/callbacks", bad).await;
        assert_eq!(answer, json!({ "status": 403, "body": why }), "{field}");
    }
    assert_eq!(stand.post("/_sandbox/callbacks", good).await["status"], 200);
}

#[tokio::test]
async fn a_list_of_one_and_numbers_as_text_are_understood() {
    let stand = Stand::start();
    let url = receiver(&stand.wechat());
    let event = json!({ "FromUserName": "resident", "CreateTime": "1620963428", "MsgType": "event",
        "Event": "subscribe_msg_sent_event",
        "List": { "TemplateId": "T", "MsgID": "1864323726461255680", "ErrorCode": "0", "ErrorStatus": "success" } });
    let answer = stand.post("/_sandbox/callbacks", push(&url, "json", "secure", &event)).await;
    let report = SentReport {
        template_id: "T".into(),
        msgid: Some(1_864_323_726_461_255_680),
        error_code: Some(0),
    };
    assert_eq!(answer["body"], format!("{:?}", Event::SubscribeSent(vec![report])));
}
