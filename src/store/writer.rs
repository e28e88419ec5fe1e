//! The only opener of transactions in the program.
//!
//! A use case hands over its whole unit of writes as one closure. On SQLite one lane runs all
//! units that wait inside a single transaction, each behind a savepoint, so that a bad unit never
//! fails its neighbours; on PostgreSQL each unit runs in a transaction of its own on the pool.
//! Either way the answer is given only after the commit, and a unit that returns an error leaves
//! nothing behind.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use futures::future::BoxFuture;
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::{mpsc, oneshot};

use super::db::Db;
use crate::transaction;

/// How many waiting units share one SQLite commit; measured: more brings no throughput.
const UNITS_PER_COMMIT: usize = 64;
/// How many units may wait before callers wait too.
const WAITING_UNITS: usize = 4_096;

/// What a unit writes through.
pub type Tx = DatabaseTransaction;

/// Runs units; cheap to clone.
#[derive(Clone, Debug)]
pub struct Writer {
    way: Way,
}

#[derive(Clone, Debug)]
enum Way {
    Lane(mpsc::Sender<Waiting>),
    Pool(DatabaseConnection),
}

/// Told whether the commit went well, answers the caller.
type Answer = Box<dyn FnOnce(Option<DbErr>) + Send>;
type Run = Box<dyn for<'c> FnOnce(&'c Tx) -> BoxFuture<'c, (bool, Answer)> + Send>;

struct Waiting(Run);

/// The lane's task; drive it to its end, it returns when every [`Writer`] is dropped.
pub type Lane = BoxFuture<'static, ()>;

impl Writer {
    /// Makes a writer and, for SQLite, the lane that somebody must drive.
    pub fn new(db: &Db) -> (Self, Option<Lane>) {
        if db.is_sqlite() {
            let (sender, receiver) = mpsc::channel(WAITING_UNITS);
            let lane = drive(db.write.clone(), receiver).boxed();
            (Self { way: Way::Lane(sender) }, Some(lane))
        } else {
            (Self { way: Way::Pool(db.write.clone()) }, None)
        }
    }

    /// Runs the unit in a transaction and answers after its commit.
    ///
    /// An error of the unit undoes it and is returned as it is; an error of the database becomes
    /// `E::from(DbErr)`. The unit must not wait for anything but the database.
    pub async fn commit<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbErr> + Send + 'static,
        F: for<'c> FnOnce(&'c Tx) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
    {
        match &self.way {
            Way::Pool(pool) => commit_alone(pool, unit).await,
            Way::Lane(lane) => {
                let (told, wait) = oneshot::channel();
                lane.send(Waiting(Box::new(move |tx| run(unit, tx, told).boxed())))
                    .await
                    .map_err(|_closed| stopped())?;
                wait.await.map_err(|_dropped| stopped())?
            }
        }
    }
}

async fn commit_alone<T, E, F>(pool: &DatabaseConnection, unit: F) -> Result<T, E>
where
    E: From<DbErr>,
    F: for<'c> FnOnce(&'c Tx) -> BoxFuture<'c, Result<T, E>>,
{
    let tx = pool.begin().await?;
    match caught(unit, &tx).await {
        Ok(done) => {
            tx.commit().await?;
            Ok(done)
        }
        Err(error) => {
            // The unit's own error is the one worth telling; a lost connection undoes by itself.
            let _undone = tx.rollback().await;
            Err(error)
        }
    }
}

async fn run<T, E, F>(unit: F, tx: &Tx, told: oneshot::Sender<Result<T, E>>) -> (bool, Answer)
where
    T: Send + 'static,
    E: From<DbErr> + Send + 'static,
    F: for<'c> FnOnce(&'c Tx) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
{
    let outcome = caught(unit, tx).await;
    let good = outcome.is_ok();
    let answer: Answer = Box::new(move |lost| {
        // A caller that went away is not an error: his work is committed all the same.
        let _gone = told.send(match lost {
            Some(why) if good => Err(E::from(why)),
            _ => outcome,
        });
    });
    (good, answer)
}

/// Runs the unit marked as inside a transaction; its panic is its error, and nobody else's.
async fn caught<T, E, F>(unit: F, tx: &Tx) -> Result<T, E>
where
    E: From<DbErr>,
    F: for<'c> FnOnce(&'c Tx) -> BoxFuture<'c, Result<T, E>>,
{
    let running = transaction::open(async { unit(tx).await });
    let outcome = AssertUnwindSafe(running).catch_unwind().await;
    outcome.unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str);
        let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words");
        Err(E::from(DbErr::Custom(format!("the unit of writes panicked and was undone: {said}"))))
    })
}

async fn drive(connection: DatabaseConnection, mut waiting: mpsc::Receiver<Waiting>) {
    let mut units = Vec::with_capacity(UNITS_PER_COMMIT);
    while waiting.recv_many(&mut units, UNITS_PER_COMMIT).await > 0 {
        let mut answers = Vec::with_capacity(units.len());
        let lost = commit_together(&connection, &mut units, &mut answers).await.err();
        for answer in answers {
            answer(lost.as_ref().map(|why| DbErr::Custom(why.to_string())));
        }
        // Units that never ran drop their oneshot, which tells their callers.
        units.clear();
    }
}

async fn commit_together(
    writing: &DatabaseConnection,
    units: &mut Vec<Waiting>,
    answers: &mut Vec<Answer>,
) -> Result<(), DbErr> {
    let outer = writing
        .begin_with_options(TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        })
        .await?;
    for Waiting(run) in units.drain(..) {
        let savepoint = outer.begin().await?;
        let (good, answer) = run(&savepoint).await;
        answers.push(answer);
        if good { savepoint.commit().await? } else { savepoint.rollback().await? }
    }
    outer.commit().await
}

fn stopped() -> DbErr {
    DbErr::Custom("the writer stopped before the unit was written".into())
}
