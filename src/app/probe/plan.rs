//! Plans test messages as rows and jobs of the unit that needs them.

use std::time::Duration;

use entity::kinds::{Channel, JobKind, NoticeState, ProbeKind, StaffId, Timestamp};
use entity::probe;
use sea_orm::ActiveValue::{NotSet, Set};

use crate::error::Result;
use crate::store::job::NewJob;
use crate::store::writer::Tx;
use crate::store::{self};

/// After every notice, urgent or not.
const BULK: i32 = 90;
/// Tries of a test message; it has a short life anyway.
const MOST_TRIES: i32 = 4;
/// Tries of a word about the roster, which outlasts an outage of half an hour.
const MOST_TRIES_OF_ROSTER: i32 = 12;
/// How long a test is worth sending: its reader is waiting for it.
const TEST_LIFE: Duration = Duration::from_mins(10);

/// Plans a test of a channel and returns its id. The consent that a subscribe message needs is
/// taken when it leaves.
pub async fn test(tx: &Tx, staff: StaffId, channel: Channel, now: Timestamp) -> Result<()> {
    let key = format!("t{staff}/{}/{}", channel.word(), now.0);
    let row = row((ProbeKind::Test, key), (staff, channel), now, TEST_LIFE);
    let stored = store::probe::insert_new(tx, vec![row]).await?;
    Ok(store::job::enqueue(tx, stored.iter().map(|one| job(one, now)).collect(), now).await?)
}

/// Makes a row that waits to be sent.
pub fn row(
    (kind, dedup_key): (ProbeKind, String),
    (staff, channel): (StaffId, Channel),
    now: Timestamp,
    life: Duration,
) -> probe::ActiveModel {
    probe::ActiveModel {
        id: NotSet,
        kind: Set(kind),
        staff_id: Set(staff),
        channel: Set(channel),
        dedup_key: Set(dedup_key),
        state: Set(NoticeState::Planned),
        openid: Set(None),
        msgid: Set(None),
        errcode: Set(None),
        reason: Set(None),
        created_at: Set(now),
        expires_at: Set(now + life),
        sending_at: Set(None),
        accepted_at: Set(None),
        delivered_at: Set(None),
        finished_at: Set(None),
        drill_id: Set(None),
    }
}

/// Makes the job that sends a stored test message.
pub fn job(probe: &probe::Model, run_at: Timestamp) -> NewJob {
    NewJob {
        kind: JobKind::SendProbe,
        dedup_key: probe.id.to_string(),
        payload: serde_json::json!({ "probe": probe.id }).to_string(),
        priority: BULK,
        run_at,
        max_attempt: match probe.kind {
            ProbeKind::Roster => MOST_TRIES_OF_ROSTER,
            _ => MOST_TRIES,
        },
        trace_id: crate::telemetry::trace_id(),
    }
}
