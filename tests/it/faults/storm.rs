//! Two servers and two engines on one database, one of them killed again and again under load.

use std::sync::atomic::Ordering;
use std::time::Duration;

use entity::kinds::{JobState, NoticeState};

use serde_json::json;

use crate::kit::clock::until_within;
use crate::kit::town::account;
use crate::kit::town::crowd::Crowd;
use crate::kit::town::{Town, scaled};

const NAMES: [&str; 4] = ["engine-1", "api-1", "engine-2", "api-2"];
const PATIENCE: Duration = Duration::from_mins(2);

fn role(name: &str) -> &str {
    name.split('-').next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_and_two_engines_lose_nothing_while_one_of_them_is_killed_again_and_again() {
    let mut town = Town::new("");
    for name in NAMES {
        town.start(name, role(name)).await;
    }
    let crowd = Crowd::of(&town, &["api-1", "api-2"]).await;
    // A call takes a while, so that whoever is killed holds leases.
    town.faults(json!({ "slow_ms": 300 })).await;
    let (kills, between) = scaled((4, 20), (12, 200));
    let posting = crowd.reporting(kills * between + between);
    for n in 0..kills {
        let enough = (n + 1) * between;
        until_within(PATIENCE, "answers", async || {
            (crowd.answered.load(Ordering::SeqCst) >= enough).then_some(())
        })
        .await;
        let name = NAMES[n % NAMES.len()];
        town.kill(name);
        town.start(name, role(name)).await;
    }
    let posted = posting.await.unwrap();
    assert!(posted.iter().all(|one| one.refused.is_empty()), "refused: {posted:#?}");
    let account = account::settle(&town, &posted, PATIENCE).await;
    account.assert_kept(&town, &NAMES);
    assert_eq!(account.count(NoticeState::Accepted), 2 * posted.len());
    assert!(account.jobs.iter().all(|job| job.state == JobState::Done));
    let lost: i32 = account.jobs.iter().map(|job| job.lost).sum();
    assert!(lost > 0, "nobody was interrupted, so nothing was tried");
    println!("{} reports, {} repeats dropped, {lost} leases lost", posted.len(), account.repeats);
}
