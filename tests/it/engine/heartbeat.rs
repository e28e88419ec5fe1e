//! The dead man's switch: it is heard only while everything is as it should be.

use entity::kinds::JobKind;
use zhinan::app::doctor::{self, Grade};
use zhinan::engine::sweep;

use super::kit::{World, on_each, on_each_with};
use crate::kit::watcher::Watcher;

async fn watched(test: impl AsyncFn(World, &Watcher)) {
    let watcher = Watcher::start();
    let url = watcher.url();
    on_each_with(
        |config| config.engine.heartbeat_url = url.as_str().into(),
        async |w| {
            // Both databases share the watcher; what the one before pinged does not count.
            test(w, &watcher).await;
        },
    )
    .await;
}

#[tokio::test]
async fn a_healthy_pass_pings_once_a_minute_however_many_processes_sweep() {
    watched(async |w, watcher| {
        let before = watcher.pings();
        let other = w.another().await;
        w.case("停水").await;
        w.run_due().await;
        for (seconds, pings) in [(0, 1), (30, 1), (29, 1), (1, 2), (60, 3)] {
            w.stand.advance(seconds);
            w.run_due().await;
            sweep::run(&w.s).await.unwrap();
            sweep::run(&other).await.unwrap();
            assert_eq!(watcher.pings() - before, pings, "after {seconds} s more");
        }
        w.told().await;
    })
    .await;
}

/// What breaks an invariant, and what mends it.
const BREAKS: [(&str, &str); 4] = [
    ("UPDATE cases SET next_check_at = 1", "UPDATE cases SET next_check_at = 9000000000000000"),
    (
        "UPDATE notice SET state = 'planned', finished_at = NULL",
        "UPDATE notice SET state = 'cancelled', finished_at = 1",
    ),
    (
        "UPDATE job SET state = 'running', lease_owner = 'x', run_at = 1, finished_at = NULL",
        "UPDATE job SET state = 'done', lease_owner = NULL, finished_at = 9000000000000000",
    ),
    (
        "UPDATE job SET state = 'ready', run_at = 1, finished_at = NULL",
        "UPDATE job SET state = 'done', finished_at = 9000000000000000",
    ),
];

#[tokio::test]
async fn any_finding_and_a_late_job_silence_the_pings_until_they_are_mended() {
    watched(async |w, watcher| {
        w.case("停水").await;
        w.run_due().await;
        w.told().await;
        w.sql(BREAKS[0].1).await;
        for (breaks, mends) in BREAKS {
            w.stand.advance(130);
            let before = watcher.pings();
            w.sql(breaks).await;
            sweep::run(&w.s).await.unwrap();
            assert_eq!(watcher.pings(), before, "{breaks}");
            w.sql(mends).await;
            sweep::run(&w.s).await.unwrap();
            assert_eq!(watcher.pings(), before + 1, "{mends}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_step_that_reached_nobody_and_was_not_followed_is_a_finding_unless_it_is_the_last() {
    watched(async |w, watcher| {
        let case = w.case("停水").await;
        w.run_due().await;
        w.told().await;
        let far = "UPDATE cases SET next_check_at = 9000000000000000";
        w.sql(&format!("{far}, escalation_step = 0")).await;
        w.sql("UPDATE notice SET state = 'dead', finished_at = created_at").await;
        w.stand.advance(100);
        assert_eq!(sweep::run(&w.s).await.unwrap().stuck_cases, 0, "it may still be followed");
        let before = watcher.pings();
        w.stand.advance(60);
        assert_eq!(sweep::run(&w.s).await.unwrap().stuck_cases, 1);
        assert_eq!(watcher.pings(), before);
        let told = "UPDATE notice SET state = 'accepted' WHERE id = (SELECT MAX(id) FROM notice)";
        w.sql(told).await;
        assert_eq!(sweep::run(&w.s).await.unwrap().stuck_cases, 0, "one of them was reached");
        w.sql("UPDATE notice SET state = 'dead', step = 4").await;
        w.sql("UPDATE cases SET escalation_step = 4").await;
        assert_eq!(sweep::run(&w.s).await.unwrap().stuck_cases, 0, "the last step repeats");
        assert_eq!(w.find(case).await.escalation_step, Some(4));
    })
    .await;
}

/// It is put off for a minute each time, so that it never looks late.
#[tokio::test]
async fn a_case_each_of_whose_looks_fails_is_a_finding_until_one_succeeds() {
    watched(async |w, watcher| {
        let case = w.case("停水").await;
        w.run_due().await;
        let snapshot = w.find(case).await.snapshot;
        w.sql("UPDATE cases SET snapshot = '?', next_check_at = 1").await;
        w.run_due().await;
        for _ in 0..2 {
            assert_eq!(sweep::run(&w.s).await.unwrap().forgotten_cases, 0, "it may still succeed");
            w.after(60).await;
        }
        w.after(60).await;
        let before = watcher.pings();
        assert_eq!(sweep::run(&w.s).await.unwrap().forgotten_cases, 1);
        assert_eq!(watcher.pings(), before);
        w.sql(&format!("UPDATE cases SET snapshot = '{snapshot}'")).await;
        w.after(60).await;
        assert_eq!(sweep::run(&w.s).await.unwrap().forgotten_cases, 0);
        assert_eq!((watcher.pings(), w.find(case).await.put_off_since), (before + 1, None));
        w.told().await;
    })
    .await;
}

async fn unreached(w: &World) -> i64 {
    sweep::run(&w.s).await.unwrap().unreached_cases
}

/// Every step is skipped, and each round of the last one is as silent as the one before.
#[tokio::test]
async fn a_chain_at_its_end_that_told_nobody_is_a_finding_until_somebody_hears_of_it() {
    watched(async |w, watcher| {
        w.sql("UPDATE wechat_identity SET dead_at = 1 WHERE openid <> 'resident'").await;
        w.case("停水").await;
        w.run_due().await;
        w.stand.advance(100);
        assert_eq!(unreached(&w).await, 0, "it has just begun");
        w.stand.advance(60);
        let before = watcher.pings();
        assert_eq!((unreached(&w).await, watcher.pings()), (1, before));
        for (then, found) in [
            ("cases SET escalation_step = 0", 0),
            ("cases SET escalation_step = 4", 1),
            ("inbox SET read_at = 1 WHERE recipient LIKE 'r%'", 1),
            ("inbox SET read_at = 1", 0),
            ("inbox SET read_at = NULL", 1),
        ] {
            w.sql(&format!("UPDATE {then}")).await;
            assert_eq!(unreached(&w).await, found, "{then}");
        }
        w.sql("UPDATE wechat_identity SET dead_at = NULL").await;
        w.after(600).await;
        assert!(!w.told().await.is_empty());
        assert_eq!(unreached(&w).await, 0, "the last step repeated");
        w.sql("UPDATE notice SET state = 'dead'").await;
        assert_eq!(unreached(&w).await, 1, "it did not arrive after all");
        w.sql("UPDATE notice SET state = 'accepted'").await;
        let now = w.s.clock.now().0 + 1;
        w.sql(&format!("UPDATE cases SET escalation_base = {now}")).await;
        w.stand.advance(130);
        assert_eq!(unreached(&w).await, 1, "that was another chain");
    })
    .await;
}

#[tokio::test]
async fn a_watcher_who_refuses_or_is_away_fails_no_sweep_and_the_next_minute_tries_again() {
    watched(async |w, watcher| {
        watcher.answer(500);
        let before = watcher.pings();
        for pings in 1..=2 {
            sweep::run(&w.s).await.unwrap();
            assert_eq!(watcher.pings() - before, pings);
            w.stand.advance(60);
        }
        watcher.answer(200);
        let gone = w.another_with(|c| c.engine.heartbeat_url = "http://127.0.0.1:9/x".into()).await;
        sweep::run(&gone).await.unwrap();
        let text = gone.metrics.render().unwrap();
        assert!(text.contains(r#"zhinan_heartbeats_total{outcome="missed"} 1"#), "{text}");
    })
    .await;
}

async fn found(w: &World) -> doctor::Check {
    let checks = doctor::run(&w.s, true).await;
    checks.into_iter().find(|check| check.name == "心跳").unwrap()
}

#[tokio::test]
async fn the_doctor_says_whether_anybody_would_notice() {
    on_each(async |w| {
        sweep::run(&w.s).await.unwrap();
        let check = found(&w).await;
        assert_eq!(check.grade, Grade::Warning);
        assert!(check.cure.contains("engine.heartbeat_url"), "{check:?}");
    })
    .await;
    watched(async |w, _watcher| {
        assert_eq!(found(&w).await.grade, Grade::Warning, "nothing was heard yet");
        sweep::run(&w.s).await.unwrap();
        assert_eq!(found(&w).await.grade, Grade::Good);
        w.stand.advance(301);
        assert_eq!(found(&w).await.grade, Grade::Warning);
    })
    .await;
}

/// What cannot be removed is an alarm, and keeps nothing else from being done.
#[tokio::test]
async fn a_sweep_that_cannot_remove_asks_for_the_days_jobs_all_the_same_and_is_not_healthy() {
    watched(async |w, watcher| {
        w.case("停水").await;
        w.run_due().await;
        w.told().await;
        w.sql("UPDATE cases SET due_provisional = (1 = 1)").await;
        w.sql("DROP TABLE seen_code").await;
        let before = watcher.pings();
        assert!(!sweep::run(&w.s).await.unwrap().any(), "nothing else is wrong");
        assert_eq!(watcher.pings(), before);
        assert!(w.jobs().await.iter().any(|job| job.kind == JobKind::Redate));
    })
    .await;
}
