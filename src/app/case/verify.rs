//! Closes the case because the verifier reached the resident and found it solved.

use entity::cases;
use entity::kinds::ContactOutcome;
use serde_json::json;

use super::act::{self, Act, Target};
use super::contact::Contacting;
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// Closes the case on the strength of a callback. Fails with `rule_refused` when the resident was
/// not reached or the case is the verifier's own, else with `move_not_allowed`, `version_conflict`
/// or `not_found`.
pub async fn run(
    s: &Services,
    actor: Actor,
    target: Target,
    callback: Contacting,
) -> Result<cases::Model> {
    let called_back = callback.outcome == ContactOutcome::Reached;
    let ask = Ask { called_back, ..Ask::default() };
    let act = Act { actor, target, verb: Verb::Verify, ask, to_grid: None };
    act::perform(s, act, move |change, act, step, _tx| {
        Box::pin(async move {
            change.case.closed_at = Some(change.now);
            // t8 and t10 in one entry: the callback is what the verdict rests on.
            let payload = json!({ "method": callback.method, "outcome": callback.outcome,
                "note": callback.note });
            change.happened(&act.actor, step.role, step.event, payload)
        })
    })
    .await
}
