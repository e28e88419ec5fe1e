//! What the figures read of an event beside its kind, time and actor: words, numbers and codes.
//!
//! [`keys`] is the whole list. No key of it ever holds text, a name, a phone or an address, so that
//! they can be shown to whoever computes the figures again, and stay when a person is erased.

use std::fmt;

use entity::kinds::{
    ActorRole, Category, ContactOutcome, EventType, ExclusionGround, ResultType, Timestamp, Urgency,
};
use serde::Deserialize;
use serde::de::value::MapDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use crate::domain::case::clock::Frozen;
use crate::domain::case::targets::Source;

pub mod form;

const PLACE: &[&str] = &["grid_code", "community"];
const DUES: &[&str] = &["acknowledge_due", "contact_due", "resolve_due"];
const ROUTED: &[&str] = &[
    "promised",
    "acknowledge_due",
    "contact_due",
    "resolve_due",
    "grid_code",
    "community",
    "people",
];

/// Lists the keys of a kind's payload that figures read; [`form`] has the others that it can have.
pub const fn keys(kind: EventType) -> &'static [&'static str] {
    use EventType as E;
    match kind {
        E::Located => PLACE,
        E::Assigned | E::SentToTriage | E::Transferred => ROUTED,
        E::Pushed | E::PushFailed => &["first"],
        E::Acknowledged | E::Opened => &["staff"],
        E::ContactAttempted | E::Contacted => &["outcome", "evidence_level"],
        E::Resolved => &["result_type", "photos"],
        E::Confirmed | E::Rated => &["result", "attitude"],
        E::Verified => &["outcome"],
        E::Reopened
        | E::Held
        | E::Resumed
        | E::Diverted
        | E::ExtensionGranted
        | E::DueChanged
        | E::Appealed => DUES,
        E::Escalated => &["step"],
        E::Excluded => &["ground"],
        E::Reported
        | E::Unacknowledged
        | E::Updated
        | E::Added
        | E::AutoClosed
        | E::Returned
        | E::Reminded
        | E::Supervised
        | E::Cancelled
        | E::Rejected
        | E::Merged
        | E::Answered
        | E::NoOneReachable
        | E::ContentChecked
        | E::Accessed
        | E::Erased
        | E::YellowCard
        | E::RedCard
        | E::ExtensionAsked
        | E::ExtensionRefused
        | E::PauseAsked
        | E::PauseRefused
        | E::AppointmentAgreed
        | E::ExclusionWithdrawn => &[],
    }
}

/// What was promised when the case was reported.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Promised {
    pub category: Category,
    pub urgency: Urgency,
    pub source: Source,
    pub frozen: Frozen,
}

/// Somebody who is told: his account among staff, and in which capacity where that is known.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Told {
    As(i64, String),
    Only(i64),
}

/// The facts of one payload; what is missing is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub promised: Option<Promised>,
    pub acknowledge_due: Option<i64>,
    pub contact_due: Option<i64>,
    pub resolve_due: Option<i64>,
    /// Delivered id of the small grid.
    pub grid_code: Option<String>,
    pub community: Option<String>,
    pub people: Vec<Told>,
    /// A push to the responsible set before any arrived.
    pub first: bool,
    pub staff: Option<i64>,
    pub outcome: Option<ContactOutcome>,
    pub evidence_level: Option<u8>,
    pub result_type: Option<ResultType>,
    pub photos: Vec<i64>,
    /// Marks of the resident, 1 to 5.
    pub result: Option<u8>,
    pub attitude: Option<u8>,
    pub step: Option<u32>,
    pub ground: Option<ExclusionGround>,
}

impl Facts {
    /// Reads the facts of a payload; other keys may mean something else in other kinds. Fails when a
    /// fact is not what its kind writes.
    pub fn read(kind: EventType, payload: &str) -> Result<Self, serde_json::Error> {
        let keys = keys(kind);
        if keys.is_empty() {
            return Ok(Self::default());
        }
        let mut json = serde_json::Deserializer::from_str(payload);
        let facts = Reader(keys).deserialize(&mut json)?;
        json.end()?;
        Ok(facts)
    }

    /// Reads the facts of fields of a payload, as [`Self::read`] does of all of it.
    pub fn of<'a>(
        kind: EventType,
        fields: impl Iterator<Item = (&'a str, &'a Value)>,
    ) -> Result<Self, serde_json::Error> {
        let keys = keys(kind);
        if keys.is_empty() {
            return Ok(Self::default());
        }
        Reader(keys).visit_map(MapDeserializer::new(fields))
    }

    /// Reads one fact; `null` is the same as none.
    fn take<'de, A: MapAccess<'de>>(&mut self, key: &str, from: &mut A) -> Result<(), A::Error> {
        match key {
            "promised" => self.promised = from.next_value()?,
            "acknowledge_due" => self.acknowledge_due = from.next_value()?,
            "contact_due" => self.contact_due = from.next_value()?,
            "resolve_due" => self.resolve_due = from.next_value()?,
            "grid_code" => self.grid_code = from.next_value()?,
            "community" => self.community = from.next_value()?,
            "people" => self.people = from.next_value::<Option<_>>()?.unwrap_or_default(),
            "first" => self.first = from.next_value::<Option<_>>()?.unwrap_or_default(),
            "staff" => self.staff = from.next_value()?,
            "outcome" => self.outcome = from.next_value()?,
            "evidence_level" => self.evidence_level = from.next_value()?,
            "result_type" => self.result_type = from.next_value()?,
            "photos" => self.photos = from.next_value::<Option<_>>()?.unwrap_or_default(),
            "result" => self.result = from.next_value()?,
            "attitude" => self.attitude = from.next_value()?,
            "step" => self.step = from.next_value()?,
            "ground" => self.ground = from.next_value()?,
            _ => drop(from.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}

/// Reads the facts under these keys and skips everything else, without making values of it.
struct Reader(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for Reader {
    type Value = Facts;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Facts, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Reader {
    type Value = Facts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a payload")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Facts, A::Error> {
        let mut facts = Facts::default();
        while let Some(key) = from.next_key_seed(Key(self.0))? {
            facts.take(key, &mut from)?;
        }
        Ok(facts)
    }
}

/// Finds a key among those that are read; empty for any other.
struct Key(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for Key {
    type Value = &'static str;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<&'static str, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = &'static str;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<&'static str, E> {
        Ok(self.0.iter().find(|one| **one == key).copied().unwrap_or_default())
    }
}

/// One event as the figures see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub kind: EventType,
    pub at: Timestamp,
    /// Account; `None` for the system.
    pub actor: Option<i64>,
    pub role: ActorRole,
    pub facts: Facts,
}
