//! `pg_trgm`: the nearest address by `word_similarity`, in a transaction that leaves nothing.

use std::error::Error;
use std::time::{Duration, Instant};

use sea_orm::{ConnectOptions, ConnectionTrait, Database, Statement, TransactionTrait};
use zhinan::app::batch::Question;

/// A sequential scan takes tens of milliseconds; so many are enough for percentiles.
const ASKED: usize = 100;
/// Rows per statement.
const CHUNK: usize = 1_000;

/// Takes the time of some of the messages, sorted. Fails when there is no server or no extension.
pub fn times(addresses: &[String], messages: &[Question]) -> Result<Vec<Duration>, Box<dyn Error>> {
    let url =
        std::env::var("TEST_DATABASE_URL").map_err(|_unset| "TEST_DATABASE_URL is not set")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(run(&url, addresses, messages))
}

async fn run(
    url: &str,
    addresses: &[String],
    messages: &[Question],
) -> Result<Vec<Duration>, Box<dyn Error>> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await?;
    let tx = db.begin().await?;
    tx.execute_unprepared("CREATE EXTENSION IF NOT EXISTS pg_trgm").await?;
    tx.execute_unprepared("CREATE TEMP TABLE bench_address (address text) ON COMMIT DROP").await?;
    let dialect = tx.get_database_backend();
    for part in addresses.chunks(CHUNK) {
        let all = "INSERT INTO bench_address SELECT unnest(string_to_array($1, E'\\n'))";
        let rows = Statement::from_sql_and_values(dialect, all, [part.join("\n").into()]);
        tx.execute_raw(rows).await?;
    }
    tx.execute_unprepared("ANALYZE bench_address").await?;
    let mut times = Vec::new();
    for message in messages.iter().step_by((messages.len() / ASKED).max(1)) {
        let nearest = "SELECT address FROM bench_address
            ORDER BY word_similarity(address, $1) DESC LIMIT 1";
        let ask = Statement::from_sql_and_values(dialect, nearest, [message.text.clone().into()]);
        let began = Instant::now();
        tx.query_one_raw(ask).await?;
        times.push(began.elapsed());
    }
    tx.rollback().await?;
    times.sort_unstable();
    Ok(times)
}
