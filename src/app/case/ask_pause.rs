//! Asks for a rest that somebody else has to approve; until he does, the clock runs.

use entity::cases;
use entity::kinds::ActorRole;
use serde_json::json;

use super::act::{self, Act, Target};
use super::deciders::Deciders;
use super::hold::Pause;
use crate::app::actor::Actor;
use crate::domain::calendar::rfc3339;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// Asks and tells the cadres of the community who may approve it. `pause.note` is what the resident
/// will read: which papers are missing. Fails with `move_not_allowed`, `rule_refused`,
/// `version_conflict` or `not_found`.
pub async fn run(s: &Services, actor: Actor, target: Target, pause: Pause) -> Result<cases::Model> {
    let ask =
        Ask { hold_reason: Some(pause.reason), resume_at: Some(pause.until), ..Ask::default() };
    let act = Act { actor, target, verb: Verb::AskPause, ask, to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let case = &mut change.case;
            case.pause_reason = Some(pause.reason);
            case.pause_until = Some(pause.until);
            case.pause_by = act.actor.staff;
            let payload = json!({ "reason": pause.reason, "until": rfc3339(pause.until),
                "note": pause.note });
            change.happened(&act.actor, step.role, step.event, payload)?;
            let deciders = Deciders::load(change, tx, &act.actor).await?;
            deciders.tell(change, tx, (ActorRole::Cadre, "申请挂起等补充材料，待审批")).await
        })
    })
    .await
}
