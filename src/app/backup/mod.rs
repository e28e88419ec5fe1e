//! One archive that holds an installation: database, photos, keys, and a manifest with the SHA-256
//! of each member.
//!
//! Whoever has the archive can read everything: it is created with mode 0600, and a restore
//! believes nothing that the manifest does not name.

mod archive;
mod database;
mod restore;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use entity::kinds::Timestamp;

pub use archive::Manifest;
pub use database::sqlite_folder;
pub use restore::restore;

use crate::domain::calendar::rfc3339;
use archive::Writing;

/// Where an installation keeps what a backup holds.
#[derive(Clone, Debug)]
pub struct Installation {
    pub database_url: String,
    /// The photos' folder; `None` when an S3 store keeps them.
    pub photos: Option<PathBuf>,
    pub vault_keys: PathBuf,
    pub jwt_keys: PathBuf,
    pub ledger_key: PathBuf,
}

/// Why a backup or a restore did not happen; the cure stands in the text.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{what} {path}")]
    File {
        what: &'static str,
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("asking the database")]
    Database(#[from] sea_orm::DbErr),
    #[error(
        "{program} is not installed or cannot be started\n  cure: install the PostgreSQL client of the server's version"
    )]
    NoProgram {
        program: &'static str,
        #[source]
        source: std::io::Error,
    },
    #[error("{program} failed: {said}")]
    Program { program: &'static str, said: String },
    #[error("the archive cannot be trusted: {0}")]
    Damaged(String),
    #[error(
        "the archive holds a {archive} database and the configuration names another kind\n  cure: set database.url to a {archive} database"
    )]
    OtherDatabase { archive: String },
    #[error(
        "{0} is not empty\n  cure: restore into a fresh installation, or add --force to replace what is there"
    )]
    NotEmpty(String),
}

impl BackupError {
    fn file(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::File { what, path: path.to_owned(), source }
    }
}

/// Writes the archive while the program may go on serving. Fails when the file exists.
pub async fn backup(
    from: &Installation,
    out: &Path,
    now: Timestamp,
) -> Result<Manifest, BackupError> {
    let beside = match out.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let stage = tempfile::tempdir_in(beside)
        .map_err(BackupError::file("making a temporary folder in", beside))?;
    let mut archive = Writing::create(out)?;
    let written = write(from, stage.path(), &mut archive, now).await;
    match written {
        Ok(manifest) => archive.finish(&manifest).map(|()| manifest),
        Err(why) => {
            // Half an archive must not be taken for a whole one.
            let _removed = std::fs::remove_file(out);
            Err(why)
        }
    }
}

async fn write(
    from: &Installation,
    stage: &Path,
    archive: &mut Writing,
    now: Timestamp,
) -> Result<Manifest, BackupError> {
    // The database first: a photo that arrives meanwhile is one too many, never one too few.
    let (kind, dump) = database::dump(&from.database_url, stage).await?;
    archive.add(database::MEMBER, &dump)?;
    archive.add("keys/vault.json", &from.vault_keys)?;
    archive.add("keys/jwt.json", &from.jwt_keys)?;
    if from.ledger_key.exists() {
        archive.add("keys/ledger.pem", &from.ledger_key)?;
    }
    if let Some(photos) = from.photos.as_deref().filter(|folder| folder.exists()) {
        archive.add_folder("photos", photos)?;
    }
    Ok(Manifest {
        format: archive::FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        created_at: rfc3339(now),
        database: kind.to_owned(),
        photos_included: from.photos.is_some(),
        members: archive.members(),
    })
}
