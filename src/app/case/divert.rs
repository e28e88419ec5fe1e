//! Ends a case because the matter is before a court, an arbitration, a review or the petition office.

use entity::cases;
use entity::kinds::{NoticeKind, RejectionCode};
use serde_json::json;

use super::act::{self, Act, Target};
use super::{chain, clock, facts};
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// Ends it, tells the resident where it is decided now and whoever worked on it that he need not go
/// on. Fails with `move_not_allowed`, `version_conflict` or `not_found`.
pub async fn run(
    s: &Services,
    actor: Actor,
    target: Target,
    explanation: String,
) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Divert, ask: Ask::default(), to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let code = RejectionCode::LegalProcedure;
            change.case.rejection = Some(code);
            let rested = change.case.hold_reason.take().is_some();
            change.case.hold_until = None;
            let mut payload = json!({ "code": code, "explanation": explanation });
            // The rest ends here: whoever appeals goes on with the time that was left.
            if rested {
                clock::again(change, tx, step.event).await?;
                payload = facts::with(payload, facts::dues(&change.case));
            }
            change.happened(&act.actor, step.role, step.event, payload)?;
            let people = chain::responsible(change, tx).await?;
            change.cancel_planned();
            change.tell_staff(&people, NoticeKind::Reminder, "已转法定途径，请停止办理");
            change.tell_resident(NoticeKind::Diverted, code.zh());
            Ok(())
        })
    })
    .await
}
