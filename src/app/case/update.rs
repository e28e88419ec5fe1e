//! Adds progress by whoever handles the case, or words, photos and recordings by the resident.

use entity::cases;
use entity::kinds::{ActorRole, HoldReason, NoticeKind};
use serde_json::json;

use super::act::{self, Act, Target};
use super::attach::{self, Said};
use super::chain;
use super::change::Change;
use super::facts;
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::domain::phone::Phone;
use crate::error::{Error, Result};
use crate::services::Services;

/// What is added.
#[derive(Clone, Debug)]
pub struct Added {
    pub said: Said,
    /// Under which the resident can be reached from now on; of anybody else it counts for nothing.
    pub contact_phone: Option<Phone>,
}

/// Adds to the case. A resident adds in any open state; a handler reports progress while he works.
pub async fn run(s: &Services, actor: Actor, target: Target, added: Added) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Update, ask: Ask::default(), to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let Added { said, contact_phone } = added;
            let files = attach::files(tx, &act.actor, &said, change.case.id).await?;
            let payload = facts::with(json!({ "text": said.words }), files);
            let payload = facts::with(payload, json!({ "photos": [] }));
            change.happened(&act.actor, step.role, step.event, payload)?;
            if step.role == ActorRole::Resident {
                // Only the worker can say whether it is all; until he asks again, it is his turn.
                if change.case.hold_reason == Some(HoldReason::AwaitingMaterial) {
                    change.case.papers_added_at = Some(change.case.last_event_at);
                }
                if let Some(phone) = contact_phone {
                    reach_at(change, &phone)?;
                }
                let people = chain::responsible(change, tx).await?;
                change.note_staff(&people, NoticeKind::Added, "居民补充了情况");
            }
            Ok(())
        })
    })
    .await
}

/// Keeps a number in the place of the one that was left before; the record says only that it came.
fn reach_at(change: &mut Change, phone: &Phone) -> Result<()> {
    let vault = &change.s.vault;
    let sealed = vault.seal("cases.contact_phone", phone.as_str()).map_err(Error::internal)?;
    change.case.contact_phone_index = Some(vault.blind_index("phone", phone.as_str()));
    change.case.contact_phone_sealed = Some(sealed);
    Ok(())
}
