//! Test messages prove channels, and notices follow the order of the person.

use entity::kinds::{Channel, JobKind, JobState, NoticeState, StaffId, Urgency, WechatApp};
use entity::{probe, staff, staff_channel};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use zhinan::app::probe::plan;
use zhinan::error::Error;
use zhinan::store;

use super::callbacks::{event, push, serve};
use super::kit::{World, on_each, on_each_with};
use super::text_messages::{NUMBER, give_mobile, on};

pub async fn id_of(w: &World, who: &str) -> StaffId {
    let found = staff::Entity::find().filter(staff::Column::StaffNo.eq(who));
    found.one(&w.s.db.read).await.unwrap().unwrap().id
}

pub async fn plan(w: &World, who: &str, channel: Channel) {
    let (staff, now) = (id_of(w, who).await, w.s.clock.now());
    let unit =
        w.s.writer
            .commit(move |tx| Box::pin(async move { plan::test(tx, staff, channel, now).await }));
    unit.await.unwrap();
}

async fn set_order(w: &World, who: &str, order: &'static [Channel]) {
    let (staff, now) = (id_of(w, who).await, w.s.clock.now());
    let unit = w.s.writer.commit(move |tx| {
        Box::pin(
            async move { Ok::<_, Error>(store::channel::set_order(tx, staff, order, now).await?) },
        )
    });
    unit.await.unwrap();
}

pub async fn probes(w: &World) -> Vec<probe::Model> {
    probe::Entity::find().order_by_asc(probe::Column::Id).all(&w.s.db.read).await.unwrap()
}

pub async fn known(w: &World, who: &str) -> Vec<staff_channel::Model> {
    let of = staff_channel::Column::StaffId.eq(id_of(w, who).await);
    staff_channel::Entity::find().filter(of).all(&w.s.db.read).await.unwrap()
}

#[tokio::test]
async fn a_follower_who_is_staff_gets_a_test_that_proves_the_channel_until_a_report_denies_it() {
    on_each(async |w| {
        w.sql("UPDATE wechat_identity SET dead_at = 1 WHERE openid = 'secretary'").await;
        let base = serve(&w);
        w.stand.post("/_sandbox/people", json!({ "openid": "secretary" })).await;
        push(&w, &base, "oa", &event("subscribe", "secretary", json!({ "EventKey": "" }))).await;
        w.run_due().await;
        let messages = w.stand.messages().await;
        assert_eq!(messages.len(), 1, "{messages:?}");
        assert_eq!(messages[0]["to"], "secretary");
        assert!(messages[0]["data"]["thing5"].as_str().unwrap().starts_with("【测试】"));
        assert!(messages[0]["page"].is_null(), "there is no case to open: {}", messages[0]);
        let way = known(&w, "secretary").await.remove(0);
        assert_eq!((way.channel, way.failed_at), (Channel::OaTemplate, None));
        assert!(way.proven_at.is_some());

        let sent = probes(&w).await.remove(0);
        assert_eq!(sent.state, NoticeState::Accepted);
        let report =
            json!({ "MsgID": sent.msgid.unwrap().to_string(), "Status": "failed:user block" });
        push(&w, &base, "oa", &event("TEMPLATESENDJOBFINISH", "secretary", report)).await;
        w.run_due().await;
        assert_eq!(probes(&w).await[0].state, NoticeState::Dead);
        let way = known(&w, "secretary").await.remove(0);
        assert_eq!(way.failed_reason.as_deref(), Some("unreachable"));
        let read = &w.s.db.read;
        let gone = store::people::find_openid(read, WechatApp::Oa, "secretary").await.unwrap();
        assert!(gone.unwrap().dead_at.is_some());
        let counted = w.s.metrics.render().unwrap();
        assert!(!counted.contains("zhinan_notices_total{"), "a test is no notice: {counted}");
    })
    .await;
}

#[tokio::test]
async fn a_word_about_the_roster_that_is_reported_as_lost_goes_on_unless_it_did_already() {
    on_each(async |w| {
        let base = serve(&w);
        for (who, status, state, next) in [
            ("primary", "failed: system failed", "accepted", Some("mini-primary")),
            ("cadre", "failed:user block", "accepted", Some("mini-cadre")),
            ("secretary", "failed: system failed", "unknown", None),
            ("backup", "success", "accepted", None),
        ] {
            w.give_mini(who, 1).await;
            plan(&w, who, Channel::OaTemplate).await;
            w.run_due().await;
            assert_eq!(w.told().await, [who]);
            let sent = probes(&w).await.pop().unwrap();
            let word = format!("kind = 'roster', dedup_key = '{who}/oa_template'");
            w.sql(&format!("UPDATE probe SET {word}, state = '{state}' WHERE id = {}", sent.id))
                .await;
            let report = json!({ "MsgID": sent.msgid.unwrap().to_string(), "Status": status });
            push(&w, &base, "oa", &event("TEMPLATESENDJOBFINISH", who, report)).await;
            w.run_due().await;
            let next: Vec<&str> = next.into_iter().collect();
            assert_eq!(w.told().await, next, "{who}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_refused_person_closes_his_channel_and_a_provider_in_trouble_closes_none() {
    on_each(async |w| {
        w.stand.faults(json!({ "blocks": ["primary"] })).await;
        plan(&w, "primary", Channel::OaTemplate).await;
        w.run_due().await;
        let way = known(&w, "primary").await.remove(0);
        assert_eq!(way.failed_reason.as_deref(), Some("unreachable"));
        let read = &w.s.db.read;
        let gone = store::people::find_openid(read, WechatApp::Oa, "primary").await.unwrap();
        assert!(gone.unwrap().dead_at.is_some(), "a notice must not try him either");

        let path = "/cgi-bin/message/template/send";
        w.stand.faults(json!({ "errcode": { "path": path, "code": 40036, "times": 9 } })).await;
        plan(&w, "backup", Channel::OaTemplate).await;
        w.run_due().await;
        assert_eq!(probes(&w).await[1].reason.as_deref(), Some("config_error"));
        assert!(known(&w, "backup").await.is_empty(), "it says nothing about the person");
        plan(&w, "cadre", Channel::Sms).await;
        w.run_due().await;
        assert_eq!(known(&w, "cadre").await[0].failed_reason.as_deref(), Some("no_address"));
        assert!(w.told().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_test_whose_answer_is_lost_rings_once_on_every_channel() {
    on_each_with(on, async |w| {
        give_mobile(&w, "cadre", NUMBER).await;
        w.stand.faults(json!({ "lose_answers": 1 })).await;
        plan(&w, "primary", Channel::OaTemplate).await;
        w.run_due().await;
        w.after(2).await;
        w.stand.faults(json!({ "lose_answers": 1 })).await;
        plan(&w, "cadre", Channel::Sms).await;
        w.run_due().await;
        w.after(2).await;
        w.after(90).await;
        assert_eq!(w.told().await, ["primary", &format!("+86{NUMBER}")]);
        let states: Vec<_> = probes(&w).await.iter().map(|one| one.state).collect();
        assert_eq!(states, [NoticeState::Accepted, NoticeState::Unknown]);
    })
    .await;
}

#[tokio::test]
async fn a_process_that_dies_between_the_call_and_its_record_sends_nothing_twice() {
    on_each_with(on, async |w| {
        give_mobile(&w, "cadre", NUMBER).await;
        plan(&w, "primary", Channel::OaTemplate).await;
        plan(&w, "cadre", Channel::Sms).await;
        w.run_due().await;
        w.sql("UPDATE probe SET state = 'sending', msgid = NULL, accepted_at = NULL").await;
        w.sql("UPDATE job SET state = 'ready', run_at = 0, finished_at = NULL").await;
        w.run_due().await;
        assert_eq!(w.told().await, ["primary", &format!("+86{NUMBER}")]);
        let states: Vec<_> = probes(&w).await.iter().map(|one| one.state).collect();
        assert_eq!(states, [NoticeState::Accepted, NoticeState::Unknown]);
    })
    .await;
}

#[tokio::test]
async fn a_test_that_waited_too_long_is_not_sent_and_notices_go_first() {
    on_each(async |w| {
        plan(&w, "secretary", Channel::OaTemplate).await;
        w.case("停水").await;
        let jobs = w.jobs().await;
        let of = |kind| jobs.iter().filter(move |job| job.kind == kind).map(|job| job.priority);
        let first_probe = of(JobKind::SendProbe).min().unwrap();
        assert!(of(JobKind::SendNotice).all(|priority| priority < first_probe));
        w.after(601).await;
        let told = w.told().await;
        assert!(told.contains(&"primary".to_owned()) && !told.is_empty(), "{told:?}");
        let probe = probes(&w).await.remove(0);
        assert_eq!((probe.state, probe.sending_at), (NoticeState::Cancelled, None));
        assert!(
            w.jobs()
                .await
                .iter()
                .all(|job| job.state == JobState::Done || job.run_at > w.s.clock.now())
        );
    })
    .await;
}

#[tokio::test]
async fn a_notice_takes_the_first_channel_of_the_person_and_then_the_next_of_his_order() {
    on_each_with(on, async |w| {
        give_mobile(&w, "primary", NUMBER).await;
        set_order(&w, "primary", &[Channel::Sms, Channel::OaTemplate]).await;
        w.case("停水").await;
        w.run_due().await;
        let mut told = w.told().await;
        told.sort();
        assert_eq!(told, [&format!("+86{NUMBER}"), "cadre"]);

        w.stand.faults(json!({ "sms_blocks": [format!("+86{NUMBER}")] })).await;
        let case = w.case("停电").await;
        w.run_due().await;
        let mine = id_of(&w, "primary").await;
        let notices = w.notices(case).await;
        let fates: Vec<_> = notices
            .iter()
            .filter(|one| one.staff_id == Some(mine))
            .map(|one| (one.channel, one.state))
            .collect();
        assert_eq!(
            fates,
            [(Channel::Sms, NoticeState::Dead), (Channel::OaTemplate, NoticeState::Accepted)]
        );
    })
    .await;
}

#[tokio::test]
async fn who_prefers_the_mini_program_is_told_there_while_he_allows_it() {
    on_each(async |w| {
        w.give_mini("primary", 1).await;
        set_order(&w, "primary", &[Channel::MiniSubscribe]).await;
        for way in [Channel::MiniSubscribe, Channel::OaTemplate] {
            let case = w.report("停水", Urgency::Urgent).await;
            let mine = id_of(&w, "primary").await;
            let notices = w.notices(case).await;
            let first = notices.iter().find(|one| one.staff_id == Some(mine)).unwrap();
            assert_eq!(first.channel, way);
            w.run_due().await;
        }
        assert_eq!(w.credits().await, [(super::kit::TEMPLATE.to_owned(), 0)]);
        w.told().await;
    })
    .await;
}

#[tokio::test]
async fn a_proven_channel_goes_before_one_that_nobody_tried() {
    on_each_with(on, async |w| {
        give_mobile(&w, "primary", NUMBER).await;
        plan(&w, "primary", Channel::Sms).await;
        w.run_due().await;
        assert_eq!(w.told().await, [format!("+86{NUMBER}")]);
        w.case("停水").await;
        w.run_due().await;
        assert!(w.told().await.contains(&format!("+86{NUMBER}")));
    })
    .await;
}

#[tokio::test]
async fn a_test_in_doubt_whose_repeat_is_refused_is_not_sent_again() {
    on_each(async |w| {
        // The token first, so that the answer which is lost is that of the message.
        plan(&w, "backup", Channel::OaTemplate).await;
        w.run_due().await;
        w.told().await;
        w.stand.faults(json!({ "lose_answers": 1 })).await;
        plan(&w, "primary", Channel::OaTemplate).await;
        w.run_due().await;
        let busy = json!({ "path": "/cgi-bin/message/template/send", "code": -1, "times": 1 });
        w.stand.faults(json!({ "errcode": busy })).await;
        w.after(2).await;
        assert_eq!(probes(&w).await[1].state, NoticeState::Sending);
        w.sql("UPDATE job SET run_at = 9000000000000000 WHERE kind = 'send_probe'").await;
        w.after(540).await;
        w.sql("UPDATE job SET run_at = 0 WHERE kind = 'send_probe'").await;
        w.run_due().await;
        assert_eq!(probes(&w).await[1].state, NoticeState::Unknown);
        assert_eq!(w.told().await, ["primary"], "once");
    })
    .await;
}
