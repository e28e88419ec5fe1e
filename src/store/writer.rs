//! The only opener of transactions in the program.
//!
//! A use case hands over its whole unit of writes as one closure. One lane runs the units that wait
//! inside a single transaction, each behind a savepoint, so that a bad unit never fails its
//! neighbours; one without neighbours needs none. SQLite has no other way ([`file_lane`]),
//! PostgreSQL leaves it for units that must not wait ([`server_lane`]). The answer is given only
//! after the commit, and a unit that returns an error leaves nothing behind.

mod file_lane;
mod server_lane;

use std::collections::VecDeque;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, RuntimeErr, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::bounded::Bounded;
use super::db::Db;
use crate::error::caught;
use crate::{telemetry, transaction};

/// How many waiting units share one commit; measured: more brings no throughput.
const UNITS_PER_COMMIT: usize = 64;
/// After this long a group takes no further unit: those that are written want their answer.
const GROUP_TIME: Duration = Duration::from_millis(50);
/// How many units may wait before callers wait too.
const WAITING_UNITS: usize = 4_096;

/// What a unit writes through.
pub type Tx = Bounded<DatabaseTransaction>;
/// Where the lane opens its transactions.
type Pool = Bounded<DatabaseConnection>;

/// Runs units; cheap to clone.
#[derive(Clone, Debug)]
pub struct Writer {
    lane: mpsc::Sender<Waiting>,
}

/// Told why the commit went wrong, if it did, answers the caller.
type Answer = Box<dyn FnOnce(Option<DbErr>) + Send>;
/// Runs in a transaction, or learns why there is none; tells whether its writes are to be kept.
type Run = Box<dyn for<'c> FnOnce(Result<&'c Tx, DbErr>) -> BoxFuture<'c, (bool, Answer)> + Send>;

struct Waiting(Run);

/// The lane's task; drive it to its end, it returns when every [`Writer`] is dropped.
pub type Lane = BoxFuture<'static, ()>;

impl Writer {
    /// Makes a writer and the lane that somebody must drive.
    pub fn new(db: &Db) -> (Self, Lane) {
        let (sender, receiver) = mpsc::channel(WAITING_UNITS);
        let lane = if db.is_sqlite() {
            file_lane::drive(db.write.clone(), receiver).boxed()
        } else {
            server_lane::drive(db.write.clone(), receiver).boxed()
        };
        (Self { lane: sender }, lane)
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
        let (told, wait) = oneshot::channel();
        let trace = telemetry::trace_id();
        let unit = Waiting(Box::new(move |tx| {
            let running = run(unit, tx, told);
            match trace {
                Some(trace) => telemetry::traced(trace, running).boxed(),
                None => running.boxed(),
            }
        }));
        self.lane.send(unit).await.map_err(|_closed| stopped())?;
        wait.await.map_err(|_dropped| stopped())?
    }
}

async fn run<T, E, F>(
    unit: F,
    tx: Result<&Tx, DbErr>,
    told: oneshot::Sender<Result<T, E>>,
) -> (bool, Answer)
where
    T: Send + 'static,
    E: From<DbErr> + Send + 'static,
    F: for<'c> FnOnce(&'c Tx) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
{
    let outcome = match tx {
        Ok(tx) => marked(unit, tx).await,
        Err(none) => Err(E::from(none)),
    };
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
async fn marked<T, E, F>(unit: F, tx: &Tx) -> Result<T, E>
where
    E: From<DbErr>,
    F: for<'c> FnOnce(&'c Tx) -> BoxFuture<'c, Result<T, E>>,
{
    let running = transaction::open(async { unit(tx).await });
    caught(running).await.unwrap_or_else(|said| {
        Err(E::from(DbErr::Custom(format!("the unit of writes panicked and was undone: {said}"))))
    })
}

async fn begin(pool: &Pool, options: TransactionOptions) -> Result<Tx, DbErr> {
    Ok(pool.opened(pool.wait(pool.inner.begin_with_options(options)).await?))
}

async fn savepoint(outer: &Tx) -> Result<Tx, DbErr> {
    Ok(outer.opened(outer.wait(outer.inner.begin()).await?))
}

async fn commit(tx: Tx) -> Result<(), DbErr> {
    let (tx, patience) = tx.apart();
    patience.wait(tx.commit()).await
}

async fn undo(tx: Tx) -> Result<(), DbErr> {
    let (tx, patience) = tx.apart();
    patience.wait(tx.rollback()).await
}

/// Runs units behind savepoints of one transaction until all have run or the group's time is up;
/// what is left stays in `units`. Fails when the transaction is lost, and with it all of them.
async fn run_together(
    outer: &Tx,
    units: &mut VecDeque<Waiting>,
    answers: &mut Vec<Answer>,
) -> Result<(), DbErr> {
    let enough = Instant::now() + GROUP_TIME;
    while let Some(Waiting(run)) = units.pop_front() {
        let savepoint = match savepoint(outer).await {
            Ok(savepoint) => savepoint,
            Err(lost) => {
                answers.push(run(Err(lost.clone())).await.1);
                return Err(lost);
            }
        };
        let (good, answer) = run(Ok(&savepoint)).await;
        answers.push(answer);
        let settled = if good { commit(savepoint).await } else { undo(savepoint).await };
        settled.map_err(undone)?;
        if Instant::now() >= enough {
            break;
        }
    }
    Ok(())
}

/// Runs a unit in a transaction of its own and answers it.
async fn commit_alone(begun: Result<Tx, DbErr>, Waiting(run): Waiting) {
    let tx = match begun {
        Ok(tx) => tx,
        Err(none) => return run(Err(none)).await.1(None),
    };
    let (good, answer) = run(Ok(&tx)).await;
    if good {
        answer(commit(tx).await.err());
    } else {
        // The unit's own error is the one worth telling; a lost connection undoes by itself.
        let _undone = undo(tx).await;
        answer(None);
    }
}

/// On a full disk SQLite undoes the whole transaction by itself and knows no savepoint afterwards;
/// the neighbours of the unit that met it come again.
fn undone(why: DbErr) -> DbErr {
    let unknown = "no such savepoint";
    if why.to_string().contains(unknown) {
        let text = "the database undid the transaction that was shared with others".to_owned();
        return DbErr::Conn(RuntimeErr::Internal(text));
    }
    why
}

/// Tells the callers of a group what became of it; when the transaction was lost, those whose unit
/// never ran as well.
async fn tell(lost: Option<DbErr>, answers: Vec<Answer>, units: &mut VecDeque<Waiting>) {
    for answer in answers {
        answer(lost.clone());
    }
    let Some(lost) = lost else { return };
    for Waiting(run) in units.drain(..) {
        run(Err(lost.clone())).await.1(None);
    }
}

fn stopped() -> DbErr {
    DbErr::Custom("the writer stopped before the unit was written".into())
}
