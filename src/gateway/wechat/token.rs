//! Keeps one access token per account.
//!
//! Invariants: at most one renewal runs at a time in this process (and, through `TokenShare`,
//! usually in the whole installation); callers that waited for a renewal share its outcome, good
//! or bad; a renewal starts from WeChat's normal mode, which disturbs nobody, and forces a new
//! token only when normal mode insists on the one just refused, at most once in 30 s and, after a
//! few, once in two hours in the whole installation, because WeChat allows 20 a day.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use std::time::Duration;

use entity::kinds::Timestamp;
use futures::future::BoxFuture;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use tokio::sync::Mutex;

use super::failure::{Class, Endpoint, Failure};
use super::share::{DAY, FORCE_EVERY, FORCE_RARELY, QUICK_FORCES, SharedToken, TokenShare};
use super::tolerant;
use crate::clock::Clock;
use crate::crash;

/// The body of `/cgi-bin/stable_token`.
#[derive(Serialize)]
pub(super) struct TokenRequest<'a> {
    grant_type: &'static str,
    appid: &'a str,
    secret: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    force_refresh: bool,
}

impl<'a> TokenRequest<'a> {
    pub(super) fn new(appid: &'a str, secret: &'a str, force_refresh: bool) -> Self {
        Self { grant_type: "client_credential", appid, secret, force_refresh }
    }
}

/// The answer of `/cgi-bin/stable_token`, and of WeCom's `/cgi-bin/gettoken`; `expires_in` is the
/// remaining life in seconds.
#[derive(Deserialize)]
pub(in crate::gateway) struct Fetched {
    #[serde(deserialize_with = "token")]
    access_token: String,
    #[serde(default, deserialize_with = "tolerant::maybe_integer")]
    expires_in: Option<i64>,
}

/// How long a token counts as good of which nobody said how long it lives, in seconds.
const UNSAID_LIFE: u64 = 300;
/// How long a token that is about to end serves after no new one was to be had.
const ASK_AGAIN: Duration = Duration::from_secs(30);

/// An empty token would be refused at every call.
fn token<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let token = tolerant::text(from)?;
    if token.is_empty() { Err(D::Error::custom("there is no token")) } else { Ok(token) }
}

pub(in crate::gateway) struct TokenKeeper {
    appid: String,
    clock: Clock,
    share: TokenShare,
    cached: StdMutex<Option<Cached>>,
    /// Number of the newest token that this process knew.
    serial: AtomicU64,
    /// Renewals finished so far; read before waiting for `renewal` to learn whether one passed.
    rounds: AtomicU64,
    renewal: Mutex<Renewal>,
}

#[derive(Clone)]
struct Cached {
    token: Arc<str>,
    /// A new one is asked for from here on.
    valid_until: Timestamp,
    /// It serves until here where no new one is to be had.
    ends_at: Timestamp,
}

/// Fetches a token from WeChat, forcing a new one or not.
pub(in crate::gateway) type Fetch<'a> =
    dyn Fn(bool) -> BoxFuture<'a, Result<Fetched, Failure>> + Sync + 'a;

#[derive(Default)]
struct Renewal {
    failed: Option<Failure>,
    /// When it was forced within the last day, oldest first.
    forced: Vec<Timestamp>,
}

impl Renewal {
    /// Tells whether this process has rested long enough since it forced one.
    fn rested(&mut self, now: Timestamp) -> bool {
        for at in &mut self.forced {
            // That was before the clock was put back, nobody knows how long: it counts from now.
            *at = now.min(*at);
        }
        self.forced.retain(|at| now.since(*at) < DAY);
        let rest = if self.forced.len() < QUICK_FORCES { FORCE_EVERY } else { FORCE_RARELY };
        self.forced.last().is_none_or(|at| now.since(*at) >= rest)
    }
}

impl TokenKeeper {
    pub(in crate::gateway) fn new(appid: &str, clock: Clock, share: TokenShare) -> Self {
        Self {
            appid: appid.to_owned(),
            clock,
            share,
            cached: StdMutex::new(None),
            serial: AtomicU64::new(0),
            rounds: AtomicU64::new(0),
            renewal: Mutex::new(Renewal::default()),
        }
    }

    /// Returns a token that should be good, fetching one when there is none.
    pub(in crate::gateway) async fn current(&self, fetch: &Fetch<'_>) -> Result<Arc<str>, Failure> {
        match self.usable(None) {
            Some(token) => Ok(token),
            None => self.renew(None, fetch).await,
        }
    }

    /// Returns a token other than `refused`, fetching one when nobody else just did.
    pub(in crate::gateway) async fn renew(
        &self,
        refused: Option<&str>,
        fetch: &Fetch<'_>,
    ) -> Result<Arc<str>, Failure> {
        let seen = self.rounds.load(Ordering::SeqCst);
        let mut renewal = self.renewal.lock().await;
        if let Some(token) = self.usable(refused) {
            return Ok(token);
        }
        // Somebody failed while we waited: a hundred waiters must not fail one after the other.
        if let Some(failure) = renewal.failed.clone()
            && self.rounds.load(Ordering::SeqCst) != seen
        {
            return Err(failure);
        }
        let outcome = self.shared_renewal(refused, &mut renewal, fetch).await;
        let outcome = outcome.or_else(|failure| self.outlived(refused).ok_or(failure));
        self.keep(outcome.as_ref().ok());
        renewal.failed = outcome.as_ref().err().cloned();
        self.rounds.fetch_add(1, Ordering::SeqCst);
        outcome.map(|cached| cached.token)
    }

    /// Returns the old token where no new one was to be had, unless it was refused: it is good until
    /// its end, and another one is asked for soon.
    fn outlived(&self, refused: Option<&str>) -> Option<Cached> {
        let held = self.cached.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        let now = self.clock.now();
        let good = held.ends_at > now && Some(&*held.token) != refused;
        good.then(|| Cached { valid_until: held.ends_at.min(now + ASK_AGAIN), ..held })
    }

    /// Renews as the owner of the installation's lock, or adopts what the owner published.
    async fn shared_renewal(
        &self,
        refused: Option<&str>,
        renewal: &mut Renewal,
        fetch: &Fetch<'_>,
    ) -> Result<Cached, Failure> {
        let seen = AtomicU64::new(self.serial.load(Ordering::SeqCst));
        let good = |shared: &SharedToken| {
            seen.fetch_max(shared.serial, Ordering::SeqCst);
            let newer = shared.serial > self.serial.load(Ordering::SeqCst);
            let other = Some(shared.token.as_str()) != refused;
            other && newer && shared.valid_until > self.clock.now().0
        };
        let lock = match self.share.claim(&self.appid, good).await {
            Ok(shared) => {
                self.serial.store(shared.serial, Ordering::SeqCst);
                return Ok(shared.into());
            }
            Err(lock) => lock,
        };
        let outcome = self.fetch_other_than(refused, renewal, fetch).await;
        crash::point("token.fetched");
        let fresh = outcome.as_ref().ok().map(|held| {
            let serial = seen.load(Ordering::SeqCst).saturating_add(1);
            self.serial.store(serial, Ordering::SeqCst);
            let (token, valid_until) = (held.token.to_string(), held.valid_until.0);
            let life = held.valid_until.since(self.clock.now());
            (SharedToken { token, valid_until, ends_at: held.ends_at.0, serial }, life)
        });
        self.share.settle(&self.appid, lock, fresh).await;
        outcome
    }

    async fn fetch_other_than(
        &self,
        refused: Option<&str>,
        renewal: &mut Renewal,
        fetch: &Fetch<'_>,
    ) -> Result<Cached, Failure> {
        let fresh = self.dated(fetch(false).await?);
        if Some(&*fresh.token) != refused {
            return Ok(fresh);
        }
        let now = self.clock.now();
        if !renewal.rested(now) || !Box::pin(self.share.may_force(&self.appid)).await {
            let why = "WeChat keeps returning a token it refuses, and forcing is rationed";
            return Err(Failure::local(Endpoint::Token, Class::RefreshToken, why));
        }
        renewal.forced.push(now);
        Ok(self.dated(fetch(true).await?))
    }

    /// Dates a token; the margin shrinks with short lives, or a token with 345 s left would never
    /// be worth caching and every call would fetch.
    fn dated(&self, fetched: Fetched) -> Cached {
        let said = fetched.expires_in.and_then(|seconds| u64::try_from(seconds).ok());
        let whole = said.unwrap_or(UNSAID_LIFE);
        let margin = (whole / 2).min(300);
        let now = self.clock.now();
        Cached {
            token: fetched.access_token.into(),
            valid_until: now + Duration::from_secs(whole.saturating_sub(margin)),
            ends_at: now + Duration::from_secs(whole),
        }
    }

    fn usable(&self, refused: Option<&str>) -> Option<Arc<str>> {
        let cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        let held = cached.as_ref()?;
        let good = held.valid_until > self.clock.now() && Some(&*held.token) != refused;
        good.then(|| Arc::clone(&held.token))
    }

    fn keep(&self, fresh: Option<&Cached>) {
        *self.cached.lock().unwrap_or_else(PoisonError::into_inner) = fresh.cloned();
    }
}

impl From<SharedToken> for Cached {
    fn from(shared: SharedToken) -> Self {
        let valid_until = Timestamp(shared.valid_until);
        let ends_at = Timestamp(shared.ends_at).max(valid_until);
        Self { token: shared.token.into(), valid_until, ends_at }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use futures::FutureExt;

    use super::super::share::{Board, Note};
    use super::*;

    #[test]
    fn the_life_of_a_token_is_read_however_it_is_written() {
        let keeper = || TokenKeeper::new("wx1", Clock::manual(Timestamp(0)), TokenShare::Local);
        for (life, seconds) in [
            (r#","expires_in":7200"#, 6_900),
            (r#","expires_in":"7200""#, 6_900),
            (r#","expires_in":7200.0"#, 6_900),
            (r#","expires_in":345"#, 173),
            (r#","expires_in":"345""#, 173),
            (r#","expires_in":null"#, 150),
            (r#","expires_in":-1"#, 150),
            ("", 150),
        ] {
            let fetched = serde_json::from_str(&format!(r#"{{"access_token":"t"{life}}}"#));
            let dated = keeper().dated(fetched.unwrap());
            assert_eq!(dated.valid_until, Timestamp(seconds * 1_000_000), "{life}");
        }
    }

    #[test]
    fn a_process_that_nobody_answers_rations_itself() {
        let (mut renewal, mut now) = (Renewal::default(), Timestamp(0));
        while now.since(Timestamp(0)) < DAY {
            if renewal.rested(now) {
                renewal.forced.push(now);
            }
            now = now + Duration::from_secs(10);
        }
        let forced = renewal.forced.len();
        assert!((QUICK_FORCES + 10..=16).contains(&forced), "{forced}");
        assert!(renewal.rested(now + DAY), "another day");
    }

    #[test]
    fn what_was_forced_before_the_clock_was_put_back_counts_from_now_on() {
        let ahead = Timestamp(3_600_000_000);
        let mut renewal = Renewal { failed: None, forced: vec![ahead] };
        assert!(!renewal.rested(Timestamp(0)));
        assert!(renewal.rested(Timestamp(0) + FORCE_EVERY), "no hour that never was");
        renewal.forced = vec![ahead; QUICK_FORCES];
        assert!(!renewal.rested(Timestamp(0)));
        assert!(!renewal.rested(Timestamp(0) + FORCE_EVERY), "they still count");
        assert!(renewal.rested(Timestamp(0) + FORCE_RARELY));
    }

    /// Notes that end when the clock says so.
    struct Timed(Clock, StdMutex<HashMap<String, Timestamp>>);

    impl Board for Timed {
        fn read<'a>(&'a self, _name: &'a str) -> BoxFuture<'a, Option<Option<String>>> {
            async { Some(None) }.boxed()
        }

        fn put_if_absent<'a>(
            &'a self,
            name: &'a str,
            _text: &'a str,
            life: Duration,
        ) -> BoxFuture<'a, Option<bool>> {
            let (now, mut notes) = (self.0.now(), self.1.lock().unwrap());
            notes.retain(|_, until| *until > now);
            let free = !notes.contains_key(name);
            notes.entry(name.to_owned()).or_insert(now + life);
            async move { Some(free) }.boxed()
        }

        fn settle(&self, _put: Option<Note>, _remove: Option<String>) {}
    }

    #[tokio::test]
    async fn three_processes_together_force_no_more_in_a_day_than_wechat_allows() {
        let clock = Clock::manual(Timestamp(0));
        let share = TokenShare::Board(Arc::new(Timed(clock.clone(), StdMutex::default())));
        let mut processes = [const { Renewal { failed: None, forced: Vec::new() } }; 3];
        let mut forced: Vec<Timestamp> = Vec::new();
        while clock.now().since(Timestamp(0)) < 2 * DAY {
            for one in &mut processes {
                if one.rested(clock.now()) && share.may_force("wx1").await {
                    one.forced.push(clock.now());
                    forced.push(clock.now());
                }
            }
            clock.advance(Duration::from_secs(10));
        }
        assert!(forced.is_sorted_by(|before, after| after.since(*before) >= FORCE_EVERY));
        for from in &forced {
            let day = forced.iter().filter(|at| *at >= from && at.since(*from) < DAY).count();
            assert!(day <= 18, "{day} within a day");
        }
        assert!(forced.len() >= 2 * (QUICK_FORCES + 10), "{}", forced.len());
    }

    #[test]
    fn an_answer_without_a_token_is_none() {
        for body in [r#"{"expires_in":7200}"#, r#"{"access_token":"","expires_in":7200}"#, "{}"] {
            assert!(serde_json::from_str::<Fetched>(body).is_err(), "{body}");
        }
    }
}
