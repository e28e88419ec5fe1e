//! The database as one file: a copy on SQLite, `pg_dump`'s custom format on PostgreSQL.
//!
//! A password goes through the environment of the child alone: arguments are seen by every user of
//! the machine.

use std::path::{Path, PathBuf};

use tokio::process::Command;

use super::BackupError;
use crate::store::backup as store;
use crate::store::db::Db;

/// The member of the archive.
pub const MEMBER: &str = "database";
pub const SQLITE: &str = "sqlite";
pub const POSTGRES: &str = "postgres";

/// Drops what another version may have made beside what an archive holds: a table left would hold
/// on to older ones, or be in the way of the next upgrade. Extensions keep theirs.
const CLEAR: &str = "SET client_min_messages = warning;
DO $$
BEGIN
  EXECUTE coalesce((
    WITH ours AS (
      SELECT 'pg_class'::regclass AS class, oid, relnamespace AS schema,
             CASE relkind WHEN 'S' THEN 2 ELSE 1 END AS turn,
             CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END AS kind,
             oid::regclass::text AS name
        FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'S')
      UNION ALL
      SELECT 'pg_proc'::regclass, oid, pronamespace, 2, 'ROUTINE', oid::regprocedure::text
        FROM pg_proc
      UNION ALL
      SELECT 'pg_type'::regclass, oid, typnamespace, 3, 'TYPE', oid::regtype::text
        FROM pg_type WHERE typtype IN ('e', 'd')
    )
    SELECT string_agg(format('DROP %s IF EXISTS %s CASCADE', kind, name), '; ' ORDER BY turn)
      FROM ours JOIN pg_namespace AS its ON its.oid = schema
     WHERE nspname = current_schema() AND NOT EXISTS (
           SELECT FROM pg_depend
            WHERE classid = class AND objid = ours.oid AND deptype = 'e')
  ), '');
END $$";

/// Names the kind of a URL.
pub fn kind(url: &str) -> &'static str {
    if url.starts_with("sqlite:") { SQLITE } else { POSTGRES }
}

/// Returns the file of an SQLite URL.
pub fn sqlite_file(url: &str) -> PathBuf {
    let rest = url.trim_start_matches("sqlite:").trim_start_matches("//");
    PathBuf::from(rest.split('?').next().unwrap_or_default())
}

/// Returns the folder of an SQLite database; `None` for PostgreSQL.
pub fn sqlite_folder(url: &str) -> Option<PathBuf> {
    if kind(url) == POSTGRES {
        return None;
    }
    let file = sqlite_file(url);
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    Some(folder.unwrap_or_else(|| Path::new(".")).to_owned())
}

/// Writes the database into a file of the folder; others may read and write meanwhile.
pub async fn dump(url: &str, stage: &Path) -> Result<(&'static str, PathBuf), BackupError> {
    let file = stage.join(MEMBER);
    if kind(url) == POSTGRES {
        let mut command = client("pg_dump", url);
        command.args(["--format=custom", "--no-owner", "--no-privileges", "--file"]).arg(&file);
        run("pg_dump", command).await?;
        return Ok((POSTGRES, file));
    }
    let from = sqlite_file(url);
    std::fs::metadata(&from).map_err(BackupError::file("reading", &from))?;
    let db = Db::connect(url, 1).await?;
    store::copy_sqlite(&db.read, &file.to_string_lossy()).await?;
    db.close().await?;
    Ok((SQLITE, file))
}

/// Puts the dump into an empty database, or over the one that is there; `aside` is appended to the
/// names of SQLite's files that it replaces.
pub async fn load(url: &str, file: &Path, aside: &str) -> Result<(), BackupError> {
    if kind(url) == POSTGRES {
        return load_postgres(url, file).await;
    }
    let to = sqlite_file(url);
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(BackupError::file("making", folder))?;
    }
    // The log of another database beside this one would be played into it.
    for name in sqlite_files(url) {
        set_aside(&name, aside)?;
    }
    std::fs::copy(file, &to).map_err(BackupError::file("writing", &to))?;
    let db = Db::connect(url, 1).await?;
    let said = store::integrity(&db.read).await?;
    db.close().await?;
    if said == "ok" { Ok(()) } else { Err(BackupError::Damaged(said)) }
}

/// Writes the dump as a script and plays it in one transaction, in which what is there goes first.
async fn load_postgres(url: &str, file: &Path) -> Result<(), BackupError> {
    let script = tempfile::NamedTempFile::new()
        .map_err(BackupError::file("making a temporary file in", "/tmp".as_ref()))?;
    let mut command = Command::new("pg_restore");
    command.args(["--clean", "--if-exists", "--no-owner", "--no-privileges", "--file"]);
    command.arg(script.path()).arg(file);
    run("pg_restore", command).await?;
    let mut command = client("psql", url);
    command.args(["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]);
    command.args(["--command", CLEAR, "--file"]).arg(script.path());
    run("psql", command).await
}

/// Returns the files of an SQLite database: its logs, then itself.
pub fn sqlite_files(url: &str) -> [PathBuf; 3] {
    let file = sqlite_file(url);
    [appended(&file, "-wal"), appended(&file, "-shm"), file]
}

/// Appends to the last name of a path.
pub fn appended(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(suffix);
    PathBuf::from(name)
}

/// Renames what is there; a restore by mistake can be taken back by hand.
pub fn set_aside(path: &Path, suffix: &str) -> Result<(), BackupError> {
    if !path.exists() {
        return Ok(());
    }
    std::fs::rename(path, appended(path, suffix)).map_err(BackupError::file("setting aside", path))
}

/// Tells whether the database of the URL holds nothing of ours.
pub async fn is_empty(url: &str) -> Result<bool, BackupError> {
    if kind(url) == SQLITE && !sqlite_file(url).exists() {
        return Ok(true);
    }
    let db = Db::connect(url, 1).await?;
    let empty = store::is_empty(&db.read).await;
    db.close().await?;
    Ok(empty?)
}

/// Prepares a program that speaks to the database of the URL.
fn client(program: &str, url: &str) -> Command {
    let (bare, password) = split_password(url);
    let mut command = Command::new(program);
    command.arg("--dbname").arg(bare);
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    command
}

async fn run(program: &'static str, mut command: Command) -> Result<(), BackupError> {
    let told = command.output().await;
    let told = told.map_err(|source| BackupError::NoProgram { program, source })?;
    if told.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&told.stderr).trim().to_owned();
    Err(BackupError::Program { program, said })
}

/// Takes the password out of a URL.
fn split_password(url: &str) -> (String, Option<String>) {
    let parts = || {
        let (scheme, rest) = url.split_once("://")?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (user_info, host) = authority.rsplit_once('@')?;
        let (user, password) = user_info.split_once(':')?;
        Some((format!("{scheme}://{user}@{host}{path}"), decoded(password)))
    };
    match parts() {
        Some((bare, password)) => (bare, Some(password)),
        None => (url.to_owned(), None),
    }
}

/// Undoes percent encoding; what is no encoding stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let pair = after.get(..2).filter(|_| *first == b'%');
        let byte = pair.and_then(|pair| hex::decode(pair).ok()?.first().copied());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod secrets {
    use super::*;

    #[test]
    fn a_password_never_stays_in_the_address() {
        for (url, bare, password) in [
            ("postgres://z:p%40ss@h:5432/db", "postgres://z@h:5432/db", Some("p@ss")),
            ("postgres://z:a@b@h/db?x=1", "postgres://z@h/db?x=1", Some("a@b")),
            ("postgres://z@h/db", "postgres://z@h/db", None),
            ("postgres://h/db", "postgres://h/db", None),
        ] {
            assert_eq!(split_password(url), (bare.to_owned(), password.map(str::to_owned)));
        }
        assert_eq!(decoded("100%"), "100%");
    }
}
