//! Shortens the wait between a commit and the worker: in this process at once, in others through
//! Redis. A lost wake costs one poll interval and nothing else.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};

use crate::gateway::redis::Redis;

/// How long a publish may take before it is given up.
const PUBLISH_WITHIN: Duration = Duration::from_millis(100);
const CHANNEL: &str = "wake";

/// Wakes engines; cheap to clone.
#[derive(Clone, Debug)]
pub struct Wake {
    here: Arc<Notify>,
    bell: watch::Sender<()>,
    elsewhere: Option<Redis>,
}

impl Wake {
    /// Wakes the engine of this process only.
    pub fn local() -> Self {
        Self { here: Arc::new(Notify::new()), bell: watch::Sender::new(()), elsewhere: None }
    }

    /// Wakes the engines of all processes that share this Redis and its prefix.
    pub fn shared(redis: Redis) -> Self {
        Self { elsewhere: Some(redis), ..Self::local() }
    }

    /// Returns where the pings of other processes are heard, if there can be others.
    pub fn elsewhere(&self) -> Option<(Redis, String)> {
        let redis = self.elsewhere.clone()?;
        let channel = redis.key(CHANNEL);
        Some((redis, channel))
    }

    /// Says that there is work. Never fails, never waits longer than a tenth of a second, and not
    /// at all for a Redis that is known to be away.
    pub async fn ping(&self) {
        self.ping_here();
        let Some(redis) = &self.elsewhere else { return };
        let mut publish = redis::cmd("PUBLISH");
        publish.arg(redis.key(CHANNEL)).arg("1");
        let _lost = redis
            .ask(PUBLISH_WITHIN, |mut to| async move { publish.query_async::<i64>(&mut to).await })
            .await;
    }

    /// Says that there is work, in this process only.
    pub fn ping_here(&self) {
        self.here.notify_one();
        self.ring();
    }

    /// Says that somebody was told something, in this process only.
    pub fn ring(&self) {
        self.bell.send_replace(());
    }

    /// Returns what changes whenever something was committed that somebody may want to see now.
    pub fn bell(&self) -> watch::Receiver<()> {
        self.bell.subscribe()
    }

    /// Waits for the next ping; one that came before the wait counts.
    pub async fn wait(&self) {
        self.here.notified().await;
    }
}
