//! What stays of a payload when its words are erased: the fields that name nobody, each with its own
//! salt, and the leaves of the others. The commitment of the chain still follows from them.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::{NotCanonical, Payload, commitment_of, field_salt, fields, leaf};

/// A field that stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// Hex of its own salt.
    pub salt: String,
    #[serde(deserialize_with = "super::once::value")]
    pub value: Payload,
}

impl Shown {
    /// Returns its leaf; `None` when its salt is none. Fails as the commitment does.
    pub fn leaf(&self, name: &str) -> Result<Option<[u8; 32]>, NotCanonical> {
        bytes(&self.salt).map(|salt| leaf(&salt, name, &self.value)).transpose()
    }
}

/// A payload of which some fields are gone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remains {
    /// By name.
    pub shown: BTreeMap<String, Shown>,
    /// Hex of the leaf of each field that is gone. Its salt is gone too: nobody can try values.
    pub gone: BTreeMap<String, String>,
}

impl Remains {
    /// Keeps these fields of a payload and of the others their leaves. Fails as the commitment does.
    pub fn of(salt: &[u8; 32], payload: &Payload, keep: &[&str]) -> Result<Self, NotCanonical> {
        let mut remains = Self::default();
        for (name, value) in fields(payload)? {
            let own = field_salt(salt, name);
            if keep.contains(&name.as_str()) {
                let shown = Shown { salt: hex::encode(own), value: value.clone() };
                remains.shown.insert(name.clone(), shown);
            } else {
                remains.gone.insert(name.clone(), hex::encode(leaf(&own, name, value)?));
            }
        }
        Ok(remains)
    }

    /// Returns the commitment of the payload that it was; `None` when a salt or leaf is none, or a
    /// field stands on both sides.
    pub fn commitment(&self) -> Option<String> {
        let mut leaves: BTreeMap<&str, [u8; 32]> = BTreeMap::new();
        for (name, Shown { salt, value }) in &self.shown {
            leaves.insert(name, leaf(&bytes(salt)?, name, value).ok()?);
        }
        for (name, leaf) in &self.gone {
            // Covered by its leaf, a value shown beside it would be believed unproven.
            if leaves.insert(name, bytes(leaf)?).is_some() {
                return None;
            }
        }
        Some(commitment_of(leaves.into_values()))
    }

    /// Returns the fields that stay, as a payload.
    pub fn payload(&self) -> Payload {
        let fields = self.shown.iter().map(|(name, one)| (name.clone(), one.value.clone()));
        Payload::Object(fields.collect())
    }
}

pub(super) fn bytes(hexed: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    // It ends the program where the lengths do not fit.
    let fits = hexed.len() == 2 * bytes.len();
    (fits && HEXLOWER.decode_mut(hexed.as_bytes(), &mut bytes).is_ok()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::commitment;
    use super::*;

    const SALT: [u8; 32] = [7; 32];

    fn said() -> Payload {
        json!({ "text": "3号楼没水了", "grid_code": "G1", "photos": [1, 2], "note": null })
    }

    #[test]
    fn what_stays_has_the_commitment_of_the_whole_and_says_nothing_of_the_rest() {
        let remains = Remains::of(&SALT, &said(), &["grid_code", "photos", "absent"]).unwrap();
        assert_eq!(remains.commitment(), Some(commitment(&SALT, &said()).unwrap()));
        assert_eq!(remains.payload(), json!({ "grid_code": "G1", "photos": [1, 2] }));
        let written = serde_json::to_string(&remains).unwrap();
        assert!(!written.contains("没水") && !written.contains(&hex::encode(SALT)), "{written}");
        assert_eq!(serde_json::from_str::<Remains>(&written).unwrap(), remains);
        for (place, more) in [("{\"shown\"", "\"note\":1,"), ("{\"salt\"", "\"note\":1,")] {
            let (brace, name) = place.split_at(1);
            let other = written.replacen(place, &format!("{brace}{more}{name}"), 1);
            assert_ne!(other, written);
            assert!(serde_json::from_str::<Remains>(&other).is_err(), "{other}");
        }
    }

    #[test]
    fn a_changed_salt_a_broken_leaf_and_a_field_on_both_sides_do_not_pass() {
        let whole = Some(commitment(&SALT, &said()).unwrap());
        let remains = Remains::of(&SALT, &said(), &["grid_code"]).unwrap();
        let mut other = remains.clone();
        other.shown.get_mut("grid_code").unwrap().salt = hex::encode([8; 32]);
        assert_ne!(other.commitment(), whole);
        let mut broken = remains.clone();
        broken.gone.insert("text".into(), "no hex".into());
        assert_eq!(broken.commitment(), None);
        let mut both = remains;
        both.shown.insert("text".into(), Shown { salt: hex::encode(SALT), value: json!("x") });
        assert_eq!(both.commitment(), None);
    }

    proptest! {
        #[test]
        fn any_choice_of_fields_commits_alike_and_any_other_value_does_not(
            keep in prop::collection::vec(0usize..4, 0..4), at in 0usize..4,
        ) {
            let names = ["grid_code", "note", "photos", "text"];
            let keep: Vec<&str> = keep.into_iter().map(|at| names[at]).collect();
            let whole = Some(commitment(&SALT, &said()).unwrap());
            let mut remains = Remains::of(&SALT, &said(), &keep).unwrap();
            prop_assert_eq!(remains.commitment(), whole.clone());
            match remains.shown.get_mut(names[at]) {
                Some(shown) => shown.value = json!("other"),
                None => { remains.gone.insert(names[at].into(), hex::encode([1; 32])); }
            }
            prop_assert_ne!(remains.commitment(), whole);
        }
    }
}
