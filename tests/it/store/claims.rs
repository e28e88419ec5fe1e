//! What a claim costs does not grow with the jobs that are over.
//!
//! It is counted, not timed: the steps of SQLite's machine, the blocks that PostgreSQL reads.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use entity::kinds::Timestamp;
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection};
use zhinan::store::job::{self, Claim, Which};

use super::plans::Planner;
use crate::kit::App;
use crate::kit::copies::up_to;

const FINISHED: i64 = 100_000;
const WAITING: i64 = 200;
/// The other indexes that a claimed row enters become one level deeper.
const MOST_TIMES: u64 = 2;

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

async fn claim(conn: &impl ConnectionTrait) -> usize {
    let which = Which::Fresh((0, 100), 1);
    let (now, until) = (Timestamp(FINISHED + 1), Timestamp(i64::MAX / 2));
    job::claim(conn, &Claim { owner: "me", now, until, which }).await.unwrap().len()
}

/// Returns what the claim of one job costs.
async fn cost(conn: &DatabaseConnection) -> u64 {
    if conn.get_database_backend() == DatabaseBackend::Postgres {
        let planner = Planner::running(conn);
        claim(&planner).await;
        return blocks(&planner.take());
    }
    let steps = Arc::new(AtomicU64::new(0));
    let counted = steps.clone();
    let count = move || {
        counted.fetch_add(1, Ordering::Relaxed);
        true
    };
    // The only connection of this pool, which the claim uses after it was given back.
    let mut only = conn.get_sqlite_connection_pool().acquire().await.unwrap();
    only.lock_handle().await.unwrap().set_progress_handler(1, count);
    drop(only);
    assert_eq!(claim(conn).await, 1);
    steps.load(Ordering::Relaxed)
}

/// Adds up the blocks of the whole statement, which the first line about them names.
fn blocks(plan: &str) -> u64 {
    let line = plan.lines().find(|line| line.trim_start().starts_with("Buffers: ")).unwrap();
    let read = line.split(' ').filter(|part| part.starts_with("hit=") || part.starts_with("read="));
    read.map(|part| part.split_once('=').unwrap().1.parse::<u64>().unwrap()).sum()
}

#[tokio::test]
async fn a_claim_costs_the_same_after_a_hundred_thousand_finished_jobs() {
    let mut app = App::start().await;
    app.leave_jobs();
    let conn = app.connect().await;
    jobs(&conn, WAITING, ("now", "ready")).await;
    let empty = cost(&conn).await;
    jobs(&conn, FINISHED, ("old", "done")).await;
    if conn.get_database_backend() == DatabaseBackend::Postgres {
        conn.execute_unprepared("ANALYZE job").await.unwrap();
    }
    let full = cost(&conn).await;
    assert!(full <= empty * MOST_TIMES, "{empty} became {full}");
    // Without its indexes it would: so the measure can tell.
    for index in ["job_turn", "job_due", "job_suspect"] {
        conn.execute_unprepared(&format!("DROP INDEX {index}")).await.unwrap();
    }
    let blind = cost(&conn).await;
    assert!(blind > empty * MOST_TIMES * 10, "{empty} became only {blind}");
    conn.execute_unprepared("DELETE FROM job").await.unwrap();
    conn.close().await.unwrap();
}
