//! Units that share a commit: each is answered for itself, whatever becomes of its neighbours.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use sea_orm::{ConnectionTrait, DbErr, Statement};
use tokio::sync::Semaphore;
use zhinan::error::Error;
use zhinan::store::db::Db;
use zhinan::store::writer::{Tx, Writer};

use crate::gateway::kit::spawn;
use crate::kit::TestDb;
use crate::kit::clock::until;

const UNITS: i64 = 60;
const SOON: Duration = Duration::from_secs(10);

struct Table {
    db: Db,
    writer: Writer,
    _test: TestDb,
    _dir: tempfile::TempDir,
}

impl Table {
    async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let test = TestDb::empty(dir.path());
        let db = Db::connect(&test.url, 16).await.unwrap();
        let (writer, lane) = Writer::new(&db);
        spawn(lane);
        let table = "CREATE TABLE unit (n BIGINT PRIMARY KEY, value BIGINT NOT NULL)";
        db.read.execute_unprepared(table).await.unwrap();
        Self { db, writer, _test: test, _dir: dir }
    }

    async fn rows(&self) -> BTreeMap<i64, i64> {
        all(&self.db.read).await
    }

    /// Occupies the writer until the permit is given, so that whoever comes now meets it.
    async fn occupy(&self) -> Arc<Semaphore> {
        let (begun, gate) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
        let (writer, told, held) = (self.writer.clone(), Arc::clone(&begun), Arc::clone(&gate));
        spawn(async move {
            let unit = writer.commit(move |_tx| {
                Box::pin(async move {
                    told.add_permits(1);
                    held.acquire().await.unwrap().forget();
                    Ok::<_, Error>(())
                })
            });
            unit.await.unwrap();
        });
        begun.acquire().await.unwrap().forget();
        gate
    }
}

async fn all(conn: &impl ConnectionTrait) -> BTreeMap<i64, i64> {
    let query =
        Statement::from_string(conn.get_database_backend(), "SELECT n, value FROM unit ORDER BY n");
    let rows = conn.query_all_raw(query).await.unwrap();
    rows.iter()
        .map(|row| (row.try_get("", "n").unwrap(), row.try_get("", "value").unwrap()))
        .collect()
}

async fn put(tx: &Tx, n: i64, value: i64) -> Result<(), DbErr> {
    let text = format!(
        "INSERT INTO unit (n, value) VALUES ({n}, {value})
         ON CONFLICT (n) DO UPDATE SET value = excluded.value"
    );
    tx.execute_unprepared(&text).await.map(drop)
}

/// What a unit does after it has written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Turn {
    Good,
    Refuses,
    Breaks,
    Panics,
}

async fn act(tx: &Tx, n: i64, turn: Turn) -> Result<i64, Error> {
    put(tx, n, 1).await?;
    match turn {
        Turn::Good => {}
        Turn::Refuses => return Err(Error::internal("it refuses")),
        Turn::Breaks => {
            let twice = format!("INSERT INTO unit (n, value) VALUES ({n}, 2)");
            tx.execute_unprepared(&twice).await?;
        }
        Turn::Panics => panic!("it panics"),
    }
    put(tx, n, 3).await?;
    Ok(n)
}

#[tokio::test]
async fn a_unit_that_fails_is_undone_alone_and_answered_for_itself() {
    let table = Table::open().await;
    let turns = [Turn::Good, Turn::Good, Turn::Refuses, Turn::Breaks, Turn::Panics];
    let mut expected = BTreeMap::new();
    for seed in 0..6 {
        let mut chance = StdRng::seed_from_u64(seed);
        let gate = table.occupy().await;
        let mine = i64::try_from(seed).unwrap() * 1_000;
        let planned: Vec<(i64, Turn)> =
            (0..UNITS).map(|n| (mine + n, turns[chance.random_range(0..turns.len())])).collect();
        let units = planned.iter().map(|&(n, turn)| {
            table.writer.commit(move |tx| Box::pin(async move { act(tx, n, turn).await }))
        });
        let units = join_all(units);
        gate.add_permits(1);
        for ((n, turn), answer) in planned.iter().zip(units.await) {
            assert_eq!(answer.is_ok(), *turn == Turn::Good, "{n} {turn:?}: {answer:?}");
            let why = answer.err().map(|error| error.chain()).unwrap_or_default();
            match turn {
                Turn::Good => drop(expected.insert(*n, 3)),
                Turn::Refuses => assert!(why.contains("it refuses"), "{why}"),
                Turn::Breaks => assert!(why.to_lowercase().contains("unique"), "{why}"),
                Turn::Panics => assert!(why.contains("it panics"), "{why}"),
            }
        }
        assert_eq!(table.rows().await, expected, "seed {seed}");
    }
}

/// It has a transaction of its own, without a savepoint.
#[tokio::test]
async fn a_unit_that_nobody_waits_beside_is_undone_when_it_fails() {
    let table = Table::open().await;
    let mut expected = BTreeMap::new();
    for (n, turn) in (0..).zip([Turn::Refuses, Turn::Breaks, Turn::Panics, Turn::Good]) {
        let unit = table.writer.commit(move |tx| Box::pin(async move { act(tx, n, turn).await }));
        assert_eq!(unit.await.is_ok(), turn == Turn::Good, "{turn:?}");
        if turn == Turn::Good {
            expected.insert(n, 3);
        }
        assert_eq!(table.rows().await, expected, "{turn:?}");
    }
}

#[tokio::test]
async fn units_that_wait_at_the_same_time_share_a_commit() {
    let table = Table::open().await;
    if table.db.is_sqlite() {
        return;
    }
    let gate = table.occupy().await;
    let units = (0..UNITS).map(|n| {
        table.writer.commit(move |tx| {
            Box::pin(async move {
                put(tx, n, 0).await?;
                let text = "SELECT CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT) AS id";
                let query = Statement::from_string(tx.get_database_backend(), text);
                let row = tx.query_one_raw(query).await?.unwrap();
                Ok::<i64, Error>(row.try_get("", "id")?)
            })
        })
    });
    let ids: Vec<i64> = join_all(units).await.into_iter().map(Result::unwrap).collect();
    let transactions: std::collections::BTreeSet<_> = ids.iter().collect();
    assert!(transactions.len() < 20, "{UNITS} units took {} commits", transactions.len());
    gate.add_permits(1);
}

#[tokio::test]
async fn what_a_caller_that_went_away_wanted_is_written() {
    let table = Table::open().await;
    let gate = table.occupy().await;
    for n in 0..UNITS {
        let unit = table
            .writer
            .commit(move |tx| Box::pin(async move { put(tx, n, 1).await.map_err(Error::from) }));
        let mut unit = Box::pin(unit);
        assert!(futures::poll!(&mut unit).is_pending(), "nobody can have answered yet");
    }
    gate.add_permits(1);
    let written = async || (table.rows().await.len() == 60).then_some(());
    until("every row", written).await;
}

#[tokio::test]
async fn a_caller_finds_what_it_wrote_before() {
    let table = Table::open().await;
    let callers = (0..12).map(|n| {
        let writer = table.writer.clone();
        async move {
            for value in 0..15 {
                let unit = writer.commit(move |tx| {
                    Box::pin(async move {
                        let before = all(tx).await.get(&n).copied();
                        put(tx, n, value).await?;
                        Ok::<_, Error>(before)
                    })
                });
                assert_eq!(unit.await.unwrap(), (value > 0).then(|| value - 1));
            }
        }
    });
    join_all(callers).await;
}

#[tokio::test]
async fn a_long_unit_holds_up_nobody_who_comes_later() {
    let table = Table::open().await;
    if table.db.is_sqlite() {
        return;
    }
    // One alone, and one in a group: both wait for something that does not come.
    let gates = [table.occupy().await, table.occupy().await];
    for n in 0..20 {
        let unit = table
            .writer
            .commit(move |tx| Box::pin(async move { put(tx, n, 1).await.map_err(Error::from) }));
        tokio::time::timeout(SOON, unit).await.unwrap().unwrap();
    }
    assert_eq!(table.rows().await.len(), 20);
    for gate in gates {
        gate.add_permits(1);
    }
}

#[tokio::test]
async fn a_few_units_at_once_need_neither_the_lock_of_a_group_nor_a_savepoint() {
    let table = Table::open().await;
    if table.db.is_sqlite() {
        return;
    }
    let gate = table.occupy().await;
    let unit = table.writer.commit(|tx| {
        Box::pin(async move {
            let text = "SELECT COUNT(*) AS n FROM pg_locks
                WHERE locktype = 'advisory' AND pid = pg_backend_pid()";
            let query = Statement::from_string(tx.get_database_backend(), text);
            let row = tx.query_one_raw(query).await?.unwrap();
            row.try_get::<i64>("", "n").map_err(Error::from)
        })
    });
    assert_eq!(unit.await.unwrap(), 0, "it is a group of one");
    gate.add_permits(1);
}
