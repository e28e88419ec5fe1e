//! Redis absent, dying in the middle, and back again: it may cost time and nothing else.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use entity::kinds::{CaseId, Timestamp};
use zhinan::auth::limits::Rule;
use zhinan::boot;
use zhinan::config::Config;
use zhinan::services::Services;

use super::kit::{World, on_each_with};
use crate::kit::clock::until;
use crate::kit::redis_server::RedisServer;

/// Longer than `until` waits for anything: what it sees in time, a wake brought.
const FAR_POLL_MS: u64 = 60_000;
const ONE_PER_HOUR: Rule = Rule { name: "test", burst: 1, per: Duration::from_hours(1) };
const NOW: Timestamp = Timestamp(1_700_000_000_000_000);

fn with(server: &RedisServer, poll_ms: u64) -> impl Fn(&mut Config) {
    move |config| {
        server.write_into(config);
        config.engine.poll_ms = poll_ms;
        // The first steps of this chain are minutes away: nothing else wakes an engine.
        config.cases.chain = "standard".into();
    }
}

/// Reports a case as the process that answers residents does: commit, then wake.
async fn reported(w: &World) -> CaseId {
    let case = w.case("停水").await;
    w.s.wake.ping().await;
    case
}

/// Waits until the worker and the cadre of so many cases were told, and checks that it was once.
async fn all_told(w: &World, cases: usize) {
    let told = until("all messages", async || {
        let messages = w.stand.messages().await;
        (messages.len() >= 2 * cases).then_some(messages)
    })
    .await;
    let keys: BTreeSet<_> = told.iter().map(|one| one["client_msg_id"].to_string()).collect();
    assert_eq!((told.len(), keys.len()), (2 * cases, 2 * cases), "each message once");
}

/// Whether two processes count one key together.
async fn count_together(one: &Services, two: &Services, key: &str) -> bool {
    assert!(one.limiter.check(&ONE_PER_HOUR, key, NOW).await.is_ok());
    two.limiter.check(&ONE_PER_HOUR, key, NOW).await.is_err()
}

async fn limits_are_shared(one: &Services, two: &Services, word: &str) {
    let mut tries = 0..;
    until("limits to be shared", async || {
        let key = format!("{word} {:?}", tries.next());
        count_together(one, two, &key).await.then_some(())
    })
    .await;
}

/// Ends a process, so that its loops leave the database alone.
async fn end(other: &Services) {
    assert!(other.lifecycle.finish(Duration::from_secs(10)).await);
}

#[tokio::test]
async fn wakes_and_limits_work_again_after_redis_died_in_the_middle() {
    let Some(server) = RedisServer::start().await else { return };
    on_each_with(with(&server, FAR_POLL_MS), async |w| {
        let engine = w.another().await;
        boot::start_engine(&engine);
        limits_are_shared(&w.s, &engine, "before").await;
        // The engine's first look may still have found this one; the second needs a wake.
        reported(&w).await;
        all_told(&w, 1).await;
        reported(&w).await;
        all_told(&w, 2).await;
        server.kill();
        let began = Instant::now();
        for n in 0..20 {
            reported(&w).await;
            assert!(!count_together(&w.s, &engine, &format!("dead {n}")).await);
            let again = w.s.limiter.check(&ONE_PER_HOUR, &format!("dead {n}"), NOW).await;
            assert!(again.is_err(), "each process counts for itself");
        }
        let took = began.elapsed();
        assert!(took < Duration::from_secs(5), "{took:?}: nobody waits for a dead Redis");
        server.rise().await;
        all_told(&w, 22).await;
        limits_are_shared(&w.s, &engine, "after").await;
        reported(&w).await;
        all_told(&w, 23).await;
        end(&engine).await;
    })
    .await;
}

#[tokio::test]
async fn two_engines_tell_everybody_once_while_redis_dies_and_returns() {
    let Some(server) = RedisServer::start().await else { return };
    on_each_with(with(&server, 50), async |w| {
        let other = w.another().await;
        boot::start_engine(&w.s);
        boot::start_engine(&other);
        for n in 0..30 {
            match n {
                10 => server.kill(),
                20 => server.rise().await,
                _ => {}
            }
            reported(&w).await;
        }
        all_told(&w, 30).await;
        end(&other).await;
        end(&w.s).await;
        // Nothing is under way any more: what was told twice would be there by now.
        all_told(&w, 30).await;
        let calls = w.stand.calls("/cgi-bin/message/template/send").await;
        assert_eq!(calls, 60, "nor did WeChat have to recognise a repeat");
    })
    .await;
}

#[tokio::test]
async fn a_redis_that_comes_after_the_start_is_used_without_a_restart() {
    let Some(server) = RedisServer::absent() else { return };
    on_each_with(with(&server, FAR_POLL_MS), async |w| {
        let engine = w.another().await;
        assert!(!count_together(&w.s, &engine, "absent").await);
        boot::start_engine(&engine);
        server.rise().await;
        limits_are_shared(&w.s, &engine, "there").await;
        reported(&w).await;
        all_told(&w, 1).await;
        reported(&w).await;
        all_told(&w, 2).await;
        end(&engine).await;
        server.kill();
    })
    .await;
}

#[tokio::test]
async fn without_redis_for_the_whole_time_everybody_is_told() {
    let Some(server) = RedisServer::absent() else { return };
    on_each_with(with(&server, 50), async |w| {
        let engine = w.another().await;
        boot::start_engine(&engine);
        for _ in 0..10 {
            reported(&w).await;
        }
        all_told(&w, 10).await;
        end(&engine).await;
    })
    .await;
}
