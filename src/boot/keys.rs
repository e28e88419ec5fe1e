//! Opens the key files; makes them where that is safe.

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::BootError;
use crate::auth::jwt::KeyRing;
use crate::config::{Config, Profile};
use crate::vault::Vault;
use crate::vault::signing::Signer;

/// The file of signing keys: the active one signs, all of them verify.
#[derive(Serialize, Deserialize)]
struct JwtKeys {
    active: String,
    keys: BTreeMap<String, String>,
}

fn refused(path: &Path, why: impl std::fmt::Display) -> BootError {
    BootError::Keys(format!("{}: {why}", path.display()))
}

/// Returns where the vault's keys are.
pub fn vault_path(config: &Config) -> PathBuf {
    named(&config.auth.vault_key_file, config, "keys/vault.json")
}

/// Returns where the signing keys are.
pub fn jwt_path(config: &Config) -> PathBuf {
    named(&config.auth.jwt_key_file, config, "keys/jwt.json")
}

/// Returns where the key is that signs checkpoints.
pub fn ledger_path(config: &Config) -> PathBuf {
    named(&config.auth.ledger_key_file, config, "keys/ledger.pem")
}

/// Returns where a file is: where it is said to be, or in its place in the data folder.
pub fn named(configured: &Path, config: &Config, default: &str) -> PathBuf {
    if configured.as_os_str().is_empty() {
        config.data_path(default)
    } else {
        configured.to_owned()
    }
}

/// Keys are made for a demo, and never silently for production: a second server with keys of its
/// own could read nothing that the first one wrote.
fn may_generate(config: &Config, path: &Path) -> Result<(), BootError> {
    if config.profile == Profile::Production {
        let cure = "does not exist\n  cure: run `zhinan admin keys` once, back the files up, and copy them to every server";
        return Err(refused(path, cure));
    }
    make_folder(path)
}

fn make_folder(path: &Path) -> Result<(), BootError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|why| refused(path, why))
}

/// Opens the vault.
pub fn vault(config: &Config) -> Result<Vault, BootError> {
    let path = vault_path(config);
    if !path.exists() {
        may_generate(config, &path)?;
        return Vault::generate(&path, &mut rand::rng()).map_err(|why| refused(&path, why));
    }
    Vault::load(&path).map_err(|why| refused(&path, why))
}

/// Opens the key that signs checkpoints.
pub fn signer(config: &Config) -> Result<Signer, BootError> {
    let path = ledger_path(config);
    if !path.exists() {
        may_generate(config, &path)?;
        return Signer::generate(&path).map_err(|why| refused(&path, why));
    }
    Signer::load(&path).map_err(|why| refused(&path, why))
}

/// Opens the ring of signing keys.
pub fn tokens(config: &Config) -> Result<KeyRing, BootError> {
    let path = jwt_path(config);
    if !path.exists() {
        may_generate(config, &path)?;
        generate_jwt(&path)?;
    }
    let text = std::fs::read_to_string(&path).map_err(|why| refused(&path, why))?;
    let file: JwtKeys = serde_json::from_str(&text).map_err(|why| refused(&path, why))?;
    let keys = file.keys.into_iter().map(|(id, key)| (id, SecretString::from(key))).collect();
    let life = Duration::from_secs(u64::from(config.auth.access_minutes) * 60);
    KeyRing::new(&file.active, &keys, life).map_err(|why| {
        refused(&path, format!("{why}\n  cure: each key needs at least 32 bytes; `zhinan admin keys` writes good ones"))
    })
}

/// Writes a file with one fresh signing key, readable by this user only.
pub fn generate_jwt(path: &Path) -> Result<(), BootError> {
    use rand::Rng;
    let mut bytes = [0_u8; 48];
    rand::rng().fill_bytes(&mut bytes);
    let keys = BTreeMap::from([("k1".to_owned(), hex::encode(bytes))]);
    let text = serde_json::to_string_pretty(&JwtKeys { active: "k1".into(), keys })
        .map_err(|why| refused(path, why))?;
    let mut options = std::fs::OpenOptions::new();
    let opened = options.write(true).create_new(true).mode(0o600).open(path);
    opened.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|why| refused(path, why))
}

/// Writes the key files where they are missing; returns what was written.
pub fn generate_missing(config: &Config) -> Result<Vec<PathBuf>, BootError> {
    let mut written = Vec::new();
    let path = vault_path(config);
    if !path.exists() {
        make_folder(&path)?;
        Vault::generate(&path, &mut rand::rng()).map_err(|why| refused(&path, why))?;
        written.push(path);
    }
    let path = jwt_path(config);
    if !path.exists() {
        make_folder(&path)?;
        generate_jwt(&path)?;
        written.push(path);
    }
    let path = ledger_path(config);
    if !path.exists() {
        make_folder(&path)?;
        Signer::generate(&path).map_err(|why| refused(&path, why))?;
        written.push(path);
    }
    Ok(written)
}
