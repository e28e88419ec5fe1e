//! Reports come through the door of the app that numbered the message; each app counts for itself.

use entity::kinds::{CaseId, Channel, NoticeState};
use serde_json::json;

use super::callbacks::{event, push, serve};
use super::kit::{TEMPLATE, World, on_each};
use super::probes::{plan, probes};

/// The number that every message of these tests has.
const NUMBER: &str = "7";

/// A case of which one person heard through the mini-program and the other through the official
/// account.
async fn case(w: &World) -> CaseId {
    w.give_mini("primary", 9).await;
    w.sql("DELETE FROM wechat_identity WHERE app = 'oa' AND openid = 'primary'").await;
    let case = w.case("停水").await;
    w.run_due().await;
    w.sql(&format!("UPDATE notice SET msgid = {NUMBER}")).await;
    case
}

async fn state(w: &World, case: CaseId, channel: Channel) -> NoticeState {
    let mut all = w.notices(case).await.into_iter();
    all.find(|one| one.channel == channel).unwrap().state
}

async fn by_account(w: &World, base: &str, status: &str) {
    let report = json!({ "MsgID": NUMBER, "Status": status });
    push(w, base, "oa", &event("TEMPLATESENDJOBFINISH", "cadre", report)).await;
    w.run_due().await;
}

async fn by_program(w: &World, base: &str, code: &str) {
    let one = json!({ "TemplateId": TEMPLATE, "MsgID": NUMBER, "ErrorCode": code });
    let told = event("subscribe_msg_sent_event", "mini-primary", json!({ "List": [one] }));
    push(w, base, "mini", &told).await;
    w.run_due().await;
}

#[tokio::test]
async fn a_report_ends_the_message_of_its_door_and_no_other_of_the_same_number() {
    for account_first in [true, false] {
        on_each(async |w| {
            let (base, case) = (serve(&w), case(&w).await);
            let (mini, oa) = (Channel::MiniSubscribe, Channel::OaTemplate);
            if account_first {
                by_account(&w, &base, "failed: system failed").await;
                assert_eq!(state(&w, case, oa).await, NoticeState::Dead);
                assert_eq!(state(&w, case, mini).await, NoticeState::Accepted);
                by_program(&w, &base, "0").await;
                assert_eq!(state(&w, case, mini).await, NoticeState::Delivered);
            } else {
                by_program(&w, &base, "20301").await;
                assert_eq!(state(&w, case, mini).await, NoticeState::Dead);
                assert_eq!(state(&w, case, oa).await, NoticeState::Accepted);
                by_account(&w, &base, "success").await;
                assert_eq!(state(&w, case, oa).await, NoticeState::Delivered);
            }
        })
        .await;
    }
}

#[tokio::test]
async fn one_report_ends_one_message() {
    on_each(async |w| {
        let base = serve(&w);
        let case = w.case("停水").await;
        w.run_due().await;
        w.sql(&format!("UPDATE notice SET msgid = {NUMBER}")).await;
        assert!(w.notices(case).await.len() > 1);
        by_account(&w, &base, "success").await;
        let states: Vec<_> = w.notices(case).await.into_iter().map(|one| one.state).collect();
        let ended = states.iter().filter(|state| **state == NoticeState::Delivered).count();
        assert_eq!(ended, 1, "{states:?}");
    })
    .await;
}

/// Nobody reports what becomes of those.
#[tokio::test]
async fn a_report_of_the_mini_program_is_not_about_a_message_to_an_employee() {
    on_each(async |w| {
        let (base, case) = (serve(&w), case(&w).await);
        w.sql("UPDATE notice SET channel = 'employee' WHERE channel = 'mini_subscribe'").await;
        by_program(&w, &base, "20301").await;
        assert_eq!(state(&w, case, Channel::Employee).await, NoticeState::Accepted);
    })
    .await;
}

#[tokio::test]
async fn a_test_message_is_found_beside_a_notice_of_the_other_app_and_by_its_own_door() {
    on_each(async |w| {
        let (base, case) = (serve(&w), case(&w).await);
        w.sql("UPDATE notice SET msgid = NULL WHERE channel = 'oa_template'").await;
        plan(&w, "cadre", Channel::OaTemplate).await;
        w.run_due().await;
        w.sql(&format!("UPDATE probe SET msgid = {NUMBER}")).await;
        by_program(&w, &base, "0").await;
        assert_eq!(probes(&w).await[0].state, NoticeState::Accepted, "another door");
        w.sql("UPDATE notice SET state = 'accepted' WHERE channel = 'mini_subscribe'").await;
        by_account(&w, &base, "failed: system failed").await;
        assert_eq!(probes(&w).await[0].state, NoticeState::Dead);
        assert_eq!(state(&w, case, Channel::MiniSubscribe).await, NoticeState::Accepted);
        w.sql("UPDATE notice SET msgid = NULL").await;
        w.sql("UPDATE probe SET state = 'accepted'").await;
        by_program(&w, &base, "20301").await;
        assert_eq!(probes(&w).await[0].state, NoticeState::Accepted, "another door, and no notice");
    })
    .await;
}
