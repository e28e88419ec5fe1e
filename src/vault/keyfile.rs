//! The key file: JSON `{active, keys: {id: base64}, index_key: base64}`, mode 0600.
//!
//! Created once and never overwritten; replaced only as a whole (write beside, sync, rename), so
//! that a crash leaves the old ring or the new one and never half a file.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::CryptoRng;
use serde::{Deserialize, Serialize};

use super::VaultError;

/// The ring as it stands in the file; has no `Debug` on purpose.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ring {
    active: String,
    keys: BTreeMap<String, String>,
    index_key: String,
}

impl Ring {
    pub(super) fn fresh(rng: &mut impl CryptoRng) -> Self {
        let mut fresh = Self { active: String::new(), keys: BTreeMap::new(), index_key: key(rng) };
        fresh.add(rng);
        fresh
    }

    /// Adds a key under the next free number and makes it active.
    pub(super) fn add(&mut self, rng: &mut impl CryptoRng) {
        let taken = |n: &u32| self.keys.contains_key(&format!("k{n}"));
        let number = (1..=u32::MAX).find(|n| !taken(n)).unwrap_or(u32::MAX);
        self.active = format!("k{number}");
        self.keys.insert(self.active.clone(), key(rng));
    }

    pub(super) fn active(&self) -> &str {
        &self.active
    }

    pub(super) fn keys(&self) -> &BTreeMap<String, String> {
        &self.keys
    }

    pub(super) fn index_key(&self) -> &str {
        &self.index_key
    }
}

fn key(rng: &mut impl CryptoRng) -> String {
    let mut bytes = [0_u8; 32];
    rng.fill_bytes(&mut bytes);
    STANDARD.encode(bytes)
}

pub(super) fn decode(text: &str) -> Option<[u8; 32]> {
    STANDARD.decode(text).ok()?.try_into().ok()
}

/// A key id stands between two dots of a sealed value, so it must not contain one.
pub(super) fn is_key_id(id: &str) -> bool {
    (1..=16).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

/// Reads a file that nobody else may read.
pub(super) fn private(path: &Path) -> Result<String, VaultError> {
    let failed = |source| VaultError::Read { path: path.to_owned(), source };
    let mode = std::fs::metadata(path).map_err(failed)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(VaultError::Exposed { path: path.to_owned(), mode });
    }
    std::fs::read_to_string(path).map_err(failed)
}

pub(super) fn read(path: &Path) -> Result<Ring, VaultError> {
    let text = private(path)?;
    let malformed = |reason| VaultError::Malformed { path: path.to_owned(), reason };
    // serde's message may quote the file, and the file is nothing but secrets.
    let Ok(ring) = serde_json::from_str::<Ring>(&text) else {
        return Err(malformed("expected JSON with active, keys and index_key"));
    };
    if ring.keys.keys().all(|id| is_key_id(id)) {
        Ok(ring)
    } else {
        Err(malformed("a key id must be 1 to 16 of a-z, A-Z, 0-9, - and _"))
    }
}

pub(super) fn create(path: &Path, ring: &Ring) -> Result<(), VaultError> {
    write_new(path, ring).map_err(|source| VaultError::Write { path: path.to_owned(), source })
}

pub(super) fn replace(path: &Path, ring: &Ring) -> Result<(), VaultError> {
    let failed = |source| VaultError::Write { path: path.to_owned(), source };
    let beside = path.with_extension("new");
    // A file left by a crashed rotation was never renamed, so no value is sealed under its key.
    match std::fs::remove_file(&beside) {
        Err(why) if why.kind() != std::io::ErrorKind::NotFound => return Err(failed(why)),
        _ => {}
    }
    write_new(&beside, ring).map_err(failed)?;
    std::fs::rename(&beside, path).map_err(failed)?;
    sync_folder(path).map_err(failed)
}

fn write_new(path: &Path, ring: &Ring) -> std::io::Result<()> {
    let text = serde_json::to_string_pretty(ring)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    sync_folder(path)
}

/// A file's name is durable only after its folder is.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}
