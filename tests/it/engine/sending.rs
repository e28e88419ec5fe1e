//! What becomes of a message when WeChat does not simply say yes.

use entity::kinds::{Channel, ContentCheck, NoticeKind, NoticeState, Urgency};
use serde_json::json;
use zhinan::engine::sweep;

use super::kit::{World, on_each};
use crate::kit::logs::Logs;

/// Gets the tokens, so that faults hit the send itself.
async fn warm(w: &World) {
    w.case("热身").await;
    w.run_due().await;
    w.told().await;
    w.sql("UPDATE cases SET state = 'cancelled', next_check_at = NULL").await;
}

#[tokio::test]
async fn a_busy_moment_of_wechat_costs_a_second_and_no_attempt() {
    on_each(async |w| {
        warm(&w).await;
        w.stand
            .faults(json!({ "errcode": { "path": "/cgi-bin/message/template/send", "code": -1 } }))
            .await;
        w.case("停水").await;
        w.run_due().await;
        assert_eq!(w.told().await, ["primary", "cadre"]);
        assert!(w.jobs().await.iter().all(|job| job.attempt <= 1));
    })
    .await;
}

#[tokio::test]
async fn a_doubtful_template_message_is_repeated_under_its_key_and_seen_once() {
    on_each(async |w| {
        warm(&w).await;
        let case = w.report("停水", Urgency::Fast).await;
        w.sql("UPDATE cases SET content_until = NULL, content_check = 'passed'").await;
        w.sql("UPDATE job SET run_at = 0 WHERE state = 'ready'").await;
        w.stand.faults(json!({ "lose_answers": 1 })).await;
        w.run_due().await;
        w.after(2).await;
        let messages = w.stand.messages().await;
        let primary: Vec<_> = messages.iter().filter(|m| m["to"] == "primary").collect();
        assert_eq!(primary.len(), 1);
        assert_eq!(primary[0]["repeats"], 1, "the send was repeated under the same key");
        let notices = w.notices(case).await;
        assert!(notices.iter().all(|n| n.state == NoticeState::Accepted));
    })
    .await;
}

#[tokio::test]
async fn every_try_of_a_message_has_one_key_whatever_wechat_answered_before() {
    on_each(async |w| {
        warm(&w).await;
        let case = w.report("停水", Urgency::Fast).await;
        w.sql("UPDATE cases SET content_until = NULL, content_check = 'passed'").await;
        w.sql("UPDATE job SET run_at = 0 WHERE state = 'ready'").await;
        let busy = json!({ "path": "/cgi-bin/message/template/send", "code": -1, "times": 6 });
        w.stand.faults(json!({ "errcode": busy })).await;
        w.run_due().await;
        let notice = w.notices(case).await[0].clone();
        assert_eq!(notice.state, NoticeState::Planned);
        w.after(5).await;
        let messages = w.stand.messages().await;
        let key = format!("zn-{}-{}-0", notice.id, notice.created_at.0);
        assert!(messages.iter().any(|one| one["client_msg_id"] == key), "{messages:?}");
    })
    .await;
}

#[tokio::test]
async fn a_doubtful_subscribe_message_is_not_repeated_and_the_next_person_is_told() {
    on_each(async |w| {
        warm(&w).await;
        w.give_mini("primary", 5).await;
        w.give_mini("cadre", 5).await;
        w.sql("UPDATE wechat_identity SET dead_at = 1 WHERE openid IN ('primary', 'cadre')").await;
        let case = w.case("停水").await;
        w.stand.faults(json!({ "lose_answers": 3 })).await;
        w.run_due().await;
        w.after(1).await;
        let told = w.told().await;
        assert_eq!(told, ["mini-primary", "mini-cadre", "backup"]);
        let notices = w.notices(case).await;
        assert_eq!(notices[0].state, NoticeState::Unknown);
        assert_eq!(notices[1].state, NoticeState::Unknown);
    })
    .await;
}

/// Of a message without a key, "busy" says as little as no answer: it may have been delivered.
#[tokio::test]
async fn a_busy_answer_to_a_subscribe_message_is_no_reason_to_send_it_again() {
    const SUBSCRIBE: &str = "/cgi-bin/message/subscribe/send";
    on_each(async |w| {
        warm(&w).await;
        w.give_mini("primary", 5).await;
        w.give_mini("cadre", 5).await;
        w.sql("UPDATE wechat_identity SET dead_at = 1 WHERE openid IN ('primary', 'cadre')").await;
        let case = w.case("停水").await;
        w.stand.faults(json!({ "errcode": { "path": SUBSCRIBE, "code": -1, "times": 2 } })).await;
        w.run_due().await;
        w.after(1).await;
        assert_eq!(w.told().await, ["backup"]);
        assert_eq!(w.stand.calls(SUBSCRIBE).await, 2, "once each");
        let notices = w.notices(case).await;
        let states = [notices[0].state, notices[1].state];
        assert_eq!(states, [NoticeState::Unknown; 2]);
        assert!(w.credits().await.iter().all(|(_, left)| *left == 4), "it may be spent");
    })
    .await;
}

#[tokio::test]
async fn a_blocked_worker_is_told_through_the_mini_program_if_he_allows_it() {
    on_each(async |w| {
        w.give_mini("primary", 1).await;
        w.stand.faults(json!({ "blocks": ["primary"] })).await;
        let case = w.case("停水").await;
        w.run_due().await;
        assert_eq!(w.told().await, ["cadre", "mini-primary"]);
        let by_mini =
            w.notices(case).await.into_iter().find(|n| n.channel == Channel::MiniSubscribe);
        assert_eq!(by_mini.unwrap().state, NoticeState::Accepted);
        assert_eq!(w.credits().await[0].1, 0, "the consent is used up");
    })
    .await;
}

#[tokio::test]
async fn notices_outlive_a_dead_wechat_and_the_case_goes_its_way_unchecked() {
    on_each(async |w| {
        w.stand.faults(json!({ "dead": true })).await;
        let case = w.report("停水", Urgency::Normal).await;
        w.run_due().await;
        w.after(2).await;
        assert_eq!(w.find(case).await.content_check, ContentCheck::Unchecked);
        w.stand.faults(json!({ "dead": false })).await;
        w.after(2).await;
        assert_eq!(w.told().await, ["primary", "cadre"]);
        assert!(w.find(case).await.first_push_at.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_used_up_quota_waits_for_the_next_day_unless_it_is_urgent() {
    on_each(async |w| {
        w.stand.faults(json!({ "quota_used": true })).await;
        let calm = w.report("停水", Urgency::Normal).await;
        w.run_due().await;
        let first = w.notices(calm).await[0].id.to_string();
        let job = w.jobs().await.into_iter().find(|j| j.dedup_key == first).unwrap();
        // 06:13 on a November morning in China; the quota opens at midnight.
        assert_eq!(job.run_at.0, 1_700_064_000_000_000);
        assert_eq!(job.attempt, 0, "waiting for a quota uses up no attempt");
        let urgent = w.case("停水").await;
        w.run_due().await;
        assert!(w.notices(urgent).await.iter().all(|n| n.state == NoticeState::Dead));
    })
    .await;
}

#[tokio::test]
async fn a_worker_who_took_the_case_is_not_told_again() {
    on_each(async |w| {
        warm(&w).await;
        let case = w.case("停水").await;
        w.sql(&format!(
            "UPDATE cases SET state = 'acknowledged', acknowledged_at = 1700000000000000 WHERE id = {case}"
        ))
        .await;
        w.run_due().await;
        assert!(w.told().await.is_empty());
        let notices = w.notices(case).await;
        assert!(notices.iter().all(|n| n.state == NoticeState::Cancelled));
    })
    .await;
}

/// It was on its way while the case went elsewhere, so that nobody cancelled it, and was refused then.
#[tokio::test]
async fn what_may_be_sent_again_after_a_new_chain_began_rings_at_nobody_of_the_old_one() {
    on_each(async |w| {
        warm(&w).await;
        let case = w.case("停水").await;
        w.stand.advance(1);
        let now = w.s.clock.now().0;
        w.sql(&format!(
            "UPDATE cases SET escalation_base = {now}, escalation_round = 1,
                next_check_at = 9000000000000000 WHERE id = {case}"
        ))
        .await;
        w.run_due().await;
        assert!(w.told().await.is_empty());
        let notices = w.notices(case).await;
        assert!(notices.iter().all(|n| n.state == NoticeState::Cancelled), "{notices:?}");
    })
    .await;
}

#[tokio::test]
async fn a_number_nobody_described_is_given_three_attempts_and_is_then_the_operator_s() {
    let logs = Logs::default();
    let _listening = logs.listen();
    let errors = || {
        let refused = "refuses our configuration";
        logs.lines().iter().filter(|line| line.text.contains(refused)).count()
    };
    on_each(async |w| {
        warm(&w).await;
        let before = errors();
        let path = "/cgi-bin/message/template/send";
        w.stand
            .faults(json!({ "errcode": { "path": path, "code": 1_119_003, "times": 100 } }))
            .await;
        let case = w.report("停水", Urgency::Fast).await;
        w.sql("UPDATE cases SET content_until = NULL").await;
        w.sql("UPDATE job SET run_at = 0 WHERE state = 'ready'").await;
        let calls = w.stand.calls(path).await;
        for _ in 0..4 {
            w.run_due().await;
            w.sql("UPDATE job SET run_at = 0 WHERE state = 'ready'").await;
        }
        let first = &w.notices(case).await[0];
        assert_eq!((first.state, first.errcode), (NoticeState::Dead, Some(1_119_003)));
        let tries = w.stand.calls(path).await - calls;
        assert!(tries >= 18, "two people, three attempts of three quick tries: {tries}");
        let notices = w.notices(case).await;
        let dead = notices.iter().filter(|one| one.state == NoticeState::Dead);
        assert!(dead.clone().all(|one| one.reason.as_deref() == Some("config_error")));
        assert_eq!(errors() - before, dead.count(), "each is an error once");
    })
    .await;
}

#[tokio::test]
async fn a_doubt_outlives_the_refusal_of_its_repeat() {
    on_each(async |w| {
        warm(&w).await;
        let case = w.report("停水", Urgency::Fast).await;
        w.sql("UPDATE cases SET content_until = NULL, content_check = 'passed'").await;
        w.sql("UPDATE job SET run_at = 0 WHERE state = 'ready'").await;
        w.stand.faults(json!({ "lose_answers": 2 })).await;
        w.run_due().await;
        assert_eq!(w.told().await.len(), 2, "both arrived, and nobody knows");
        w.sql("UPDATE cases SET next_check_at = 9000000000000000").await;
        // The repeats are refused: that says nothing about the first ones.
        let busy =
            json!({ "path": "/cgi-bin/message/template/send", "code": 42001, "times": 1_000 });
        w.stand.faults(json!({ "errcode": busy })).await;
        w.after(2).await;
        let notices = w.notices(case).await;
        assert!(notices.iter().all(|one| one.state == NoticeState::Sending), "{notices:?}");
        w.stand.faults(json!({ "reset": true })).await;
        // WeChat does not know the key any more.
        w.after(660).await;
        assert!(w.told().await.is_empty(), "no phone rings twice");
        let notices = w.notices(case).await;
        assert!(notices.iter().all(|one| one.state == NoticeState::Unknown), "{notices:?}");
    })
    .await;
}

#[tokio::test]
async fn an_urgent_doubt_whose_repeat_is_refused_ends_as_unknown_and_is_not_told_again() {
    on_each(async |w| {
        warm(&w).await;
        let case = w.case("停水").await;
        w.stand.faults(json!({ "lose_answers": 2 })).await;
        w.run_due().await;
        assert_eq!(w.told().await, ["primary", "cadre"]);
        w.sql("UPDATE cases SET next_check_at = 9000000000000000").await;
        let busy =
            json!({ "path": "/cgi-bin/message/template/send", "code": 42001, "times": 1_000 });
        w.stand.faults(json!({ "errcode": busy })).await;
        w.after(2).await;
        let first = w.notices(case).await;
        let first: Vec<_> = first.iter().filter(|one| one.step == 0).collect();
        assert!(first.iter().all(|one| one.state == NoticeState::Unknown), "{first:?}");
        let told = w.told().await;
        assert!(!told.contains(&"primary".to_owned()), "{told:?}");
    })
    .await;
}

/// Nobody knows how long ago the first try was: WeChat knows its key for ten minutes at most.
#[tokio::test]
async fn a_doubt_from_before_the_clock_was_put_back_ends_as_soon_as_one_that_begins_now() {
    on_each(async |w| {
        warm(&w).await;
        let case = w.case("停水").await;
        w.stand.faults(json!({ "lose_answers": 10_000 })).await;
        w.run_due().await;
        w.stand.put_back(3_600);
        sweep::bring_back(&w.s).await.unwrap();
        let first = async || {
            let all = w.notices(case).await.into_iter().filter(|one| one.step == 0);
            all.map(|one| one.state).collect::<Vec<_>>()
        };
        w.run_due().await;
        assert_eq!(first().await, [NoticeState::Sending; 2], "the key is known");
        w.stand.advance(10 * 60);
        w.sql("UPDATE job SET run_at = 1 WHERE state = 'ready'").await;
        w.run_due().await;
        assert_eq!(first().await, [NoticeState::Unknown; 2]);
    })
    .await;
}

/// The first try may have arrived; nobody will ever know, and he cannot be asked again.
#[tokio::test]
async fn a_doubt_about_somebody_whose_way_is_gone_is_followed_by_the_next_person_at_once() {
    for urgency in [Urgency::Urgent, Urgency::Fast] {
        on_each(async |w| {
            warm(&w).await;
            w.sql("UPDATE wechat_identity SET dead_at = 1 WHERE openid = 'cadre'").await;
            let case = w.report("停水", urgency).await;
            w.sql("UPDATE cases SET content_until = NULL, content_check = 'passed'").await;
            w.stand.faults(json!({ "lose_answers": 1 })).await;
            w.sql("UPDATE job SET run_at = 0 WHERE state = 'ready' AND kind = 'send_notice'").await;
            w.run_due().await;
            assert_eq!(w.notices(case).await[0].state, NoticeState::Sending);
            w.sql("UPDATE wechat_identity SET dead_at = 1 WHERE openid = 'primary'").await;
            w.told().await;
            w.after(2).await;
            assert_eq!(w.notices(case).await[0].state, NoticeState::Unknown);
            assert_eq!(w.told().await, ["backup"], "{urgency:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn what_is_planned_twice_of_a_new_case_is_told_once() {
    on_each(async |w| {
        warm(&w).await;
        let before = w.case("停水").await;
        let primary = w.notices(before).await.iter().find_map(|notice| notice.staff_id).unwrap();
        let twice = w.report_with("停电", Urgency::Urgent, move |change| {
            change.tell_staff(&[primary], NoticeKind::Reminder, "请尽快联系居民");
            change.tell_staff(&[primary], NoticeKind::Reminder, "请尽快联系居民");
        });
        let case = twice.await;
        w.run_due().await;
        let notices = w.notices(case).await;
        assert!(notices.iter().all(|notice| notice.state == NoticeState::Accepted), "{notices:?}");
        let again = notices.iter().filter(|notice| notice.kind == NoticeKind::Reminder);
        assert_eq!((again.count(), notices.len()), (1, 3));
    })
    .await;
}
