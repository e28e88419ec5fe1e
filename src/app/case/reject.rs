//! Declines a request with one of the six legal codes, and says where to go instead.

use entity::cases;
use entity::kinds::{NoticeKind, RejectionCode};
use serde_json::json;

use super::act::{self, Act, Target};
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// Declines a request with one of the six legal codes, and says where to go instead. Fails with `move_not_allowed`, `version_conflict` or `not_found`.
pub async fn run(
    s: &Services,
    actor: Actor,
    target: Target,
    code: RejectionCode,
    explanation: String,
) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Reject, ask: Ask::default(), to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let _ = tx;
            change.case.rejection = Some(code);
            let payload = json!({ "code": code, "explanation": explanation });
            change.happened(&act.actor, step.role, step.event, payload)?;
            change.tell_resident(NoticeKind::Rejected, code.zh());
            Ok(())
        })
    })
    .await
}
