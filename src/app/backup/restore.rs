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
    for (member, to) in [
        ("keys/vault.json", &into.vault_keys),
        ("keys/jwt.json", &into.jwt_keys),
        ("keys/ledger.pem", &into.ledger_key),
    ] {
        if manifest.members.contains_key(member) {
            key(&stage.path().join(member), to)?;
        }
    }
    let photos = stage.path().join("photos");
    if let Some(to) = into.photos.as_deref().filter(|_| photos.exists()) {
        copy_folder(&photos, to)?;
    }
    database::load(&into.database_url, &stage.path().join(database::MEMBER)).await?;
    Ok(manifest)
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
fn key(from: &Path, to: &Path) -> Result<(), BackupError> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(BackupError::file("making", folder))?;
    }
    database::set_aside(to)?;
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
