//! Reads entries as whoever verifies wants them: with the fields that figures read, and of the others
//! what the chain committed to.

use std::collections::BTreeMap;

use entity::kinds::{CaseId, EventType};

use crate::app::case::ledger::open;
use crate::domain::audit::facts::keys;
use crate::domain::case::ledger::Entry;
use crate::domain::case::ledger::exported::{Event, Field, show, show_remains, words};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::checkpoint::{self, Written};

/// Reads the entries of these cases, which stand in the order of their ids: one list for each, in
/// order. Fails when the database does.
pub async fn events(
    s: &Services,
    cases: impl Iterator<Item = (CaseId, String)>,
) -> Result<Vec<Vec<Event>>> {
    let named: Vec<(CaseId, String)> = cases.collect();
    let ids: Vec<CaseId> = named.iter().map(|(case, _)| *case).collect();
    let rows = checkpoint::written(&s.db.read, &ids).await?;
    let s = s.clone();
    // Opening thousands of payloads takes the processor: it is done beside the requests.
    let read = tokio::task::spawn_blocking(move || {
        let mut rows = rows.iter().peekable();
        let mut all: Vec<Vec<Event>> = Vec::with_capacity(named.len());
        for (case, number) in named {
            let mut chain = Vec::new();
            while let Some(row) = rows.next_if(|row| row.case_id == case) {
                chain.push(event(&s, &number, row));
            }
            all.push(chain);
        }
        all
    });
    read.await.map_err(Error::internal)
}

fn event(s: &Services, number: &str, row: &Written) -> Event {
    let (kind, actor_role, strange) = words(&row.kind, &row.actor_role);
    let entry = Entry {
        case_number: number.to_owned(),
        seq: i64::from(row.seq),
        kind,
        actor_id: row.actor_id.map(|id| id.0),
        actor_role,
        server_time: row.server_time,
        client_time: row.client_time,
        payload_commitment: row.payload_commitment.clone(),
        prev_hash: row.prev_hash.clone(),
    };
    let erased = row.body_sealed.is_none();
    Event { entry, hash: row.hash.clone(), erased, fields: fields(s, row, kind), strange }
}

/// A payload that cannot be opened or read has no fields: that is no commitment it ever had.
fn fields(s: &Services, row: &Written, kind: EventType) -> Option<BTreeMap<String, Field>> {
    let opened = || {
        let (salt, payload) = open(s, row.salt.as_ref()?, row.body_sealed.as_ref()?).ok()?;
        show(&salt, &payload, keys(kind)).ok()
    };
    if row.body_sealed.is_some() {
        return Some(opened().unwrap_or_default());
    }
    let remains = row.remains.as_ref()?;
    let shown = serde_json::from_str(remains).ok().and_then(|left| show_remains(left).ok());
    Some(shown.unwrap_or_default())
}
