//! Processes without Redis, or whose Redis is away, share tokens through the database: one fetches,
//! the others adopt.

use std::time::{Duration, Instant};

use entity::shared_note;
use futures::future::join_all;
use sea_orm::EntityTrait;
use serde_json::json;
use zhinan::config::Config;
use zhinan::error::Error;
use zhinan::services::Services;
use zhinan::store;

use super::kit::{World, on_each, on_each_with};
use crate::gateway::kit::{OA, card};
use crate::kit::clock::until;

const FETCH: &str = "/cgi-bin/stable_token";

async fn send(s: &Services, id: usize) {
    s.wechat.send_template(&card("worker", &id.to_string())).await.unwrap();
}

async fn storm(both: &[Services; 2], first: usize) {
    join_all((0..40).map(|id| send(&both[id % 2], first + id))).await;
}

/// The note that is left when the lock is given back, which nobody waits for.
async fn left(w: &World) -> shared_note::Model {
    until("the token alone", async || {
        let mut all = shared_note::Entity::find().all(&w.s.db.read).await.unwrap();
        (all.len() == 1 && all[0].name.ends_with(":value")).then(|| all.remove(0))
    })
    .await
}

async fn other_than(w: &World, before: &shared_note::Model) {
    let other = async || shared_note::Entity::find().all(&w.s.db.read).await.unwrap();
    until("another token", async || {
        let all = other().await;
        let fresh = all.iter().any(|one| one.name == before.name && one != before);
        (fresh && !all.iter().any(|one| one.name.ends_with(":lock"))).then_some(())
    })
    .await;
}

#[tokio::test]
async fn two_processes_without_redis_renew_once() {
    on_each(async |w| {
        let both = [w.s.clone(), w.another().await];
        storm(&both, 0).await;
        assert_eq!(w.stand.calls(FETCH).await, 1, "the second adopts the first one's token");
        w.stand.faults(json!({ "token_revoked": true })).await;
        storm(&both, 100).await;
        assert_eq!(w.stand.calls(FETCH).await, 2);
        w.stand.advance(7_000);
        storm(&both, 200).await;
        assert_eq!(w.stand.calls(FETCH).await, 3, "its time was over for both");
        assert_eq!(w.stand.messages().await.len(), 120);
        let note = left(&w).await;
        assert!(note.name.contains(OA) && note.text_sealed.starts_with("v1"), "{note:?}");
    })
    .await;
}

#[tokio::test]
async fn a_process_that_starts_again_adopts_what_is_left_and_forcing_is_rationed_for_all() {
    on_each(async |w| {
        send(&w.s, 1).await;
        let first = left(&w).await;
        send(&w.another().await, 2).await;
        assert_eq!(w.stand.calls(FETCH).await, 1);
        let both = [w.s.clone(), w.another().await];
        w.stand.faults(json!({ "token_stuck": true })).await;
        send(&both[0], 3).await;
        assert_eq!(w.stand.calls(FETCH).await, 3, "normal, which insists, and forced");
        other_than(&w, &first).await;
        w.stand.faults(json!({ "token_stuck": true })).await;
        let refused = both[1].wechat.send_template(&card("worker", "4")).await;
        assert!(refused.is_err(), "the other process forced less than 30 s ago");
        assert_eq!(w.stand.calls(FETCH).await, 4);
        w.stand.advance(31);
        send(&both[1], 5).await;
    })
    .await;
}

#[tokio::test]
async fn a_note_that_was_left_too_late_brings_nobody_back_to_a_dead_token() {
    on_each(async |w| {
        send(&w.s, 1).await;
        let first = left(&w).await;
        let old = &first.text_sealed;
        w.stand.faults(json!({ "token_revoked": true })).await;
        send(&w.s, 2).await;
        other_than(&w, &first).await;
        w.sql(&format!("UPDATE shared_note SET text_sealed = '{old}'")).await;
        w.stand.faults(json!({ "token_revoked": true })).await;
        send(&w.s, 3).await;
        assert_eq!(w.stand.calls(FETCH).await, 3);
    })
    .await;
}

/// Somebody has the right to renew for so long, and died.
async fn lock(w: &World, lasts: Duration) {
    let until = (w.s.clock.now() + lasts).0;
    w.sql(&format!(
        "INSERT INTO shared_note (name, text_sealed, until)
         VALUES ('wechat:token:{OA}:lock', 'x', {until})"
    ))
    .await;
}

#[tokio::test]
async fn an_owner_that_died_costs_two_seconds_and_a_busy_database_less() {
    on_each(async |w| {
        lock(&w, Duration::from_secs(10)).await;
        let began = Instant::now();
        send(&w.s, 1).await;
        assert!(began.elapsed() >= Duration::from_secs(2), "it did not wait for the owner");
        assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
        w.stand.advance(7_000);
        let gate = super::callback_answers::occupy(&w).await;
        let began = Instant::now();
        send(&w.s, 2).await;
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        gate.add_permits(1);
    })
    .await;
}

/// Its owner died before the clock was put back: nobody waits an hour for it, two seconds each time.
#[tokio::test]
async fn a_lock_that_ends_later_than_any_is_nobody_s() {
    on_each(async |w| {
        lock(&w, Duration::from_hours(1)).await;
        send(&w.s, 1).await;
        assert!(left(&w).await.name.contains(OA), "it had the right to renew, and gave it back");
    })
    .await;
}

#[tokio::test]
async fn a_note_stays_until_its_end_unless_it_ends_later_than_one_that_is_left_now() {
    on_each(async |w| {
        let now = w.s.clock.now();
        // Five seconds are the difference of two machines' clocks.
        for (ends_in, free) in [(0, true), (1, false), (10, false), (15, false), (16, true)] {
            let note = async |over: bool, seconds: u64| {
                let times = (now, now + Duration::from_secs(seconds));
                let unit = w.s.writer.commit(move |tx| {
                    Box::pin(async move {
                        let note = store::shared_note::leave(tx, ("n", "x"), over, times);
                        Ok::<_, Error>(note.await?)
                    })
                });
                unit.await.unwrap()
            };
            assert!(note(true, ends_in).await, "it replaces any");
            assert_eq!(note(false, 10).await, free, "{ends_in}");
        }
    })
    .await;
}

#[tokio::test]
async fn processes_whose_redis_is_away_share_through_the_database() {
    let away = |config: &mut Config| config.redis.url = "redis://127.0.0.1:1".into();
    on_each_with(away, async |w| {
        let both = [w.s.clone(), w.another().await];
        storm(&both, 0).await;
        assert_eq!(w.stand.calls(FETCH).await, 1, "the second adopts the first one's token");
        assert!(left(&w).await.text_sealed.starts_with("v1"), "sealed");
        w.stand.faults(json!({ "token_revoked": true })).await;
        storm(&both, 100).await;
        assert_eq!(w.stand.calls(FETCH).await, 2);
    })
    .await;
}
