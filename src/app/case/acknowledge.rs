//! Takes a case: from now on one named person answers for it.

use entity::cases;
use entity::kinds::{NoticeKind, StaffId};
use serde_json::json;

use super::act::{self, Act, Target};
use super::chain;
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// Takes a case: from now on one named person answers for it. Fails with `move_not_allowed`, `version_conflict` or `not_found`.
pub async fn run(s: &Services, actor: Actor, target: Target) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Acknowledge, ask: Ask::default(), to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let case = &mut change.case;
            case.acknowledged_at = Some(change.now);
            case.acknowledged_by = act.actor.staff;
            case.ack_reminded = false;
            change.happened(
                &act.actor,
                step.role,
                step.event,
                json!({ "staff": act.actor.staff }),
            )?;
            change.cancel_planned();
            let mut others = chain::told(change, tx).await?;
            others.retain(|staff| Some(*staff) != act.actor.staff);
            let others: Vec<StaffId> = others.into_iter().collect();
            change.tell_staff(&others, NoticeKind::TakenBy, step.role.zh());
            change.tell_resident(NoticeKind::Acknowledged, "已有工作人员接到，会尽快联系您");
            Ok(())
        })
    })
    .await
}
