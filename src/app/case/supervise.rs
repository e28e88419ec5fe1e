//! Street command watches over a case: the people who are responsible hear of it at once.

use entity::cases;
use entity::kinds::NoticeKind;
use serde_json::json;

use super::act::{self, Act, Target};
use super::chain;
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// Marks the case as supervised and tells the people who are responsible. Fails with
/// `move_not_allowed`, `version_conflict` or `not_found`.
pub async fn run(s: &Services, actor: Actor, target: Target, note: String) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Supervise, ask: Ask::default(), to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            change.happened(&act.actor, step.role, step.event, json!({ "note": note }))?;
            let people = chain::responsible(change, tx).await?;
            change.tell_staff(&people, NoticeKind::Reminder, "街道指挥中心督办");
            Ok(())
        })
    })
    .await
}
