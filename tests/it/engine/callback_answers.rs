//! A push is answered within a second: it waits until it is stored, and for nothing else.

use std::sync::Arc;
use std::time::{Duration, Instant};

use entity::kinds::JobState;
use entity::{job, wechat_event};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use zhinan::error::Error;

use super::callbacks::{event, push, serve};
use super::kit::{World, on_each_with};
use super::wecom_cards::on;
use crate::gateway::kit::{AES_KEY, TOKEN, spawn};
use crate::kit::clock::until;
use crate::kit::wechat::agent;

const FOLLOWER: &str = "/cgi-bin/user/info";
const A_SECOND: Duration = Duration::from_secs(1);

/// Pushes through one of the three doors; fails when the answer comes later than after a second.
async fn knock(w: &World, base: &str, door: &str, what: &Value) -> u64 {
    let began = Instant::now();
    let answer = if door == "wecom" {
        let order = json!({ "url": format!("{base}/wecom"), "token": TOKEN, "aes_key": AES_KEY,
            "appid": agent().corpid, "format": "xml", "event": what });
        w.stand.post("/_sandbox/callbacks", order).await
    } else {
        push(w, base, door, what).await
    };
    assert!(began.elapsed() < A_SECOND, "{door} answered {answer} after {:?}", began.elapsed());
    answer["status"].as_u64().unwrap()
}

/// One push for each door, each of another second than those of other calls.
fn one_for_each(second: i64) -> [(&'static str, Value); 3] {
    let at = json!({ "CreateTime": second });
    [
        ("mini", event("user_info_modified", "resident", at.clone())),
        ("oa", event("unsubscribe", "nobody", at.clone())),
        ("wecom", event("enter_agent", "wc-nobody", at)),
    ]
}

/// Keeps everybody from writing pushes until the permit is given.
pub async fn occupy(w: &World) -> Arc<Semaphore> {
    let (begun, gate) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (writer, told, held) = (w.s.writer.clone(), Arc::clone(&begun), Arc::clone(&gate));
    // SQLite has one writer; at PostgreSQL others go past a long unit, so it takes the table.
    let lock = !w.s.db.is_sqlite();
    spawn(async move {
        let unit = writer.commit(move |tx| {
            Box::pin(async move {
                if lock {
                    tx.execute_unprepared("LOCK TABLE wechat_event IN SHARE MODE").await?;
                }
                told.add_permits(1);
                held.acquire().await.unwrap().forget();
                Ok::<_, Error>(())
            })
        });
        unit.await.unwrap();
    });
    begun.acquire().await.unwrap().forget();
    gate
}

async fn stored(w: &World) -> u64 {
    wechat_event::Entity::find().count(&w.s.db.read).await.unwrap()
}

#[tokio::test]
async fn while_nothing_can_be_written_a_push_is_refused_within_a_second_and_its_repeat_counts_once()
{
    on_each_with(on, async |w| {
        let base = serve(&w);
        let gate = occupy(&w).await;
        let pushes = one_for_each(1_700_000_000);
        for (door, what) in &pushes {
            assert_eq!(knock(&w, &base, door, what).await, 503, "it is not stored: {door}");
        }
        gate.add_permits(1);
        // What came too late for its answer is kept all the same.
        until("the pushes", async || (stored(&w).await == 3).then_some(())).await;
        for (door, what) in &pushes {
            assert_eq!(knock(&w, &base, door, what).await, 200, "{door}");
        }
        assert_eq!(stored(&w).await, 3);
        w.run_due().await;
        let done = job::Entity::find().filter(job::Column::State.eq(JobState::Done));
        assert_eq!(done.count(&w.s.db.read).await.unwrap(), 3, "each was acted upon once");
        let counted = w.s.metrics.render().unwrap();
        for app in ["mini", "oa", "wecom"] {
            for outcome in ["late", "repeat"] {
                let line =
                    format!(r#"zhinan_callbacks_total{{app="{app}",outcome="{outcome}"}} 1"#);
                assert!(counted.contains(&line), "{line}: {counted}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_push_does_not_wait_for_what_is_done_about_it() {
    on_each_with(on, async |w| {
        let base = serve(&w);
        let follows = |who: &str| event("subscribe", who, json!({ "EventKey": "" }));
        assert_eq!(knock(&w, &base, "oa", &follows("slow-1")).await, 200);
        assert_eq!(w.stand.calls(FOLLOWER).await, 0, "it was acted upon before its answer");
        // So that the token is there: what waits is the job.
        let _nobody = w.s.wechat.follower("nobody").await;
        w.stand.faults(json!({ "slow_ms": 600_000 })).await;
        let working = async {
            w.run_due().await;
            unreachable!("the job ended before the pushes were answered");
        };
        let knocking = async {
            let called = async || (w.stand.calls(FOLLOWER).await == 2).then_some(());
            until("the job to ask WeChat", called).await;
            for second in 1..4 {
                for (door, what) in one_for_each(1_700_000_000 + second) {
                    assert_eq!(knock(&w, &base, door, &what).await, 200, "{door}");
                }
            }
            assert_eq!(knock(&w, &base, "oa", &follows("slow-2")).await, 200);
        };
        tokio::select! {
            () = working => {}
            () = knocking => {}
        }
        assert_eq!(stored(&w).await, 11);
    })
    .await;
}

#[tokio::test]
async fn a_push_whose_job_fails_was_answered_and_is_acted_upon_later() {
    on_each_with(on, async |w| {
        let base = serve(&w);
        w.stand.faults(json!({ "dead": true })).await;
        let who = json!({ "openid": "secretary", "unionid": "u-1" });
        w.stand.post("/_sandbox/people", who).await;
        w.sql("UPDATE wechat_identity SET dead_at = 1 WHERE openid = 'secretary'").await;
        let follows = event("subscribe", "secretary", json!({ "EventKey": "" }));
        for _repeated in 0..2 {
            assert_eq!(knock(&w, &base, "oa", &follows).await, 200);
            w.run_due().await;
        }
        w.stand.faults(json!({ "reset": true })).await;
        for _ in 0..10 {
            w.after(60).await;
        }
        let jobs = w.jobs().await;
        // WeChat's silence is no fault of the push: its tries are not counted.
        let ends: Vec<_> = jobs.iter().map(|job| (job.state, job.fence > 1)).collect();
        assert!(ends.contains(&(JobState::Done, true)), "{jobs:?}");
        let told = w.told().await;
        assert_eq!(told, ["secretary"], "he is greeted once, since he follows again");
    })
    .await;
}
