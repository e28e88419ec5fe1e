//! Adds progress by whoever handles the case, or words, photos and recordings by the resident.

use entity::cases;
use entity::kinds::{ActorRole, HoldReason, NoticeKind, PhotoId, VoiceId};
use serde_json::json;

use super::act::{self, Act, Target};
use super::attach;
use super::chain;
use super::change::Change;
use crate::app::actor::Actor;
use crate::domain::case::state::{Ask, Verb};
use crate::domain::phone::Phone;
use crate::error::{Error, Result};
use crate::services::Services;

/// What is added.
#[derive(Clone, Debug)]
pub struct Added {
    pub words: String,
    pub photos: Vec<PhotoId>,
    pub voices: Vec<VoiceId>,
    /// Under which the resident can be reached from now on; of anybody else it counts for nothing.
    pub contact_phone: Option<Phone>,
}

/// Adds to the case. A resident adds in any open state; a handler reports progress while he works.
pub async fn run(s: &Services, actor: Actor, target: Target, added: Added) -> Result<cases::Model> {
    let act = Act { actor, target, verb: Verb::Update, ask: Ask::default(), to_grid: None };
    act::perform(s, act, move |change, act, step, tx| {
        Box::pin(async move {
            let Added { words, photos, voices, contact_phone } = added;
            attach::photos(tx, &act.actor, &photos, change.case.id).await?;
            attach::voices(tx, &act.actor, &voices, change.case.id).await?;
            let mut payload = json!({ "text": words, "photos": photos });
            if let Some(fields) = payload.as_object_mut().filter(|_| !voices.is_empty()) {
                fields.insert("voices".to_owned(), json!(voices));
            }
            change.happened(&act.actor, step.role, step.event, payload)?;
            if step.role == ActorRole::Resident {
                // Only the worker can say whether it is all; until he asks again, it is his turn.
                let papers = Some(HoldReason::AwaitingMaterial);
                change.case.papers_added |= change.case.hold_reason == papers;
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
