//! The resident says that the time is right until which his case rests.

use entity::cases;
use entity::kinds::{NoticeKind, StaffId};
use serde_json::json;

use super::act::{self, Act, Target};
use crate::app::actor::Actor;
use crate::domain::calendar::rfc3339;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// Records it and lets whoever took the case read it. Fails with `move_not_allowed`,
/// `rule_refused`, `version_conflict` or `not_found`.
pub async fn run(s: &Services, actor: Actor, target: Target) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Agree, ask: Ask::default(), to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let _ = tx;
            change.case.appointment_agreed = true;
            let payload = json!({ "until": change.case.hold_until.map(rfc3339) });
            change.happened(&act.actor, step.role, step.event, payload)?;
            let people: Vec<StaffId> = change.case.acknowledged_by.into_iter().collect();
            change.note_staff(&people, NoticeKind::Reminder, "居民已确认约定时间");
            Ok(())
        })
    })
    .await
}
