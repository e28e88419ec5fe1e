//! What the sandbox itself promises.

use futures::future::join_all;
use serde_json::json;
use zhinan::gateway::http::{Http, Timeouts};

use super::kit::{MINI, OA, Stand, card};

async fn call(stand: &Stand, path: &str, body: serde_json::Value) -> serde_json::Value {
    stand.post(path, body).await
}

fn grant(appid: &str) -> serde_json::Value {
    json!({ "grant_type": "client_credential", "appid": appid, "secret": "s3cret" })
}

#[tokio::test]
async fn a_forced_token_kills_the_previous_one_and_is_rationed() {
    let stand = Stand::start();
    let old = call(&stand, "/cgi-bin/stable_token", grant(OA)).await["access_token"].clone();
    let mut forced = grant(OA);
    forced["force_refresh"] = true.into();
    let new = call(&stand, "/cgi-bin/stable_token", forced.clone()).await["access_token"].clone();
    assert_ne!(old, new);
    let send = format!("/cgi-bin/message/template/send?access_token={}", old.as_str().unwrap());
    assert_eq!(call(&stand, &send, json!({})).await["errcode"], 40001);
    assert_eq!(call(&stand, "/cgi-bin/stable_token", forced).await["errcode"], 45011);
}

#[tokio::test]
async fn wrong_credentials_and_foreign_tokens_are_refused() {
    let stand = Stand::start();
    let mut wrong = grant(OA);
    wrong["secret"] = "guess".into();
    assert_eq!(call(&stand, "/cgi-bin/stable_token", wrong).await["errcode"], 40125);
    assert_eq!(call(&stand, "/cgi-bin/stable_token", grant("wx9")).await["errcode"], 40013);
    let mini = call(&stand, "/cgi-bin/stable_token", grant(MINI)).await["access_token"].clone();
    let send = format!("/cgi-bin/message/template/send?access_token={}", mini.as_str().unwrap());
    assert_eq!(call(&stand, &send, json!({})).await["errcode"], 40001);
    assert_eq!(call(&stand, "/wxa/msg_sec_check", json!({})).await["errcode"], 41001);
    stand.advance(7_201);
    let check = format!("/wxa/msg_sec_check?access_token={}", mini.as_str().unwrap());
    assert_eq!(call(&stand, &check, json!({})).await["errcode"], 42001);
}

#[tokio::test]
async fn the_older_token_endpoint_gives_the_previous_token_five_more_minutes() {
    let stand = Stand::start();
    let url = format!("/cgi-bin/token?grant_type=client_credential&appid={MINI}&secret=s3cret");
    let first = stand.get(&url).await["access_token"].as_str().unwrap().to_owned();
    let second = stand.get(&url).await["access_token"].as_str().unwrap().to_owned();
    assert_ne!(first, second);
    let check = format!("/wxa/msg_sec_check?access_token={first}");
    assert_eq!(
        call(&stand, &check, json!({ "openid": "r", "scene": 2, "content": "水" })).await["errcode"],
        0
    );
    stand.advance(301);
    assert_eq!(call(&stand, &check, json!({})).await["errcode"], 42001);
}

#[tokio::test]
async fn five_thousand_messages_over_five_hundred_connections_all_arrive() {
    let stand = Stand::start();
    let wechat = stand.wechat();
    let senders = (0..500).map(async |sender: usize| {
        for round in 0..10 {
            let card = card(&format!("worker-{}", sender % 50), &format!("{sender}-{round}"));
            wechat.send_template(&card).await.unwrap();
        }
    });
    join_all(senders).await;
    assert_eq!(stand.messages().await.len(), 5_000);
    assert_eq!(stand.get("/_sandbox/messages?to=worker-7").await.as_array().unwrap().len(), 100);
    let tail = stand.get("/_sandbox/messages?after=4990").await;
    assert_eq!(tail.as_array().unwrap().len(), 10);
    assert_eq!(stand.get("/_sandbox/messages?limit=3").await[2]["seq"], 5_000);
}

#[tokio::test]
async fn the_page_shows_phones_without_help_from_elsewhere() {
    let stand = Stand::start();
    let http = Http::new(Timeouts::default()).unwrap();
    let page = http.get(&format!("http://{}/", stand.address), &[]).await.unwrap();
    let html = String::from_utf8(page.body).unwrap();
    assert!(page.content_type.starts_with("text/html") && html.contains("_sandbox/messages"));
    assert!(!html.contains("http://") && !html.contains("https://"), "no foreign host");
}

#[tokio::test]
async fn an_unknown_switch_is_refused_instead_of_ignored() {
    let stand = Stand::start();
    let http = Http::new(Timeouts::default()).unwrap();
    let url = format!("http://{}/_sandbox/faults", stand.address);
    assert_eq!(http.post_json(&url, &[], &json!({ "bussy": 1 })).await.unwrap().status, 400);
}
