//! PostgreSQL's machine vanishes without a word: what asked it hears so soon, and the next one is
//! answered by the machine that took its place.

use std::net::SocketAddr;
use std::time::Duration;

use futures::future::{join_all, join3};
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};
use tokio::time::timeout;
use zhinan::error::{Code, Error};
use zhinan::store::db::{Db, Limits};
use zhinan::store::writer::Writer;

use crate::gateway::kit::spawn;
use crate::kit::TestDb;
use crate::kit::clock::until;
use crate::kit::wire::Wire;

const READERS: u32 = 4;
const WITHIN: Duration = Duration::from_secs(4);
/// Long past any patience: who waits still then waits for ever.
const FOR_EVER: Duration = Duration::from_mins(3);

/// Where the server of this URL listens, and the URL with a wire's place instead.
fn rewired(url: &str, wire: Option<SocketAddr>) -> (SocketAddr, String) {
    let mut url = reqwest::Url::parse(url).unwrap();
    let at = url.socket_addrs(|| Some(5432)).unwrap().remove(0);
    if let Some(place) = wire {
        url.set_ip_host(place.ip()).unwrap();
        url.set_port(Some(place.port())).unwrap();
    }
    (at, url.to_string())
}

struct Street {
    db: Db,
    writer: Writer,
}

impl Street {
    async fn reads(&self, text: &str) -> Result<(), Error> {
        let query = Statement::from_string(DatabaseBackend::Postgres, text);
        Ok(self.db.read.query_one_raw(query).await.map(drop)?)
    }

    async fn writes(&self, text: &str) -> Result<(), Error> {
        let text = text.to_owned();
        let unit = self.writer.commit(|tx| {
            Box::pin(async move { Ok::<_, Error>(tx.execute_unprepared(&text).await.map(drop)?) })
        });
        unit.await
    }

    /// As many at once as there are connections, and as many as there are at most in a group.
    async fn all(&self, read: &str, write: &str) -> Vec<Result<(), Error>> {
        let reading = join_all((0..READERS).map(|_| self.reads(read)));
        let alone = self.writes(write);
        let together = join_all((0..8).map(|_| self.writes(write)));
        let (read, alone, together) = join3(reading, alone, together).await;
        read.into_iter().chain([alone]).chain(together).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_vanishes_holds_nobody_for_long_and_the_next_one_serves() {
    let Some(test) = TestDb::empty_postgres() else {
        eprintln!("TEST_DATABASE_URL is not set: PostgreSQL is not tested");
        return;
    };
    let wire = Wire::to(rewired(&test.url, None).0).await;
    let url = rewired(&test.url, Some(wire.address)).1;
    let limits = Limits { answer_within: WITHIN, ..Limits::default() };
    let db = Db::open(&url, READERS, limits).await.unwrap();
    let (writer, lane) = Writer::new(&db);
    spawn(lane);
    let street = Street { db, writer };
    let outside = crate::kit::connect(&test.url).await;
    let asking = async || {
        let busy = "SELECT COUNT(*) AS n FROM pg_stat_activity
            WHERE datname = current_database() AND query LIKE '%pg_sleep(1.7)%'
              AND pid <> pg_backend_pid() AND state = 'active'";
        let query = Statement::from_string(DatabaseBackend::Postgres, busy);
        let row = outside.query_one_raw(query).await.unwrap().unwrap();
        (row.try_get::<i64>("", "n").unwrap() > i64::from(READERS)).then_some(())
    };
    for round in 1..=2 {
        // All connections are there, so that all of them are at work at once.
        for done in street.all("SELECT pg_sleep(0.2)", "SELECT pg_sleep(0.2)").await {
            done.unwrap();
        }
        let vanish = async {
            until("all connections at work", asking).await;
            wire.vanish();
        };
        let asked = street.all("SELECT pg_sleep(1.7)", "SELECT pg_sleep(1.7)");
        let (answers, ()) = timeout(FOR_EVER, futures::future::join(asked, vanish))
            .await
            .expect("somebody waits for ever");
        for lost in answers {
            let lost = lost.expect_err("a machine that vanished answers nobody");
            assert_eq!(lost.code, Code::DatabaseDown, "round {round}: {lost}");
        }
        let next = timeout(FOR_EVER, street.all("SELECT 1", "SELECT 1"));
        for (n, done) in next.await.expect("all connections are held").into_iter().enumerate() {
            assert!(done.is_ok(), "round {round}, {n}: {:?}", done.err());
        }
    }
    street.db.close().await.unwrap();
}
