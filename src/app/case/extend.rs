//! Asks for more time, once and before the time is over; somebody one level up decides.

use entity::cases;
use entity::kinds::ExtensionState;
use serde_json::json;

use super::act::{self, Act, Target};
use super::clock;
use super::deciders::Deciders;
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb, asked_as, level_above};
use crate::error::Result;
use crate::services::Services;

/// How much more, and why.
#[derive(Clone, Debug)]
pub struct More {
    /// Workdays; days where the profile is around the clock. At least 1.
    pub days: u16,
    pub reason: String,
}

/// Asks and tells who decides. Fails with `move_not_allowed`, `rule_refused`, `version_conflict` or
/// `not_found`.
pub async fn run(s: &Services, actor: Actor, target: Target, more: More) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Extend, ask: Ask::default(), to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let deciders = Deciders::load(change, tx, &act.actor).await?;
            let asked_as = asked_as(step.role, |role| deciders.all_measured(role));
            let case = &mut change.case;
            case.extension = Some(ExtensionState::Asked);
            case.extension_by = Some(act.actor.account);
            case.extension_role = Some(asked_as);
            case.extension_days = Some(i32::from(more.days));
            let payload = json!({ "days": more.days, "reason": more.reason });
            change.happened(&act.actor, step.role, step.event, payload)?;
            let Some(above) = level_above(asked_as) else { return Ok(()) };
            let unit = clock::frozen(&change.case)?.hours.days_zh();
            let note = format!("申请延期{}{unit}，待审批", more.days);
            deciders.tell(change, tx, (above, &note)).await
        })
    })
    .await
}
