//! Pings of other processes.

use tokio_util::sync::CancellationToken;
use zhinan::engine::subscribe;

use super::kit::on_each_with;
use crate::kit::redis_server::RedisServer;

#[tokio::test]
async fn a_ping_of_another_process_is_heard() {
    let Some(redis) = RedisServer::start().await else { return };
    let here = |config: &mut _| redis.write_into(config);
    on_each_with(here, async |w| {
        let other = w.another().await;
        let stop = CancellationToken::new();
        let hearing = subscribe::run(w.s.clone(), stop.clone());
        let speaking = async {
            // The subscription itself counts as a ping; the second one is the other process's.
            w.s.wake.wait().await;
            other.wake.ping().await;
            w.s.wake.wait().await;
            stop.cancel();
        };
        tokio::join!(hearing, speaking);
    })
    .await;
}
