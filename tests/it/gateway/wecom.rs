//! Cards through WeCom: one token for all, what a yes with exceptions means, and repeats.

use futures::future::join_all;
use secrecy::SecretString;
use serde_json::json;
use zhinan::gateway::http::Timeouts;
use zhinan::gateway::wechat::{Class, TokenShare};
use zhinan::gateway::wecom::{Button, Card, Closing, Settings, Wecom};

use super::kit::Stand;
use crate::kit::wechat::agent;

const TOKEN: &str = "/cgi-bin/gettoken";
const SEND: &str = "/cgi-bin/message/send";

fn wecom(stand: &Stand) -> Wecom {
    let agent = agent();
    let settings = Settings {
        base_url: format!("http://{}", stand.address),
        corpid: agent.corpid,
        token: SecretString::default(),
        aes_key: SecretString::default(),
        agentid: agent.agentid,
        secret: agent.secret.into(),
        timeouts: Timeouts::default(),
    };
    Wecom::new(settings, stand.clock.clone(), &TokenShare::Local).unwrap()
}

fn card(to: &str, task: &str) -> Card {
    Card {
        to: to.into(),
        task_id: task.into(),
        title: "新工单".into(),
        lines: vec![("工单号".into(), "NC-20261123-00042".into())],
        button: Some(Button { text: "签收", key: "acknowledge" }),
        opens: ("wx1".into(), "pages/case/index?id=1".into()),
    }
}

#[tokio::test]
async fn a_storm_of_first_and_of_refused_tokens_costs_one_fetch_each() {
    let stand = Stand::start();
    let wecom = wecom(&stand);
    let tasks: Vec<String> = (0..200).map(|id| format!("t{id}")).collect();
    let send = |task: &String| {
        let card = card("worker", task);
        let wecom = wecom.clone();
        async move { wecom.send_card(&card).await.unwrap() }
    };
    join_all(tasks.iter().take(100).map(send)).await;
    assert_eq!(stand.calls(TOKEN).await, 1);
    stand.faults(json!({ "token_revoked": true })).await;
    join_all(tasks.iter().skip(100).map(send)).await;
    assert_eq!(stand.calls(TOKEN).await, 2);
    assert_eq!(stand.messages().await.len(), 200);
}

#[tokio::test]
async fn a_yes_that_names_the_addressee_among_the_unreached_is_a_dead_channel() {
    let stand = Stand::start();
    let wecom = wecom(&stand);
    stand.faults(json!({ "unknown": ["Gone"], "blocks": ["NoLicence"] })).await;
    for (to, detail) in [("Gone", "user & party"), ("NoLicence", "unlicenseduser")] {
        let failure = wecom.send_card(&card(to, to)).await.unwrap_err();
        assert_eq!((failure.class, failure.errcode), (Class::DropRecipient, Some(81013)), "{to}");
        assert!(failure.detail.contains(detail) && !failure.doubtful, "{failure:?}");
    }
    assert!(stand.messages().await.is_empty());
}

#[tokio::test]
async fn a_lost_answer_is_doubtful_and_the_repeat_is_recognised_for_half_an_hour() {
    let stand = Stand::start();
    let wecom = wecom(&stand);
    wecom.send_card(&card("worker", "warm")).await.unwrap();
    stand.faults(json!({ "lose_answers": 1 })).await;
    assert!(wecom.send_card(&card("worker", "t1")).await.unwrap_err().doubtful);
    stand.advance(1_790);
    let shown = wecom.send_card(&card("worker", "t1")).await.unwrap();
    assert!(shown.response_code.is_some(), "the repeat brings the code of the first");
    assert_eq!(stand.messages().await.len(), 2);
    assert_eq!(stand.messages().await[1]["repeats"], 1);
}

#[tokio::test]
async fn a_card_is_changed_once_and_only_within_its_day() {
    let stand = Stand::start();
    let wecom = wecom(&stand);
    let mut codes = Vec::new();
    for task in ["t1", "t2"] {
        codes.push(wecom.send_card(&card("worker", task)).await.unwrap().response_code.unwrap());
    }
    let close = |code: &str| {
        let response_code = code.to_owned();
        let closing = Closing { userid: "worker".into(), response_code, words: "已签收".into() };
        let wecom = wecom.clone();
        async move { wecom.close_card(&closing).await }
    };
    close(&codes[0]).await.unwrap();
    let cards = stand.get("/_sandbox/wecom/cards").await;
    assert_eq!((&cards[0]["closed"], &cards[1]["closed"]), (&json!("已签收"), &json!(null)));
    assert_eq!(close(&codes[0]).await.unwrap_err().errcode, Some(60140));
    stand.advance(24 * 3_600);
    assert_eq!(close(&codes[1]).await.unwrap_err().class, Class::ClientError);
}

#[tokio::test]
async fn a_card_without_a_button_only_tells_and_a_wrong_secret_is_for_the_operator() {
    let stand = Stand::start();
    let tells = Card { button: None, ..card("worker", "t1") };
    assert_eq!(wecom(&stand).send_card(&tells).await.unwrap().response_code, None);
    assert!(stand.get("/_sandbox/wecom/cards").await.as_array().unwrap().is_empty());
    stand.faults(json!({ "errcode": { "path": TOKEN, "code": 40001 } })).await;
    let failure = wecom(&stand).send_card(&card("worker", "t2")).await.unwrap_err();
    assert_eq!((failure.class, failure.doubtful), (Class::ConfigError, false));
    assert_eq!(stand.calls(SEND).await, 1, "without a token nothing is sent");
}
