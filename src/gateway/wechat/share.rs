//! Shares the access token and the right to renew it between the processes of an installation.
//!
//! Redis is a convenience: whenever it errs or is slow, each process fetches for itself, which
//! WeChat's normal mode allows (all get the same token). No call here waits longer than
//! `PATIENCE` for one command, nor longer than `FOLLOW` for another process's renewal.

use std::time::Duration;

use redis::AsyncCommands;
use redis::aio::MultiplexedConnection as Connection;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::gateway::redis::Redis;

const PATIENCE: Duration = Duration::from_millis(250);
const FOLLOW: Duration = Duration::from_secs(2);
const STEP: Duration = Duration::from_millis(50);
/// Longer than the longest renewal; a lock whose owner died frees itself after this.
const LOCK_LIFE: Duration = Duration::from_secs(10);

/// Where the token lives besides this process.
#[derive(Clone)]
pub enum TokenShare {
    /// Nowhere: this is the only process, or each fetches for itself.
    Local,
    /// In Redis, under keys of this installation.
    Redis(Redis),
}

#[derive(Serialize, Deserialize)]
pub(super) struct SharedToken {
    pub(super) token: String,
    /// Microseconds since the epoch.
    pub(super) valid_until: i64,
}

/// The right to renew, or the permission to go on without it because Redis does not answer.
pub(super) struct Lock(Option<Instant>);

impl TokenShare {
    /// Returns a token another process published, or the right to fetch one. Waits while another
    /// process holds the right, but no longer than `FOLLOW`.
    pub(super) async fn claim(
        &self,
        appid: &str,
        good: impl Fn(&SharedToken) -> bool,
    ) -> Result<SharedToken, Lock> {
        let begun = Instant::now();
        while begun.elapsed() < FOLLOW {
            match self.published(appid).await {
                None => return Err(Lock(None)),
                Some(Some(shared)) if good(&shared) => return Ok(shared),
                Some(_) => {}
            }
            match self.set_if_absent(appid, "lock", LOCK_LIFE).await {
                None => return Err(Lock(None)),
                Some(true) => return Err(Lock(Some(Instant::now()))),
                Some(false) => tokio::time::sleep(STEP).await,
            }
        }
        Err(Lock(None))
    }

    /// Publishes what the renewal brought, then gives the right back: a follower that found the
    /// lock gone before the token was there would fetch once more. An owner that was slower than
    /// the lock's life has lost it, and must not remove the lock of its successor.
    pub(super) async fn settle(
        &self,
        appid: &str,
        lock: Lock,
        fresh: Option<(SharedToken, Duration)>,
    ) {
        let (Self::Redis(redis), Some(since)) = (self, lock.0) else { return };
        let published =
            fresh.and_then(|(shared, life)| Some((serde_json::to_string(&shared).ok()?, life)));
        if let Some((text, life)) = published {
            let (key, life) = (key(redis, appid, "value"), millis(life).max(1));
            let publish = |mut to: Connection| async move { to.pset_ex(key, text, life).await };
            let _unshared = redis.ask::<(), _>(PATIENCE, publish).await;
        }
        if since.elapsed() < LOCK_LIFE {
            let key = key(redis, appid, "lock");
            let free = |mut to: Connection| async move { to.del(key).await };
            let _runs_out = redis.ask::<(), _>(PATIENCE, free).await;
        }
    }

    /// Says whether no other process forced a renewal during the last `every`.
    pub(super) async fn may_force(&self, appid: &str, every: Duration) -> bool {
        self.set_if_absent(appid, "forced", every).await.unwrap_or(true)
    }

    /// The outer `None` means that there is no Redis to ask.
    async fn published(&self, appid: &str) -> Option<Option<SharedToken>> {
        let Self::Redis(redis) = self else { return None };
        let key = key(redis, appid, "value");
        let get = |mut from: Connection| async move { from.get(key).await };
        let text: Option<String> = redis.ask(PATIENCE, get).await?;
        Some(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    async fn set_if_absent(&self, appid: &str, part: &str, life: Duration) -> Option<bool> {
        let Self::Redis(redis) = self else { return None };
        let mut set = redis::cmd("SET");
        set.arg(key(redis, appid, part)).arg("1").arg("NX").arg("PX").arg(millis(life));
        let set = |mut to: Connection| async move { set.query_async(&mut to).await };
        let done: Option<String> = redis.ask(PATIENCE, set).await?;
        Some(done.is_some())
    }
}

fn key(redis: &Redis, appid: &str, part: &str) -> String {
    redis.key(&format!("wechat:token:{appid}:{part}"))
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
