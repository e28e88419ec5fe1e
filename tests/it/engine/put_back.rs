//! The clock of the engine's machine is put back while it works.

use std::pin::pin;
use std::time::Duration;

use entity::kinds::{JobState, Urgency};
use sea_orm::{ConnectionTrait, TransactionTrait};
use zhinan::boot;
use zhinan::engine::sweep;
use zhinan::store;

use super::kit::{World, on_each};
use crate::kit::clock::{until, until_within};
use crate::kit::logs::Logs;
use crate::kit::waiting;

/// Whoever records what became of a message holds its case, and waits for its job.
#[tokio::test]
async fn whoever_follows_the_clock_holds_no_job_while_it_waits_for_a_case() {
    on_each(async |w| {
        if w.s.db.is_sqlite() {
            // The one writer does one after the other.
            return;
        }
        w.stand.advance(3_600);
        let case = w.report("路灯坏了", Urgency::Normal).await;
        w.stand.put_back(3_600);
        let outside = w.connect().await;
        let other = outside.begin().await.unwrap();
        let held = format!("SELECT id FROM cases WHERE id = {case} FOR UPDATE");
        other.execute_unprepared(&held).await.unwrap();
        let mut following = pin!(sweep::bring_back(&w.s));
        tokio::select! {
            done = &mut following => panic!("it did not wait: {done:?}"),
            () = until("it to wait", async || (waiting(&w.s.db.read).await > 0).then_some(())) => {}
        }
        other.execute_unprepared("SELECT id FROM job FOR UPDATE NOWAIT").await.unwrap();
        other.commit().await.unwrap();
        following.await.unwrap();
        let now = w.s.clock.now();
        assert_eq!(w.find(case).await.next_check_at, Some(now));
        assert!(w.jobs().await.iter().all(|job| job.run_at <= now));
    })
    .await;
}

/// Lets nothing that waits be put elsewhere.
async fn refuse(w: &World) {
    if w.s.db.is_sqlite() {
        w.sql(
            "CREATE TRIGGER refuse BEFORE UPDATE OF put_at ON job WHEN OLD.state = 'ready'
                BEGIN SELECT RAISE(ABORT, 'refused'); END",
        )
        .await;
        return;
    }
    w.sql(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'refused'; END $$",
    )
    .await;
    w.sql(
        "CREATE TRIGGER refuse BEFORE UPDATE OF put_at ON job FOR EACH ROW
            WHEN (OLD.state = 'ready') EXECUTE FUNCTION refuse()",
    )
    .await;
}

#[tokio::test]
async fn an_engine_follows_the_clock_as_soon_as_the_database_lets_it() {
    let logs = Logs::default();
    let _listening = logs.listen();
    let vain = || {
        let lines = logs.lines();
        lines.iter().filter(|line| line.text.contains("following the clock failed")).count()
    };
    on_each(async |w| {
        w.stand.advance(3_600);
        let now = w.s.clock.now();
        boot::start_engine(&w.s);
        // By now the engine knows the time, and sweeps again in a minute only.
        until("the first sweep", async || {
            let pulse = store::pulse::read(&w.s.db.read).await.unwrap();
            pulse.is_some_and(|row| row.swept_at == now).then_some(())
        })
        .await;
        w.sql(&format!(
            "INSERT INTO job (kind, dedup_key, payload, priority, state, run_at, max_attempt,
                created_at, put_at)
             VALUES ('retell', 'late', '{{}}', 10, 'ready', {0} + 1000000, 3, {0}, {0})",
            now.0
        ))
        .await;
        refuse(&w).await;
        let before = vain();
        w.stand.put_back(3_600);
        until("a vain try", async || (vain() > before).then_some(())).await;
        let table = if w.s.db.is_sqlite() { "" } else { "ON job" };
        w.sql(&format!("DROP TRIGGER refuse {table}")).await;
        until_within(Duration::from_secs(30), "the job", async || {
            let jobs = w.jobs().await;
            let late = jobs.iter().find(|job| job.dedup_key == "late").unwrap();
            (late.state == JobState::Done).then_some(())
        })
        .await;
        assert!(w.s.lifecycle.finish(Duration::from_secs(10)).await);
    })
    .await;
}
