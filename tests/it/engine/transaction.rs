//! Nobody waits for the network while he holds a transaction.

use futures::future::BoxFuture;
use zhinan::error::Error;
use zhinan::gateway::redis::Redis;
use zhinan::services::Services;
use zhinan::store;
use zhinan::store::consent;

use super::kit::on_each;

type Call = fn(Services) -> BoxFuture<'static, ()>;

const CALLS: [(&str, Call); 3] = [
    ("/cgi-bin/stable_token", |s| Box::pin(async move { drop(s.wechat.follower("one").await) })),
    ("the photo store", |s| Box::pin(async move { drop(s.storage.get("one").await) })),
    ("Redis", |_| {
        Box::pin(async {
            let redis = Redis::open("redis://127.0.0.1:9/", "test").unwrap();
            let ping = |mut to| async move { redis::cmd("PING").query_async(&mut to).await };
            redis.ask::<(), _>(std::time::Duration::from_millis(1), ping).await;
        })
    }),
];

#[tokio::test]
async fn a_unit_that_calls_the_network_fails_loudly_and_leaves_nothing() {
    on_each(async |w| {
        let resident =
            store::people::find_openid(&w.s.db.read, entity::kinds::WechatApp::Mini, "resident");
        let resident = resident.await.unwrap().unwrap().account_id;
        for (name, call) in CALLS {
            let (s, now) = (w.s.clone(), w.s.clock.now());
            let unit = w.s.writer.commit(move |tx| {
                Box::pin(async move {
                    consent::add(tx, resident, "T-ack", now).await?;
                    call(s).await;
                    Ok::<_, Error>(())
                })
            });
            let why = unit.await.unwrap_err().chain();
            assert!(why.contains("no network inside a transaction"), "{why}");
            assert!(why.contains(name), "{why}");
            assert!(w.credits().await.is_empty(), "the unit was undone");
            // Outside of a unit the same call is nobody's business, and the writer still writes.
            call(w.s.clone()).await;
            w.sql("UPDATE account SET token_version = token_version + 1").await;
        }
    })
    .await;
}
