//! Puts an archive back. Nothing is touched before the whole archive was checked.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::{BackupError, Installation, Manifest, archive, database};

/// Restores into an installation that serves nobody. Without `force` it must be empty; with it,
/// what is replaced is renamed, not deleted.
pub async fn restore(
    from: &Path,
    into: &Installation,
    force: bool,
) -> Result<Manifest, BackupError> {
    let stage = tempfile::tempdir()
        .map_err(BackupError::file("making a temporary folder in", "/tmp".as_ref()))?;
    let manifest = archive::unpack(from, stage.path())?;
    if manifest.database != database::kind(&into.database_url) {
        return Err(BackupError::OtherDatabase { archive: manifest.database });
    }
    if !force {
        empty(into).await?;
    }
    let aside = unused(into);
    // What only adds comes first, then what fails most easily: until the database is in, the keys
    // of the one before are kept.
    let photos = stage.path().join("photos");
    if let Some(to) = into.photos.as_deref().filter(|_| photos.exists()) {
        copy_folder(&photos, to)?;
    }
    let dump = stage.path().join(database::MEMBER);
    database::load(&into.database_url, &dump, &aside).await?;
    for (member, to) in [
        ("keys/vault.json", &into.vault_keys),
        ("keys/jwt.json", &into.jwt_keys),
        ("keys/ledger.pem", &into.ledger_key),
    ] {
        if manifest.members.contains_key(member) {
            key(&stage.path().join(member), to, &aside)?;
        }
    }
    Ok(manifest)
}

/// Returns what is appended to the names of all that this restore replaces: nothing that an earlier
/// one set aside has such a name.
fn unused(into: &Installation) -> String {
    let mut files = vec![into.vault_keys.clone(), into.jwt_keys.clone(), into.ledger_key.clone()];
    if database::kind(&into.database_url) == database::SQLITE {
        files.extend(database::sqlite_files(&into.database_url));
    }
    let taken = |suffix: &str| files.iter().any(|file| database::appended(file, suffix).exists());
    let mut suffix = ".before-restore".to_owned();
    let mut number = 1;
    while taken(&suffix) {
        number += 1;
        suffix = format!(".before-restore.{number}");
    }
    suffix
}

async fn empty(into: &Installation) -> Result<(), BackupError> {
    for keys in [&into.vault_keys, &into.jwt_keys, &into.ledger_key] {
        if keys.exists() {
            return Err(BackupError::NotEmpty(keys.display().to_string()));
        }
    }
    if database::is_empty(&into.database_url).await? {
        return Ok(());
    }
    // The address may hold a password.
    Err(BackupError::NotEmpty(format!("the {} database", database::kind(&into.database_url))))
}

/// Writes a key file that only this user can read.
fn key(from: &Path, to: &Path, aside: &str) -> Result<(), BackupError> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(BackupError::file("making", folder))?;
    }
    database::set_aside(to, aside)?;
    let bytes = std::fs::read(from).map_err(BackupError::file("reading", from))?;
    let mut options = OpenOptions::new();
    let opened = options.write(true).create_new(true).mode(0o600).open(to);
    opened
        .and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()))
        .map_err(BackupError::file("writing", to))
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), BackupError> {
    std::fs::create_dir_all(to).map_err(BackupError::file("making", to))?;
    let listed = std::fs::read_dir(from).map_err(BackupError::file("listing", from))?;
    for entry in listed {
        let entry = entry.map_err(BackupError::file("listing", from))?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_folder(&path, &target)?;
        } else {
            std::fs::copy(&path, &target).map_err(BackupError::file("writing", &target))?;
        }
    }
    Ok(())
}
