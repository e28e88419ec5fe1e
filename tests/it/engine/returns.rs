//! Whoever counted as unreachable and comes back is reached again.

use entity::kinds::{Channel, WechatApp};
use entity::wechat_identity;
use serde_json::{Value, json};
use zhinan::app::actor::Actor;
use zhinan::app::channel::{self, show::ChannelView};
use zhinan::app::session::wechat;
use zhinan::error::Result;
use zhinan::store::people;

use super::callbacks::{event, push, serve};
use super::kit::{TEMPLATE, World, on_each, on_each_with};
use super::wecom_cards::{join, on as with_wecom, person};

const DEAD: &str = "UPDATE wechat_identity SET dead_at = 1";

async fn identity(w: &World, app: WechatApp, openid: &str) -> wechat_identity::Model {
    people::find_openid(&w.s.db.read, app, openid).await.unwrap().unwrap()
}

/// Asks for a test message.
async fn test(w: &World, who: &str, channel: Channel) -> Result<Vec<ChannelView>> {
    let account = identity(w, WechatApp::Oa, who).await.account_id;
    let actor = Actor::load(&w.s.db, account, false, w.s.clock.now()).await.unwrap();
    channel::test::run(&w.s, &actor, channel.word()).await
}

#[tokio::test]
async fn whoever_signs_in_is_reached_through_the_mini_program_again() {
    on_each(async |w| {
        w.sql(DEAD).await;
        let code = w.stand.login_code("resident").await;
        wechat::run(&w.s, &code).await.unwrap();
        assert_eq!(identity(&w, WechatApp::Mini, "resident").await.dead_at, None);
        assert!(identity(&w, WechatApp::Oa, "primary").await.dead_at.is_some(), "nobody else");
    })
    .await;
}

#[tokio::test]
async fn whoever_allows_a_message_is_reached_again_and_whoever_refuses_one_is_not() {
    on_each(async |w| {
        let base = serve(&w);
        for (answer, revived) in [("reject", false), ("accept", true)] {
            w.sql(DEAD).await;
            let list: Value = json!({ "List": [
                { "TemplateId": TEMPLATE, "SubscribeStatusString": answer, "PopupScene": "0" }] });
            let popup = event("subscribe_msg_popup_event", "resident", list);
            push(&w, &base, "mini", &popup).await;
            w.run_due().await;
            let alive = identity(&w, WechatApp::Mini, "resident").await.dead_at.is_none();
            assert_eq!(alive, revived, "{answer}");
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_lets_the_official_account_speak_again_proves_it_with_a_test() {
    on_each(async |w| {
        w.sql(&format!("{DEAD} WHERE openid IN ('primary', 'cadre')")).await;
        let test = async |who: &str| test(&w, who, Channel::OaTemplate).await;
        w.stand.faults(json!({ "blocks": ["cadre"] })).await;
        assert!(test("cadre").await.is_err());
        assert!(identity(&w, WechatApp::Oa, "cadre").await.dead_at.is_some());
        test("primary").await.unwrap();
        w.run_due().await;
        assert_eq!(w.told().await, ["primary"]);
        assert_eq!(identity(&w, WechatApp::Oa, "primary").await.dead_at, None);
        // While WeChat does not answer nobody is revived.
        w.sql(&format!("{DEAD} WHERE openid = 'primary'")).await;
        w.stand.faults(json!({ "dead": true })).await;
        assert!(test("primary").await.is_err());
        assert!(identity(&w, WechatApp::Oa, "primary").await.dead_at.is_some());
    })
    .await;
}

/// No push says that a licence, or what the app may see, was mended.
#[tokio::test]
async fn whom_a_card_did_not_reach_is_reached_again_when_he_asks_for_a_test_that_arrives() {
    on_each_with(with_wecom, async |w| {
        join(&w, "primary").await;
        let end = async || person(&w, "primary").await.wecom_end;
        w.stand.faults(json!({ "unknown": ["wc-primary"] })).await;
        for _asks in 0..2 {
            test(&w, "primary", Channel::WecomCard).await.unwrap();
            w.run_due().await;
            assert_eq!(end().await.as_deref(), Some("unreachable"), "notices go past it too");
            w.stand.advance(600);
        }
        w.case("停水").await;
        w.run_due().await;
        assert_eq!(w.told().await, ["primary", "cadre"]);
        w.stand.faults(json!({ "reset": true })).await;
        test(&w, "primary", Channel::WecomCard).await.unwrap();
        w.run_due().await;
        assert_eq!((w.told().await, end().await), (vec!["wc-primary".to_owned()], None));
        for said in ["deleted", "disabled"] {
            w.stand.advance(600);
            w.sql(&format!("UPDATE staff SET wecom_end = '{said}'")).await;
            assert!(test(&w, "primary", Channel::WecomCard).await.is_err());
            assert_eq!(end().await.as_deref(), Some(said), "the address book says more");
        }
    })
    .await;
}
