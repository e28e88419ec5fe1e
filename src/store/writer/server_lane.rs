//! PostgreSQL's lane: units that wait at the same time share a commit, and whoever meets a long
//! group goes past it.
//!
//! A group holds the row locks of all its units until its commit, in whatever order they came. Two
//! groups at once could therefore wait for each other, so that there is one at a time in the whole
//! database, whichever process it is of: it holds an advisory lock. A unit of its own transaction
//! takes its few locks in the order its use case has, as if there were no groups. Where one meets a
//! group crosswise all the same, the database ends one statement, that unit fails alone, and its
//! caller is told to come again.

use std::collections::VecDeque;
use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr, TransactionOptions};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::{
    Answer, Pool, Tx, UNITS_PER_COMMIT, Waiting, begin, commit, commit_alone, run_together, tell,
    undo,
};
use crate::store::sql;

/// How long units wait for a group under way before they go past it.
const PATIENCE: Duration = Duration::from_millis(100);
/// The advisory lock that a group holds: "zhinan" in ASCII.
const GROUP: i64 = 0x7a68_696e_616e;

/// Each transaction is a task of its own: what one unit computes holds up no other, and all of them
/// end with the lane.
struct Lane {
    pool: Pool,
    units: VecDeque<Waiting>,
    /// The group under way, if there is one; it ends with the units that it did not take.
    group: JoinSet<VecDeque<Waiting>>,
    patient_until: Instant,
    alone: JoinSet<()>,
    most_alone: usize,
    /// So many units at once are no crowd: each takes a transaction of its own, which needs neither
    /// the lock of a group nor a savepoint. One place is left for whoever goes past them.
    few: usize,
}

pub(super) async fn drive(pool: Pool, mut waiting: mpsc::Receiver<Waiting>) {
    let most_alone = most_alone(&pool);
    let mut lane = Lane {
        most_alone,
        few: (most_alone - 1).max(1),
        pool,
        units: VecDeque::new(),
        group: JoinSet::new(),
        patient_until: Instant::now(),
        alone: JoinSet::new(),
    };
    let (mut arrived, mut open) = (Vec::with_capacity(UNITS_PER_COMMIT), true);
    loop {
        lane.begin();
        let patient = !lane.group.is_empty() && Instant::now() < lane.patient_until;
        tokio::select! {
            came = waiting.recv_many(&mut arrived, UNITS_PER_COMMIT),
                if open && lane.units.len() < UNITS_PER_COMMIT =>
            {
                open = came > 0;
                lane.units.extend(arrived.drain(..));
            }
            Some(left) = lane.group.join_next(), if !lane.group.is_empty() => {
                left.into_iter().flatten().rev().for_each(|unit| lane.units.push_front(unit));
            }
            Some(_) = lane.alone.join_next(), if !lane.alone.is_empty() => {}
            () = sleep_until(lane.patient_until), if patient => {}
            else => return,
        }
    }
}

/// All connections but the group's.
fn most_alone(pool: &Pool) -> usize {
    let connections = pool.inner.get_postgres_connection_pool().options().get_max_connections();
    usize::try_from(connections.saturating_sub(1)).unwrap_or(1).max(1)
}

impl Lane {
    /// Begins what can be begun: a unit that meets no crowd goes alone, several go together, and who
    /// has waited for a group long enough goes past it.
    fn begin(&mut self) {
        let crowd = self.units.len() > 1 || self.alone.len() >= self.few;
        if self.group.is_empty() && crowd && !self.units.is_empty() {
            let count = self.units.len().min(UNITS_PER_COMMIT);
            let units = self.units.drain(..count).collect();
            self.group.spawn(commit_group(self.pool.clone(), units));
            self.patient_until = Instant::now() + PATIENCE;
        }
        if self.group.is_empty() || Instant::now() >= self.patient_until {
            while self.alone.len() < self.most_alone
                && let Some(unit) = self.units.pop_front()
            {
                self.alone.spawn(begin_alone(self.pool.clone(), unit));
            }
        }
    }
}

async fn begin_alone(pool: Pool, unit: Waiting) {
    commit_alone(begin(&pool, TransactionOptions::default()).await, unit).await;
}

/// Commits as many units together as the group's time allows and answers them; returns the rest.
async fn commit_group(pool: Pool, mut units: VecDeque<Waiting>) -> VecDeque<Waiting> {
    match claim_group(&pool).await {
        Ok(Some(outer)) => {
            let mut answers = Vec::with_capacity(units.len());
            let lost = commit_together(outer, &mut units, &mut answers).await.err();
            tell(lost, answers, &mut units).await;
        }
        // Somebody else's group is a long one.
        Ok(None) => {
            for unit in units.drain(..) {
                begin_alone(pool.clone(), unit).await;
            }
        }
        Err(none) => tell(Some(none), Vec::new(), &mut units).await,
    }
    units
}

async fn commit_together(
    outer: Tx,
    units: &mut VecDeque<Waiting>,
    answers: &mut Vec<Answer>,
) -> Result<(), DbErr> {
    run_together(&outer, units, answers).await?;
    commit(outer).await
}

/// Opens the transaction of a group, waiting a moment for another process's; `None` when that one
/// does not end.
async fn claim_group(pool: &Pool) -> Result<Option<Tx>, DbErr> {
    let outer = begin(pool, TransactionOptions::default()).await?;
    let free = sql(&outer, "SELECT pg_try_advisory_xact_lock($1) AS free", [GROUP.into()]);
    let row = outer.query_one_raw(free).await?;
    if row.is_some_and(|row| row.try_get("", "free").unwrap_or(false)) {
        return Ok(Some(outer));
    }
    let wait = format!(
        "SET LOCAL lock_timeout = {}; SELECT pg_advisory_xact_lock({GROUP});
         SET LOCAL lock_timeout TO DEFAULT",
        PATIENCE.as_millis()
    );
    if outer.execute_unprepared(&wait).await.is_ok() {
        return Ok(Some(outer));
    }
    undo(outer).await?;
    Ok(None)
}
