//! The resident answers the question that separates the candidates; his answer routes the case.

use entity::cases;
use entity::kinds::{EventType, GridId, NoticeKind};
use serde_json::json;

use super::act::{self, Act, Target};
use super::place::{Found, Sealed};
use super::{chain, facts, place};
use crate::app::actor::Actor;
use crate::domain::address::{Query, chosen};
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

/// What an answer leads to.
struct Heard {
    grid: Option<GridId>,
    /// The place as it is kept from now on.
    kept: Sealed,
    words: String,
}

/// Takes the answer. A tapped answer must be one that was offered (`/grid not_offered`); words that
/// read like one are that one. Words that still name no single grid leave the case in triage with
/// what was said added to it and the question that is open now; nothing waits for a better answer
/// to exist.
pub async fn run(
    s: &Services,
    actor: Actor,
    target: Target,
    answer: Answer,
) -> Result<cases::Model> {
    let heard = hear(s, &actor, target, answer).await?;
    let ask = Ask { unplaced: heard.grid.is_none(), ..Ask::default() };
    let act = Act { actor, target, verb: Verb::Answer, ask, to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let payload = json!({ "grid": heard.grid, "text": heard.words });
            change.happened(&act.actor, step.role, step.event, payload)?;
            change.case.place_sealed = place::close(&change.s, &heard.kept)?;
            let Some(grid) = heard.grid else { return Ok(()) };
            chain::place(change, grid)?;
            let reached = chain::reached(change, tx).await?;
            let placed = facts::placed(change);
            let located = json!({ "grid": grid, "by": "answer" });
            change.observed(EventType::Located, facts::with(located, placed.clone()))?;
            let Some(on_duty) = reached else {
                return chain::nobody(change, tx, json!({ "grid": grid })).await;
            };
            let payload = json!({ "grid": grid, "people": chain::people(&on_duty) });
            change.observed(EventType::Assigned, facts::with(payload, placed))?;
            chain::assigned(change, &on_duty, NoticeKind::NewCase)
        })
    })
    .await
}

async fn hear(s: &Services, actor: &Actor, target: Target, answer: Answer) -> Result<Heard> {
    let case = store::case::find(&s.db.read, &actor.scope(), target.case).await?;
    let case = case.ok_or_else(|| Error::not_found("这件诉求"))?;
    let mut kept = place::open(s, &case)?;
    let places = s.places.now();
    let offered = kept.question.as_ref().map_or(&[][..], |q| q.answers.as_slice());
    let tapped = match &answer {
        Answer::Grid(grid) => {
            let choice =
                offered.iter().find(|c| places.find(&c.grid).is_some_and(|g| g.id == *grid));
            // A case that was asked nothing is refused by the state machine, with its own words.
            if choice.is_none() && kept.question.is_some() {
                return Err(place::not_offered());
            }
            Some((*grid, choice.map(|c| c.label.clone())))
        }
        Answer::Words(words) => chosen(words, offered.iter().map(|c| c.label.as_str()))
            .and_then(|nth| offered.get(nth))
            .and_then(|c| Some((places.find(&c.grid)?.id, Some(c.label.clone())))),
    };
    if let Some((grid, label)) = tapped {
        let name = places.name(grid).map_or("", |g| g.name.as_str());
        let said = label.unwrap_or_default();
        kept.reason = place::chose(&kept.reason, &said, name);
        return Ok(Heard { grid: Some(grid), kept, words: said });
    }
    let Answer::Words(words) = answer else {
        return Ok(Heard { grid: None, kept, words: String::new() });
    };
    kept.answers.push(words.clone());
    let found = locate(s, &case, &kept)?;
    let (answers, building) = (std::mem::take(&mut kept.answers), kept.building.take());
    let grid = if found.triage.is_none() { found.small } else { None };
    Ok(Heard { grid, kept: Sealed { answers, building, ..found.sealed }, words })
}

/// Resolves the last words, and if they do not do, all that was said, with the position.
fn locate(s: &Services, case: &cases::Model, kept: &Sealed) -> Result<Found> {
    let (answers, building) = (&kept.answers, kept.building.as_deref());
    let open = |context: &str, sealed: &str| s.vault.open(context, sealed).map_err(Error::internal);
    let text = open("cases.text", &case.text_sealed)?;
    let address = case.address_sealed.as_ref().map(|a| open("cases.address", a)).transpose()?;
    let position = case.position_sealed.as_ref().map(|p| open("cases.position", p)).transpose()?;
    let position = position.and_then(|json| place::position_of(&json));
    let last = answers.last().map_or("", String::as_str);
    let query = Query { text: last, position, building, ..Query::default() };
    let alone = place::find(s, query, None);
    if alone.triage.is_none() {
        return Ok(alone);
    }
    let said = answers.join("，");
    let whole = address.map(|address| format!("{address}，{said}"));
    let text = format!("{text}，{said}");
    Ok(place::find(s, Query { text: &text, address: whole.as_deref(), ..query }, None))
}
