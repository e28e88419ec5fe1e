//! Ends a pause before its date.

use entity::cases;
use entity::kinds::{ActorRole, NoticeKind};

use super::act::{self, Act, Target};
use super::{chain, clock, facts};
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// Ends a pause before its date, and tells whoever took the case where somebody else does. Fails with
/// `move_not_allowed`, `version_conflict` or `not_found`.
pub async fn run(s: &Services, actor: Actor, target: Target) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Resume, ask: Ask::default(), to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            change.case.hold_reason = None;
            change.case.hold_until = None;
            clock::again(change, tx, step.event).await?;
            let payload = facts::dues(&change.case);
            change.happened(&act.actor, step.role, step.event, payload)?;
            // Who took it and ends its rest himself has nobody to tell.
            if act.actor.staff.is_some() && act.actor.staff == change.case.acknowledged_by {
                return Ok(());
            }
            let mut people = chain::responsible(change, tx).await?;
            people.retain(|staff| Some(*staff) != act.actor.staff);
            let note = if step.role == ActorRole::Resident {
                "居民要求继续办理".to_owned()
            } else {
                format!("{}已恢复，请继续办理", step.role.zh())
            };
            change.tell_staff(&people, NoticeKind::Reminder, &note);
            Ok(())
        })
    })
    .await
}
