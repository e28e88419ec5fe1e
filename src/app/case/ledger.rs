//! Turns what happened into rows of the ledger: salted, committed, chained, sealed.

use entity::case_event;
use entity::cases;
use entity::kinds::{AccountId, ActorRole, EventType, Timestamp};
use sea_orm::ActiveValue::{self, NotSet, Set};
use serde_json::Value;

use crate::domain::case::ledger::{self, Entry, GENESIS};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::event::NewEvent;

/// The column context under which event bodies are sealed.
pub const BODY: &str = "case_event_payload.body";

/// What happened, before it is a row.
#[derive(Clone, Debug)]
pub struct Happened {
    pub kind: EventType,
    pub actor: Option<AccountId>,
    pub role: ActorRole,
    pub payload: Value,
}

/// Returns the time that the next event of the case bears.
pub fn next_at(case: &cases::Model, now: Timestamp) -> Timestamp {
    now.max(Timestamp(case.last_event_at.0.saturating_add(1)))
}

/// Appends to the case's chain: moves its last number, hash and time on, and returns the row.
/// Server times are strictly increasing within a case, whatever the clock does.
pub fn append(
    s: &Services,
    case: &mut cases::Model,
    happened: Happened,
    now: Timestamp,
) -> Result<NewEvent> {
    let Happened { kind, actor, role, payload } = happened;
    let salt = s.random();
    let seq = case.last_seq + 1;
    let at = next_at(case, now);
    let commitment = ledger::commitment(&salt, &payload).map_err(Error::internal)?;
    let body = s.vault.seal(BODY, &payload.to_string()).map_err(Error::internal)?;
    let mut event = case_event::ActiveModel {
        id: NotSet,
        case_id: NotSet,
        seq: Set(seq),
        kind: Set(kind),
        actor_id: Set(actor),
        actor_role: Set(role),
        server_time: Set(at),
        client_time: Set(None),
        payload_commitment: Set(commitment),
        prev_hash: NotSet,
        hash: NotSet,
    };
    link(case, &mut event)?;
    case.last_seq = seq;
    case.last_event_at = at;
    Ok(NewEvent { event, salt: hex::encode(salt), body_sealed: body })
}

/// Chains the events of a case that has just got its number, which stands in every entry: what
/// happened is made ready before the unit that takes the number.
pub fn chain(case: &mut cases::Model, events: &mut [NewEvent]) -> Result<()> {
    GENESIS.clone_into(&mut case.last_hash);
    events.iter_mut().try_for_each(|one| link(case, &mut one.event))
}

/// Hashes an event behind the last one of its case.
fn link(case: &mut cases::Model, event: &mut case_event::ActiveModel) -> Result<()> {
    fn set<V: Clone + Into<sea_orm::Value>>(value: &ActiveValue<V>) -> Result<V> {
        value.try_as_ref().cloned().ok_or_else(|| Error::internal("an event lacks a field"))
    }
    let entry = Entry {
        case_number: case.number.clone(),
        seq: i64::from(set(&event.seq)?),
        kind: set(&event.kind)?,
        actor_id: set(&event.actor_id)?.map(|id| id.0),
        actor_role: set(&event.actor_role)?,
        server_time: set(&event.server_time)?,
        client_time: set(&event.client_time)?,
        payload_commitment: set(&event.payload_commitment)?,
        prev_hash: std::mem::take(&mut case.last_hash),
    };
    case.last_hash = ledger::hash(&entry).map_err(Error::internal)?;
    event.prev_hash = Set(entry.prev_hash);
    event.hash = Set(case.last_hash.clone());
    Ok(())
}

/// Opens a payload as it is stored. Fails when it was sealed by another installation.
pub fn open(s: &Services, salt: &str, body_sealed: &str) -> Result<([u8; 32], Value)> {
    let salt = hex::decode(salt).map_err(Error::internal)?;
    let salt = salt.try_into().map_err(|_other| Error::internal("a salt has 32 bytes"))?;
    let text = s.vault.open(BODY, body_sealed).map_err(Error::internal)?;
    Ok((salt, serde_json::from_str(&text).map_err(Error::internal)?))
}
