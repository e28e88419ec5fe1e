//! The record of a case, chained so that a later change shows.
//!
//! An entry commits to its payload by salted hashes and to its predecessor by that one's hash. The
//! payload and its salt stand beside the chain and may be deleted by law without breaking it; fields
//! may be shown while others are not ([`remains`]). The exact bytes are written down in
//! `docs/LEDGER.md`, so that anybody can verify without this program. Invariant: `hash` covers every
//! field of [`Entry`] and nothing else.

pub mod blame;
pub mod checkpoint;
pub mod exported;
pub mod annex;
mod once;
pub mod proof;
pub mod remains;
pub mod unread;

pub use checkpoint::Checkpoint;

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use entity::kinds::{ActorRole, EventType, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The predecessor of the first entry of every case.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What happened, as JSON; never part of the chain itself.
pub type Payload = serde_json::Value;

/// One line of a case's ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub case_number: String,
    /// Counts from 1 without gaps.
    pub seq: i64,
    pub kind: EventType,
    /// Account of the actor; `None` for the system.
    pub actor_id: Option<i64>,
    pub actor_role: ActorRole,
    #[serde(with = "micros")]
    pub server_time: Timestamp,
    /// What the client's clock said; shown, never used.
    #[serde(with = "optional_micros")]
    pub client_time: Option<Timestamp>,
    /// Lower-case hex, see [`commitment`].
    pub payload_commitment: String,
    /// Lower-case hex of the predecessor, or [`GENESIS`].
    pub prev_hash: String,
}

/// An entry as it is kept: with the hash that was computed when it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    pub entry: Entry,
    pub hash: String,
}

/// A value that has no canonical JSON form: a number outside what RFC 8785 can write.
#[derive(Debug, thiserror::Error)]
#[error("writing canonical JSON")]
pub struct NotCanonical(#[source] serde_json::Error);

/// Where a chain stops being what was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {seq}: {why}")]
pub struct Broken {
    /// The sequence number expected at the place.
    pub seq: i64,
    pub why: &'static str,
}

/// Commits to a payload without showing it: hex of SHA-256 over the leaves of its fields in the order
/// of their names. Fails on a payload that is no object or has no canonical form.
pub fn commitment(salt: &[u8; 32], payload: &Payload) -> Result<String, NotCanonical> {
    let mut leaves = BTreeMap::new();
    for (name, value) in fields(payload)? {
        leaves.insert(name.as_str(), leaf(&field_salt(salt, name), name, value)?);
    }
    Ok(commitment_of(leaves.into_values()))
}

fn fields(payload: &Payload) -> Result<&serde_json::Map<String, Payload>, NotCanonical> {
    let no_object = || NotCanonical(serde::de::Error::custom("a payload is an object"));
    payload.as_object().ok_or_else(no_object)
}

/// The salt of one field, SHA-256(salt ‖ its name): shown, it tells nothing of those of the others.
/// Names are words of letters, so none is the beginning of a padded other one.
fn field_salt(salt: &[u8; 32], name: &str) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(name).finalize().into()
}

/// Commits to one field: SHA-256(its salt ‖ RFC 8785 JSON of name and value). The salt keeps a short
/// value from being guessed.
fn leaf(salt: &[u8; 32], name: &str, value: &Payload) -> Result<[u8; 32], NotCanonical> {
    let json = if is_plain(value) {
        serde_json::to_vec(&(name, value))
    } else {
        serde_json_canonicalizer::to_vec(&(name, value))
    };
    let json = json.map_err(NotCanonical)?;
    Ok(Sha256::new().chain_update(salt).chain_update(json).finalize().into())
}

/// Numbers that every reader of JSON has exactly.
const EXACT: std::ops::RangeInclusive<i64> = -(1 << 53)..=1 << 53;

/// Whether serde writes a value in the RFC 8785 form already, many times as fast as the general way:
/// it has no fraction, and its keys stand in order. Nearly every value is such.
fn is_plain(value: &Payload) -> bool {
    match value {
        Payload::Null | Payload::Bool(_) | Payload::String(_) => true,
        Payload::Number(number) => number.as_i64().is_some_and(|whole| EXACT.contains(&whole)),
        Payload::Array(all) => all.iter().all(is_plain),
        // The RFC orders by UTF-16, which is the order of bytes where all of them are ASCII.
        Payload::Object(fields) => {
            fields.keys().is_sorted()
                && fields.iter().all(|(key, one)| key.is_ascii() && is_plain(one))
        }
    }
}

/// Whether a value is spelled as RFC 8785 has it. `1.0` commits as `1` does, and whoever reads a whole
/// number finds none in it.
fn is_exact(value: &Payload) -> bool {
    match value {
        Payload::Null | Payload::Bool(_) | Payload::String(_) => true,
        Payload::Number(number) => match number.as_i64() {
            Some(whole) => EXACT.contains(&whole),
            None => number.as_f64().is_some_and(|part| part.fract().abs() > 0.0),
        },
        Payload::Array(all) => all.iter().all(is_exact),
        Payload::Object(fields) => fields.values().all(is_exact),
    }
}

fn commitment_of(leaves: impl IntoIterator<Item = [u8; 32]>) -> String {
    let all = leaves.into_iter().fold(Sha256::new(), Sha256::chain_update);
    written(&all.finalize().into())
}

/// Hashes an entry: hex of SHA-256 over the RFC 8785 JSON of its nine fields.
pub fn hash(entry: &Entry) -> Result<String, NotCanonical> {
    let json = canonical(entry).map_err(NotCanonical)?;
    Ok(written(&Sha256::digest(json).into()))
}

/// Lower-case hex of a hash, without going through characters one by one.
fn hexed(hash: &[u8; 32]) -> [u8; 64] {
    let mut digits = [0; 64];
    HEXLOWER.encode_mut(hash, &mut digits);
    digits
}

fn written(hash: &[u8; 32]) -> String {
    String::from_utf8_lossy(&hexed(hash)).into_owned()
}

/// The RFC 8785 form of an entry. Its fields are words and whole numbers, which serde writes in that
/// form already, three times as fast as the general way; they only have to stand in order.
fn canonical(entry: &Entry) -> Result<Vec<u8>, serde_json::Error> {
    #[derive(Serialize)]
    struct Ordered<'a> {
        actor_id: Option<i64>,
        actor_role: ActorRole,
        case_number: &'a str,
        client_time: Option<i64>,
        kind: EventType,
        payload_commitment: &'a str,
        prev_hash: &'a str,
        seq: i64,
        server_time: i64,
    }
    let client_time = entry.client_time.map(|at| at.0);
    let numbers = [entry.actor_id, client_time, Some(entry.seq), Some(entry.server_time.0)];
    if !numbers.into_iter().flatten().all(|number| EXACT.contains(&number)) {
        return serde_json_canonicalizer::to_vec(entry);
    }
    serde_json::to_vec(&Ordered {
        actor_id: entry.actor_id,
        actor_role: entry.actor_role,
        case_number: &entry.case_number,
        client_time,
        kind: entry.kind,
        payload_commitment: &entry.payload_commitment,
        prev_hash: &entry.prev_hash,
        seq: entry.seq,
        server_time: entry.server_time.0,
    })
}

/// Verifies one case's chain from its first entry; fails at the first entry that does not fit.
/// A chain cut off at its end verifies: completeness needs a published head.
pub fn verify(chain: &[Sealed]) -> Result<(), Broken> {
    let mut prev: Option<&Sealed> = None;
    for sealed in chain {
        let seq = prev.map_or(1, |before| before.entry.seq.saturating_add(1));
        check(prev, sealed, seq).map_err(|why| Broken { seq, why })?;
        prev = Some(sealed);
    }
    Ok(())
}

fn check(prev: Option<&Sealed>, this: &Sealed, seq: i64) -> Result<(), &'static str> {
    if this.entry.seq != seq {
        return Err("sequence number is not the next one");
    }
    if this.entry.prev_hash != prev.map_or(GENESIS, |before| before.hash.as_str()) {
        return Err("does not point at its predecessor");
    }
    if let Some(before) = prev {
        if before.entry.case_number != this.entry.case_number {
            return Err("belongs to another case");
        }
        if before.entry.server_time >= this.entry.server_time {
            return Err("is not later than its predecessor");
        }
    }
    match hash(&this.entry) {
        Ok(computed) if computed == this.hash => Ok(()),
        _ => Err("content does not match its hash"),
    }
}

/// RFC 8785 writes numbers as doubles, exact only to 2⁵³; microseconds reach that in the year 2255.
mod micros {
    use entity::kinds::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
    pub fn serialize<S: Serializer>(at: &Timestamp, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_i64(at.0)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Timestamp, D::Error> {
        i64::deserialize(d).map(Timestamp)
    }
}

mod optional_micros {
    use entity::kinds::Timestamp;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, reason = "the signature that serde calls")]
    pub fn serialize<S: Serializer>(at: &Option<Timestamp>, s: S) -> Result<S::Ok, S::Error> {
        at.map(|at| at.0).serialize(s)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Timestamp>, D::Error> {
        Ok(Option::<i64>::deserialize(d)?.map(Timestamp))
    }
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
