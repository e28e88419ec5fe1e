//! Takes away the number that was left with one case, at the word of whoever left it.
//!
//! While the case is open the people who handle it are told, so that nobody calls a number that is
//! not to be called any more; afterwards it only goes.

use entity::kinds::{ActorRole, CaseId, EventType, NoticeKind};
use serde_json::json;

use super::change::Change;
use super::{act, chain};
use crate::app::actor::Actor;
use crate::domain::case::state::Verb;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::store;

/// What the record says of it.
const SAID: &str = "不再留电话，原来的号码已删除";

/// Removes the number; removing what is not there succeeds. Fails with `not_found` when the case is
/// not the speaker's own.
pub async fn run(s: &Services, actor: &Actor, id: CaseId) -> Result<()> {
    let (services, actor) = (s.clone(), actor.clone());
    let unit = s.writer.commit(move |tx| {
        Box::pin(async move {
            let case = store::case::find_locked(tx, id).await?;
            let own = |case: &entity::cases::Model| {
                case.reporter_id == actor.account && case.reported_by_staff.is_none()
            };
            let case = case.filter(own).ok_or_else(|| Error::not_found("这件诉求"))?;
            if case.contact_phone_sealed.is_none() {
                return Ok(());
            }
            let now = services.clock.now();
            let open = act::allowed(&case, &actor, now).contains(&Verb::Update);
            if !open {
                return Ok(store::case::forget_phone(tx, id).await?);
            }
            let mut change = Change::new(&services, case, now);
            change.case.contact_phone_sealed = None;
            change.case.contact_phone_index = None;
            let payload = json!({ "text": SAID, "photos": [] });
            change.happened(&actor, ActorRole::Resident, EventType::Added, payload)?;
            let people = chain::responsible(&change, tx).await?;
            change.note_staff(&people, NoticeKind::Added, SAID);
            change.store(tx).await?;
            Ok::<_, Error>(())
        })
    });
    unit.await?;
    s.wake.ping().await;
    Ok(())
}
