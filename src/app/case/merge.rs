//! Joins a case to another one about the same matter. What its resident was promised stands, and he
//! hears what becomes of the other one.

use entity::cases;
use entity::kinds::CaseId;
use serde_json::json;

use super::act::{self, Act, Target};
use super::behind;
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb, is_open};
use crate::error::{Error, Fault, Result};
use crate::services::Services;
use crate::store;

/// Joins the case to another one that is open and whose reader he is, too. Fails with
/// `unknown_case`, `move_not_allowed`, `version_conflict` or `not_found`.
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
            let seen = store::case::find(tx, &act.actor.scope(), into).await?;
            // Locked, so that it is not over a moment later.
            let other = match seen {
                Some(seen) if seen.id != change.case.id => {
                    store::case::find_locked(tx, seen.id).await?
                }
                _ => None,
            };
            let other = other.filter(|other| is_open(other.state));
            let other = other.ok_or_else(|| {
                Error::fields(vec![Fault::new(
                    "/into",
                    "unknown_case",
                    "要并入的诉求不存在、已办结或就是它自己",
                )])
            })?;
            let payload = json!({ "into": other.number, "reason": reason });
            change.happened(&act.actor, step.role, step.event, payload)?;
            behind::put(change, tx, other).await
        })
    })
    .await
}
