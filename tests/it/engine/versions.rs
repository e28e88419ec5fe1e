//! Two versions of the program on one database, as while a street is being upgraded.

use entity::kinds::JobState;
use sea_orm::ConnectionTrait;
use zhinan::engine::sweep;
use zhinan::error::Code;

use super::kit::{World, on_each};
use crate::kit::App;

const TOMORROW: &str = "m99991231_000001_from_tomorrow";

/// A newer program changes the database beside this one, and asks for work of a kind that came
/// later.
async fn upgrade(w: &World) {
    w.sql(&format!("INSERT INTO seaql_migrations (version, applied_at) VALUES ('{TOMORROW}', 0)"))
        .await;
    w.sql(
        "INSERT INTO job (kind, dedup_key, generation, payload, priority, state, run_at, attempt,
            lost, max_attempt, fence, created_at)
         VALUES ('from_tomorrow', '1', 0, '{}', 0, 'ready', 0, 0, 0, 12, 0, 0)",
    )
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
