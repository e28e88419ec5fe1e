//! Seals a day across all cases: what every chain had grown to, under one root, which names the
//! checkpoint before it. Signed and kept elsewhere, it shows whatever is changed afterwards.
//!
//! Invariant: the heads of one case follow one another without a gap, from its first entry on. An
//! entry that was written late, or by a clock put back, is in the next checkpoint.

use entity::kinds::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{GENESIS, NotCanonical};

/// Hex digits of an entry's hash that a head keeps of each: enough to say which one was changed.
pub const MARK: usize = 8;

/// What a chain grew by until the end of a day. In JSON an array:
/// `["NC-20261123-00042", 1, "e499acb2f2c477ea", "f2c477ea…"]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head(pub String, pub i64, pub String, pub String);

impl Head {
    /// Makes the head of a case from its entries `(seq, hash)` that no earlier one holds; `None`
    /// when there are none.
    pub fn of(number: &str, entries: &[(i64, String)]) -> Option<Self> {
        let ((first, _), (_, last)) = (entries.first()?, entries.last()?);
        let marks = entries.iter().filter_map(|(_, hash)| hash.get(..MARK)).collect();
        Some(Self(number.to_owned(), *first, marks, last.clone()))
    }

    /// The number of the case.
    pub fn number(&self) -> &str {
        &self.0
    }

    /// The first entry it holds.
    pub const fn first(&self) -> i64 {
        self.1
    }

    /// The last entry it holds.
    pub fn last(&self) -> i64 {
        self.1.saturating_add(self.count()).saturating_sub(1)
    }

    /// How many entries it holds.
    pub fn count(&self) -> i64 {
        i64::try_from(self.2.len() / MARK).unwrap_or(i64::MAX)
    }

    /// The hash of its last entry.
    pub fn hash(&self) -> &str {
        &self.3
    }

    /// The beginning of the hash of one of its entries.
    pub fn mark(&self, seq: i64) -> Option<&str> {
        let at = usize::try_from(seq.checked_sub(self.1)?).ok()?.checked_mul(MARK)?;
        self.2.get(at..at.checked_add(MARK)?)
    }
}

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// `2026-11-23`, a day of the street.
    pub day: String,
    /// Entries that it seals.
    pub count: i64,
    /// Hex, see [`root`].
    pub root: String,
    /// Hex of the [`Checkpoint::hash`] before it, or [`GENESIS`].
    pub prev: String,
}

impl Checkpoint {
    /// Seals a day. Fails when a head has no canonical form.
    pub fn of(day: &str, heads: &[Head], prev: Option<&Self>) -> Result<Self, NotCanonical> {
        Ok(Self {
            day: day.to_owned(),
            count: heads.iter().map(Head::count).sum(),
            root: root(heads)?,
            prev: prev.map_or_else(|| Ok(GENESIS.to_owned()), Self::hash)?,
        })
    }

    /// The bytes that are signed: RFC 8785 JSON of its four fields and of what it is.
    pub fn bytes(&self) -> Result<Vec<u8>, NotCanonical> {
        #[derive(Serialize)]
        struct Signed<'a> {
            #[serde(rename = "zhinan")]
            what: &'static str,
            #[serde(flatten)]
            checkpoint: &'a Checkpoint,
        }
        let signed = Signed { what: "checkpoint-1", checkpoint: self };
        serde_json_canonicalizer::to_vec(&signed).map_err(NotCanonical)
    }

    /// Hex of SHA-256 over the signed bytes.
    pub fn hash(&self) -> Result<String, NotCanonical> {
        Ok(hex::encode(Sha256::digest(self.bytes()?)))
    }
}

/// What such a line holds, and nothing else: what nobody signed is not passed over in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    day: String,
    count: i64,
    root: String,
    prev: String,
    signature: String,
    heads: Vec<Head>,
}

impl From<Line> for Signed {
    fn from(Line { day, count, root, prev, signature, heads }: Line) -> Self {
        Self { checkpoint: Checkpoint { day, count, root, prev }, signature, heads }
    }
}

/// A checkpoint with its signature and what it seals, as a line of `checkpoints.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Line")]
pub struct Signed {
    #[serde(flatten)]
    pub checkpoint: Checkpoint,
    /// Hex of the Ed25519 signature over [`Checkpoint::bytes`].
    pub signature: String,
    /// In the order of their numbers.
    pub heads: Vec<Head>,
}

impl Signed {
    /// Tells whether the heads are those that were signed.
    pub fn has_its_heads(&self) -> bool {
        let count = self.heads.iter().fold(0_i64, |sum, head| sum.saturating_add(head.count()));
        let is_root = || root(&self.heads).is_ok_and(|root| root == self.checkpoint.root);
        count == self.checkpoint.count && is_root()
    }
}

/// Whether an entry's time lies in a day or before it.
pub fn is_by(day: &str, at: Timestamp) -> bool {
    crate::domain::calendar::iso_date(at).as_str() <= day
}

/// Returns hex of the Merkle tree hash of the heads (RFC 9162 §2.1.1): a leaf is
/// SHA-256(0x00 ‖ RFC 8785 JSON of a head), a node SHA-256(0x01 ‖ left ‖ right), left the larger
/// full tree; of nothing SHA-256 of nothing.
pub fn root(heads: &[Head]) -> Result<String, NotCanonical> {
    let mut level = heads.iter().map(leaf).collect::<Result<Vec<_>, _>>()?;
    if level.is_empty() {
        return Ok(hex::encode(Sha256::digest(b"")));
    }
    // Pairing neighbours and carrying an odd one up gives the tree of the RFC.
    while level.len() > 1 {
        level = level.chunks(2).map(node).collect();
    }
    Ok(level.first().map(hex::encode).unwrap_or_default())
}

fn leaf(head: &Head) -> Result<[u8; 32], NotCanonical> {
    let json = serde_json_canonicalizer::to_vec(head).map_err(NotCanonical)?;
    Ok(Sha256::new().chain_update([0]).chain_update(json).finalize().into())
}

fn node(pair: &[[u8; 32]]) -> [u8; 32] {
    match pair {
        [left, right] => {
            Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
        }
        [one] => *one,
        _ => Sha256::digest(b"").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(number: usize) -> Head {
        let hash = |seq: usize| hex::encode(Sha256::digest(format!("{number}-{seq}")));
        Head::of(&format!("NC-{number:05}"), &[(3, hash(3)), (4, hash(4))]).unwrap()
    }

    /// As the RFC writes it: the left part is the largest power of two below the size.
    fn by_definition(heads: &[Head]) -> Vec<u8> {
        match heads {
            [] => Sha256::digest(b"").to_vec(),
            [one] => leaf(one).unwrap().to_vec(),
            many => {
                let left = many.len().next_power_of_two() / 2;
                let (left, right) = many.split_at(left);
                let all = [vec![1], by_definition(left), by_definition(right)].concat();
                Sha256::digest(all).to_vec()
            }
        }
    }

    #[test]
    fn the_root_is_the_tree_hash_of_the_rfc_whatever_the_size() {
        let heads: Vec<Head> = (0..70).map(head).collect();
        for size in 0..heads.len() {
            let heads = &heads[..size];
            assert_eq!(root(heads).unwrap(), hex::encode(by_definition(heads)), "{size}");
        }
    }

    #[test]
    fn a_head_says_where_each_of_its_entries_stands() {
        let head = head(1);
        assert_eq!((head.first(), head.last(), head.count()), (3, 4, 2));
        assert_eq!(head.mark(4), head.hash().get(..MARK));
        assert_eq!((head.mark(2), head.mark(5)), (None, None));
        assert_eq!(Head::of("NC-1", &[]), None);
    }

    #[test]
    fn a_checkpoint_depends_on_its_day_its_heads_and_the_one_before() {
        let first = Checkpoint::of("2026-11-23", &[head(1)], None).unwrap();
        assert_eq!((first.count, first.prev.as_str()), (2, GENESIS));
        let second = Checkpoint::of("2026-11-24", &[], Some(&first)).unwrap();
        assert_eq!(second.prev, first.hash().unwrap());
        for other in [
            Checkpoint::of("2026-11-22", &[head(1)], None),
            Checkpoint::of("2026-11-23", &[head(2)], None),
            Checkpoint::of("2026-11-23", &[head(1), head(2)], None),
            Checkpoint::of("2026-11-23", &[head(1)], Some(&second)),
        ] {
            assert_ne!(other.unwrap().hash().unwrap(), first.hash().unwrap());
        }
    }

    #[test]
    fn a_line_is_read_back_and_refused_with_anything_beside_what_was_signed() {
        let heads = vec![head(1)];
        let checkpoint = Checkpoint::of("2026-11-23", &heads, None).unwrap();
        let signed = Signed { checkpoint, signature: "ab".into(), heads };
        let mut line = serde_json::to_value(&signed).unwrap();
        assert_eq!(serde_json::from_value::<Signed>(line.clone()).unwrap(), signed);
        line["note"] = "x".into();
        let refused = serde_json::from_value::<Signed>(line).unwrap_err().to_string();
        assert!(refused.contains("note"), "{refused}");
    }

    #[test]
    fn a_day_ends_at_the_streets_midnight() {
        let late = crate::domain::calendar::parse_rfc3339("2026-11-23T23:59:59.9+08:00").unwrap();
        assert!(is_by("2026-11-23", late) && is_by("2026-11-24", late));
        assert!(!is_by("2026-11-23", Timestamp(late.0 + 100_000)));
    }
}
