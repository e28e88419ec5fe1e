//! SQLite's lane: one writing connection, one group after the other.

use std::collections::VecDeque;

use sea_orm::{DbErr, SqliteTransactionMode, TransactionOptions};
use tokio::sync::mpsc;

use super::{
    Answer, Pool, Tx, UNITS_PER_COMMIT, Waiting, commit, commit_alone, run_together, tell,
};

pub(super) async fn drive(connection: Pool, mut waiting: mpsc::Receiver<Waiting>) {
    let (mut arrived, mut units) = (Vec::with_capacity(UNITS_PER_COMMIT), VecDeque::new());
    loop {
        if units.is_empty() && waiting.recv_many(&mut arrived, UNITS_PER_COMMIT).await == 0 {
            return;
        }
        units.extend(arrived.drain(..));
        // One that nobody waits beside needs no savepoint.
        if units.len() == 1
            && let Some(alone) = units.pop_front()
        {
            commit_alone(begin(&connection).await, alone).await;
            continue;
        }
        let mut answers = Vec::with_capacity(units.len());
        let lost = commit_together(&connection, &mut units, &mut answers).await.err();
        tell(lost, answers, &mut units).await;
    }
}

async fn begin(writing: &Pool) -> Result<Tx, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    super::begin(writing, options).await
}

async fn commit_together(
    writing: &Pool,
    units: &mut VecDeque<Waiting>,
    answers: &mut Vec<Answer>,
) -> Result<(), DbErr> {
    let outer = begin(writing).await?;
    run_together(&outer, units, answers).await?;
    commit(outer).await
}
