//! One engine with very many notices due at once: how fast they leave, and whether an urgent one
//! waits behind them.

use std::time::{Duration, Instant};

use serde_json::json;

use super::Args;
use super::figures::Report;
use super::kit::copies::{copies, up_to};
use super::post::rings;
use super::scene::Scene;

const WAITING: &str = "SELECT COUNT(*) AS n FROM job WHERE state IN ('ready', 'running')";
/// Of looking whether all have left: seldom, because that costs the database as well.
const LOOK: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_mins(10);

/// Queues `count` notices, each of a case of its own, due now.
async fn queue(scene: &Scene, count: i64) {
    let view = scene.client.report(&format!("bench-queue-{count:010}"), false).await;
    let id = view["id"].as_i64().expect("an id");
    let now = scene.s.clock.now().0;
    scene.run("DELETE FROM job").await;
    let last = scene.number("SELECT MAX(id) AS n FROM notice").await;
    let anew = [
        ("number", "'NC-COPY-' || i".to_owned()),
        ("content_check", "'passed'".to_owned()),
        ("content_until", "NULL".to_owned()),
        ("next_check_at", format!("{now} + 86400000000")),
    ];
    let anew: Vec<(&str, &str)> = anew.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let from = format!("n, cases one WHERE one.id = {id}");
    scene.run(&format!("{} {}", up_to(count), copies::<entity::cases::Entity>(&from, &anew))).await;
    // Each with a record: the plan of a statement is made for the sizes that ANALYZE finds.
    let from = format!("cases c, case_event one WHERE c.id > {id} AND one.case_id = {id}");
    scene.run(&copies::<entity::case_event::Entity>(&from, &[("case_id", "c.id")])).await;
    let from = format!(
        "cases c, notice one WHERE c.id > {id} AND one.id =
            (SELECT MIN(id) FROM notice WHERE case_id = {id})"
    );
    let anew = [("case_id", "c.id"), ("dedup_key", "'copy-' || c.id")];
    scene.run(&copies::<entity::notice::Entity>(&from, &anew)).await;
    scene
        .run(&format!(
            "INSERT INTO job (kind, dedup_key, generation, payload, priority, state, run_at,
                attempt, lost, max_attempt, fence, created_at)
             SELECT 'send_notice', CAST(id AS TEXT), 0, '{{\"notice\":' || id || '}}', 50, 'ready',
                {now}, 0, 0, 12, 0, {now} FROM notice WHERE id > {last}"
        ))
        .await;
    // A street after years has been looked at by its database.
    scene.run("ANALYZE").await;
}

pub async fn drains(args: &Args, server: Option<String>, report: &mut Report) {
    let mut rates = Vec::new();
    for _ in 0..args.rounds {
        let scene = Scene::open(args, server.clone()).await;
        queue(&scene, args.queued).await;
        scene.stand.post("/_sandbox/faults", json!({ "slow_ms": args.slow_ms })).await;
        let began = Instant::now();
        scene.start_engine();
        while scene.number(WAITING).await > 0 {
            assert!(began.elapsed() < PATIENCE, "notices do not leave");
            tokio::time::sleep(LOOK).await;
        }
        rates.push(args.queued as f64 / began.elapsed().as_secs_f64());
        let sent = scene.number("SELECT COUNT(*) AS n FROM notice WHERE state = 'accepted'").await;
        assert_eq!(sent, args.queued, "every notice was taken over");
        scene.close().await;
    }
    report.rates(&format!("send: {} notices queued", args.queued), &rates);
}

pub async fn overtakes(args: &Args, server: Option<String>, report: &mut Report) {
    let scene = Scene::open(args, server).await;
    queue(&scene, args.bulk).await;
    scene.stand.post("/_sandbox/faults", json!({ "slow_ms": args.slow_ms })).await;
    scene.start_engine();
    let mut ms = Vec::new();
    for _ in 0..args.urgent {
        ms.push(rings(&scene, true).await);
    }
    let left = scene.number(WAITING).await;
    assert!(left > 0, "nothing was left to overtake: queue more");
    report.waits(&format!("bulk: an urgent one among {}", args.bulk), &ms);
    scene.close().await;
}
