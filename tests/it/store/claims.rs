//! What a claim costs does not grow with the jobs that are over.

use std::time::{Duration, Instant};

use entity::kinds::Timestamp;
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection};
use zhinan::store::job::{self, Claim, Which};

use crate::kit::App;
use crate::kit::copies::up_to;

const FINISHED: i64 = 100_000;
const WAITING: i64 = 200;
const CLAIMS: usize = 20;
/// The best of many is compared, so that a busy machine does not count.
const MOST_TIMES: u32 = 5;

async fn jobs(conn: &DatabaseConnection, count: i64, (name, state): (&str, &str)) {
    let finished = if state == "done" { "1 + i" } else { "NULL" };
    let text = format!(
        "{} INSERT INTO job (kind, dedup_key, payload, priority, state, run_at, max_attempt,
            created_at, finished_at)
         SELECT 'send_notice', '{name}-' || i, '{{}}', 10 + i % 50, '{state}', i, 3, 1, {finished}
         FROM n",
        up_to(count)
    );
    conn.execute_unprepared(&text).await.unwrap();
}

/// Returns the shortest time of several claims of one job each.
async fn claim(conn: &DatabaseConnection) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..CLAIMS {
        let which = Which::Fresh((0, 100), 1);
        let (now, until) = (Timestamp(FINISHED + 1), Timestamp(i64::MAX / 2));
        let begun = Instant::now();
        let claimed = job::claim(conn, &Claim { owner: "me", now, until, which }).await.unwrap();
        best = best.min(begun.elapsed());
        assert_eq!(claimed.len(), 1);
    }
    best
}

#[tokio::test]
async fn a_claim_costs_the_same_after_a_hundred_thousand_finished_jobs() {
    let mut app = App::start().await;
    app.leave_jobs();
    let conn = app.connect().await;
    jobs(&conn, WAITING, ("now", "ready")).await;
    let empty = claim(&conn).await;
    jobs(&conn, FINISHED, ("old", "done")).await;
    if conn.get_database_backend() == DatabaseBackend::Postgres {
        conn.execute_unprepared("ANALYZE job").await.unwrap();
    }
    let full = claim(&conn).await;
    assert!(full < empty * MOST_TIMES, "{empty:?} became {full:?}");
    // Without its indexes it would: so the measure can tell.
    for index in ["job_turn", "job_due", "job_suspect"] {
        conn.execute_unprepared(&format!("DROP INDEX {index}")).await.unwrap();
    }
    let blind = claim(&conn).await;
    assert!(blind > empty * MOST_TIMES, "{empty:?} became only {blind:?}");
    conn.execute_unprepared("DELETE FROM job").await.unwrap();
    conn.close().await.unwrap();
}
