//! Backups taken from a living database, put back elsewhere, and refused when they are not whole.

use std::path::Path;

use entity::grid;
use entity::kinds::{GridId, GridKind, Timestamp};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use super::*;
use crate::store::db::Db;

const NOON: Timestamp = Timestamp(1_795_406_400_000_000);

fn installation(dir: &Path, url: Option<&str>) -> Installation {
    let file = format!("sqlite://{}", dir.join("zhinan.db").display());
    Installation {
        database_url: url.map_or(file, str::to_owned),
        photos: Some(dir.join("photos")),
        vault_keys: dir.join("keys/vault.json"),
        jwt_keys: dir.join("keys/jwt.json"),
        ledger_key: dir.join("keys/ledger.pem"),
    }
}

/// An installation with a place, keys and a photo; its database stays open, as of a server.
async fn serving(at: &Installation) -> Db {
    std::fs::create_dir_all(at.photos.as_ref().unwrap().join("ab")).unwrap();
    std::fs::write(at.photos.as_ref().unwrap().join("ab/1.jpg"), b"a picture").unwrap();
    std::fs::create_dir_all(at.vault_keys.parent().unwrap()).unwrap();
    std::fs::write(&at.vault_keys, b"vault").unwrap();
    std::fs::write(&at.jwt_keys, b"jwt").unwrap();
    std::fs::write(&at.ledger_key, b"ledger").unwrap();
    let db = Db::connect(&at.database_url, 2).await.unwrap();
    db.migrate().await.unwrap();
    insert(&db, "371702003").await;
    db
}

async fn insert(db: &Db, id: &str) {
    let row = grid::Model {
        id: GridId(0),
        external_id: id.into(),
        kind: GridKind::Street,
        code: None,
        parent_id: None,
        name: "南城街道".into(),
        polygon: None,
        valid_from: NOON,
        valid_to: None,
    };
    let mut row = row.into_active_model().reset_all();
    row.not_set(grid::Column::Id);
    grid::Entity::insert(row).exec_without_returning(&db.read).await.unwrap();
}

async fn names(url: &str) -> Vec<String> {
    let db = Db::connect(url, 1).await.unwrap();
    let rows = grid::Entity::find().all(&db.read).await.unwrap();
    db.close().await.unwrap();
    rows.into_iter().map(|row| row.external_id).collect()
}

#[tokio::test]
async fn what_was_saved_while_serving_is_put_back_elsewhere() {
    use std::os::unix::fs::PermissionsExt;
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (from, into) = (installation(here.path(), None), installation(there.path(), None));
    let db = serving(&from).await;
    let file = here.path().join("b.tar.gz");
    let written = backup(&from, &file, NOON).await.unwrap();
    insert(&db, "later").await;
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(backup(&from, &file, NOON).await.is_err(), "an archive is never overwritten");

    assert_eq!(restore(&file, &into, false).await.unwrap(), written);
    assert_eq!(names(&into.database_url).await, ["371702003"]);
    assert_eq!(std::fs::read(there.path().join("photos/ab/1.jpg")).unwrap(), b"a picture");
    assert_eq!(std::fs::read(&into.vault_keys).unwrap(), b"vault");
    let mode = std::fs::metadata(&into.jwt_keys).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);

    let again = restore(&file, &into, false).await.unwrap_err();
    assert!(matches!(again, BackupError::NotEmpty(_)), "{again}");
    std::fs::write(&into.vault_keys, b"changed").unwrap();
    let changed = Db::connect(&into.database_url, 1).await.unwrap();
    insert(&changed, "changed").await;
    changed.close().await.unwrap();
    for _ in 0..2 {
        restore(&file, &into, true).await.unwrap();
    }
    let aside = |name: &str| there.path().join(format!("{name}.before-restore"));
    assert_eq!(std::fs::read(aside("keys/vault.json")).unwrap(), b"changed");
    let first = format!("sqlite://{}", aside("zhinan.db").display());
    assert_eq!(names(&first).await, ["371702003", "changed"]);
    for name in ["zhinan.db.before-restore.2", "keys/vault.json.before-restore.2"] {
        assert!(there.path().join(name).exists(), "{name}");
    }
}

#[tokio::test]
async fn keys_stay_until_the_database_they_belong_to_is_there() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (from, into) = (installation(here.path(), None), installation(there.path(), None));
    let _db = serving(&from).await;
    let manifest = backup(&from, &here.path().join("b.tar.gz"), NOON).await.unwrap();
    let (torn, file) = (here.path().join("torn"), here.path().join("torn.tar.gz"));
    std::fs::write(&torn, b"no database at all").unwrap();
    let mut writing = archive::Writing::create(&file).unwrap();
    writing.add("keys/vault.json", &from.vault_keys).unwrap();
    writing.add("database", &torn).unwrap();
    let manifest = Manifest { members: writing.members(), ..manifest };
    writing.finish(&manifest).unwrap();
    restore(&file, &into, true).await.unwrap_err();
    assert!(!into.vault_keys.exists());
}

#[tokio::test]
async fn a_photo_that_vanishes_or_is_only_half_there_does_not_end_a_backup() {
    let here = tempfile::tempdir().unwrap();
    let from = installation(here.path(), None);
    let _db = serving(&from).await;
    let photos = from.photos.as_ref().unwrap();
    std::os::unix::fs::symlink("nowhere", photos.join("ab/gone.jpg")).unwrap();
    std::fs::write(photos.join("ab/2.jpg#1"), b"half a pic").unwrap();
    let written = backup(&from, &here.path().join("b.tar.gz"), NOON).await.unwrap();
    let kept = written.members.keys().filter(|name| name.starts_with("photos/"));
    assert_eq!(kept.collect::<Vec<_>>(), ["photos/ab/1.jpg"]);
}

#[tokio::test]
async fn an_archive_whose_member_was_changed_touches_nothing() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (from, into) = (installation(here.path(), None), installation(there.path(), None));
    let _db = serving(&from).await;
    let file = here.path().join("b.tar.gz");
    let mut manifest = backup(&from, &file, NOON).await.unwrap();
    manifest.members.insert("keys/jwt.json".into(), "0".repeat(64));
    let forged = here.path().join("forged.tar.gz");
    let mut writing = archive::Writing::create(&forged).unwrap();
    for name in ["keys/vault.json", "keys/jwt.json", "keys/ledger.pem"] {
        writing.add(name, &here.path().join(name)).unwrap();
    }
    writing.add("database", &here.path().join("zhinan.db")).unwrap();
    writing.add("photos/ab/1.jpg", &here.path().join("photos/ab/1.jpg")).unwrap();
    writing.finish(&manifest).unwrap();
    let refused = restore(&forged, &into, true).await.unwrap_err();
    assert!(matches!(refused, BackupError::Damaged(_)), "{refused}");
    assert!(!into.vault_keys.exists());
    std::fs::write(&forged, b"no archive at all").unwrap();
    assert!(restore(&forged, &into, true).await.is_err());
}

#[tokio::test]
async fn a_postgresql_database_is_saved_and_put_back() {
    #[expect(clippy::disallowed_methods, reason = "a test chooses its database by the environment")]
    let Ok(url) = std::env::var("TEST_DATABASE_URL") else {
        return eprintln!("TEST_DATABASE_URL is not set: PostgreSQL is not tested");
    };
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = Db::connect(&url, 1).await.unwrap();
    for name in ["zhinan_backup_from", "zhinan_backup_into"] {
        use sea_orm::ConnectionTrait;
        for text in ["DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}"] {
            server.read.execute_unprepared(&text.replace("{}", name)).await.unwrap();
        }
    }
    let named = |name: &str| {
        let (server, _) = url.rsplit_once('/').unwrap();
        format!("{server}/{name}")
    };
    let from = installation(here.path(), Some(&named("zhinan_backup_from")));
    let into = installation(there.path(), Some(&named("zhinan_backup_into")));
    let db = serving(&from).await;
    let file = here.path().join("b.tar.gz");
    backup(&from, &file, NOON).await.unwrap();
    restore(&file, &into, false).await.unwrap();
    assert_eq!(names(&into.database_url).await, ["371702003"]);
    assert!(restore(&file, &into, false).await.is_err(), "it is not empty any more");
    std::fs::remove_dir_all(there.path().join("keys")).unwrap();
    insert(&db, "later").await;
    upgrade(&into.database_url).await;
    restore(&file, &into, true).await.unwrap();
    assert_eq!(names(&into.database_url).await, ["371702003"]);
    upgrade(&into.database_url).await;
}

/// Changes the schema as a later version may; fails where one did before.
async fn upgrade(url: &str) {
    use sea_orm::ConnectionTrait;
    let db = Db::connect(url, 1).await.unwrap();
    assert!(db.pending().await.unwrap().is_empty());
    for text in [
        "CREATE TABLE later (account_id BIGINT PRIMARY KEY REFERENCES account (id))",
        "CREATE FUNCTION later() RETURNS INT LANGUAGE sql AS 'SELECT 1'",
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_later', 1)",
    ] {
        db.read.execute_unprepared(text).await.unwrap();
    }
    db.close().await.unwrap();
}
