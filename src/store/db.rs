//! Connects to the database that the URL names, with the limits each kind needs.
//!
//! SQLite: one writing connection and a pool of readers on the same file, WAL, foreign keys on.
//! PostgreSQL: a pool of readers and a quarter as many writers, with limits of the session and of
//! our own ([`Bounded`]), so that no statement can hang the program.

use std::time::Duration;

use sea_orm::sqlx::Connection;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, DbErr,
};

use super::bounded::{Bounded, Patience, gone};

/// A connection that rested so long is tried before it is used.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(1);
/// What the writer of a file keeps in memory, in KiB: as much as a unit of the night changes. With less,
/// its pages would be written before its end, and once more at it.
const WRITER_KIB: u32 = 64 * 1024;

/// So long a table is waited for: who waits for it longer keeps everybody behind it waiting.
const LOCK: &str = "5s";
/// The advisory lock of whoever changes the schema: "schema" in ASCII.
const CHANGE: i64 = 0x7363_6865_6d61;

/// Readers, and the connection or the few that write.
#[derive(Clone, Debug)]
pub struct Db {
    /// For queries outside a unit, and for a statement that is a unit by itself.
    pub read: Bounded<DatabaseConnection>,
    /// For `store::writer` alone.
    pub(super) write: Bounded<DatabaseConnection>,
    /// For changes of the schema, of which some read a whole table: on PostgreSQL one connection
    /// whose statements take as long as they need, opened at the first of them.
    change: DatabaseConnection,
}

/// What a database may take, beside its number of connections.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// So many pages has a SQLite file, as if the disk were full then.
    pub most_pages: Option<u32>,
    /// So long an answer of PostgreSQL is waited for, the wait for a connection with it; it ends its
    /// statements by itself after half of it.
    pub answer_within: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { most_pages: None, answer_within: Duration::from_secs(30) }
    }
}

impl Db {
    /// Connects; creates an SQLite file that does not exist yet. Fails when the server does not
    /// answer within ten seconds.
    pub async fn connect(url: &str, pool: u32) -> Result<Self, DbErr> {
        Self::open(url, pool, Limits::default()).await
    }

    /// The same with limits of one's own.
    pub async fn open(url: &str, pool: u32, limits: Limits) -> Result<Self, DbErr> {
        if url.starts_with("sqlite:") {
            let mut own = vec![("cache_size", format!("-{WRITER_KIB}"))];
            own.extend(limits.most_pages.map(|most| ("max_page_count", most.to_string())));
            let write = Database::connect(sqlite(url, 1, own)).await?;
            let read = Database::connect(sqlite(url, pool, Vec::new())).await?;
            let change = write.clone();
            Ok(Self { read: Bounded::new(read, None), write: Bounded::new(write, None), change })
        } else {
            let patience = Patience::new(limits.answer_within);
            let known = || Some(patience.clone());
            // The lane's own: a connection ends with the runtime that opened it, which for a reader
            // may be that of a thread of the HTTP server, and writing goes on after its stop.
            let write = Database::connect(postgres(url, (pool / 4).max(1) + 1, &patience)).await?;
            let read = Database::connect(postgres(url, pool, &patience)).await?;
            let change = Database::connect(changing(url)).await?;
            let (read, write) = (Bounded::new(read, known()), Bounded::new(write, known()));
            Ok(Self { read, write, change })
        }
    }

    /// Tells whether the file-based database serves.
    pub fn is_sqlite(&self) -> bool {
        self.read.get_database_backend() == DatabaseBackend::Sqlite
    }

    /// Brings the schema to the newest version, and the order of inboxes to what this server counts,
    /// which may be another one than before; of several processes one after the other. Fails when a
    /// newer program was here before.
    pub async fn migrate(&self) -> Result<(), DbErr> {
        if self.is_sqlite() {
            return self.bring_up().await;
        }
        // Whoever waits here keeps nobody from a table.
        let turn = format!(
            "SET lock_timeout = 0; SELECT pg_advisory_lock({CHANGE}); SET lock_timeout = '{LOCK}'"
        );
        self.change.execute_unprepared(&turn).await?;
        let done = self.bring_up().await;
        let over = format!("SELECT pg_advisory_unlock({CHANGE})");
        let over = self.change.execute_unprepared(&over).await;
        done.and(over.map(drop))
    }

    async fn bring_up(&self) -> Result<(), DbErr> {
        use migration::MigratorTrait;
        self.is_not_newer().await?;
        migration::Migrator::up(&self.change, None).await?;
        super::inbox::settle(&self.change).await
    }

    async fn is_not_newer(&self) -> Result<(), DbErr> {
        use migration::MigratorTrait;
        migration::Migrator::install(&self.change).await?;
        let unknown = super::schema::unknown(&self.change).await?;
        if unknown.is_empty() {
            return Ok(());
        }
        Err(DbErr::Migration(format!(
            "a newer program changed this database ({})\n  cure: start that program, or restore \
             the backup from before",
            unknown.join(", ")
        )))
    }

    /// Names the schema changes that are not applied yet; changes nothing but their own list. Fails
    /// when a newer program was here before.
    pub async fn pending(&self) -> Result<Vec<String>, DbErr> {
        use migration::MigratorTrait;
        self.is_not_newer().await?;
        let pending = migration::Migrator::get_pending_migrations(&self.change).await?;
        Ok(pending.iter().map(|change| change.name().to_owned()).collect())
    }

    /// Fails when the database does not answer.
    pub async fn answers(&self) -> Result<(), DbErr> {
        self.read.wait(self.read.inner.ping()).await
    }

    /// Closes every connection; what was committed stays.
    pub async fn close(&self) -> Result<(), DbErr> {
        self.read.inner.close_by_ref().await?;
        self.change.close_by_ref().await?;
        self.write.inner.close_by_ref().await
    }
}

fn options(url: &str, pool: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(pool)
        .min_connections(1)
        .connect_timeout(Duration::from_secs(10))
        .acquire_timeout(Duration::from_secs(10))
        .sqlx_logging(false)
        // A statement can hold personal data.
        .record_stmt_in_spans(false);
    options
}

fn sqlite(url: &str, pool: u32, own: Vec<(&'static str, String)>) -> ConnectOptions {
    let mut options = options(url, pool);
    // An idle connection costs nothing, and a new one would have to read the schema again.
    options.idle_timeout(None).max_lifetime(None).map_sqlx_sqlite_opts(move |file| {
        let file = own.iter().fold(file, |file, (name, value)| file.pragma(*name, value.clone()));
        file.create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL: a commit that was answered survives a power cut, not only a killed process.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .statement_cache_capacity(200)
    });
    // On a full disk SQLite ends the whole transaction by itself, and the driver goes on counting
    // it: what would be "committed" on this connection later were only a savepoint of a transaction
    // that nobody commits. A connection that comes back with an open count is not used again.
    options.map_sqlx_sqlite_before_acquire(|connection, _meta| {
        let clean = !connection.is_in_transaction();
        if !clean {
            tracing::warn!("a connection whose transaction the database ended is replaced");
        }
        Box::pin(std::future::ready(Ok(clean)))
    });
    options
}

fn postgres(url: &str, pool: u32, patience: &Patience) -> ConnectOptions {
    let mut options = options(url, pool);
    let statement = format!("{}ms", patience.within.as_millis() / 2);
    let (before, after) = (patience.clone(), patience.clone());
    options
        // Testing each connection before use costs a quarter of the throughput; a busy one needs
        // none. Whoever waited was perhaps forgotten, by a server that was restarted or by the
        // thread that opened it: such a one is replaced, and there is nothing to tell.
        .test_before_acquire(false)
        .map_sqlx_postgres_before_acquire(move |connection, meta| {
            let believed = meta.idle_for < FORGOTTEN_AFTER && !before.is_doubtful();
            let before = before.clone();
            Box::pin(async move { Ok(believed || before.lives(connection).await) })
        })
        // The driver itself tries what comes back, and waits for it as long as it takes.
        .map_sqlx_postgres_pool_opts(move |pool| {
            let after = after.clone();
            pool.after_release(move |connection, _meta| {
                let (believed, after) = (!after.is_doubtful(), after.clone());
                Box::pin(async move {
                    if believed || after.lives(connection).await { Ok(true) } else { Err(gone()) }
                })
            })
        })
        .max_lifetime(Duration::from_mins(10))
        .map_sqlx_postgres_opts(move |server| {
            server.options([
                ("statement_timeout", statement.as_str()),
                ("lock_timeout", LOCK),
                ("idle_in_transaction_session_timeout", "30s"),
            ])
        });
    options
}

/// The one connection for changes of the schema: it holds their lock, so none takes its place.
fn changing(url: &str) -> ConnectOptions {
    let mut options = options(url, 1);
    options
        .connect_lazy(true)
        .min_connections(0)
        .max_lifetime(None)
        .idle_timeout(Duration::from_secs(10))
        .map_sqlx_postgres_opts(|server| {
            server.options([("statement_timeout", "0"), ("lock_timeout", LOCK)])
        });
    options
}
