//! Urges the people who are responsible; a resident may once a day.

use entity::cases;
use entity::kinds::{ActorRole, NoticeKind};
use serde_json::json;

use super::act::{self, Act, Target};
use super::chain;
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// Urges the people who are responsible; a resident may once a day. Fails with `move_not_allowed`, `version_conflict` or `not_found`.
pub async fn run(s: &Services, actor: Actor, target: Target, note: String) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Remind, ask: Ask::default(), to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            if step.role == ActorRole::Resident {
                change.case.last_reminded_at = Some(change.now);
            }
            change.happened(&act.actor, step.role, step.event, json!({ "note": note }))?;
            let people = chain::responsible(change, tx).await?;
            let by = if step.role == ActorRole::Resident { "居民" } else { step.role.zh() };
            change.tell_staff(&people, NoticeKind::Reminder, &format!("{by}催办"));
            Ok(())
        })
    })
    .await
}
