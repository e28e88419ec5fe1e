//! The rules of claiming and finishing.

use std::time::Duration;

use entity::kinds::{JobKind, JobState, NoticeState, Urgency};
use serde_json::json;
use tokio_util::sync::CancellationToken;
use zhinan::app::work::priority;
use zhinan::boot;
use zhinan::config::Config;
use zhinan::engine::{self, finish, sweep};
use zhinan::error::Error;
use zhinan::store::job::{self, Finish, NewJob, Which};

use super::kit::{World, on_each, on_each_with};
use crate::kit::clock::until;

/// As when retention took the first of them.
#[tokio::test]
async fn a_job_that_still_lives_gets_none_beside_it() {
    on_each(async |w| {
        let retell = || NewJob {
            kind: JobKind::Retell,
            dedup_key: "0".to_owned(),
            payload: "{}".to_owned(),
            priority: 1,
            run_at: w.s.clock.now() + Duration::from_hours(1),
            max_attempt: 1,
            trace_id: None,
        };
        for generation in [0, 1, 1] {
            let (job, now) = (retell(), w.s.clock.now());
            let again = w.s.writer.commit(move |tx| {
                Box::pin(
                    async move { Ok::<_, Error>(job::again(tx, JobKind::Retell, job, now).await?) },
                )
            });
            again.await.unwrap();
            let all: Vec<i32> = w.jobs().await.iter().map(|one| one.generation).collect();
            assert_eq!(all, [generation]);
            w.sql("UPDATE job SET generation = 1").await;
        }
    })
    .await;
}

async fn end(w: &World, job: &entity::job::Model) -> bool {
    let (id, fence, now) = (job.id, job.fence, w.s.clock.now());
    w.s.writer
        .commit(move |tx| {
            Box::pin(async move {
                let done = Finish {
                    state: JobState::Done,
                    run_at: now,
                    error: None,
                    undo: false,
                    came_back: false,
                };
                Ok::<_, Error>(job::finish(tx, id, fence, &done, now).await?)
            })
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn a_payload_nobody_understands_buries_itself_and_no_neighbour() {
    on_each(async |w| {
        w.case("停水").await;
        w.sql(
            "UPDATE job SET payload = '{\"notice\": \"?\"}' WHERE id = (SELECT MIN(id) FROM job)",
        )
        .await;
        w.run_due().await;
        assert_eq!(w.told().await, ["cadre"]);
        let jobs = w.jobs().await;
        assert_eq!(jobs[0].state, JobState::Dead);
        assert!(jobs[0].last_error.as_ref().unwrap().contains("payload not understood"));
        assert!(jobs[1..].iter().all(|job| job.state == JobState::Done));
    })
    .await;
}

#[tokio::test]
async fn a_message_whose_job_nobody_understands_is_dead_and_the_next_person_is_told() {
    on_each(async |w| {
        let case = w.case("停水").await;
        w.sql("UPDATE job SET payload = '{' WHERE kind = 'send_notice'").await;
        w.run_due().await;
        let first = w.notices(case).await;
        assert!(first.iter().take(2).all(|one| one.state == NoticeState::Dead), "{first:?}");
        w.after(1).await;
        assert!(w.told().await.contains(&"backup".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_cannot_finish_the_job() {
    on_each(async |w| {
        w.case("停水").await;
        let first = w.claim("first").await;
        w.stand.advance(61);
        let second = w.claim("second").await;
        assert_eq!((second.len(), second[0].lost, second[0].attempt), (first.len(), 1, 1));
        assert!(!end(&w, &first[0]).await, "the fence of the first owner is stale");
        assert!(end(&w, &second[0]).await);
    })
    .await;
}

#[tokio::test]
async fn a_job_that_ended_six_workers_is_buried_and_its_next_person_told() {
    on_each(async |w| {
        let case = w.case("停水").await;
        w.sql("UPDATE job SET lost = 6 WHERE kind = 'send_notice'").await;
        w.run_due().await;
        let notices = w.notices(case).await;
        assert!(notices[..2].iter().all(|n| n.state == NoticeState::Dead));
        assert_eq!(w.told().await, ["backup"]);
    })
    .await;
}

#[tokio::test]
async fn the_running_engine_sends_by_itself_and_stops_when_it_is_asked() {
    on_each(async |w| {
        let stop = CancellationToken::new();
        let running = engine::run(w.s.clone(), stop.clone());
        let watching = async {
            w.case("停水").await;
            w.s.wake.ping().await;
            while w.stand.messages().await.len() < 2 {
                tokio::task::yield_now().await;
            }
            stop.cancel();
        };
        tokio::join!(running, watching);
        let jobs = w.jobs().await;
        // The check of its words is in a lane of its own, which may not have begun by then.
        let mut sends = jobs.iter().filter(|job| job.kind == JobKind::SendNotice);
        assert!(sends.all(|job| job.state == JobState::Done), "{jobs:?}");
    })
    .await;
}

#[tokio::test]
async fn a_message_interrupted_between_send_and_record_is_in_doubt() {
    on_each(async |w| {
        let case = w.case("停水").await;
        w.run_due().await;
        // As if the process had died before it wrote down what WeChat answered.
        w.sql("UPDATE notice SET state = 'sending', finished_at = NULL, msgid = NULL").await;
        w.sql("UPDATE job SET state = 'running', lease_owner = 'dead', run_at = 0, finished_at = NULL").await;
        w.run_due().await;
        let messages = w.stand.messages().await;
        assert_eq!(messages.len(), 2, "nobody's phone rang twice");
        assert!(messages.iter().all(|one| one["repeats"] == 1));
        assert!(w.notices(case).await.iter().all(|n| n.state == NoticeState::Accepted));
        w.sql("UPDATE notice SET state = 'sending', finished_at = NULL, sending_at = sending_at - 600000000").await;
        w.sql("UPDATE job SET state = 'ready', run_at = 0, finished_at = NULL").await;
        w.run_due().await;
        let notices = w.notices(case).await;
        assert!(notices[..2].iter().all(|n| n.state == NoticeState::Unknown), "the key is forgotten");
    })
    .await;
}

#[tokio::test]
async fn a_suspect_is_never_claimed_beside_others_and_is_done_when_it_is_innocent() {
    on_each(async |w| {
        w.case("停水").await;
        w.sql("UPDATE job SET lost = 2 WHERE id = (SELECT MIN(id) FROM job)").await;
        let beside = w.claim("worker").await;
        assert_eq!(beside.len(), w.jobs().await.len() - 1);
        assert!(beside.iter().all(|job| job.lost == 0));
        w.stand.advance(1);
        w.run_due().await;
        let suspect = &w.jobs().await[0];
        assert_eq!((suspect.state, suspect.lost), (JobState::Done, 2));
    })
    .await;
}

#[tokio::test]
async fn of_several_suspects_what_is_urgent_runs_first() {
    on_each(async |w| {
        w.report("路灯坏了", Urgency::Normal).await;
        w.case("停水").await;
        // The others are due for longer.
        w.sql("UPDATE job SET lost = 2, run_at = 0").await;
        w.sql(&format!("UPDATE job SET run_at = 1 WHERE priority = {}", priority::URGENT)).await;
        let first = w.claim_of("worker", Which::Suspect).await;
        let priorities: Vec<i32> = first.iter().map(|job| job.priority).collect();
        assert_eq!(priorities, [priority::URGENT]);
    })
    .await;
}

/// One poison message makes suspects of hundreds.
#[tokio::test]
async fn suspects_run_one_after_the_other_and_none_waits_for_the_next_look() {
    let seldom = |config: &mut Config| config.engine.poll_ms = 3_600_000;
    on_each_with(seldom, async |w| {
        w.case("停水").await;
        w.sql("UPDATE job SET lost = 2").await;
        boot::start_engine(&w.s);
        until("the end of all suspects", async || {
            let jobs = w.jobs().await;
            jobs.iter().all(|job| job.state == JobState::Done).then_some(())
        })
        .await;
        assert!(w.s.lifecycle.finish(Duration::from_secs(10)).await);
    })
    .await;
}

#[tokio::test]
async fn no_more_are_claimed_than_were_asked_for_whatever_is_known_of_the_table() {
    on_each(async |w| {
        let due = async |key: usize| {
            w.sql(&format!(
                "INSERT INTO job (kind, dedup_key, payload, priority, state, run_at, lost,
                    max_attempt, created_at)
                 VALUES ('retell', '{key}', '{{}}', 10, 'ready', 0, {}, 3, 0)",
                if key < 6 { 2 } else { 0 }
            ))
            .await;
        };
        due(0).await;
        // From here on PostgreSQL takes it for a table of one row.
        w.sql("ANALYZE job").await;
        for key in 1..12 {
            due(key).await;
        }
        assert_eq!(w.claim_of("worker", Which::Suspect).await.len(), 1);
        let fresh = Which::Fresh((i32::MIN, i32::MAX), 2);
        assert_eq!(w.claim_of("worker", fresh).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_suspect_that_comes_back_is_none_any_more() {
    on_each(async |w| {
        w.report("停水", Urgency::Fast).await;
        w.sql("UPDATE cases SET content_until = NULL, content_check = 'passed'").await;
        w.sql("UPDATE job SET run_at = 0, lost = 3 WHERE kind = 'send_notice'").await;
        let path = "/cgi-bin/message/template/send";
        w.stand.faults(json!({ "errcode": { "path": path, "code": -1, "times": 100 } })).await;
        w.run_due().await;
        let jobs = w.jobs().await;
        let sends: Vec<_> = jobs.iter().filter(|job| job.kind == JobKind::SendNotice).collect();
        assert!(!sends.is_empty());
        for job in sends {
            assert_eq!((job.state, job.lost), (JobState::Ready, 0), "{job:?}");
        }
        w.stand.faults(json!({ "reset": true })).await;
    })
    .await;
}

#[tokio::test]
async fn the_sweep_finds_what_waits_for_nobody_and_removes_what_is_old() {
    on_each(async |w| {
        w.case("停水").await;
        assert!(!engine::sweep::run(&w.s).await.unwrap().any(), "nothing is late yet");
        w.sql("UPDATE job SET state = 'dead', finished_at = 1 WHERE kind = 'send_notice'").await;
        w.sql("UPDATE job SET state = 'running', lease_owner = 'x' WHERE kind = 'content_check'")
            .await;
        w.stand.advance(126);
        let found = engine::sweep::run(&w.s).await.unwrap();
        assert_eq!(
            (found.orphaned_notices, found.abandoned_jobs, found.forgotten_cases),
            (2, 1, 1)
        );
        assert_eq!(w.jobs().await.len(), 1, "jobs that ended long ago are gone");
        assert!(w.s.metrics.render().unwrap().contains(r#"{finding="orphaned_notices"} 2"#));
    })
    .await;
}

#[tokio::test]
async fn what_is_given_back_counts_no_attempt_and_keeps_the_leases_that_were_lost() {
    on_each(async |w| {
        w.case("停水").await;
        for (state, before, after) in
            [("ready", (3, 0), (3, 0)), ("ready", (3, 1), (3, 1)), ("running", (3, 0), (2, 1))]
        {
            let owner = if state == "running" { "'gone'" } else { "NULL" };
            w.sql(&format!(
                "UPDATE job SET state = '{state}', lease_owner = {owner}, run_at = 0,
                    attempt = {}, lost = {}",
                before.0, before.1
            ))
            .await;
            let claimed = w.claim("worker").await;
            assert!(!claimed.is_empty());
            for job in &claimed {
                let raised = i32::from(state == "running");
                assert_eq!((job.attempt, job.lost), (before.0 + 1 - raised, before.1 + raised));
                finish::give_back(&w.s, job, None).await;
            }
            for job in w.jobs().await {
                assert_eq!(job.state, JobState::Ready);
                assert_eq!((job.attempt, job.lost), after, "{state} {before:?}");
            }
            // Whoever is next sees the attempt that was not begun as the same.
            let next = w.claim("next").await;
            assert!(
                next.iter().all(|job| job.attempt == claimed[0].attempt && job.lost == after.1)
            );
        }
    })
    .await;
}

#[tokio::test]
async fn how_much_is_due_and_for_how_long_is_told_kind_by_kind() {
    on_each(async |w| {
        w.case("停水").await;
        w.stand.advance(90);
        sweep::run(&w.s).await.unwrap();
        let shown = w.s.metrics.render().unwrap();
        assert!(shown.contains(r#"zhinan_due_jobs{kind="send_notice"} 2"#), "{shown}");
        assert!(shown.contains(r#"zhinan_due_job_seconds{kind="send_notice"} 90"#));
        assert!(shown.contains(r#"zhinan_due_jobs{kind="send_probe"} 0"#));
        w.run_due().await;
        sweep::run(&w.s).await.unwrap();
        let shown = w.s.metrics.render().unwrap();
        assert!(shown.contains(r#"zhinan_due_jobs{kind="send_notice"} 0"#), "{shown}");
        assert!(shown.contains(r#"zhinan_due_job_seconds{kind="send_notice"} 0"#));
    })
    .await;
}

/// What is claimed and cannot be begun is kept from every other process.
#[tokio::test]
async fn a_worker_claims_no_more_than_it_may_begin() {
    let few = |config: &mut Config| {
        // A quarter of them is for what presses.
        config.engine.permits = 8;
        config.cases.chain = "standard".into();
    };
    on_each_with(few, async |w| {
        for _ in 0..4 {
            w.case("停水").await;
        }
        w.stand.faults(json!({ "slow_ms": 100 })).await;
        boot::start_engine(&w.s);
        let mut most = 0;
        until("all messages", async || {
            let jobs = w.jobs().await;
            let sends = jobs.iter().filter(|job| job.kind == JobKind::SendNotice);
            let of = |state| sends.clone().filter(|job| job.state == state).count();
            most = most.max(of(JobState::Running));
            (of(JobState::Done) == 8).then_some(())
        })
        .await;
        assert_eq!(most, 2);
        assert!(w.s.lifecycle.finish(Duration::from_secs(10)).await);
        w.stand.faults(json!({ "reset": true })).await;
    })
    .await;
}

#[tokio::test]
async fn a_lease_is_renewed_under_its_fence_while_the_job_runs() {
    on_each(async |w| {
        w.case("停水").await;
        let job = w.claim("one").await.remove(0);
        let renew = async |fence: i64, minutes: u64| {
            let (id, until) = (job.id, w.s.clock.now() + Duration::from_mins(minutes));
            let unit = w.s.writer.commit(move |tx| {
                Box::pin(async move { Ok::<_, Error>(job::renew(tx, id, fence, until).await?) })
            });
            unit.await.unwrap()
        };
        assert!(renew(job.fence, 5).await);
        assert!(!renew(job.fence - 1, 9).await, "whoever lost it renews nothing");
        w.stand.advance(120);
        assert!(w.claim("two").await.iter().all(|other| other.id != job.id), "it is held on");
        assert!(end(&w, &job).await);
        assert!(!renew(job.fence, 9).await, "it is over");
    })
    .await;
}

/// What grows with the years is not cut off; what has cost two leases runs alone, briefly, and once.
#[tokio::test]
async fn an_export_takes_as_long_as_it_needs_unless_it_ended_workers_before() {
    let at_once = |config: &mut Config| config.engine.job_limit_s = 0;
    for (lost, end) in [(0, JobState::Done), (2, JobState::Dead)] {
        on_each_with(at_once, async |w| {
            super::twice::figures(&w, JobKind::ExportFigures).await;
            w.sql(&format!("UPDATE job SET lost = {lost} WHERE kind = 'export_figures'")).await;
            w.run_due().await;
            let jobs = w.jobs().await;
            let export = jobs.iter().find(|job| job.kind == JobKind::ExportFigures).unwrap();
            assert_eq!(export.state, end, "{export:?}");
        })
        .await;
    }
}
