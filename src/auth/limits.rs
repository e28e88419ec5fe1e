//! Rate limits: a generic cell rate per rule and key, in this process or shared through Redis.
//!
//! One number is kept per key: the instant at which the key would be unused again. `now` is an
//! argument (a ready-made limiter would read its own clock and could not be tested by moving
//! ours). Redis may vanish: then every process counts for itself and the limit is merely looser.
//! Keys are hashed before they leave the process; a person's address is nobody's business there.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use entity::kinds::Timestamp;
use sha2::{Digest, Sha256};

use crate::gateway::redis::Redis;

/// At most so many keys in memory; a flood of invented addresses must not fill it.
const MOST_KEYS: usize = 50_000;
const REDIS_ANSWERS_WITHIN: Duration = Duration::from_millis(100);

/// The same arithmetic as `admit`, done where the number lives. Times are written with `%.0f`
/// because Lua prints sixteen digits as 1.58e+15.
const SCRIPT: &str = r"
local now, per, step = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local free = tonumber(redis.call('GET', KEYS[1])) or now
free = math.min(math.max(free, now), now + per) + step
if free - now > per then return free - now - per end
redis.call('SET', KEYS[1], string.format('%.0f', free), 'PX', math.ceil((free - now) / 1000))
return 0
";

/// `burst` tries at once, refilled evenly over `per`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    pub name: &'static str,
    pub burst: u32,
    pub per: Duration,
}

/// The time after which the next try will be admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many requests; again after {0:?}")]
pub struct RetryAfter(pub Duration);

/// Counts tries; shared by every request of a process.
#[derive(Debug)]
pub struct Limiter {
    local: Local,
    shared: Option<Shared>,
}

#[derive(Debug, Default)]
struct Local(Mutex<HashMap<String, i64>>);

struct Shared {
    redis: Redis,
    script: redis::Script,
}

impl Limiter {
    /// Makes a limiter of this process alone.
    pub fn local() -> Self {
        Self { local: Local::default(), shared: None }
    }

    /// Makes a limiter shared with other processes through Redis, and local whenever it fails.
    pub fn shared(redis: Redis) -> Self {
        let shared = Shared { redis, script: redis::Script::new(SCRIPT) };
        Self { local: Local::default(), shared: Some(shared) }
    }

    /// Admits a try or says when to come back. Never fails for want of Redis, and never waits for
    /// it longer than 100 ms.
    pub async fn check(&self, rule: &Rule, key: &str, now: Timestamp) -> Result<(), RetryAfter> {
        let key = format!("limit:{}:{}", rule.name, hex::encode(Sha256::digest(key.as_bytes())));
        let wait = match &self.shared {
            Some(shared) => shared.wait(rule, &key, now).await,
            None => None,
        };
        match wait.unwrap_or_else(|| self.local.wait(rule, key, now)) {
            0 => Ok(()),
            micros => Err(RetryAfter(Duration::from_micros(u64::try_from(micros).unwrap_or(0)))),
        }
    }
}

impl Rule {
    fn per_micros(&self) -> i64 {
        i64::try_from(self.per.as_micros()).unwrap_or(i64::MAX / 4).clamp(1, i64::MAX / 4)
    }

    fn step_micros(&self) -> i64 {
        (self.per_micros() / i64::from(self.burst.max(1))).max(1)
    }
}

/// Returns the new number of a key, or the wait in microseconds. A number further ahead than
/// `per` can only come from a clock that was set back, and is cut.
fn admit(rule: &Rule, free: Option<i64>, now: i64) -> Result<i64, i64> {
    let (per, step) = (rule.per_micros(), rule.step_micros());
    let free = free.unwrap_or(now).max(now).min(now.saturating_add(per)).saturating_add(step);
    let ahead = free.saturating_sub(now);
    if ahead > per { Err(ahead.saturating_sub(per)) } else { Ok(free) }
}

impl Local {
    fn wait(&self, rule: &Rule, key: String, now: Timestamp) -> i64 {
        // Held for a few arithmetic steps; a panic in them leaves the map whole.
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match admit(rule, keys.get(&key).copied(), now.0) {
            Err(wait) => wait,
            Ok(free) => {
                keys.insert(key, free);
                prune(&mut keys, MOST_KEYS, now.0);
                0
            }
        }
    }
}

/// Forgets keys that are unused again; if that is not enough, the half nearest to it.
fn prune(keys: &mut HashMap<String, i64>, most: usize, now: i64) {
    if keys.len() <= most {
        return;
    }
    keys.retain(|_, free| *free > now);
    if keys.len() <= most {
        return;
    }
    let mut ends: Vec<i64> = keys.values().copied().collect();
    ends.sort_unstable();
    let middle = ends.get(ends.len() / 2).copied().unwrap_or(now);
    // Equal ends may all stand at the middle: they go too, since the bound comes first.
    keys.retain(|_, free| *free > middle);
}

impl Shared {
    /// Asks Redis; `None` when it is away or did not answer in time.
    async fn wait(&self, rule: &Rule, key: &str, now: Timestamp) -> Option<i64> {
        let mut call = self.script.prepare_invoke();
        call.key(self.redis.key(key)).arg(now.0).arg(rule.per_micros()).arg(rule.step_micros());
        let count = |mut to| async move { call.invoke_async::<i64>(&mut to).await };
        self.redis.ask(REDIS_ANSWERS_WITHIN, count).await
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("redis", &self.redis).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::Lifecycle;
    use proptest::prelude::*;

    const RULE: Rule = Rule { name: "login", burst: 3, per: Duration::from_mins(1) };
    const START: Timestamp = Timestamp(1_580_000_000_000_000);

    async fn burst_then_refill(limiter: &Limiter, key: &str) {
        for _ in 0..3 {
            assert_eq!(limiter.check(&RULE, key, START).await, Ok(()));
        }
        let refused = limiter.check(&RULE, key, START).await;
        assert_eq!(refused, Err(RetryAfter(Duration::from_secs(20))));
        assert_eq!(limiter.check(&RULE, "another key", START).await, Ok(()));
        let later = START + Duration::from_secs(20);
        assert_eq!(limiter.check(&RULE, key, later).await, Ok(()));
        assert!(limiter.check(&RULE, key, later).await.is_err());
    }

    #[tokio::test]
    async fn a_burst_is_admitted_and_refills_evenly() {
        burst_then_refill(&Limiter::local(), "10.0.0.1").await;
    }

    #[tokio::test]
    async fn rules_do_not_share_their_counts() {
        let limiter = Limiter::local();
        let one = Rule { name: "one", burst: 1, ..RULE };
        let two = Rule { name: "two", burst: 1, ..RULE };
        assert!(limiter.check(&one, "k", START).await.is_ok());
        assert!(limiter.check(&one, "k", START).await.is_err());
        assert!(limiter.check(&two, "k", START).await.is_ok());
    }

    #[tokio::test]
    async fn without_redis_the_process_counts_for_itself() {
        // Nothing listens on the discard port.
        let redis = Redis::open("redis://127.0.0.1:9/", "test").unwrap();
        let lifecycle = Lifecycle::default();
        lifecycle.spawn(redis.clone().keep(lifecycle.winding_down()));
        redis.settled().await;
        burst_then_refill(&Limiter::shared(redis), "10.0.0.1").await;
    }

    #[tokio::test]
    #[expect(
        clippy::disallowed_methods,
        reason = "the server of this test is named by the environment"
    )]
    async fn two_processes_share_one_count_through_redis() {
        let Ok(url) = std::env::var("TEST_REDIS_URL") else {
            eprintln!(
                "SKIPPED two_processes_share_one_count_through_redis: TEST_REDIS_URL is not set"
            );
            return;
        };
        let prefix = format!("test:{}", std::process::id());
        let lifecycle = Lifecycle::default();
        let open = |prefix| {
            let redis = Redis::open(&url, prefix).unwrap();
            lifecycle.spawn(redis.clone().keep(lifecycle.winding_down()));
            redis
        };
        let (redis, stranger) = (open(&prefix), open("test:another installation"));
        redis.settled().await;
        stranger.settled().await;
        let (one, two) = (Limiter::shared(redis.clone()), Limiter::shared(redis));
        burst_then_refill(&one, "shared").await;
        let later = START + Duration::from_secs(20);
        assert!(two.check(&RULE, "shared", later).await.is_err());
        assert!(one.local.0.lock().unwrap().is_empty(), "redis did not answer");
        let another = Limiter::shared(stranger).check(&RULE, "shared", later).await;
        assert_eq!(another, Ok(()), "installations on one Redis do not share their counts");
    }

    #[test]
    fn memory_is_bounded_and_the_most_limited_keys_are_kept() {
        let mut keys: HashMap<String, i64> = (0..100).map(|n| (n.to_string(), n)).collect();
        prune(&mut keys, 100, 10);
        assert_eq!(keys.len(), 100);
        prune(&mut keys, 95, 10);
        assert_eq!(keys.len(), 89);
        prune(&mut keys, 80, 10);
        assert!(keys.len() < 80 && keys.contains_key("99") && !keys.contains_key("11"));
        let mut equal: HashMap<String, i64> = (0..100).map(|n| (n.to_string(), 50)).collect();
        prune(&mut equal, 80, 10);
        assert!(equal.len() <= 80);
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out_for_longer_than_the_rule() {
        let far = START.0 + 86_400_000_000;
        let wait = admit(&RULE, Some(far), START.0).unwrap_err();
        assert!(wait <= RULE.per_micros());
    }

    proptest! {
        #[test]
        fn no_window_admits_more_than_twice_the_burst(gaps in proptest::collection::vec(0..30_i64, 1..80)) {
            let (mut now, mut free, mut admitted) = (START.0, None, Vec::new());
            for gap in gaps {
                now += gap * 1_000_000;
                if let Ok(next) = admit(&RULE, free, now) {
                    free = Some(next);
                    admitted.push(now);
                }
            }
            for (at, first) in admitted.iter().enumerate() {
                let within = admitted[at..].iter().filter(|t| **t - *first < RULE.per_micros()).count();
                prop_assert!(within <= 2 * 3, "{within}");
            }
        }
    }
}
