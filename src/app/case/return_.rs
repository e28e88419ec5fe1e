//! Gives a case back that is not for this grid or duty; the clock keeps running, and who else had it
//! hears that he need not go on.

use entity::cases;
use entity::kinds::{ActorRole, NoticeKind, TriageReason};
use serde_json::json;

use super::act::{self, Act, Target};
use super::chain;
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// The community's cadre looks first; what he returned himself goes to the triage desk.
fn holder(case: &cases::Model, returned_by: ActorRole) -> ActorRole {
    if case.large_grid_id.is_some() && returned_by != ActorRole::Cadre {
        ActorRole::Cadre
    } else {
        ActorRole::TriageDesk
    }
}

/// Gives a case back that is not for this grid or duty; the clock keeps running. Fails with `move_not_allowed`, `version_conflict` or `not_found`.
pub async fn run(
    s: &Services,
    actor: Actor,
    target: Target,
    reason: String,
    proposed_unit: String,
) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Return, ask: Ask::default(), to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let before = chain::had(change, tx).await?;
            let case = &mut change.case;
            case.returns += 1;
            case.triage_reason = Some(TriageReason::Returned);
            let held_by =
                if step.held_by_command { ActorRole::Command } else { holder(case, step.role) };
            case.held_by = Some(held_by);
            case.small_grid_id = None;
            case.acknowledged_at = None;
            case.acknowledged_by = None;
            let payload =
                json!({ "reason": reason, "proposed_unit": proposed_unit, "held_by": held_by });
            change.happened(&act.actor, step.role, step.event, payload)?;
            chain::triage(change, tx, held_by).await?;
            let words = (NoticeKind::Triage, "已退回分拣，请停止办理");
            chain::tell_before(change, (&before, &act.actor), words)
        })
    })
    .await
}
