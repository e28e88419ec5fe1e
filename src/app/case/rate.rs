//! Rates result and attitude apart, once, after the case was closed.

use entity::cases;
use serde::Serialize;
use serde_json::json;

use super::act::{self, Act, Target};
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::Result;
use crate::services::Services;

/// Two marks from 1 (bad) to 5 (good) and a word.
#[derive(Clone, Debug, Serialize)]
pub struct Rating {
    pub result: i32,
    pub attitude: i32,
    pub comment: String,
}

impl Rating {
    /// Writes the marks into the case; the words stay in the record.
    pub fn write(&self, case: &mut cases::Model) {
        case.rating_result = Some(self.result);
        case.rating_attitude = Some(self.attitude);
    }
}

/// Rates result and attitude apart, once, after the case was closed. Fails with `move_not_allowed`, `version_conflict` or `not_found`.
pub async fn run(
    s: &Services,
    actor: Actor,
    target: Target,
    rating: Rating,
) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Rate, ask: Ask::default(), to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let _ = tx;
            rating.write(&mut change.case);
            change.happened(&act.actor, step.role, step.event, json!(rating))
        })
    })
    .await
}
