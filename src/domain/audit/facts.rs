//! What the figures read of an event beside its kind, time and actor: words, numbers and codes.
//!
//! [`keys`] is the whole list. No key of it ever holds text, a name, a phone or an address, so that
//! they can be shown to whoever computes the figures again, and stay when a person is erased.

use entity::kinds::{
    ActorRole, Category, ContactOutcome, EventType, ExclusionGround, ResultType, Timestamp, Urgency,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::domain::case::clock::Frozen;
use crate::domain::case::targets::Source;

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

/// Lists the keys of a kind's payload that figures read.
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
        E::Reopened | E::Held | E::Resumed | E::ExtensionGranted | E::DueChanged => DUES,
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
        | E::Appealed
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
        | E::Diverted
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
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
        let mut fields: Map<String, Value> = serde_json::from_str(payload)?;
        fields.retain(|key, value| keys.contains(&key.as_str()) && !value.is_null());
        serde_json::from_value(Value::Object(fields))
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
