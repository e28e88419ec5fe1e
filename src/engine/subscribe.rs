//! Hears the pings of other processes through Redis. Without it they are only heard later, at the
//! next poll.

use std::time::Duration;

use futures::StreamExt;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::services::Services;

const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Passes pings of `channel` on until `stop`, connecting again whenever Redis went away.
pub async fn run(s: Services, url: String, channel: String, stop: CancellationToken) {
    let hearing = async {
        let mut wait = FIRST_WAIT;
        loop {
            match hear(&s, &url, &channel).await {
                Ok(()) => wait = FIRST_WAIT,
                Err(error) => {
                    tracing::warn!(%error, again_in = ?wait, "Redis is not heard; polling goes on");
                    sleep(wait).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
            }
        }
    };
    tokio::select! {
        () = hearing => {}
        () = stop.cancelled() => {}
    }
}

/// Listens until the connection ends; fails when none could be made.
async fn hear(s: &Services, url: &str, channel: &str) -> redis::RedisResult<()> {
    let mut listener = redis::Client::open(url)?.get_async_pubsub().await?;
    listener.subscribe(channel).await?;
    // What was published while nobody listened is made up for at once.
    s.wake.ping_here();
    let mut pings = listener.on_message();
    while pings.next().await.is_some() {
        s.wake.ping_here();
    }
    // A server that accepts and hangs up at once must not be asked without pause.
    sleep(FIRST_WAIT).await;
    Ok(())
}
