//! PostgreSQL restarted in the middle of work.

use std::sync::atomic::Ordering;
use std::time::Duration;

use entity::kinds::{JobState, NoticeState};

use crate::kit::clock::until_within;
use crate::kit::fill;
use crate::kit::postgres_server::PostgresServer;
use crate::kit::town::account;
use crate::kit::town::crowd::Crowd;
use crate::kit::town::{Town, scaled};

const NAMES: [&str; 2] = ["api", "engine"];
const PATIENCE: Duration = Duration::from_secs(90);

async fn town(server: &PostgresServer) -> Town {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("keys")).unwrap();
    fill(&server.url, &dir.path().join("keys/vault.json")).await;
    let mut town = Town::on(dir, server.url.clone(), None, "");
    for name in NAMES {
        town.start(name, name).await;
    }
    town
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_the_database_refuses_for_a_while_and_loses_nothing() {
    let Some(server) = PostgresServer::start() else { return };
    let town = town(&server).await;
    let crowd = Crowd::of(&town, &["api"]).await;
    let restarts = scaled(2, 10);
    let mut posted = Vec::new();
    for n in 1..=restarts {
        let enough = crowd.answered.load(Ordering::SeqCst) + 25;
        let posting = crowd.reporting(300);
        until_within(PATIENCE, "answers", async || {
            (crowd.answered.load(Ordering::SeqCst) >= enough).then_some(())
        })
        .await;
        let before = crowd.refused.load(Ordering::SeqCst);
        server.halt();
        until_within(PATIENCE, "refusals, and a word of each process", async || {
            let said = NAMES.iter().all(|name| town.loud(name, "ERROR").len() >= n);
            (said && crowd.refused.load(Ordering::SeqCst) > before + 1).then_some(())
        })
        .await;
        server.resume();
        // A process that has not noticed yet that the database is back has nothing new to say.
        until_within(PATIENCE, "a word of each process that it is back", async || {
            let back = |line: &String| line.contains("the database answers again");
            let said = |name| town.loud(name, "INFO").into_iter().filter(back).count();
            NAMES.iter().all(|name| said(name) >= n).then_some(())
        })
        .await;
        posted.extend(posting.await.unwrap());
    }
    let refused: Vec<_> = posted.iter().flat_map(|one| &one.refused).collect();
    for problem in &refused {
        assert_eq!(problem["code"], "database_down", "{problem}");
        assert_eq!(problem["title"], "系统暂时繁忙，请稍后再试", "{problem}");
    }
    let account = account::settle(&town, &posted, Duration::from_mins(2)).await;
    account.assert_kept(&town, &NAMES);
    assert_eq!(account.count(NoticeState::Accepted), 2 * posted.len(), "{:#?}", account.told());
    assert!(account.jobs.iter().all(|job| job.state == JobState::Done));
    for name in NAMES {
        let errors = town.loud(name, "ERROR");
        assert_eq!(errors.len(), restarts, "{name}: one for each change: {errors:#?}");
    }
}
