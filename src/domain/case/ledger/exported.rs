//! The lines of an export: entries with what the figures read of them, the versions of the calendar,
//! and what was published. Whoever has the file needs nothing else of the street.

use std::collections::BTreeMap;

use entity::kinds::{ActorRole, EventType};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Entry, NotCanonical, Payload, field_salt, fields, leaf, once, remains::Remains};

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
#[serde(deny_unknown_fields)]
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
#[serde(deny_unknown_fields)]
pub struct CalendarVersion {
    pub version: u32,
    /// Microseconds; it counts from here on.
    pub confirmed_at: i64,
    pub body: String,
}

/// One figure as it was published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Printing {
    pub period: String,
    pub revision: i32,
    pub dimension: String,
    /// Microseconds, as the others; the period is `[from, to)`.
    pub from: i64,
    pub to: i64,
    pub as_of: i64,
    /// The figure with its groups; a name that stands twice in it is refused.
    #[serde(deserialize_with = "once::value")]
    pub figure: Payload,
}

/// Cases of a printed month, each with what its figures said of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
#[serde(deny_unknown_fields)]
pub struct Event {
    pub entry: Entry,
    pub hash: String,
    /// Whether the payload was erased by law, but for what is shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub erased: bool,
    /// By name; missing when the whole payload was erased.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "once::map")]
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

/// An entry that is no entry of ours, and what can be named of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Odd {
    pub case: String,
    pub seq: Option<i64>,
    /// Name of a field of the entry, or `payload.` and that of one of its payload.
    pub field: Option<String>,
    pub why: Oddity,
}

/// Why a line is no entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// The field is none that an entry has.
    Unknown,
    /// The field, or one in it, stands twice.
    Twice,
    Malformed,
}

/// Reads a line, or names the entry that it would be if it were not for one of its fields. Fails on
/// anything else that is no line.
pub fn read_or_name(text: &[u8]) -> Result<Result<Line, Odd>, serde_json::Error> {
    Line::read(text).map(Ok).or_else(|why| odd(text, once::doubled(&why)).map(Err).ok_or(why))
}

/// Tries which field has to be another one for the line to be an entry.
fn odd(text: &[u8], doubled: Option<String>) -> Option<Odd> {
    let line: Payload = serde_json::from_slice(text).ok()?;
    let event = line.get("event")?.as_object()?;
    let entry = event.get("entry")?.as_object()?;
    let case = entry.get("case_number")?.as_str()?.to_owned();
    let found = |field, why| Odd {
        case: case.clone(),
        seq: entry.get("seq").and_then(Value::as_i64),
        field,
        why,
    };
    let unknown = |extra| if extra { Oddity::Unknown } else { Oddity::Malformed };
    let reads =
        |event: Map<String, Value>| serde_json::from_value::<Event>(Value::Object(event)).is_ok();
    // What was read of it names everything once, whatever stands in the line.
    if let Some(name) = doubled {
        let outside = entry.contains_key(&name) || event.contains_key(&name);
        let name = if outside { name } else { format!("payload.{name}") };
        return Some(found(Some(name), Oddity::Twice));
    }
    if reads(event.clone()) {
        return Some(found(None, Oddity::Twice));
    }
    // Each with something that an entry may have there.
    let mut plain = json!({ "case_number": "", "seq": 1, "kind": EventType::Reported.word(),
        "actor_id": null, "actor_role": ActorRole::System.word(), "server_time": 0,
        "client_time": null, "payload_commitment": "", "prev_hash": "" });
    let plain = std::mem::take(plain.as_object_mut()?);
    for name in entry.keys().chain(plain.keys()) {
        let mut tried = entry.clone();
        match plain.get(name) {
            Some(plain) => drop(tried.insert(name.clone(), plain.clone())),
            None => drop(tried.remove(name)),
        }
        let mut whole = event.clone();
        whole.insert("entry".to_owned(), Value::Object(tried));
        if reads(whole) {
            return Some(found(Some(name.clone()), unknown(!plain.contains_key(name))));
        }
    }
    let without = |from: &Map<String, Value>, name: &str| {
        let mut rest = from.clone();
        rest.remove(name);
        rest
    };
    let payload = event.get("fields").and_then(Value::as_object);
    for name in payload.into_iter().flat_map(Map::keys) {
        let mut whole = event.clone();
        whole.insert("fields".to_owned(), Value::Object(without(payload?, name)));
        if reads(whole) {
            return Some(found(Some(format!("payload.{name}")), misfit(payload?.get(name)?)));
        }
    }
    let extra = event.keys().find(|name| reads(without(event, name)));
    let known = extra.is_some_and(|name| ["erased", "fields"].contains(&name.as_str()));
    Some(found(extra.cloned(), unknown(extra.is_some() && !known)))
}

/// What is wrong with a field of a payload that cannot be read.
fn misfit(field: &Value) -> Oddity {
    let mut plain = field.clone();
    prune(&mut plain, &["leaf", "shown"]);
    if let Some(shown) = plain.get_mut("shown") {
        prune(shown, &["salt", "value"]);
    }
    let extra = serde_json::from_value::<Field>(plain).is_ok();
    if extra { Oddity::Unknown } else { Oddity::Malformed }
}

fn prune(object: &mut Value, names: &[&str]) {
    if let Some(fields) = object.as_object_mut() {
        fields.retain(|name, _| names.contains(&name.as_str()));
    }
}

/// One field of a payload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

    /// Tells whether what is shown is spelled as it was written; `true` when nothing is shown.
    pub fn is_exact(&self) -> bool {
        self.shown.as_ref().is_none_or(|shown| super::is_exact(&shown.value))
    }
}

/// Returns the commitment that follows from the leaves; `None` when one of them is no leaf.
pub fn commitment(fields: &BTreeMap<String, Field>) -> Option<String> {
    let leaves = fields.values().map(|field| super::remains::bytes(&field.leaf));
    leaves.collect::<Option<Vec<_>>>().map(super::commitment_of)
}
