//! Redis that comes late, dies, freezes and returns.

use std::time::{Duration, Instant};

use tracing::Level;
use zhinan::gateway::redis::Redis;
use zhinan::lifecycle::Lifecycle;

use crate::kit::clock::until;
use crate::kit::logs::Logs;
use crate::kit::redis_server::RedisServer;

const PATIENCE: Duration = Duration::from_millis(100);

/// Opens a Redis whose keeper runs until the test ends.
pub fn kept(url: &str) -> Redis {
    let redis = Redis::open(url, "test").unwrap();
    let lifecycle = Lifecycle::default();
    lifecycle.spawn(redis.clone().keep(lifecycle.winding_down()));
    redis
}

/// Asks one question; whether it was answered.
pub async fn is_shared(redis: &Redis) -> bool {
    let ping = |mut to| async move { redis::cmd("PING").query_async::<String>(&mut to).await };
    redis.ask(PATIENCE, ping).await.is_some()
}

async fn used(redis: &Redis) {
    until("Redis to be used", async || is_shared(redis).await.then_some(())).await;
}

/// Asks like a busy program: one after the other, far more often than anybody looks for Redis.
async fn three_hundred_questions(redis: &Redis) -> Duration {
    let began = Instant::now();
    for _ in 0..300 {
        assert!(!is_shared(redis).await);
    }
    began.elapsed()
}

fn warnings(logs: &Logs) -> Vec<String> {
    let loud = logs.lines().into_iter().filter(|line| line.level <= Level::WARN);
    loud.map(|line| line.text).collect()
}

#[tokio::test]
async fn a_redis_that_comes_late_is_used_when_it_comes() {
    let Some(server) = RedisServer::absent() else { return };
    let redis = kept(&server.url());
    redis.settled().await;
    assert!(!is_shared(&redis).await);
    server.rise().await;
    used(&redis).await;
}

#[tokio::test]
async fn each_change_of_state_is_one_line_however_many_ask() {
    let Some(server) = RedisServer::start().await else { return };
    let logs = Logs::default();
    let _listening = logs.listen();
    let redis = kept(&server.url());
    redis.settled().await;
    for round in 1..=2 {
        assert!(is_shared(&redis).await);
        server.kill();
        until("the warning", async || {
            three_hundred_questions(&redis).await;
            (warnings(&logs).len() == round).then_some(())
        })
        .await;
        let dead = Instant::now();
        until("some more attempts of the keeper", async || {
            three_hundred_questions(&redis).await;
            (dead.elapsed() > Duration::from_millis(2_500)).then_some(())
        })
        .await;
        server.rise().await;
        used(&redis).await;
    }
    assert_eq!(warnings(&logs).len(), 2, "{:?}", warnings(&logs));
    let back = logs.lines().into_iter().filter(|line| line.text.contains("is back")).count();
    assert_eq!(back, 2);
}

#[tokio::test]
async fn only_the_first_question_to_a_frozen_redis_waits() {
    let Some(server) = RedisServer::start().await else { return };
    let redis = kept(&server.url());
    redis.settled().await;
    assert!(is_shared(&redis).await);
    server.freeze();
    let took = three_hundred_questions(&redis).await;
    assert!(took < PATIENCE * 3, "{took:?}: the others need not wait for what the first found out");
    server.thaw();
    used(&redis).await;
}

#[tokio::test]
async fn a_listener_hears_of_a_frozen_redis_without_asking_anything() {
    let Some(server) = RedisServer::start().await else { return };
    let redis = kept(&server.url());
    let (number, _listener) = redis.listen("channel").await.unwrap();
    server.freeze();
    let lost = tokio::time::timeout(Duration::from_secs(10), redis.lost(number));
    lost.await.expect("the heartbeat notices");
}

#[tokio::test]
async fn an_answer_that_refuses_gives_up_neither_the_connection_nor_the_log() {
    let Some(server) = RedisServer::start().await else { return };
    let logs = Logs::default();
    let _listening = logs.listen();
    let redis = kept(&server.url());
    redis.settled().await;
    for _ in 0..20 {
        let nonsense = |mut to| async move { redis::cmd("NONSENSE").query_async(&mut to).await };
        assert_eq!(redis.ask::<String, _>(PATIENCE, nonsense).await, None);
        assert!(is_shared(&redis).await, "the connection is good");
    }
    assert_eq!(warnings(&logs).len(), 1, "{:?}", warnings(&logs));
}
