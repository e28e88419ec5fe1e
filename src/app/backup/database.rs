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

/// Names the kind of a URL.
pub fn kind(url: &str) -> &'static str {
    if url.starts_with("sqlite:") { SQLITE } else { POSTGRES }
}

/// Returns the file of an SQLite URL.
pub fn sqlite_file(url: &str) -> PathBuf {
    let rest = url.trim_start_matches("sqlite:").trim_start_matches("//");
    PathBuf::from(rest.split('?').next().unwrap_or_default())
}

/// Writes the database into a file of the folder; others may read and write meanwhile.
pub async fn dump(url: &str, stage: &Path) -> Result<(&'static str, PathBuf), BackupError> {
    let file = stage.join(MEMBER);
    if kind(url) == POSTGRES {
        let arguments = ["--format=custom", "--no-owner", "--no-privileges"];
        run("pg_dump", url, &arguments, &["--file".as_ref(), file.as_ref()]).await?;
        return Ok((POSTGRES, file));
    }
    let from = sqlite_file(url);
    std::fs::metadata(&from).map_err(BackupError::file("reading", &from))?;
    let db = Db::connect(url, 1).await?;
    store::copy_sqlite(&db.read, &file.to_string_lossy()).await?;
    db.close().await?;
    Ok((SQLITE, file))
}

/// Puts the dump into an empty database, or over the one that is there.
pub async fn load(url: &str, file: &Path) -> Result<(), BackupError> {
    if kind(url) == POSTGRES {
        let arguments = [
            "--clean",
            "--if-exists",
            "--no-owner",
            "--no-privileges",
            "--single-transaction",
            "--exit-on-error",
        ];
        return run("pg_restore", url, &arguments, &[file.as_ref()]).await;
    }
    let to = sqlite_file(url);
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(BackupError::file("making", folder))?;
    }
    // The log of another database beside this one would be played into it.
    for suffix in ["-wal", "-shm"] {
        let mut name = to.clone().into_os_string();
        name.push(suffix);
        set_aside(Path::new(&name))?;
    }
    set_aside(&to)?;
    std::fs::copy(file, &to).map_err(BackupError::file("writing", &to))?;
    let db = Db::connect(url, 1).await?;
    let said = store::integrity(&db.read).await?;
    db.close().await?;
    if said == "ok" { Ok(()) } else { Err(BackupError::Damaged(said)) }
}

/// Renames what is there; a restore by mistake can be taken back by hand.
pub fn set_aside(path: &Path) -> Result<(), BackupError> {
    if !path.exists() {
        return Ok(());
    }
    let mut name = path.to_owned().into_os_string();
    name.push(".before-restore");
    std::fs::rename(path, &name).map_err(BackupError::file("setting aside", path))
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

async fn run(
    program: &'static str,
    url: &str,
    arguments: &[&str],
    files: &[&std::ffi::OsStr],
) -> Result<(), BackupError> {
    let (bare, password) = split_password(url);
    let mut command = Command::new(program);
    command.args(arguments).arg("--dbname").arg(bare).args(files);
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
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
