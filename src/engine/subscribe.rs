//! Hears the pings of other processes through Redis. Without it they are only heard later, at the
//! next poll.

use std::time::Duration;

use futures::StreamExt;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::gateway::redis::Redis;
use crate::services::Services;

/// How long a refused subscription rests.
const AFTER_REFUSAL: Duration = Duration::from_secs(5);

/// Passes the pings of other processes on until `stop`, listening anew as soon as Redis is back
/// from wherever it went. Ends at once where no Redis is configured.
pub async fn run(s: Services, stop: CancellationToken) {
    let Some((redis, channel)) = s.wake.elsewhere() else { return };
    tokio::select! {
        () = hearing(&s, &redis, &channel) => {}
        () = stop.cancelled() => {}
    }
}

async fn hearing(s: &Services, redis: &Redis, channel: &str) {
    let mut refused = false;
    loop {
        let (number, mut listener) = match redis.listen(channel).await {
            Ok(listening) => listening,
            Err(error) => {
                // That Redis is away is its keeper's news; this is one that answers him, not us.
                if !std::mem::replace(&mut refused, true) {
                    tracing::warn!(%error, "wakes of other processes are not heard; polling goes on");
                }
                sleep(AFTER_REFUSAL).await;
                continue;
            }
        };
        refused = false;
        // What was published while nobody listened is made up for at once.
        s.wake.ping_here();
        let mut pings = listener.on_message();
        let passing_on = async {
            while pings.next().await.is_some() {
                s.wake.ping_here();
            }
        };
        tokio::select! {
            () = passing_on => redis.doubt(number),
            // A connection that only listens does not notice that the other side froze.
            () = redis.lost(number) => {}
        }
    }
}
