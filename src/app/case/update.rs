//! Adds progress by whoever handles the case, or words and photos by the resident.

use entity::cases;
use entity::kinds::PhotoId;
use serde_json::json;

use super::act::{self, Act, Target};
use super::attach;
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// Adds to the case. A resident adds in any open state; a handler reports progress while he works.
pub async fn run(
    s: &Services,
    actor: Actor,
    target: Target,
    words: String,
    photos: Vec<PhotoId>,
) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Update, ask: Ask::default(), to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            attach::photos(tx, &act.actor, &photos, change.case.id).await?;
            let payload = json!({ "text": words, "photos": photos });
            change.happened(&act.actor, step.role, step.event, payload)
        })
    })
    .await
}
