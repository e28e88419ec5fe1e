//! A resident's words and WeChat's opinion on them.

use entity::kinds::{
    CaseState, ContentCheck, EventType, JobKind, NoticeKind, NoticeState, TriageReason, Urgency,
};
use serde_json::json;
use zhinan::app::case::chain;
use zhinan::app::case::change::Change;
use zhinan::app::work::priority;
use zhinan::store::job::{self, Claim, Which};

use super::kit::on_each;
use crate::kit::App;
use crate::kit::builders::report;
use crate::kit::clock::{minutes, seconds};

/// While WeChat hangs, each check holds its place for seconds: a text message must not wait for it.
#[tokio::test]
async fn no_notice_waits_for_a_place_behind_a_check() {
    let mut app = App::start().await;
    app.leave_jobs();
    report(&app).await;
    let conn = app.connect().await;
    // By then its messages are due as well.
    let now = app.clock.now() + seconds(2);
    let which = Which::Fresh((i32::MIN, priority::ORDINARY), 100);
    let claim = Claim { owner: "me", now, until: now + minutes(1), which };
    let claimed = job::claim(&conn, &claim).await.unwrap();
    let of = |kind: JobKind| claimed.iter().filter(|job| job.kind == kind).count();
    assert!(of(JobKind::SendNotice) > 0, "{claimed:?}");
    assert_eq!(of(JobKind::ContentCheck), 0, "{claimed:?}");
    conn.close().await.unwrap();
}

#[tokio::test]
async fn words_that_pass_are_told_at_once_without_waiting_for_the_full_time() {
    on_each(async |w| {
        let case = w.report("停水", Urgency::Normal).await;
        w.run_due().await;
        assert_eq!(w.told().await, ["primary", "cadre"], "the clock did not move");
        assert_eq!(w.find(case).await.content_check, ContentCheck::Passed);
    })
    .await;
}

#[tokio::test]
async fn risky_words_reach_the_triage_desk_and_nobody_else() {
    on_each(async |w| {
        let case = w.report("风险测试", Urgency::Normal).await;
        w.run_due().await;
        assert_eq!(w.told().await, ["desk"]);
        let found = w.find(case).await;
        assert_eq!(found.state, CaseState::Triage);
        assert_eq!(found.triage_reason, Some(TriageReason::ContentReview));
        assert!(w.events(case).await.contains(&EventType::SentToTriage));
        let cancelled = w.notices(case).await;
        assert!(cancelled.iter().take(2).all(|n| n.state == NoticeState::Cancelled));
        w.after(3).await;
        assert!(w.told().await.is_empty());
        // So does what is said about it from now on, although it lies in a grid.
        let sent = w.notices(case).await;
        let desk = sent.iter().find(|n| n.kind == NoticeKind::Triage).and_then(|n| n.staff_id);
        assert!(found.small_grid_id.is_some() && desk.is_some());
        let (s, now) = (w.s.clone(), w.s.clock.now());
        let urged = w.s.writer.commit(move |tx| {
            Box::pin(async move { chain::responsible(&Change::new(&s, found, now), tx).await })
        });
        assert_eq!(urged.await.unwrap(), Vec::from_iter(desk));
    })
    .await;
}

#[tokio::test]
async fn a_check_that_wechat_refuses_loses_no_case() {
    on_each(async |w| {
        w.stand.faults(json!({ "errcode": { "path": "/wxa/msg_sec_check", "code": 61010 } })).await;
        let case = w.report("停水", Urgency::Normal).await;
        w.run_due().await;
        assert_eq!(w.find(case).await.content_check, ContentCheck::Unchecked);
        assert_eq!(w.told().await, ["primary", "cadre"]);
    })
    .await;
}

#[tokio::test]
async fn a_check_that_ends_dead_lets_its_case_go_on_unchecked_with_an_entry_in_the_record() {
    on_each(async |w| {
        // Its payload is not understood; its process ended each time; it has no try left.
        for spoilt in [
            "payload = '{}'",
            "lost = 6",
            "payload = '{\"case\": \"x\"}', lost = 2",
            "attempt = max_attempt",
        ] {
            for urgency in [Urgency::Normal, Urgency::Urgent] {
                let case = w.report("停水", urgency).await;
                if spoilt.starts_with("attempt") {
                    // Only the check cannot be opened; the words of the notice can.
                    w.sql(&format!("UPDATE cases SET text_sealed = 'broken' WHERE id = {case}"))
                        .await;
                }
                w.sql(&format!(
                    "UPDATE job SET {spoilt} WHERE kind = 'content_check' AND dedup_key = '{case}'"
                ))
                .await;
                w.run_due().await;
                assert_eq!(w.find(case).await.content_check, ContentCheck::Unchecked, "{spoilt}");
                let events = w.events(case).await;
                let checked = events.iter().filter(|one| **one == EventType::ContentChecked);
                assert_eq!(checked.count(), 1, "{spoilt} {events:?}");
                let mut told = w.told().await;
                told.sort_unstable();
                assert_eq!(
                    told,
                    ["cadre", "primary"],
                    "{spoilt}: without waiting for the full time"
                );
                w.sql("UPDATE cases SET state = 'cancelled', next_check_at = NULL").await;
            }
        }
    })
    .await;
}
