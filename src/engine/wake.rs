//! Shortens the wait between a commit and the worker: in this process at once, in others through
//! Redis. A lost wake costs one poll interval and nothing else.

use std::sync::Arc;
use std::time::Duration;

use redis::aio::ConnectionManager;
use tokio::sync::Notify;

/// How long a publish may take before it is given up.
const PUBLISH_WITHIN: Duration = Duration::from_millis(100);

/// Wakes engines; cheap to clone.
#[derive(Clone)]
pub struct Wake {
    here: Arc<Notify>,
    elsewhere: Option<(ConnectionManager, String)>,
}

impl std::fmt::Debug for Wake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wake").field("elsewhere", &self.elsewhere.is_some()).finish_non_exhaustive()
    }
}

impl Wake {
    /// Wakes the engine of this process only.
    pub fn local() -> Self {
        Self { here: Arc::new(Notify::new()), elsewhere: None }
    }

    /// Wakes the engines of all processes that share this Redis and channel.
    pub fn shared(redis: ConnectionManager, channel: String) -> Self {
        Self { here: Arc::new(Notify::new()), elsewhere: Some((redis, channel)) }
    }

    /// Says that there is work. Never fails, never waits longer than a tenth of a second.
    pub async fn ping(&self) {
        self.here.notify_one();
        if let Some((redis, channel)) = &self.elsewhere {
            let mut redis = redis.clone();
            let mut publish = redis::cmd("PUBLISH");
            publish.arg(channel).arg("1");
            let sent = publish.query_async::<i64>(&mut redis);
            let _lost = tokio::time::timeout(PUBLISH_WITHIN, sent).await;
        }
    }

    /// Says that there is work, in this process only.
    pub fn ping_here(&self) {
        self.here.notify_one();
    }

    /// Waits for the next ping; one that came before the wait counts.
    pub async fn wait(&self) {
        self.here.notified().await;
    }
}
