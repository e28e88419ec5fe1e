//! The resident answers the question that separates the candidates; his answer routes the case.

use entity::cases;
use entity::kinds::{CaseState, EventType, GridId, NoticeKind};
use serde_json::json;

use super::act::{self, Act, Target};
use super::change::Change;
use super::{chain, place};
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store::{self};

/// A tapped answer, or words.
#[derive(Clone, Debug)]
pub enum Answer {
    Grid(GridId),
    Words(String),
}

/// Takes the answer. Words that still name no single grid leave the case in triage, with what was
/// said added to it; nothing waits for a better answer to exist.
pub async fn run(
    s: &Services,
    actor: Actor,
    target: Target,
    answer: Answer,
) -> Result<cases::Model> {
    let (grid, words) = match answer {
        Answer::Grid(grid) => (Some(grid), String::new()),
        Answer::Words(words) => (locate(s, &actor, target, &words).await?, words),
    };
    let ask = Ask { unplaced: grid.is_none(), ..Ask::default() };
    let act = Act { actor, target, verb: Verb::Answer, ask, to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let payload = json!({ "grid": grid, "text": words });
            change.happened(&act.actor, step.role, step.event, payload)?;
            remember(change, words)?;
            let Some(grid) = grid else { return Ok(()) };
            chain::place(change, grid)?;
            change.observed(EventType::Located, json!({ "grid": grid, "by": "answer" }))?;
            chain::assigned(change, tx, NoticeKind::NewCase).await?;
            if change.case.state == CaseState::Assigned {
                change.observed(EventType::Assigned, json!({ "grid": grid }))?;
            }
            Ok(())
        })
    })
    .await
}

/// Resolves what was said together with what was said before.
async fn locate(
    s: &Services,
    actor: &Actor,
    target: Target,
    words: &str,
) -> Result<Option<GridId>> {
    let case = store::case::find(&s.db.read, &actor.scope(), target.case).await?;
    let case = case.ok_or_else(|| Error::not_found("这件诉求"))?;
    let said = s.vault.open("cases.text", &case.text_sealed).map_err(Error::internal)?;
    let known = place::open(s, &case)?;
    let mut all: Vec<String> = known.answers;
    all.push(words.to_owned());
    let find = |text: &str| place::find(s, text, None, None, known.building.as_deref());
    let alone = find(words);
    let together = || find(&format!("{said}，{}", all.join("，")));
    let routed = |found: place::Found| found.triage.is_none().then_some(found.small).flatten();
    Ok(routed(alone).or_else(|| routed(together())))
}

fn remember(change: &mut Change, words: String) -> Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    let mut kept = place::open(&change.s, &change.case)?;
    kept.answers.push(words);
    change.case.place_sealed = place::close(&change.s, &kept)?;
    Ok(())
}
