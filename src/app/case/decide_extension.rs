//! Grants or refuses more time; one level above whoever asked.

use entity::cases;
use entity::kinds::{EventType, ExtensionState, NoticeKind};
use serde_json::json;

use super::act::{self, Act, Target};
use super::{chain, clock, facts};
use crate::app::actor::Actor;
use crate::domain::calendar::rfc3339;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;
use crate::store;

/// Decides and tells whoever answers for the case and whoever asked. Fails with `move_not_allowed`,
/// `rule_refused`, `version_conflict` or `not_found`.
pub async fn run(
    s: &Services,
    actor: Actor,
    target: Target,
    (grants, note): (bool, String),
) -> Result<cases::Model> {
    let ask = Ask { refuses: !grants, ..Ask::default() };
    let act = Act { actor, target, verb: Verb::DecideExtension, ask, to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let (state, said) = match step.event {
                EventType::ExtensionGranted => (ExtensionState::Granted, "延期申请已同意"),
                _ => (ExtensionState::Refused, "延期申请未同意"),
            };
            let days = change.case.extension_days;
            let before = rfc3339(change.case.resolve_due_at);
            change.case.extension = Some(state);
            if state == ExtensionState::Refused {
                change.case.extension_days = None;
            }
            let payload = json!({ "days": days, "note": note, "resolve_by_before": before });
            clock::again(change, tx, step.event).await?;
            let payload = facts::with(payload, facts::dues(&change.case));
            change.happened(&act.actor, step.role, step.event, payload)?;
            let mut people = chain::responsible(change, tx).await?;
            if let Some(asker) = change.case.extension_by {
                people.extend(store::people::staff_of_account(tx, asker).await?);
            }
            people.sort_unstable();
            people.dedup();
            change.tell_staff(&people, NoticeKind::Reminder, said);
            Ok(())
        })
    })
    .await
}
