//! Employee-relation messages: before the official account, where they are configured.

use entity::kinds::{Channel, NoticeState, WechatApp};
use serde_json::json;
use zhinan::config::Config;
use zhinan::store::people;

use super::kit::{World, on_each, on_each_with};
use super::probes::{id_of, plan};
use super::wecom_cards::told;

fn on(config: &mut Config) {
    config.wechat.templates.staff_employee = "T-employee".into();
}

async fn employ(w: &World, who: &str) {
    w.give_mini(who, 1).await;
    w.stand.post("/_sandbox/employees", json!({ "openid": format!("mini-{who}") })).await;
}

#[tokio::test]
async fn an_employee_is_told_as_one_and_whoever_is_none_by_the_next_channel() {
    on_each_with(on, async |w| {
        employ(&w, "primary").await;
        w.give_mini("cadre", 1).await;
        let case = w.case("停水").await;
        w.run_due().await;
        let messages = w.stand.messages().await;
        let mine = messages.iter().find(|m| m["to"] == "mini-primary").unwrap();
        assert_eq!(
            (&mine["channel"], &mine["template"]),
            (&json!("employee"), &json!("T-employee"))
        );
        assert_eq!(mine["data"].as_object().unwrap().len(), 5);
        assert!(mine["page"].as_str().unwrap().starts_with("worker/case/index"));
        assert!(messages.iter().any(|m| m["to"] == "cadre"), "{messages:?}");
        let notices = w.notices(case).await;
        let of = |channel| notices.iter().filter(move |n| n.channel == channel);
        let mut fates: Vec<_> = of(Channel::Employee).map(|n| (n.state, n.errcode)).collect();
        fates.sort();
        assert_eq!(fates, [(NoticeState::Accepted, None), (NoticeState::Dead, Some(40_256))]);
        // Asked again only the day after, when he may have bound himself.
        w.case("停电").await;
        w.run_due().await;
        let calls = w.stand.calls("/cgi-bin/message/wxopen/employeerelationmsg/send").await;
        assert_eq!(calls, 3);
        w.told().await;
        w.sql("UPDATE cases SET state = 'cancelled', next_check_at = NULL").await;
        w.stand.advance(24 * 3_600);
        w.stand.post("/_sandbox/employees", json!({ "openid": "mini-cadre" })).await;
        w.case("停气").await;
        w.run_due().await;
        assert_eq!(told(&w).await, ["mini-cadre", "mini-primary"]);
    })
    .await;
}

#[tokio::test]
async fn a_refused_subscription_and_a_doubtful_send_go_on_at_once() {
    on_each_with(on, async |w| {
        employ(&w, "primary").await;
        w.stand.faults(json!({ "blocks": ["mini-primary"] })).await;
        w.case("停水").await;
        w.run_due().await;
        assert_eq!(told(&w).await, ["cadre", "primary"]);
        w.sql("UPDATE staff SET employee_dead_at = NULL").await;
        w.sql("UPDATE wechat_identity SET dead_at = 1 WHERE openid = 'cadre'").await;
        w.stand.faults(json!({ "reset": true, "lose_answers": 1 })).await;
        let case = w.case("停电").await;
        w.run_due().await;
        w.after(1).await;
        let notices = w.notices(case).await;
        let mine = notices.iter().filter(|n| n.staff_id == notices[0].staff_id);
        let fates: Vec<_> = mine.map(|n| (n.channel, n.state)).collect();
        assert_eq!(fates[0], (Channel::Employee, NoticeState::Unknown), "never repeated");
        assert_eq!(fates[1], (Channel::OaTemplate, NoticeState::Accepted));
        let told = told(&w).await;
        assert_eq!(told.iter().filter(|to| *to == "mini-primary").count(), 1, "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn without_a_template_nobody_is_an_employee() {
    on_each(async |w| {
        employ(&w, "primary").await;
        w.case("停水").await;
        w.run_due().await;
        assert_eq!(told(&w).await, ["cadre", "primary"]);
    })
    .await;
}

/// He works on with the mini-program; only this kind of message is refused to him.
#[tokio::test]
async fn a_test_that_is_refused_to_who_is_no_employee_closes_no_other_channel() {
    on_each_with(on, async |w| {
        w.give_mini("primary", 1).await;
        plan(&w, "primary", Channel::Employee).await;
        w.run_due().await;
        let calls = w.stand.calls("/cgi-bin/message/wxopen/employeerelationmsg/send").await;
        assert_eq!(calls, 1);
        let read = &w.s.db.read;
        let mini = people::find_openid(read, WechatApp::Mini, "mini-primary").await.unwrap();
        assert_eq!(mini.unwrap().dead_at, None);
        let id = id_of(&w, "primary").await;
        let staff = people::staff(read, &[id]).await.unwrap().remove(0);
        assert!(staff.employee_dead_at.is_some(), "he is asked again the day after");
    })
    .await;
}
