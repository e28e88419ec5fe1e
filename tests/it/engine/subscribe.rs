//! Pings of other processes.

use tokio_util::sync::CancellationToken;
use zhinan::engine::subscribe;

use super::kit::on_each;

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a test chooses its servers by the environment")]
async fn a_ping_of_another_process_is_heard() {
    let Ok(url) = std::env::var("TEST_REDIS_URL") else {
        eprintln!("TEST_REDIS_URL is not set: Redis is not tested");
        return;
    };
    on_each(async |w| {
        let (stop, channel) = (CancellationToken::new(), format!("wake-{}", std::process::id()));
        let hearing = subscribe::run(w.s.clone(), url.clone(), channel.clone(), stop.clone());
        let other = async {
            // The subscription itself counts as a ping; the second one is the other process's.
            w.s.wake.wait().await;
            let client = redis::Client::open(url.as_str()).unwrap();
            let mut redis = client.get_multiplexed_async_connection().await.unwrap();
            redis::cmd("PUBLISH")
                .arg(&channel)
                .arg(1)
                .query_async::<i64>(&mut redis)
                .await
                .unwrap();
            w.s.wake.wait().await;
            stop.cancel();
        };
        tokio::join!(hearing, other);
    })
    .await;
}
