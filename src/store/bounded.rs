//! A connection whose answers are waited for only so long.
//!
//! PostgreSQL ends a statement that takes long by itself, and its end closes the connection. A
//! machine that vanishes closes nothing: what was sent to it would wait until the system gives the
//! connection up, fifteen minutes by default, and what it had taken in for ever.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::prelude::async_trait::async_trait;
use sea_orm::sqlx::postgres::PgConnection;
use sea_orm::sqlx::{Connection, Error};
use sea_orm::{
    ConnectionTrait, DatabaseBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement,
};
use tokio::time::{Instant, timeout};

/// So long after an answer that did not come, no connection is believed.
const DOUBTFUL_FOR: Duration = Duration::from_mins(1);
/// A connection that is tried may take this part of the patience to answer.
const SIGN_OF_LIFE: u32 = 10;

/// A connection, pool or transaction, and the patience for each of its statements.
#[derive(Clone, Debug)]
pub struct Bounded<C> {
    pub(super) inner: C,
    /// `None`: the database is inside the program and does not vanish.
    patience: Option<Patience>,
    /// An answer did not come on this transaction's connection; a pool has others.
    lost: Option<Arc<AtomicBool>>,
}

/// How long an answer is waited for, and what became known of the server meanwhile; a clone knows
/// the same.
#[derive(Clone, Debug)]
pub(super) struct Patience {
    pub(super) within: Duration,
    began: Instant,
    /// Milliseconds since `began` until which every connection is tried.
    doubtful_until: Arc<AtomicU64>,
}

impl Patience {
    pub(super) fn new(within: Duration) -> Self {
        Self { within, began: Instant::now(), doubtful_until: Arc::default() }
    }

    /// Tells whether an answer did not come lately.
    pub(super) fn is_doubtful(&self) -> bool {
        self.began.elapsed() < Duration::from_millis(self.doubtful_until.load(Ordering::Relaxed))
    }

    /// Tells whether a connection answers soon.
    pub(super) async fn lives(&self, connection: &mut PgConnection) -> bool {
        matches!(timeout(self.within / SIGN_OF_LIFE, connection.ping()).await, Ok(Ok(())))
    }

    fn doubt(&self) {
        let until = (self.began.elapsed() + DOUBTFUL_FOR).as_millis();
        self.doubtful_until.store(u64::try_from(until).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// What a connection that does not answer any more fails with.
pub(super) fn gone() -> Error {
    Error::Io(std::io::ErrorKind::TimedOut.into())
}

impl<C> Bounded<C> {
    pub(super) const fn new(inner: C, patience: Option<Patience>) -> Self {
        Self { inner, patience, lost: None }
    }

    /// What waits as long as it takes; to measure against.
    pub const fn bare(&self) -> &C {
        &self.inner
    }

    /// A transaction of this pool, or one inside this transaction.
    pub(super) fn opened<D>(&self, inner: D) -> Bounded<D> {
        let lost = self.lost.clone().unwrap_or_default();
        Bounded { inner, patience: self.patience.clone(), lost: Some(lost) }
    }

    /// The connection and whatever is left to wait with.
    pub(super) fn apart(self) -> (C, Bounded<()>) {
        (self.inner, Bounded { inner: (), patience: self.patience, lost: self.lost })
    }

    /// Waits for the database; fails as a connection that was lost when its answer does not come.
    pub(super) async fn wait<T>(
        &self,
        work: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<T, DbErr> {
        let Some(patience) = &self.patience else { return work.await };
        // What would undo or end a transaction is not waited for once more.
        let lost = self.lost.as_ref().is_some_and(|lost| lost.load(Ordering::Relaxed));
        let mut work = pin!(work);
        if !lost && let Ok(answer) = timeout(patience.within, work.as_mut()).await {
            return answer;
        }
        // Before the work is dropped, which gives its connection back: who believes that it lives
        // waits for it as long as the system does.
        patience.doubt();
        if let Some(lost) = &self.lost {
            lost.store(true, Ordering::Relaxed);
        }
        let text = format!("the database did not answer within {:?}", patience.within);
        Err(DbErr::Conn(RuntimeErr::Internal(text)))
    }
}

#[async_trait]
impl<C: ConnectionTrait> ConnectionTrait for Bounded<C> {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.wait(self.inner.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, text: &str) -> Result<ExecResult, DbErr> {
        self.wait(self.inner.execute_unprepared(text)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.wait(self.inner.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.wait(self.inner.query_all_raw(statement)).await
    }
}
