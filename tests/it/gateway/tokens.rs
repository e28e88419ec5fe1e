//! One token for all callers, renewed once, whatever happens.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::{BoxFuture, join_all};
use serde_json::json;
use zhinan::gateway::redis::Redis;
use zhinan::gateway::wechat::{Board, Class, Note, TokenShare, Wechat};

use super::kit::{Stand, card};
use super::redis::{is_shared, kept};
use super::resp;
use crate::kit::clock::until;
use crate::kit::redis_server::RedisServer;

const FETCH: &str = "/cgi-bin/stable_token";
const SEND: &str = "/cgi-bin/message/template/send";

async fn send(wechat: &Wechat, id: usize) {
    wechat.send_template(&card("worker", &id.to_string())).await.unwrap();
}

#[tokio::test]
async fn a_hundred_first_callers_cause_one_token_call() {
    let stand = Stand::start();
    let wechat = stand.wechat();
    join_all((0..100).map(|id| send(&wechat, id))).await;
    assert_eq!(stand.calls(FETCH).await, 1);
    assert_eq!(stand.messages().await.len(), 100);
}

#[tokio::test]
async fn a_storm_of_refused_tokens_causes_exactly_one_renewal() {
    let stand = Stand::start();
    let wechat = stand.wechat();
    send(&wechat, 1_000).await;
    stand.faults(json!({ "token_revoked": true })).await;
    join_all((0..100).map(|id| send(&wechat, id))).await;
    assert_eq!(stand.calls(FETCH).await, 2);
    assert_eq!(stand.messages().await.len(), 101);
}

#[tokio::test]
async fn a_token_with_345_seconds_left_serves_half_of_them() {
    let stand = Stand::start();
    send(&stand.wechat(), 1).await;
    stand.advance(7200 - 345);
    let late = stand.wechat();
    send(&late, 2).await;
    assert_eq!(stand.calls(FETCH).await, 2);
    stand.advance(172);
    send(&late, 3).await;
    assert_eq!(stand.calls(FETCH).await, 2, "345 s are worth 173 s of caching");
    stand.advance(2);
    send(&late, 4).await;
    assert_eq!(stand.calls(FETCH).await, 3, "171 s are left, so WeChat has switched early");
    stand.advance(6_000);
    send(&late, 5).await;
    assert_eq!(stand.calls(FETCH).await, 3, "the token after the early switch is a whole one");
}

#[tokio::test]
async fn a_token_is_replaced_before_it_expires() {
    let stand = Stand::start();
    let wechat = stand.wechat();
    send(&wechat, 1).await;
    stand.advance(6_899);
    send(&wechat, 2).await;
    assert_eq!(stand.calls(FETCH).await, 1);
    stand.advance(2);
    send(&wechat, 3).await;
    assert_eq!(stand.calls(FETCH).await, 2);
    assert_eq!(stand.calls(SEND).await, 3, "no send met a dead token");
}

#[tokio::test]
async fn a_token_that_is_still_good_serves_while_no_new_one_is_to_be_had() {
    let stand = Stand::start();
    let wechat = stand.wechat();
    send(&wechat, 1).await;
    stand.advance(6_901);
    stand.faults(json!({ "errcode": { "path": FETCH, "code": 40164, "times": 3 } })).await;
    send(&wechat, 2).await;
    send(&wechat, 3).await;
    assert_eq!(stand.calls(FETCH).await, 2, "it is not asked for with every call");
    stand.advance(31);
    send(&wechat, 4).await;
    assert_eq!(stand.calls(FETCH).await, 3);
    stand.advance(270);
    assert!(wechat.send_template(&card("worker", "5")).await.is_err(), "it is over");
    send(&wechat, 6).await;
    assert_eq!(stand.calls(SEND).await, 5, "no send met a dead token");
}

#[tokio::test]
async fn a_call_is_replayed_once_and_not_twice() {
    let stand = Stand::start();
    let wechat = stand.wechat();
    stand.faults(json!({ "errcode": { "path": SEND, "code": 42001, "times": 2 } })).await;
    let failure = wechat.send_template(&card("worker", "1")).await.unwrap_err();
    assert_eq!((failure.class, failure.errcode), (Class::RefreshToken, Some(42001)));
    assert_eq!(stand.calls(SEND).await, 2);
}

#[tokio::test]
async fn a_new_token_is_forced_only_when_normal_mode_insists_on_the_refused_one() {
    let stand = Stand::start();
    let wechat = stand.wechat();
    send(&wechat, 1).await;
    stand.faults(json!({ "token_stuck": true })).await;
    join_all((0..20).map(|id| send(&wechat, 100 + id))).await;
    assert_eq!(stand.calls(FETCH).await, 3, "first, normal again, forced");
}

#[tokio::test]
async fn forcing_is_rationed_to_once_in_thirty_seconds() {
    let stand = Stand::start();
    let wechat = stand.wechat();
    send(&wechat, 1).await;
    stand.faults(json!({ "token_stuck": true })).await;
    send(&wechat, 2).await;
    stand.faults(json!({ "token_stuck": true })).await;
    let failure = wechat.send_template(&card("worker", "3")).await.unwrap_err();
    assert_eq!((failure.class, failure.doubtful), (Class::RefreshToken, false));
    assert_eq!(stand.calls(FETCH).await, 4, "the ration was kept without asking WeChat");
    stand.advance(31);
    send(&wechat, 3).await;
}

#[tokio::test]
async fn waiters_share_the_failure_of_the_renewal_they_waited_for() {
    let stand = Stand::start();
    let wechat = stand.wechat();
    stand.faults(json!({ "errcode": { "path": FETCH, "code": 40125, "times": 100 } })).await;
    let sends =
        (0..50).map(async |id: u32| wechat.send_template(&card("worker", &id.to_string())).await);
    for outcome in join_all(sends).await {
        let failure = outcome.unwrap_err();
        // The number is about the token, and nobody may take it for the message's.
        assert_eq!((failure.class, failure.errcode), (Class::ConfigError, None));
        assert!(failure.detail.contains("40125"), "{failure:?}");
    }
    assert_eq!(stand.calls(FETCH).await, 1);
}

/// A board in memory; without notes it is silent, as a database that is away.
#[derive(Default)]
struct Memory {
    notes: Option<Mutex<HashMap<String, String>>>,
}

impl Memory {
    fn there() -> Arc<Self> {
        Arc::new(Self { notes: Some(Mutex::default()) })
    }
}

impl Board for Memory {
    fn read<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Option<Option<String>>> {
        let found = self.notes.as_ref().map(|notes| notes.lock().unwrap().get(name).cloned());
        Box::pin(async move { found })
    }

    fn put_if_absent<'a>(
        &'a self,
        name: &'a str,
        text: &'a str,
        _life: Duration,
    ) -> BoxFuture<'a, Option<bool>> {
        let put = self.notes.as_ref().map(|notes| {
            let mut notes = notes.lock().unwrap();
            let free = !notes.contains_key(name);
            notes.entry(name.to_owned()).or_insert_with(|| text.to_owned());
            free
        });
        Box::pin(async move { put })
    }

    fn settle(&self, put: Option<Note>, remove: Option<String>) {
        let Some(notes) = &self.notes else { return };
        let mut notes = notes.lock().unwrap();
        notes.extend(put.map(|note| (note.name, note.text)));
        if let Some(name) = remove {
            notes.remove(&name);
        }
    }
}

/// A process that shares its token through this Redis, and through nothing else.
fn process(stand: &Stand, redis: &Redis) -> Wechat {
    process_beside(stand, redis, Arc::default())
}

/// The same with a board for when Redis is away.
fn process_beside(stand: &Stand, redis: &Redis, board: Arc<Memory>) -> Wechat {
    let share = TokenShare::Redis(redis.clone(), board);
    Wechat::new(stand.settings(), stand.clock.clone(), &share).unwrap()
}

#[tokio::test]
async fn while_redis_is_away_two_processes_renew_once_through_the_board() {
    let stand = Stand::start();
    let (one, two) = (kept("redis://127.0.0.1:1"), kept("redis://127.0.0.1:1"));
    tokio::join!(one.settled(), two.settled());
    let board = Memory::there();
    let both = [&one, &two].map(|redis| process_beside(&stand, redis, Arc::clone(&board)));
    join_all((0..40).map(|id| send(&both[id % 2], id))).await;
    assert_eq!(stand.calls(FETCH).await, 1, "the second adopts the first one's token");
    stand.faults(json!({ "token_revoked": true })).await;
    join_all((0..40).map(|id| send(&both[id % 2], 100 + id))).await;
    assert_eq!(stand.calls(FETCH).await, 2);
    // With both away each fetches for itself.
    let alone = process(&stand, &one);
    send(&alone, 900).await;
    assert_eq!(stand.calls(FETCH).await, 3);
}

#[tokio::test]
async fn a_silent_redis_delays_the_first_send_a_little_and_fails_nothing() {
    let stand = Stand::start();
    // Accepts connections into its backlog and never answers one.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let redis = kept(&format!("redis://{}", silent.local_addr().unwrap()));
    let wechat = process(&stand, &redis);
    let sent = tokio::time::timeout(Duration::from_secs(3), send(&wechat, 1));
    sent.await.expect("Redis must not hold a message up");
}

#[tokio::test]
async fn two_processes_that_share_redis_renew_once() {
    let stand = Stand::start();
    let url = format!("redis://{}", resp::start().await);
    let (one, two) = (kept(&url), kept(&url));
    tokio::join!(one.settled(), two.settled());
    let both = [process(&stand, &one), process(&stand, &two)];
    join_all((0..40).map(|id| send(&both[id % 2], id))).await;
    assert_eq!(stand.calls(FETCH).await, 1, "the second adopts the first one's token");
    stand.faults(json!({ "token_revoked": true })).await;
    join_all((0..40).map(|id| send(&both[id % 2], 100 + id))).await;
    assert_eq!(stand.calls(FETCH).await, 2);
    assert_eq!(stand.messages().await.len(), 80);
}

#[tokio::test]
async fn a_redis_that_dies_and_returns_costs_no_fetch_more() {
    let Some(server) = RedisServer::start().await else { return };
    let stand = Stand::start();
    let (one, two) = (kept(&server.url()), kept(&server.url()));
    tokio::join!(one.settled(), two.settled());
    let board = Memory::there();
    let both = [&one, &two].map(|redis| process_beside(&stand, redis, Arc::clone(&board)));
    join_all((0..20).map(|id| send(&both[id % 2], id))).await;
    assert_eq!(stand.calls(FETCH).await, 1);
    server.kill();
    stand.faults(json!({ "token_revoked": true })).await;
    join_all((0..20).map(|id| send(&both[id % 2], 100 + id))).await;
    assert_eq!(stand.calls(FETCH).await, 2, "the board is there");
    server.rise().await;
    until("both to share again", async || {
        let heard = tokio::join!(is_shared(&one), is_shared(&two));
        (heard == (true, true)).then_some(())
    })
    .await;
    let before = stand.calls(FETCH).await;
    stand.faults(json!({ "token_revoked": true })).await;
    join_all((0..20).map(|id| send(&both[id % 2], 200 + id))).await;
    assert_eq!(stand.calls(FETCH).await, before + 1, "the lock works again");
    assert_eq!(stand.messages().await.len(), 60, "every message arrived once");
}
