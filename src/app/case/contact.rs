//! Records a try to reach the resident; the first one starts the handling. What is written to him
//! here is sent to him.

use entity::cases;
use entity::kinds::{ContactMethod, ContactOutcome, NoticeKind};
use serde_json::json;

use super::act::{self, Act, Target};
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// How and with what outcome.
#[derive(Clone, Debug)]
pub struct Contacting {
    pub method: ContactMethod,
    pub outcome: ContactOutcome,
    pub note: String,
}

/// Records a try to reach the resident; the first one starts the handling. Fails with `move_not_allowed`, `version_conflict` or `not_found`.
pub async fn run(
    s: &Services,
    actor: Actor,
    target: Target,
    contact: Contacting,
) -> Result<cases::Model> {
    let act = Act {
        actor,
        target,
        verb: Verb::Contact,
        ask: Ask { reached: contact.outcome == ContactOutcome::Reached, ..Ask::default() },
        to_grid: None,
    };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let _ = tx;
            let left = (contact.method, contact.outcome);
            let is_said = !contact.note.trim().is_empty();
            let now = change.now;
            change.case.first_contact_at.get_or_insert(now);
            if contact.outcome == ContactOutcome::Reached {
                change.case.contacted_at.get_or_insert(now);
            }
            // Nobody but the handler says so: evidence level 1, self-declared (domain §5.2).
            let payload = json!({ "method": contact.method, "outcome": contact.outcome,
                "note": contact.note, "evidence_level": 1 });
            change.happened(&act.actor, step.role, step.event, payload)?;
            if is_said && left == (ContactMethod::Message, ContactOutcome::LeftMessage) {
                change.tell_resident(NoticeKind::Message, contact.note);
            }
            Ok(())
        })
    })
    .await
}
