//! `POST /api/v1/cases` over a real socket: how many, how long, and how soon somebody is told.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use zhinan::clock::Clock;

use super::Args;
use super::figures::{Report, Round, paced, side_by_side};
use super::kit::live::Live;
use super::scene::{Scene, until};

static KEYS: AtomicU64 = AtomicU64::new(0);

fn key() -> String {
    format!("bench-key-{:010}", KEYS.fetch_add(1, Ordering::SeqCst))
}

/// Those who see every case of the bench, each with pages open.
const FOLLOWERS: [&str; 4] = ["resident-1", "primary-1", "backup-1", "cadre-1"];

/// Pages that are open at the live connection and hear of every case.
struct Pages(Vec<(AbortHandle, watch::Receiver<i64>)>);

impl Pages {
    async fn open(scene: &Scene, count: usize) -> Self {
        let mut pages = Vec::with_capacity(count);
        for name in FOLLOWERS.iter().cycle().take(count) {
            let (mut live, _) = Live::ready(&scene.base(), &scene.token(name), None).await;
            let (newest, heard) = watch::channel(0);
            let following = tokio::spawn(async move {
                loop {
                    let said = live.changed().await;
                    newest.send_replace(said.into_iter().max().unwrap_or(0));
                }
            });
            pages.push((following.abort_handle(), heard));
        }
        Self(pages)
    }

    /// Closes them once each has heard of this case.
    async fn close(self, case: i64) {
        for (following, mut heard) in self.0 {
            heard.wait_for(|newest| *newest >= case).await.unwrap();
            following.abort();
        }
    }
}

/// Posts side by side while no engine runs: what follows from a case is not part of the answer.
pub async fn writes(args: &Args, server: Option<String>, report: &mut Report) {
    let scene = Scene::open(args, server).await;
    let (mut full, mut fewer, mut half) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..args.rounds {
        for (callers, rounds) in [(args.callers, &mut full), (args.callers / 2, &mut fewer)] {
            rounds.push(posted(&scene, callers, args.writes).await);
        }
        let (client, speed) = (scene.client.clone(), full.last().map_or(1.0, |one| one.per_s));
        let half_load = paced(speed / 2.0, args.writes, move |_| {
            let client = client.clone();
            async move { drop(client.report(&key(), false).await) }
        });
        half.push(half_load.await);
    }
    let pages = Pages::open(&scene, args.pages).await;
    let mut followed = Vec::new();
    for _ in 0..args.rounds {
        followed.push(posted(&scene, args.callers, args.writes).await);
    }
    report.rounds("write: POST /cases", &full);
    report.rounds("write: POST /cases, half the callers", &fewer);
    report.rounds("write: POST /cases at half of its speed", &half);
    report.rounds("write: POST /cases while pages follow", &followed);
    let last = scene.number("SELECT MAX(id) AS n FROM cases").await;
    pages.close(last).await;
    scene.close().await;
}

async fn posted(scene: &Scene, callers: usize, count: usize) -> Round {
    let client = scene.client.clone();
    let round = side_by_side(callers, count, move |_| {
        let client = client.clone();
        async move { drop(client.report(&key(), false).await) }
    });
    round.await
}

/// Posts one case after the other and looks when the first phone rang.
pub async fn tells(args: &Args, server: Option<String>, report: &mut Report) {
    let scene = Scene::open(args, server).await;
    scene.start_engine();
    // The first message fetches the access tokens.
    rings(&scene, true).await;
    for (name, danger) in [
        ("tell: 201 to first notice, urgent", true),
        ("tell: 201 to first notice, checked first", false),
    ] {
        let mut ms = Vec::with_capacity(args.waits);
        for _ in 0..args.waits {
            ms.push(rings(&scene, danger).await);
        }
        report.waits(name, &ms);
    }
    scene.close().await;
}

/// Reports a case; returns the milliseconds from its 201 until the stand-in has its first notice.
pub async fn rings(scene: &Scene, danger: bool) -> f64 {
    let view = scene.client.report(&key(), danger).await;
    let answered = Clock::System.now();
    let page = format!("?id={}&", view["id"]);
    let came = until("the first notice", async || {
        let all = scene.newest().await;
        all.iter().find(|one| one["page"].as_str().is_some_and(|at| at.contains(&page))).map(at)
    });
    (came.await - answered.0) as f64 / 1e3
}

/// When a message arrived, in microseconds, cut to a millisecond.
fn at(message: &Value) -> i64 {
    let text = message["received_at"].as_str().expect("a time");
    text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
}
