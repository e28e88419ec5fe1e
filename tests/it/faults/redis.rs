//! Redis killed, empty after a restart, and absent from the start, between two real processes.

use std::time::Duration;

use entity::kinds::NoticeState;

use crate::kit::redis_server::RedisServer;
use crate::kit::town::account;
use crate::kit::town::crowd::{Crowd, Posted};
use crate::kit::town::{Town, scaled};

const NAMES: [&str; 2] = ["api", "engine"];
const REST: Duration = Duration::from_secs(90);

async fn town(redis: &RedisServer) -> (Town, Crowd) {
    let mut town = Town::new(&format!("[redis]\nurl = \"{}\"\n", redis.url()));
    for name in NAMES {
        town.start(name, name).await;
    }
    let crowd = Crowd::of(&town, &["api"]).await;
    (town, crowd)
}

/// Everybody told once, nobody refused, and no more said about Redis than there was to say.
async fn kept(town: &Town, posted: &[Posted], changes: usize) {
    assert!(posted.iter().all(|one| one.refused.is_empty() && one.unanswered == 0));
    let account = account::settle(town, posted, REST).await;
    account.assert_kept(town, &NAMES);
    assert_eq!(account.count(NoticeState::Accepted), 2 * posted.len(), "{:#?}", account.told());
    assert_eq!(account.repeats, 0);
    for name in NAMES {
        assert_eq!(town.loud(name, "ERROR"), [""; 0], "{name}");
        let about = town.whole_log(name).lines().filter(|line| line.contains("Redis")).count();
        assert!(about <= changes + 1, "{name} speaks {about} times of Redis");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_dies_and_comes_back_empty_and_nobody_is_lost() {
    let Some(redis) = RedisServer::start().await else { return };
    let (town, crowd) = town(&redis).await;
    let mut posted = Vec::new();
    let times = scaled(2, 10);
    for _ in 0..times {
        posted.extend(crowd.report(6).await);
        let during = crowd.reporting(10);
        redis.kill();
        posted.extend(during.await.unwrap());
        let again = crowd.reporting(10);
        redis.rise().await;
        posted.extend(again.await.unwrap());
    }
    kept(&town, &posted, 2 * times).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_is_absent_from_the_start_and_everybody_is_told() {
    let Some(redis) = RedisServer::absent() else { return };
    let (town, crowd) = town(&redis).await;
    let mut posted = crowd.report(10).await;
    account::settle(&town, &posted, REST).await;
    redis.rise().await;
    posted.extend(crowd.report(10).await);
    kept(&town, &posted, 2).await;
}
