//! Hands a case to another grid; its responsible people are told at once, or the triage desk where
//! none of them can be reached, and those who had it hear that they need not go on.

use entity::cases;
use entity::kinds::{GridId, NoticeKind};
use serde_json::json;

use super::act::{self, Act, Target};
use super::{assign, chain, facts};
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// Hands a case to another grid; its responsible people are told at once. Fails with
/// `move_not_allowed`, `version_conflict` or `not_found`.
pub async fn run(
    s: &Services,
    actor: Actor,
    target: Target,
    to: GridId,
    reason: String,
) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Transfer, ask: Ask::default(), to_grid: Some(to) };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let from = change.case.small_grid_id;
            let before = chain::had(change, tx).await?;
            chain::place(change, to)?;
            assign::keep(change, step.role, None, to)?;
            let reached = chain::reached(change, tx).await?;
            let people = reached.as_deref().map_or_else(Vec::new, chain::people);
            let payload = json!({ "from": from, "to": to, "reason": reason, "people": people });
            let payload = facts::with(payload, facts::placed(change));
            change.happened(&act.actor, step.role, step.event, payload)?;
            match reached {
                Some(on_duty) => chain::assigned(change, &on_duty, NoticeKind::Transferred)?,
                None => chain::nobody(change, tx, json!({ "grid": to })).await?,
            }
            let words = (NoticeKind::Transferred, "已转其他网格，请停止办理");
            chain::tell_before(change, (&before, &act.actor), words)
        })
    })
    .await
}
