//! Closes the case because the resident says that it is solved.

use entity::cases;
use serde_json::json;

use super::act::{self, Act, Target};
use super::rate::Rating;
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// Closes the case because the resident says that it is solved. Fails with `move_not_allowed`, `version_conflict` or `not_found`.
pub async fn run(
    s: &Services,
    actor: Actor,
    target: Target,
    rating: Option<Rating>,
) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Confirm, ask: Ask::default(), to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let _ = tx;
            change.case.closed_at = Some(change.now);
            let marks = rating.as_ref().map(|one| (one.result, one.attitude)).unzip();
            let payload = json!({ "rating": rating, "result": marks.0, "attitude": marks.1 });
            change.happened(&act.actor, step.role, step.event, payload)?;
            if let Some(rating) = rating {
                rating.write(&mut change.case);
            }
            Ok(())
        })
    })
    .await
}
