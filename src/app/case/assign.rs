//! Places a case from triage by hand.

use entity::kinds::{ActorRole, EventType, GridId, NoticeKind};
use entity::{address_correction, cases};
use sea_orm::ActiveValue::{NotSet, Set};
use serde_json::json;

use super::act::{self, Act, Target};
use super::change::Change;
use super::{chain, facts, place};
use crate::app::actor::Actor;
use crate::app::alias::learn::{self, WORDS};
use crate::app::alias::target::{known, parts};
use crate::domain::case::state::{Ask, Verb};
use crate::domain::gazetteer::AliasTarget;
use crate::error::{Error, Fault, Result};
use crate::services::Services;
use crate::store;

/// Places a case from triage by hand, and keeps what was confirmed to learn names from. Where nobody
/// can be reached it stays with the triage desk, and the record says so. Fails with
/// `move_not_allowed`, `version_conflict`, `not_found`, or with `/place/id unknown` or `not_in_grid`.
pub async fn run(
    s: &Services,
    actor: Actor,
    target: Target,
    (to, named): (GridId, Option<AliasTarget>),
    reason: String,
) -> Result<cases::Model> {
    if let Some(place) = &named {
        known(s, place, "/place/id")?;
        inside(s, place, to)?;
    }
    let act = Act { actor, target, verb: Verb::Assign, ask: Ask::default(), to_grid: Some(to) };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            chain::place(change, to)?;
            keep(change, step.role, named.as_ref(), to)?;
            let reached = chain::reached(change, tx).await?;
            let placed = facts::placed(change);
            let located = json!({ "grid": to, "by": act.actor.account });
            change.observed(EventType::Located, facts::with(located, placed.clone()))?;
            store::alias::correct(tx, correction(change, act, (to, named))?).await?;
            learn::ask(tx, &change.s.settings, change.now).await?;
            let Some(on_duty) = reached else {
                let more = json!({ "grid": to, "by": act.actor.account, "note": reason });
                return chain::nobody(change, tx, more).await;
            };
            let payload = json!({ "grid": to, "reason": reason,
                "people": chain::people(&on_duty) });
            let payload = facts::with(payload, placed);
            change.happened(&act.actor, step.role, step.event, payload)?;
            chain::assigned(change, &on_duty, NoticeKind::NewCase)
        })
    })
    .await
}

/// Fails when no part of the place lies in the small grid: one of the two is a slip, and the names
/// of the place would be learned from it.
fn inside(s: &Services, place: &AliasTarget, to: GridId) -> Result<()> {
    let places = s.places.now();
    if places.reference(to).is_none_or(|grid| places.index.lies_in(place, grid)) {
        return Ok(());
    }
    let fault = Fault::new("/place/id", "not_in_grid", "这个地点不在所选网格内，请核对");
    Err(Error::fields(vec![fault]))
}

/// Notes who placed it, where the confirmed place stands, and whether a building is meant: a compound
/// leaves open what the words said of one.
pub(super) fn keep(
    change: &mut Change,
    by: ActorRole,
    named: Option<&AliasTarget>,
    to: GridId,
) -> Result<()> {
    let places = change.s.places.now();
    let mut kept = place::open(&change.s, &change.case)?;
    kept.by_hand(by, places.name(to).map_or("", |grid| grid.name.as_str()));
    if let Some(named) = named {
        if !matches!(named, AliasTarget::Compound(_)) {
            kept.building_named = matches!(named, AliasTarget::Building(_));
        }
        kept.stands_at(&places, named, to);
    }
    change.case.place_sealed = place::close(&change.s, &kept)?;
    Ok(())
}

fn correction(
    change: &Change,
    act: &Act,
    (grid, place): (GridId, Option<AliasTarget>),
) -> Result<address_correction::ActiveModel> {
    let (s, case) = (&change.s, &change.case);
    let open = |context: &str, sealed: &str| s.vault.open(context, sealed).map_err(Error::internal);
    let mut words = open("cases.text", &case.text_sealed)?;
    if let Some(address) = &case.address_sealed {
        words = format!("{}，{words}", open("cases.address", address)?);
    }
    let (kind, target) = place.map(parts).unzip();
    Ok(address_correction::ActiveModel {
        id: NotSet,
        case_id: Set(case.id),
        resident_id: Set(case.reporter_id),
        text_sealed: Set(s.vault.seal(WORDS, &words).map_err(Error::internal)?),
        grid_id: Set(grid),
        target_kind: Set(kind.map(|kind| kind.word().to_owned())),
        target: Set(target),
        created_by: Set(act.actor.account),
        created_at: Set(change.now),
    })
}
