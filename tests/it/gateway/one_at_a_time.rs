//! Subscribe messages to one person leave one after the other, to different people side by side.

use std::time::{Duration, Instant};

use futures::future::join_all;
use serde_json::json;
use zhinan::gateway::wechat::Class;

use super::kit::{Stand, note};

const SEND: &str = "/cgi-bin/message/subscribe/send";

async fn allow(stand: &Stand, who: &str, count: usize) {
    let grant = json!({ "openid": who, "template_id": "T-accepted", "count": count });
    stand.post("/_sandbox/credits", grant).await;
}

#[tokio::test]
async fn wechat_never_sees_two_at_once_to_one_person() {
    let stand = Stand::start();
    let wechat = stand.wechat();
    allow(&stand, "one", 6).await;
    wechat.send_subscribe(&note("one")).await.unwrap();
    stand.faults(json!({ "slow_ms": 150 })).await;
    let message = note("one");
    for sent in join_all((0..5).map(|_| wechat.send_subscribe(&message))).await {
        sent.unwrap();
    }
    assert_eq!(stand.calls(SEND).await, 6, "none was refused");
}

#[tokio::test]
async fn different_people_do_not_wait_for_each_other() {
    let stand = Stand::start();
    let wechat = stand.wechat();
    let messages: Vec<_> = (0..10).map(|n| note(&format!("person-{n}"))).collect();
    for message in &messages {
        allow(&stand, &message.to, 2).await;
    }
    wechat.send_subscribe(&messages[0]).await.unwrap();
    stand.faults(json!({ "slow_ms": 400 })).await;
    let began = Instant::now();
    for sent in join_all(messages.iter().map(|message| wechat.send_subscribe(message))).await {
        sent.unwrap();
    }
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

#[tokio::test]
async fn whoever_waits_too_long_was_certainly_not_sent_and_another_process_meets_a_refusal() {
    let stand = Stand::start();
    let (wechat, elsewhere) = (stand.wechat(), stand.wechat());
    allow(&stand, "one", 5).await;
    for process in [&wechat, &elsewhere] {
        process.send_subscribe(&note("one")).await.unwrap();
    }
    stand.faults(json!({ "slow_ms": 3_500 })).await;
    let (message, began) = (note("one"), Instant::now());
    let (first, second) =
        tokio::join!(wechat.send_subscribe(&message), wechat.send_subscribe(&message));
    first.unwrap();
    let late = second.unwrap_err();
    assert_eq!((late.class, late.doubtful, late.errcode), (Class::Retry, false, None));
    assert!(began.elapsed() < Duration::from_secs(7), "{:?}", began.elapsed());
    stand.faults(json!({ "slow_ms": 200 })).await;
    let (first, second) =
        tokio::join!(wechat.send_subscribe(&message), elsewhere.send_subscribe(&message));
    let refused = first.and(second).unwrap_err();
    assert_eq!(
        (refused.class, refused.doubtful, refused.errcode),
        (Class::Retry, false, Some(43_108))
    );
}
