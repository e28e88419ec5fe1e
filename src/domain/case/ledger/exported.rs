//! The lines of an export: entries with what the figures read of them, the versions of the calendar,
//! and what was published. Whoever has the file needs nothing else of the street.

use std::collections::BTreeMap;

use entity::kinds::{ActorRole, EventType};
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
    /// A word of the entry that no list has; the entry then bears another one in its place.
    #[serde(skip)]
    pub strange: Option<Strange>,
}

/// A word where one of a list must stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strange {
    /// Name of the field of the entry.
    pub field: &'static str,
    pub word: String,
}

/// Reads kind and role of an entry as they are kept. A word that no list has is told beside, and
/// another one stands in its place.
pub fn words(kind: &str, role: &str) -> (EventType, ActorRole, Option<Strange>) {
    let strange = |field, word: &str| Some(Strange { field, word: word.to_owned() });
    match (EventType::from_word(kind), ActorRole::from_word(role)) {
        (Some(kind), Some(role)) => (kind, role, None),
        (None, role) => {
            let role = role.unwrap_or(ActorRole::System);
            (EventType::ContentChecked, role, strange("kind", kind))
        }
        (Some(kind), None) => (kind, ActorRole::System, strange("actor_role", role)),
    }
}

impl Line {
    /// Reads a line as it was written; an entry with a word that no list has is read all the same,
    /// so that it can be named. Fails on anything else that is no line.
    pub fn read(text: &[u8]) -> Result<Self, serde_json::Error> {
        let failed = match serde_json::from_slice(text) {
            Ok(line) => return Ok(line),
            Err(why) => why,
        };
        Self::read_strange(text).ok_or(failed)
    }

    fn read_strange(text: &[u8]) -> Option<Self> {
        let mut line: Payload = serde_json::from_slice(text).ok()?;
        let entry = line.get_mut("event")?.get_mut("entry")?.as_object_mut()?;
        let word = |name: &str| entry.get(name)?.as_str().map(str::to_owned);
        let (kind, role, strange) = words(&word("kind")?, &word("actor_role")?);
        strange.as_ref()?;
        entry.insert("kind".to_owned(), kind.word().into());
        entry.insert("actor_role".to_owned(), role.word().into());
        let Self::Event(event) = serde_json::from_value(line).ok()? else { return None };
        Some(Self::Event(Box::new(Event { strange, ..*event })))
    }
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
