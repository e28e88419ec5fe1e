//! Takes a case: from now on one named person answers for it.

use std::collections::BTreeSet;

use entity::kinds::{NoticeKind, StaffId};
use entity::{cases, notice};
use serde_json::json;

use super::act::{self, Act, Target};
use super::change::Change;
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;
use crate::store::writer::Tx;
use crate::store::{self};

/// Lists the people who were told before and need to hear that somebody took it.
async fn told_others(change: &Change, tx: &Tx, taker: Option<StaffId>) -> Result<Vec<StaffId>> {
    let mut people = BTreeSet::new();
    for notice in store::notice::of_case(tx, change.case.id).await? {
        let Some(staff) = notice.staff_id.filter(|staff| Some(*staff) != taker) else { continue };
        let left = notice.sending_at.is_some() || notice.accepted_at.is_some();
        if left || was_carried(tx, &notice).await? {
            people.insert(staff);
        }
    }
    Ok(people.into_iter().collect())
}

/// Tells whether a message that left, of another case, told of this one too.
async fn was_carried(tx: &Tx, notice: &notice::Model) -> Result<bool> {
    let Some(carrier) = notice.bundled_into else { return Ok(false) };
    let carrier = store::notice::find(tx, carrier).await?;
    Ok(carrier.is_some_and(|carrier| carrier.sending_at.is_some()))
}

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
            let others = told_others(change, tx, act.actor.staff).await?;
            change.tell_staff(&others, NoticeKind::TakenBy, step.role.zh());
            change.tell_resident(NoticeKind::Acknowledged, "已有工作人员接到，会尽快联系您");
            Ok(())
        })
    })
    .await
}
