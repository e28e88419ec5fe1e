//! The one connection to Redis, and what happens while there is none.
//!
//! Nothing of record lives there. Invariant: nobody waits for a Redis that is known to be away;
//! whoever meets its silence first waits out his own patience, all others are told at once, and
//! only the keeper looks whether it is back. One warning when it goes, one line when it returns.
//!
//! This is not the crate's `ConnectionManager`: that one never connects again after a greeting
//! that failed for another reason than the network (a Redis that still loads its data, a password
//! that is put right later), and makes every caller wait for every attempt.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use redis::aio::{MultiplexedConnection, PubSub};
use redis::{AsyncConnectionConfig, Client, RedisError, RedisResult};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::transaction;

/// Longest wait for a connection and for the answer to its first question.
const GREETING: Duration = Duration::from_millis(500);
/// At most one attempt in this time, so that a Redis that comes and goes fills no log.
const BETWEEN_ATTEMPTS: Duration = Duration::from_secs(1);
/// How often an idle connection is asked whether it lives: a listener never asks anything itself.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// An answer that refuses a command is reported this often at most.
const BETWEEN_COMPLAINTS: Duration = Duration::from_mins(1);

/// A handle on Redis; cheap to clone.
#[derive(Clone)]
pub struct Redis(Arc<Inner>);

struct Inner {
    client: Client,
    prefix: String,
    state: watch::Sender<State>,
    complained_at: Mutex<Option<Instant>>,
}

#[derive(Clone)]
enum State {
    /// The keeper is looking.
    Unknown,
    /// The keeper found nobody.
    Away,
    /// A connection and its number: who doubts an old one must not end its successor.
    Up(u64, MultiplexedConnection),
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address may hold a password.
        f.debug_struct("Redis").field("prefix", &self.0.prefix).finish_non_exhaustive()
    }
}

impl Redis {
    /// Makes a handle without touching the network; somebody must drive [`Redis::keep`]. Fails on
    /// an address that is none.
    pub fn open(url: &str, prefix: &str) -> RedisResult<Self> {
        Ok(Self(Arc::new(Inner {
            client: Client::open(url)?,
            prefix: prefix.to_owned(),
            state: watch::Sender::new(State::Unknown),
            complained_at: Mutex::new(None),
        })))
    }

    /// Returns the name of a key or channel of this installation.
    pub fn key(&self, name: &str) -> String {
        format!("{}:{name}", self.0.prefix)
    }

    /// Asks one question; `None` when Redis is away, refuses, or is silent for `within`.
    pub async fn ask<T, F>(
        &self,
        within: Duration,
        question: impl FnOnce(MultiplexedConnection) -> F,
    ) -> Option<T>
    where
        F: Future<Output = RedisResult<T>>,
    {
        transaction::forbid("Redis");
        let State::Up(number, connection) = self.state() else { return None };
        match timeout(within, question(connection)).await {
            Ok(Ok(answer)) => return Some(answer),
            Ok(Err(why)) if !why.is_io_error() && !why.is_unrecoverable_error() => {
                self.complain(&why);
            }
            Ok(Err(_)) | Err(_) => self.doubt(number),
        }
        None
    }

    /// Subscribes as soon as Redis is there; also returns the number of the connection beside
    /// which the subscription was made. Fails when Redis is there and does not let us.
    pub async fn listen(&self, channel: &str) -> RedisResult<(u64, PubSub)> {
        let number = self.up().await;
        let subscribed = timeout(GREETING, async {
            let mut listener = self.0.client.get_async_pubsub().await?;
            listener.subscribe(channel).await?;
            Ok(listener)
        });
        match subscribed.await {
            Ok(Ok(listener)) => Ok((number, listener)),
            Ok(Err(why)) => Err(why),
            Err(_late) => Err(silent()),
        }
    }

    /// Waits until the connection of this number is given up.
    pub async fn lost(&self, number: u64) {
        let mut state = self.0.state.subscribe();
        let other = |state: &State| !matches!(state, State::Up(now, _) if *now == number);
        let _state = state.wait_for(other).await;
    }

    /// Says that the connection of this number may be dead; the keeper then looks.
    pub fn doubt(&self, number: u64) {
        self.0.state.send_if_modified(|state| {
            let current = matches!(state, State::Up(now, _) if *now == number);
            if current {
                *state = State::Unknown;
            }
            current
        });
    }

    /// Waits until the keeper knows whether Redis is there: bounded by one attempt.
    pub async fn settled(&self) {
        let mut state = self.0.state.subscribe();
        let _state = state.wait_for(|state| !matches!(state, State::Unknown)).await;
    }

    /// Connects, watches, and connects again until `stop`.
    pub async fn keep(self, stop: CancellationToken) {
        tokio::select! {
            () = self.keeping() => {}
            () = stop.cancelled() => {}
        }
        // Whoever still asks while the program ends works alone.
        self.0.state.send_replace(State::Away);
    }

    async fn keeping(&self) {
        let mut away = false;
        for number in 0.. {
            let began = Instant::now();
            match self.connect().await {
                Ok(connection) => {
                    if std::mem::take(&mut away) {
                        tracing::info!("Redis is back; limits, tokens and wakes are shared again");
                    }
                    self.0.state.send_replace(State::Up(number, connection.clone()));
                    self.watch_over(number, connection).await;
                }
                Err(error) => {
                    if !std::mem::replace(&mut away, true) {
                        tracing::warn!(%error, "Redis is away; this process works without it");
                    }
                    self.0.state.send_replace(State::Away);
                }
            }
            sleep_until(began + BETWEEN_ATTEMPTS).await;
        }
    }

    async fn connect(&self) -> RedisResult<MultiplexedConnection> {
        let patience = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(GREETING))
            .set_response_timeout(Some(GREETING));
        let greeting = timeout(GREETING, async {
            let mut connection =
                self.0.client.get_multiplexed_async_connection_with_config(&patience).await?;
            ping(&mut connection).await?;
            Ok(connection)
        });
        greeting.await.unwrap_or_else(|_late| Err(silent()))
    }

    /// Returns when the connection is doubted or its heart stops.
    async fn watch_over(&self, number: u64, mut connection: MultiplexedConnection) {
        loop {
            tokio::select! {
                () = self.lost(number) => return,
                () = sleep(HEARTBEAT) => {}
            }
            if !matches!(timeout(GREETING, ping(&mut connection)).await, Ok(Ok(()))) {
                return self.doubt(number);
            }
        }
    }

    async fn up(&self) -> u64 {
        let mut state = self.0.state.subscribe();
        let found = state.wait_for(|state| matches!(state, State::Up(..))).await;
        match found.as_deref() {
            Ok(State::Up(number, _)) => *number,
            _ => 0,
        }
    }

    fn state(&self) -> State {
        self.0.state.borrow().clone()
    }

    fn complain(&self, why: &RedisError) {
        let mut last = self.0.complained_at.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_none_or(|at| at.elapsed() >= BETWEEN_COMPLAINTS) {
            *last = Some(Instant::now());
            tracing::warn!(error = %why, "Redis refuses a command; this process works without it");
        }
    }
}

async fn ping(connection: &mut MultiplexedConnection) -> RedisResult<()> {
    redis::cmd("PING").query_async::<String>(connection).await.map(drop)
}

fn silent() -> RedisError {
    std::io::Error::from(std::io::ErrorKind::TimedOut).into()
}
