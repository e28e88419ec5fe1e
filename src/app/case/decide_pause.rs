//! Approves or refuses a rest that a grid worker asked for; the cadre of the community decides.
//!
//! The clock stops with the approval and not before: what was only asked for counts nowhere, and a
//! request that waits for a week takes nothing away from that week.

use entity::cases;
use entity::kinds::{EventType, NoticeKind, StaffId};
use serde_json::{Value, json};

use super::act::{self, Act, Target};
use super::change::Change;
use super::hold::{self, Pause};
use super::ledger;
use crate::app::actor::Actor;
use crate::domain::calendar::rfc3339;
use crate::domain::case::state::{Ask, Verb};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// Decides and tells whoever asked; of an approval the resident too. Fails with `move_not_allowed`,
/// `rule_refused`, `version_conflict` or `not_found`.
pub async fn run(
    s: &Services,
    actor: Actor,
    target: Target,
    (grants, note): (bool, String),
) -> Result<cases::Model> {
    let ask = Ask { refuses: !grants, ..Ask::default() };
    let act = Act { actor, target, verb: Verb::DecidePause, ask, to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let asker: Vec<StaffId> = change.case.pause_by.into_iter().collect();
            let (pause, asked_at) = asked(change, tx).await?;
            change.forget_pause();
            if step.event == EventType::Held {
                let more = json!({ "decision": note, "asked_at": asked_at });
                hold::begin(change, tx, (&act.actor, step), (&pause, more)).await?;
                change.tell_staff(&asker, NoticeKind::Reminder, "挂起申请已同意");
                return Ok(());
            }
            let payload = json!({ "note": note, "asked_at": asked_at });
            change.happened(&act.actor, step.role, step.event, payload)?;
            change.tell_staff(&asker, NoticeKind::Reminder, "挂起申请未同意");
            Ok(())
        })
    })
    .await
}

/// Reads what was asked for, and when.
async fn asked(change: &Change, tx: &Tx) -> Result<(Pause, Option<String>)> {
    let case = &change.case;
    let (Some(reason), Some(until)) = (case.pause_reason, case.pause_until) else {
        return Err(Error::internal("a rest is decided about for which nobody asked"));
    };
    let last = store::event::last(tx, case.id, EventType::PauseAsked).await?;
    let at = last.as_ref().map(|(event, _)| rfc3339(event.server_time));
    let words = last.and_then(|(_, words)| words);
    let payload =
        words.map(|one| ledger::open(&change.s, &one.salt, &one.body_sealed)).transpose()?;
    let note = payload.and_then(|(_, payload)| note_of(&payload)).unwrap_or_default();
    Ok((Pause { reason, until, note }, at))
}

/// Reads what the asker wrote.
pub(super) fn note_of(payload: &Value) -> Option<String> {
    payload["note"].as_str().map(str::to_owned)
}
