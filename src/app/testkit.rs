//! Services of an empty installation for the tests of use cases: a manual clock, fresh keys, a
//! WeChat that does not answer.

use entity::kinds::Timestamp;

use crate::boot;
use crate::clock::Clock;
use crate::config::{Config, Profile};
use crate::services::Services;

/// 2026-03-02, a Monday, 10:00 in Shanghai.
pub const START: Timestamp = Timestamp(1_772_416_800_000_000);

/// Services, and the folder they live in.
pub struct Installation {
    services: Services,
    _folder: tempfile::TempDir,
}

impl std::ops::Deref for Installation {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.services
    }
}

/// Makes an installation on SQLite.
pub async fn services() -> Installation {
    with(String::new(), |_| {}).await
}

/// Makes an installation on SQLite that is configured otherwise.
pub async fn services_with(change: impl FnOnce(&mut Config)) -> Installation {
    with(String::new(), change).await
}

/// Makes one installation on SQLite and, where `TEST_DATABASE_URL` names a server, one on
/// PostgreSQL in a schema of its own.
pub async fn each_database(test: &str) -> Vec<Installation> {
    let mut all = vec![services().await];
    #[expect(clippy::disallowed_methods, reason = "a test chooses its database by the environment")]
    match std::env::var("TEST_DATABASE_URL") {
        Ok(url) => all.push(with(schema(&url, test).await, |_| {}).await),
        Err(_) => eprintln!("TEST_DATABASE_URL is not set: PostgreSQL is not tested"),
    }
    all
}

async fn schema(url: &str, name: &str) -> String {
    use sea_orm::{ConnectionTrait, Database};
    let db = Database::connect(url).await.unwrap();
    for sql in ["DROP SCHEMA IF EXISTS {} CASCADE", "CREATE SCHEMA {}"] {
        db.execute_unprepared(&sql.replace("{}", name)).await.unwrap();
    }
    db.close().await.unwrap();
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}options=-csearch_path%3D{name}")
}

async fn with(url: String, change: impl FnOnce(&mut Config)) -> Installation {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config { profile: Profile::Demo, ..Config::default() };
    config.data.dir = folder.path().to_owned();
    config.database.url = url;
    config.database.pool = 4;
    config.auth.demo_accounts = true;
    // Nothing listens on the discard port.
    config.wechat.base_url = "http://127.0.0.1:9".into();
    change(&mut config);
    boot::generate_missing(&config).unwrap();
    let services = boot::services(&config, Clock::manual(START)).await.unwrap();
    Installation { services, _folder: folder }
}
