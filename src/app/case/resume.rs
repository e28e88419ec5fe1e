//! Ends a pause before its date.

use entity::cases;
use serde_json::json;

use super::act::{self, Act, Target};
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// Ends a pause before its date. Fails with `move_not_allowed`, `version_conflict` or `not_found`.
pub async fn run(s: &Services, actor: Actor, target: Target) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Resume, ask: Ask::default(), to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let _ = tx;
            change.case.hold_reason = None;
            change.case.hold_until = None;
            change.happened(&act.actor, step.role, step.event, json!({}))
        })
    })
    .await
}
