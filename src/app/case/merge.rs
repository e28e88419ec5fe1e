//! Joins a case to another one about the same matter; its resident keeps his own clock.

use entity::cases;
use entity::kinds::CaseId;
use serde_json::json;

use super::act::{self, Act, Target};
use crate::app::actor::Actor;
use crate::domain::case::state::is_open;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::error::{Error, Fault};
use crate::services::Services;
use crate::store::{self};

/// Joins a case to another one about the same matter; its resident keeps his own clock. Fails with `move_not_allowed`, `version_conflict` or `not_found`.
pub async fn run(
    s: &Services,
    actor: Actor,
    target: Target,
    into: CaseId,
    reason: String,
) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Merge, ask: Ask::default(), to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let other = store::case::find(tx, &act.actor.scope(), into).await?;
            let other = other.filter(|other| other.id != change.case.id && is_open(other.state));
            let other = other.ok_or_else(|| {
                Error::fields(vec![Fault::new(
                    "/into",
                    "unknown_case",
                    "要并入的诉求不存在、已办结或就是它自己",
                )])
            })?;
            change.case.merged_into = Some(other.id);
            let payload = json!({ "into": other.number, "reason": reason });
            change.happened(&act.actor, step.role, step.event, payload)?;
            change.cancel_planned();
            Ok(())
        })
    })
    .await
}
