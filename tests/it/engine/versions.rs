//! Two versions of the program on one database, as while a street is being upgraded.

use entity::kinds::JobState;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use zhinan::engine::sweep;
use zhinan::error::Code;
use zhinan::store::job;

use super::kit::{World, on_each};
use crate::kit::App;

const TOMORROW: &str = "m99991231_000001_from_tomorrow";

/// A newer program changes the database beside this one, and asks for work of a kind that came
/// later.
async fn upgrade(w: &World) {
    w.sql(&format!("INSERT INTO seaql_migrations (version, applied_at) VALUES ('{TOMORROW}', 0)"))
        .await;
    ask_for_more(w, 0).await;
}

/// Asks for work of a kind that came later, which has cost so many leases.
async fn ask_for_more(w: &World, lost: i32) {
    w.sql(&format!(
        "INSERT INTO job (kind, dedup_key, generation, payload, priority, state, run_at, attempt,
            lost, max_attempt, fence, created_at)
         VALUES ('from_tomorrow', '{lost}', 0, '{{}}', 0, 'ready', 0, 0, {lost}, 12, 0, 0)"
    ))
    .await;
}

#[tokio::test]
async fn an_engine_touches_nothing_after_a_newer_program_changed_the_database() {
    on_each(async |w| {
        let case = w.case("停水").await;
        upgrade(&w).await;
        let before = w.find(case).await;
        w.stand.advance(3_600);
        w.run_due().await;
        assert_eq!(w.told().await, [""; 0], "the newer program sends it");
        assert_eq!(w.find(case).await, before, "no step of the chain is taken");
        assert!(!sweep::run(&w.s).await.unwrap().any());
        w.sql("DELETE FROM job WHERE kind = 'from_tomorrow'").await;
        let jobs = w.jobs().await;
        let untouched = |job: &entity::job::Model| {
            (job.state, job.attempt, job.fence) == (JobState::Ready, 0, 0)
        };
        assert!(jobs.iter().all(untouched), "{jobs:?}");
        // The upgrade was taken back with the backup from before.
        w.sql(&format!("DELETE FROM seaql_migrations WHERE version = '{TOMORROW}'")).await;
        w.run_due().await;
        assert!(!w.told().await.is_empty());
    })
    .await;
}

/// A newer program that changed nothing else was taken back: its jobs are left, and are the oldest.
#[tokio::test]
async fn a_job_of_a_kind_that_came_later_waits_for_its_program_and_holds_up_nothing() {
    on_each(async |w| {
        for lost in [0, 2] {
            ask_for_more(&w, lost).await;
        }
        let (reads, now) = (&w.s.db.read, w.s.clock.now());
        assert!(!job::suspect_due(reads, now).await.unwrap(), "the lanes need not stop for it");
        w.case("停水").await;
        w.run_due().await;
        assert_eq!(w.told().await, ["primary", "cadre"]);
        assert_eq!(job::earliest_due(reads).await.unwrap(), None, "this program is ready");
        sweep::run(&w.s).await.unwrap();
        let left = entity::job::Entity::find()
            .filter(entity::job::Column::Priority.eq(0))
            .filter(entity::job::Column::State.eq(JobState::Ready))
            .filter(entity::job::Column::Fence.eq(0))
            .count(reads);
        assert_eq!(left.await.unwrap(), 2, "and for its own it is still there");
    })
    .await;
}

#[tokio::test]
async fn an_older_program_does_not_start_on_a_newer_database_and_says_what_to_do() {
    on_each(async |w| {
        upgrade(&w).await;
        let refused = w.try_another().await.unwrap_err();
        let mut said = refused.to_string();
        let mut cause = std::error::Error::source(&refused);
        while let Some(why) = cause {
            said.push_str(&why.to_string());
            cause = why.source();
        }
        assert!(said.contains(TOMORROW) && said.contains("cure: start that program"), "{said}");
    })
    .await;
}

#[tokio::test]
async fn a_process_older_than_its_database_answers_and_says_that_it_is_not_ready() {
    let app = App::start().await;
    app.declare_log("not_ready");
    let admin = app.as_person("system-admin").await;
    assert_eq!(admin.get("/readyz").await.0, 200);
    let newer =
        format!("INSERT INTO seaql_migrations (version, applied_at) VALUES ('{TOMORROW}', 0)");
    app.connect().await.execute_unprepared(&newer).await.unwrap();
    let (status, said) = admin.get("/readyz").await;
    assert_eq!((status, said["code"].as_str()), (503, Some(Code::NotReady.word())), "{said}");
    assert_eq!(admin.get("/api/v1/inbox").await.0, 200, "people are served meanwhile");
}
