//! Personal data at rest: sealed with AES-256-GCM under keys that live in a file outside the
//! database, found again through a keyed blind index, shown masked.
//!
//! Every value is bound to its context (`table.column`), so that a value copied into another
//! column does not open. No error of this module carries a plain value or a key.
//! Invariant: a key never leaves the ring while a value sealed under it may exist; rotation adds.

mod keyfile;
mod mask;
pub mod signing;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use rand::{CryptoRng, TryRng};
use sha2::Sha256;
use thiserror::Error;

pub use mask::{mask_address, mask_name, mask_numbers, mask_phone, mask_rooms};

const VERSION: &str = "v1";
const NONCE: usize = 12;

/// The key ring of one installation; cheap to use from many threads, never printed.
pub struct Vault {
    active: String,
    ciphers: BTreeMap<String, Aes256Gcm>,
    index: Hmac<Sha256>,
}

/// Why a key file or a sealed value was refused. Carries names of keys and files, never contents.
#[derive(Debug, Error)]
pub enum VaultError {
    #[error("reading the key file {path}")]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("writing the key file {path}")]
    Write {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the key file {path} can be read by others (mode {mode:o}); chmod 600 it")]
    Exposed { path: PathBuf, mode: u32 },
    #[error("the key file {path} is malformed: {reason}")]
    Malformed { path: PathBuf, reason: &'static str },
    #[error("the system gave no random bytes")]
    Random(#[source] rand::rngs::SysError),
    #[error("the value could not be sealed")]
    Seal,
    #[error("not a sealed value")]
    NotSealed,
    #[error("sealed under key {key}, which is not in the ring")]
    UnknownKey { key: String },
    #[error("the sealed value was changed, or belongs to another column than {context}")]
    Refused { context: String },
}

impl Vault {
    /// Loads the ring from its file. Refuses a file that others can read, and a malformed one.
    pub fn load(path: &Path) -> Result<Self, VaultError> {
        Self::from_ring(&keyfile::read(path)?, path)
    }

    /// Writes a new key file with mode 0600 and returns its ring. Refuses when the file exists:
    /// overwriting it would lose every sealed value.
    pub fn generate(path: &Path, rng: &mut impl CryptoRng) -> Result<Self, VaultError> {
        let fresh = keyfile::Ring::fresh(rng);
        keyfile::create(path, &fresh)?;
        Self::from_ring(&fresh, path)
    }

    /// Adds a key to the file, makes it the active one and returns the new ring. Processes that
    /// still hold the old ring cannot open what is sealed from now on: restart them.
    pub fn add_key(path: &Path, rng: &mut impl CryptoRng) -> Result<Self, VaultError> {
        let mut stored = keyfile::read(path)?;
        stored.add(rng);
        keyfile::replace(path, &stored)?;
        Self::from_ring(&stored, path)
    }

    fn from_ring(ring: &keyfile::Ring, path: &Path) -> Result<Self, VaultError> {
        let malformed = |reason| VaultError::Malformed { path: path.to_owned(), reason };
        let mut ciphers = BTreeMap::new();
        for (id, text) in ring.keys() {
            let key = keyfile::decode(text).ok_or_else(|| malformed("a key is not 32 bytes"))?;
            ciphers.insert(id.clone(), Aes256Gcm::new(&key.into()));
        }
        if !ciphers.contains_key(ring.active()) {
            return Err(malformed("the active key is not among the keys"));
        }
        let index = keyfile::decode(ring.index_key())
            .ok_or_else(|| malformed("the index key is not 32 bytes"))?;
        let index = <Hmac<Sha256> as KeyInit>::new(&padded(index).into());
        Ok(Self { active: ring.active().to_owned(), ciphers, index })
    }

    /// Seals a value for one column: `v1.<key id>.<base64url(nonce ‖ ciphertext)>`. Fails only
    /// when the system has no random bytes.
    pub fn seal(&self, context: &str, plain: &str) -> Result<String, VaultError> {
        let cipher = self.cipher(&self.active)?;
        // A random nonce of 96 bits is safe for 2^32 values of one key; the street has 64,000 homes.
        let mut nonce = [0_u8; NONCE];
        rand::rngs::SysRng.try_fill_bytes(&mut nonce).map_err(VaultError::Random)?;
        let bound = bound(&self.active, context);
        let payload = Payload { msg: plain.as_bytes(), aad: bound.as_bytes() };
        // The error of the cipher says nothing; it has no cause to keep.
        let Ok(ciphertext) = cipher.encrypt(&Nonce::from(nonce), payload) else {
            return Err(VaultError::Seal);
        };
        let body = URL_SAFE_NO_PAD.encode([nonce.as_slice(), &ciphertext].concat());
        Ok(format!("{VERSION}.{}.{body}", self.active))
    }

    /// Opens a value of the same column. Refuses one that was changed, moved from another column,
    /// or sealed under a key that is not in the ring.
    pub fn open(&self, context: &str, sealed: &str) -> Result<String, VaultError> {
        let (id, body) = parts(sealed)?;
        let cipher = self.cipher(id)?;
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(body) else { return Err(VaultError::NotSealed) };
        let (nonce, ciphertext) =
            bytes.split_first_chunk::<NONCE>().ok_or(VaultError::NotSealed)?;
        let bound = bound(id, context);
        let payload = Payload { msg: ciphertext, aad: bound.as_bytes() };
        cipher
            .decrypt(&Nonce::from(*nonce), payload)
            .ok()
            .and_then(|plain| String::from_utf8(plain).ok())
            .ok_or_else(|| VaultError::Refused { context: context.to_owned() })
    }

    /// Seals a value again when its key is not the active one; `None` when nothing is to do.
    /// Fails as `open` does.
    pub fn reseal(&self, context: &str, sealed: &str) -> Result<Option<String>, VaultError> {
        if parts(sealed)?.0 == self.active {
            return Ok(None);
        }
        self.seal(context, &self.open(context, sealed)?).map(Some)
    }

    /// Returns the search key of a normalised value: the first 32 hex digits of an HMAC, other
    /// for every context. The index key is not rotated: doing so means to index every row anew.
    pub fn blind_index(&self, context: &str, normalised: &str) -> String {
        let mut mac = self.index.clone();
        mac.update(context.as_bytes());
        // The separator keeps ("ab", "c") and ("a", "bc") apart.
        mac.update(&[0]);
        mac.update(normalised.as_bytes());
        let mut text = hex::encode(mac.finalize().into_bytes());
        text.truncate(32);
        text
    }

    /// Returns the id of the key under which new values are sealed.
    pub fn active_key(&self) -> &str {
        &self.active
    }

    fn cipher(&self, id: &str) -> Result<&Aes256Gcm, VaultError> {
        self.ciphers.get(id).ok_or_else(|| VaultError::UnknownKey { key: id.to_owned() })
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("active", &self.active).finish_non_exhaustive()
    }
}

fn parts(sealed: &str) -> Result<(&str, &str), VaultError> {
    let mut fields = sealed.splitn(3, '.');
    match (fields.next(), fields.next(), fields.next()) {
        (Some(VERSION), Some(id), Some(body)) if keyfile::is_key_id(id) => Ok((id, body)),
        _ => Err(VaultError::NotSealed),
    }
}

/// What the ciphertext is bound to beside its key: its own header and its column.
fn bound(id: &str, context: &str) -> String {
    format!("{VERSION}.{id}.{context}")
}

/// HMAC pads a short key with zeros to its block; doing it here makes the constructor total.
fn padded(key: [u8; 32]) -> [u8; 64] {
    let mut block = [0; 64];
    for (to, from) in block.iter_mut().zip(key) {
        *to = from;
    }
    block
}
