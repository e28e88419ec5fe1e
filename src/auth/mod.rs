//! Who is knocking, and may he come in: tokens, passwords, second factor, codes, limits.
//!
//! Decisions are pure: rows, time and chance are arguments, and nothing here touches a database.
//! Secrets are stored only as fingerprints (tokens, codes) or slow hashes (passwords).
//! No refusal tells which half of a login was wrong.

pub mod code;
pub mod jwt;
pub mod limits;
pub mod lockout;
pub mod password;
pub mod refresh;
pub mod totp;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::CryptoRng;
use serde::{Deserialize, Serialize};

/// Which door an account came through; decides how long it may stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// A resident in the mini-program.
    Resident,
    /// A bound grid worker, cadre or secretary in the mini-program.
    Staff,
    /// A console account with password and second factor.
    Console,
}

/// 256 random bits as text; too many to guess, so a plain hash is enough to store them.
fn random_token(rng: &mut impl CryptoRng) -> String {
    let mut bytes = [0_u8; 32];
    rng.fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}
