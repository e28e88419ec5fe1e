//! Places a case from triage by hand.

use entity::cases;
use entity::kinds::{EventType, GridId, NoticeKind};
use serde_json::json;

use super::act::{self, Act, Target};
use super::chain;
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// Places a case from triage by hand. Fails with `move_not_allowed`, `version_conflict` or `not_found`.
pub async fn run(
    s: &Services,
    actor: Actor,
    target: Target,
    to: GridId,
    reason: String,
) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Assign, ask: Ask::default(), to_grid: Some(to) };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            chain::place(change, to)?;
            let payload = json!({ "grid": to, "reason": reason });
            change.observed(EventType::Located, json!({ "grid": to, "by": act.actor.account }))?;
            change.happened(&act.actor, step.role, step.event, payload)?;
            chain::assigned(change, tx, NoticeKind::NewCase).await
        })
    })
    .await
}
