//! Withdraws a request; whoever was told hears of it.

use entity::cases;
use entity::kinds::NoticeKind;
use serde_json::json;

use super::act::{self, Act, Target};
use super::chain;
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// Withdraws a request; whoever was told hears of it. Fails with `move_not_allowed`, `version_conflict` or `not_found`.
pub async fn run(
    s: &Services,
    actor: Actor,
    target: Target,
    reason: String,
) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Cancel, ask: Ask::default(), to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            change.happened(&act.actor, step.role, step.event, json!({ "reason": reason }))?;
            let people = chain::had(change, tx).await?;
            change.cancel_planned();
            change.tell_staff(&people, NoticeKind::Cancelled, "居民已撤回");
            Ok(())
        })
    })
    .await
}
