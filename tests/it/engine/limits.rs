//! How much one person gets, and what is kept of a day's quota.

use std::time::Duration;

use entity::kinds::{CaseId, NoticeState, Urgency};
use serde_json::json;
use zhinan::app::notice::quota;
use zhinan::config::Throttle;

use super::kit::{World, on_each, on_each_with};
use super::text_messages::{self, NUMBER, give_mobile};

const TEMPLATE_SEND: &str = "/cgi-bin/message/template/send";

async fn checked(w: &World, urgency: Urgency) -> CaseId {
    let case = w.report("路灯坏了", urgency).await;
    w.sql("UPDATE cases SET content_until = NULL, content_check = 'passed'").await;
    w.sql("UPDATE job SET run_at = 0 WHERE state = 'ready' AND run_at < 1700000003000000").await;
    // The demo's chain would tell the next people within seconds.
    w.sql("UPDATE cases SET next_check_at = 9000000000000000").await;
    case
}

/// Who was told, in no order: jobs that are due at one instant run in any.
async fn told(w: &World) -> Vec<String> {
    let mut told = w.told().await;
    told.sort_unstable();
    told
}

fn to_primary(told: &[String]) -> usize {
    told.iter().filter(|who| *who == "primary").count()
}

#[tokio::test]
async fn one_person_gets_so_many_ordinary_messages_in_an_hour_and_the_rest_as_one() {
    let row = Throttle { channel: "oa_template".into(), seconds: 3_600, most: 2 };
    on_each_with(
        |config| config.notices.throttles = vec![row.clone()],
        async |w| {
            let mut cases = vec![checked(&w, Urgency::Normal).await];
            for _more in 0..4 {
                cases.push(checked(&w, Urgency::Normal).await);
            }
            w.run_due().await;
            let told = w.told().await;
            assert_eq!(to_primary(&told), 2, "{told:?}");
            let held = w.notices(cases[4]).await[0].clone();
            assert_eq!(held.held_until, Some(w.s.clock.now() + Duration::from_hours(1)));
            checked(&w, Urgency::Urgent).await;
            checked(&w, Urgency::Fast).await;
            w.run_due().await;
            let told = w.told().await;
            assert_eq!(to_primary(&told), 2, "what is urgent is not counted out: {told:?}");
            w.after(3_599).await;
            assert!(w.told().await.is_empty());
            w.after(1).await;
            w.after(5).await;
            let told = w.told().await;
            assert_eq!(to_primary(&told), 1, "{told:?}");
            for case in cases {
                let notices = w.notices(case).await;
                assert!(notices.iter().all(|one| one.state == NoticeState::Accepted));
            }
        },
    )
    .await;
}

#[tokio::test]
async fn the_last_tenth_of_a_days_quota_is_kept_for_urgent_messages_until_midnight() {
    on_each(async |w| {
        w.stand.faults(json!({ "quota_left": { TEMPLATE_SEND: 10_000 } })).await;
        quota::ask(&w.s).await;
        checked(&w, Urgency::Normal).await;
        w.run_due().await;
        assert_eq!(told(&w).await, ["cadre", "primary"], "a tenth is left, no less");
        w.stand.faults(json!({ "quota_left": { TEMPLATE_SEND: 9_999 } })).await;
        quota::ask(&w.s).await;
        assert!(w.s.metrics.render().unwrap().contains(r#"{channel="oa_template"} 9999"#));
        let waits = checked(&w, Urgency::Normal).await;
        w.run_due().await;
        assert!(w.told().await.is_empty());
        // Midnight in China after the kit's clock.
        assert_eq!(w.notices(waits).await[0].held_until.unwrap().0, 1_700_064_000_000_000);
        for urgency in [Urgency::Urgent, Urgency::Fast] {
            checked(&w, urgency).await;
            w.run_due().await;
            assert_eq!(told(&w).await, ["cadre", "primary"], "{urgency:?}");
        }
        w.after(64_000).await;
        assert_eq!(told(&w).await, ["cadre", "primary"], "a new day, a new quota");
    })
    .await;
}

#[tokio::test]
async fn a_quota_that_nobody_tells_guards_nothing() {
    on_each(async |w| {
        w.stand.faults(json!({ "quota_left": { TEMPLATE_SEND: 0 } })).await;
        quota::ask(&w.s).await;
        let path = "/cgi-bin/openapi/quota/get";
        w.stand.faults(json!({ "errcode": { "path": path, "code": 76_022, "times": 2 } })).await;
        quota::ask(&w.s).await;
        checked(&w, Urgency::Normal).await;
        w.run_due().await;
        assert_eq!(told(&w).await, ["cadre", "primary"]);
    })
    .await;
}

#[tokio::test]
async fn what_we_send_ourselves_is_counted_between_two_looks_at_the_quota() {
    on_each(async |w| {
        w.stand.faults(json!({ "quota_left": { TEMPLATE_SEND: 10_001 } })).await;
        quota::ask(&w.s).await;
        checked(&w, Urgency::Urgent).await;
        w.run_due().await;
        assert_eq!(told(&w).await, ["cadre", "primary"]);
        assert!(w.s.metrics.render().unwrap().contains(r#"{channel="oa_template"} 9999"#));
        let waits = checked(&w, Urgency::Normal).await;
        w.run_due().await;
        assert!(w.told().await.is_empty(), "less than a tenth is left");
        assert!(w.notices(waits).await[0].held_until.is_some());
    })
    .await;
}

#[tokio::test]
async fn one_refusal_for_the_day_keeps_ordinary_messages_from_asking_again() {
    on_each(async |w| {
        w.stand.faults(json!({ "quota_left": { TEMPLATE_SEND: 100_000 } })).await;
        quota::ask(&w.s).await;
        w.stand.faults(json!({ "quota_used": true })).await;
        checked(&w, Urgency::Urgent).await;
        w.run_due().await;
        w.stand.faults(json!({ "quota_used": false })).await;
        let calls = w.stand.calls(TEMPLATE_SEND).await;
        let waits = checked(&w, Urgency::Normal).await;
        w.run_due().await;
        assert_eq!(w.stand.calls(TEMPLATE_SEND).await, calls, "it would be refused as well");
        assert_eq!(w.notices(waits).await[0].held_until.unwrap().0, 1_700_064_000_000_000);
        quota::ask(&w.s).await;
        checked(&w, Urgency::Normal).await;
        w.run_due().await;
        assert_eq!(told(&w).await, ["cadre", "primary"], "the platform says that it was raised");
    })
    .await;
}

#[tokio::test]
async fn who_is_in_danger_or_stuck_waits_for_no_midnight_where_another_channel_leads_on() {
    for urgency in [Urgency::Urgent, Urgency::Fast] {
        on_each_with(text_messages::on, async |w| {
            give_mobile(&w, "primary", NUMBER).await;
            give_mobile(&w, "cadre", "13800002222").await;
            w.stand.faults(json!({ "quota_used": true })).await;
            let case = checked(&w, urgency).await;
            w.run_due().await;
            assert_eq!(told(&w).await, ["+8613800001111", "+8613800002222"], "{urgency:?}");
            let refused: Vec<_> = w.notices(case).await.into_iter().take(2).collect();
            assert!(refused.iter().all(|one| one.state == NoticeState::Dead), "{refused:?}");
        })
        .await;
    }
}
