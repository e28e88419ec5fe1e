//! Joins a case to another one about the same matter. What its resident was promised stands, and he
//! hears what becomes of the other one.

use entity::cases;
use entity::kinds::{CaseId, CaseState};
use serde_json::json;

use super::act::{self, Act, Target};
use super::behind;
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb, is_open};
use crate::error::{Error, Fault, Result};
use crate::services::Services;
use crate::store;

/// Joins the case to another one that is open and whose reader he is, too. Fails with
/// `unknown_case`, `has_result`, `less_urgent`, `move_not_allowed`, `version_conflict` or `not_found`.
pub async fn run(
    s: &Services,
    actor: Actor,
    target: Target,
    into: CaseId,
    reason: String,
) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Merge, ask: Ask::default(), to_grid: None };
    act::perform_beside(s, act, Some(into), move |change, act, step, tx| {
        Box::pin(async move {
            // It is held as well, so that it is not over a moment later.
            let other = store::case::find(tx, &act.actor.scope(), into).await?;
            let other = other
                .filter(|other| other.id != change.case.id && is_open(other.state))
                .ok_or_else(|| refused("unknown_case", "要并入的诉求不存在、已办结或就是它自己"))?;
            leads(&other, &change.case)?;
            let payload = json!({ "into": other.number, "reason": reason });
            change.happened(&act.actor, step.role, step.event, payload)?;
            behind::put(change, tx, other).await
        })
    })
    .await
}

/// A case leads whose people still work on it, or are told of it as soon as those of the one behind
/// it would be: that one's chain ends with the merge, and its resident hears what the leading one's
/// people do from then on.
fn leads(lead: &cases::Model, behind: &cases::Model) -> Result<()> {
    if lead.state == CaseState::Resolved {
        let message = "要并入的那件已有处理结果，不能再并入；请单独办理这件";
        return Err(refused("has_result", message));
    }
    let idle = matches!(lead.state, CaseState::Triage | CaseState::Assigned | CaseState::OnHold);
    // The words of urgency stand in their order, what presses most first.
    if idle && behind.urgency < lead.urgency {
        let message = "这件更紧急，要并入的那件还没有人签收或正在挂起：请先请人签收或恢复那件，或把那件并入这件";
        return Err(refused("less_urgent", message));
    }
    Ok(())
}

fn refused(code: &'static str, message: &str) -> Error {
    Error::fields(vec![Fault::new("/into", code, message)])
}
