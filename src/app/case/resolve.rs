//! Declares the result; the resident is asked to confirm.

use entity::cases;
use entity::kinds::{NoticeKind, PhotoId, ResultType};
use serde_json::json;

use super::act::{self, Act, Target};
use super::attach;
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// What was achieved.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub kind: ResultType,
    pub text: String,
    /// How it looked before the work.
    pub before: Vec<PhotoId>,
    /// How it looks now.
    pub photos: Vec<PhotoId>,
}

/// Declares the result; the resident is asked to confirm. Fails with `move_not_allowed`, `version_conflict` or `not_found`.
pub async fn run(
    s: &Services,
    actor: Actor,
    target: Target,
    result: Outcome,
) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Resolve, ask: Ask::default(), to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let all = [result.before.clone(), result.photos.clone()].concat();
            attach::photos(tx, &act.actor, &all, change.case.id).await?;
            change.case.resolved_at = Some(change.now);
            change.case.result_type = Some(result.kind);
            let mut payload = json!({ "result_type": result.kind, "text": result.text,
                "photos": result.photos });
            if let Some(fields) = payload.as_object_mut().filter(|_| !result.before.is_empty()) {
                fields.insert("before".to_owned(), json!(result.before));
            }
            change.happened(&act.actor, step.role, step.event, payload)?;
            change.tell_resident(NoticeKind::Resolved, "处理结果已出，请确认是否解决");
            Ok(())
        })
    })
    .await
}
