//! The lines of an export: entries with what the figures read of them, the versions of the calendar,
//! and what was published. Whoever has the file needs nothing else of the street.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Entry, NotCanonical, Payload, field_salt, fields, leaf, remains::Remains};

/// One line of `events.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// The first line.
    Export(Header),
    Calendar(CalendarVersion),
    Printing(Box<Printing>),
    Basis(Basis),
    Event(Box<Event>),
}

/// Which days an export holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Of the form of the lines.
    pub format: u32,
    /// Every case that a checkpoint from this day on seals an entry of is here, from its beginning.
    pub from: String,
    /// The last checkpoint whose entries are here.
    pub to: String,
}

/// A version of the calendar as it was confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarVersion {
    pub version: u32,
    /// Microseconds; it counts from here on.
    pub confirmed_at: i64,
    pub body: String,
}

/// One figure as it was published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Printing {
    pub period: String,
    pub revision: i32,
    pub dimension: String,
    /// Microseconds, as the others; the period is `[from, to)`.
    pub from: i64,
    pub to: i64,
    pub as_of: i64,
    /// The figure with its groups.
    pub figure: Payload,
}

/// Cases of a printed month, each with what its figures said of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    pub period: String,
    pub revision: i32,
    /// Numbers and marks.
    pub cases: Vec<(String, String)>,
}

/// What was published, and what was kept of the cases then.
pub type Published = (Vec<Printing>, Vec<Basis>);

/// An entry with its fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub entry: Entry,
    pub hash: String,
    /// Whether the payload was erased by law, but for what is shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub erased: bool,
    /// By name; missing when the whole payload was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<BTreeMap<String, Field>>,
}

/// One field of a payload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Hex of what the commitment holds of it.
    pub leaf: String,
    /// Missing where it is not shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<super::remains::Shown>,
}

/// Shows the fields in `keep` and of the others their leaves. Fails as the commitment does.
pub fn show(
    salt: &[u8; 32],
    payload: &Payload,
    keep: &[&str],
) -> Result<BTreeMap<String, Field>, NotCanonical> {
    let mut all = BTreeMap::new();
    for (name, value) in fields(payload)? {
        let own = field_salt(salt, name);
        let shown = keep
            .contains(&name.as_str())
            .then(|| super::remains::Shown { salt: super::written(&own), value: value.clone() });
        let leaf = super::written(&leaf(&own, name, value)?);
        all.insert(name.clone(), Field { leaf, shown });
    }
    Ok(all)
}

/// Shows what stays of an erased payload. Fails as the commitment does.
pub fn show_remains(remains: Remains) -> Result<BTreeMap<String, Field>, NotCanonical> {
    let mut all = BTreeMap::new();
    for (name, leaf) in remains.gone {
        all.insert(name, Field { leaf, shown: None });
    }
    for (name, shown) in remains.shown {
        // A salt that is none gives a leaf that is none, which whoever verifies will name.
        let leaf = shown.leaf(&name)?.map(|leaf| super::written(&leaf)).unwrap_or_default();
        all.insert(name, Field { leaf, shown: Some(shown) });
    }
    Ok(all)
}

impl Field {
    /// Tells whether what is shown is what was committed to; `true` when nothing is shown.
    pub fn holds(&self, name: &str) -> bool {
        let computed = self.shown.as_ref().map(|shown| shown.leaf(name));
        computed.is_none_or(
            |leaf| matches!(leaf, Ok(Some(leaf)) if super::hexed(&leaf) == self.leaf.as_bytes()),
        )
    }
}

/// Returns the commitment that follows from the leaves; `None` when one of them is no leaf.
pub fn commitment(fields: &BTreeMap<String, Field>) -> Option<String> {
    let leaves = fields.values().map(|field| super::remains::bytes(&field.leaf));
    leaves.collect::<Option<Vec<_>>>().map(super::commitment_of)
}

/// Returns the shown fields as a payload.
pub fn shown(fields: &BTreeMap<String, Field>) -> Payload {
    let shown = fields.iter().filter_map(|(name, field)| Some((name, field.shown.as_ref()?)));
    Payload::Object(shown.map(|(name, one)| (name.clone(), one.value.clone())).collect())
}
