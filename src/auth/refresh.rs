//! Refresh tokens: opaque, used once, rotated at every use; a second use ends the whole family.
//!
//! Only the SHA-256 of a token is stored. There is no grace time for a lost answer: a client that
//! lost it logs in again (silent in WeChat), and a thief who replays a token locks himself out.
//! The caller marks the old row used with a compare-and-set, and treats a lost race as `Reuse`.

use std::time::Duration;

use entity::kinds::Timestamp;
use rand::CryptoRng;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use super::Who;

/// How long a session may rest, and how long it may last with rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    pub idle: Duration,
    pub family: Duration,
}

/// However often it is used, a session ends after so many days.
pub const FAMILY_DAYS: u32 = 90;

/// Makes a span of whole days.
pub fn days(count: u32) -> Duration {
    Duration::from_hours(u64::from(count) * 24)
}

impl Lifetime {
    /// Returns the limits of a door; `idle` is how long a session of the mini-program may rest.
    /// WeChat itself guards the mini-program, and a worker who is
    /// asked to sign in on his round misses a case; the console is a browser on a shared desk, so
    /// 30 idle minutes (domain §7).
    pub fn of(who: Who, idle: Duration) -> Self {
        match who {
            Who::Resident | Who::Staff => Self { idle, family: days(FAMILY_DAYS) },
            Who::Console => {
                Self { idle: Duration::from_mins(30), family: Duration::from_hours(12) }
            }
        }
    }
}

/// What the stored row of a presented token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshFacts {
    pub expires_at: Timestamp,
    pub family_ends_at: Timestamp,
    pub used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// What to do with a presented token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// Mark it used and issue the next one, with this end of its idle time.
    Rotate {
        expires_at: Timestamp,
    },
    /// It was used before: revoke every token of the family.
    Reuse,
    Expired,
    Revoked,
}

/// Makes a token: its text for the client and its fingerprint for the row.
pub fn issue(rng: &mut impl CryptoRng) -> (SecretString, String) {
    let text = super::random_token(rng);
    let stored = fingerprint(&text);
    (SecretString::from(text), stored)
}

/// Returns what is stored of a token, and what a presented one is looked up by.
pub fn fingerprint(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// Decides about a presented token. Reuse wins over expiry: the family may live on elsewhere.
pub fn rotate(facts: &RefreshFacts, lifetime: Lifetime, now: Timestamp) -> Rotation {
    if facts.revoked_at.is_some() {
        Rotation::Revoked
    } else if facts.used_at.is_some() {
        Rotation::Reuse
    } else if now >= facts.expires_at || now >= facts.family_ends_at {
        Rotation::Expired
    } else {
        let expires_at = (now + lifetime.idle).min(facts.family_ends_at);
        Rotation::Rotate { expires_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;
    use secrecy::ExposeSecret;

    const FRESH: RefreshFacts = RefreshFacts {
        expires_at: Timestamp(1_000),
        family_ends_at: Timestamp(i64::MAX),
        used_at: None,
        revoked_at: None,
    };

    fn of(who: Who) -> Lifetime {
        Lifetime::of(who, days(30))
    }

    #[test]
    fn each_state_of_a_row_has_its_decision() {
        let used = RefreshFacts { used_at: Some(Timestamp(5)), ..FRESH };
        let revoked = RefreshFacts { revoked_at: Some(Timestamp(6)), ..used };
        let ended = RefreshFacts { family_ends_at: Timestamp(500), ..FRESH };
        for (facts, now, decision) in [
            (FRESH, 1_000, Rotation::Expired),
            (ended, 500, Rotation::Expired),
            (used, 10, Rotation::Reuse),
            (used, 2_000, Rotation::Reuse),
            (revoked, 10, Rotation::Revoked),
        ] {
            assert_eq!(rotate(&facts, of(Who::Staff), Timestamp(now)), decision);
        }
        let next = Timestamp(999) + Duration::from_mins(30);
        assert_eq!(
            rotate(&FRESH, of(Who::Console), Timestamp(999)),
            Rotation::Rotate { expires_at: next }
        );
    }

    #[test]
    fn rotation_never_outlives_the_family() {
        let ended = RefreshFacts { family_ends_at: Timestamp(500), ..FRESH };
        let last = Rotation::Rotate { expires_at: Timestamp(500) };
        assert_eq!(rotate(&ended, of(Who::Resident), Timestamp(10)), last);
    }

    #[test]
    fn a_token_is_256_bits_and_stored_only_as_its_hash() {
        let mut rng = StdRng::seed_from_u64(1);
        let (text, stored) = issue(&mut rng);
        assert_eq!(text.expose_secret().len(), 43);
        assert_eq!(stored, fingerprint(text.expose_secret()));
        assert_ne!(stored, issue(&mut rng).1);
        assert_eq!(
            fingerprint("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
