//! Takes a case out of the figures, or back in: the auditor alone, with a ground, in the record.

use entity::cases;
use entity::kinds::{ActorRole, CaseId, EventType, ExclusionGround, StreetRole};
use serde_json::{Value, json};

use crate::app::actor::Actor;
use crate::app::case::change::Change;
use crate::app::once;
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store;
use crate::store::writer::Tx;

/// Takes a case out. It stays as it is for everybody who works on it. Fails with `not_found`,
/// `forbidden` for anybody but auditors, and `conflict` when it is out already.
pub async fn exclude(
    s: &Services,
    actor: &Actor,
    case: CaseId,
    (ground, note): (ExclusionGround, String),
) -> Result<()> {
    let payload = json!({ "ground": ground, "note": note });
    record(s, actor, case, (EventType::Excluded, payload)).await
}

/// Takes it back in. Fails with `not_found`, `forbidden`, and `conflict` when it is not out.
pub async fn withdraw(s: &Services, actor: &Actor, case: CaseId, note: String) -> Result<()> {
    let event = (EventType::ExclusionWithdrawn, json!({ "note": note }));
    record(s, actor, case, event).await
}

async fn record(
    s: &Services,
    actor: &Actor,
    id: CaseId,
    (kind, payload): (EventType, Value),
) -> Result<()> {
    let (services, actor) = (s.clone(), actor.clone());
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            let case = load(tx, &actor, id).await?;
            let is_out = is_out(tx, id).await?;
            if is_out == (kind == EventType::Excluded) {
                let said =
                    if is_out { "这件诉求已被剔除" } else { "这件诉求未被剔除" };
                return Err(Error::new(Code::Conflict, said));
            }
            let mut change = Change::new(&services, case, services.clock.now());
            change.happened(&actor, ActorRole::Auditor, kind, payload)?;
            change.store_observed(tx).await?;
            once::keep(&services, tx, &actor, (204, &())).await
        })
    });
    unit.await
}

async fn load(tx: &Tx, actor: &Actor, id: CaseId) -> Result<cases::Model> {
    let case = store::case::find_locked(tx, id).await?;
    let case = case.filter(|case| !actor.roles_for(case).is_empty());
    let case = case.ok_or_else(|| Error::not_found("这件诉求"))?;
    if !actor.is(StreetRole::Auditor) {
        return Err(Error::new(Code::Forbidden, "只有督查审计可以把诉求剔除出统计"));
    }
    Ok(case)
}

async fn is_out(tx: &Tx, id: CaseId) -> Result<bool> {
    let events = store::event::times(tx, id).await?;
    let turns = events.iter().rev().map(|(kind, _)| *kind);
    let last = turns
        .into_iter()
        .find(|kind| matches!(kind, EventType::Excluded | EventType::ExclusionWithdrawn));
    Ok(last == Some(EventType::Excluded))
}
