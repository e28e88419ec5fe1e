//! Objects to a rejection, once; another member of the desk decides, in the time that was left.

use entity::cases;
use entity::kinds::{ActorRole, TriageReason};
use serde_json::json;

use super::act::{self, Act, Target};
use super::{chain, clock, facts};
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// Objects to a rejection, once; another member of the desk decides. Fails with `move_not_allowed`,
/// `version_conflict` or `not_found`.
pub async fn run(
    s: &Services,
    actor: Actor,
    target: Target,
    reason: String,
) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Appeal, ask: Ask::default(), to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            change.case.appeals += 1;
            change.case.rejection = None;
            change.case.triage_reason = Some(TriageReason::Appealed);
            change.case.held_by = Some(ActorRole::TriageDesk);
            // A notice that came while it was over moved no due time of it.
            if change.case.due_provisional {
                clock::redate(change, tx).await?;
            }
            // Nor did anybody owe it anything meanwhile.
            clock::come_back(change, tx).await?;
            let payload = facts::with(json!({ "reason": reason }), facts::dues(&change.case));
            change.happened(&act.actor, step.role, step.event, payload)?;
            chain::triage(change, tx, ActorRole::TriageDesk).await
        })
    })
    .await
}
