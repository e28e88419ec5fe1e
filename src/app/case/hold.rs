//! Lets a case rest for one of the allowed reasons until a date.

use entity::cases;
use entity::kinds::{HoldReason, Timestamp};
use serde_json::json;

use super::act::{self, Act, Target};
use crate::app::actor::Actor;
use crate::domain::calendar;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// Why, and until when.
#[derive(Clone, Debug)]
pub struct Pause {
    pub reason: HoldReason,
    pub until: Timestamp,
    pub note: String,
}

/// Lets a case rest for one of the allowed reasons until a date. Fails with `move_not_allowed`, `version_conflict` or `not_found`.
pub async fn run(s: &Services, actor: Actor, target: Target, pause: Pause) -> Result<cases::Model> {
    let act = Act {
        actor,
        target,
        verb: Verb::Hold,
        ask: Ask {
            hold_reason: Some(pause.reason),
            resume_at: Some(pause.until),
            ..Ask::default()
        },
        to_grid: None,
    };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let _ = tx;
            change.case.hold_reason = Some(pause.reason);
            change.case.hold_until = Some(pause.until);
            let payload = json!({ "reason": pause.reason, "until": calendar::rfc3339(pause.until),
                "note": pause.note });
            change.happened(&act.actor, step.role, step.event, payload)
        })
    })
    .await
}
