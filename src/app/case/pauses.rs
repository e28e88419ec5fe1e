//! Lists the rests that wait for this person's decision.

use entity::cases;
use entity::kinds::{AccountId, DutyRole, EventType, GridId, Timestamp};

use super::decide_pause::note_of;
use super::{ledger, view};
use crate::app::actor::Actor;
use crate::error::Result;
use crate::services::Services;
use crate::store::{self};
use crate::vault::mask_numbers;

/// So many are shown; more than a cadre decides in one go.
const AT_MOST: u64 = 100;

/// A case for which a rest was asked.
#[derive(Debug)]
pub struct Waiting {
    pub case: cases::Model,
    /// Which papers are missing, its numbers masked as in every list.
    pub note: String,
    /// Name of whoever asked.
    pub asked_by: String,
    pub asked_at: Timestamp,
}

/// Lists what waits for this cadre, the case that is due first at the top; what he asked for himself
/// and what he is measured by waits for somebody else. Fails when the database does.
pub async fn run(s: &Services, actor: &Actor) -> Result<Vec<Waiting>> {
    let cadre = actor.grids.iter().filter(|(_, role)| *role == DutyRole::Cadre);
    let large: Vec<GridId> = cadre.map(|(grid, _)| *grid).collect();
    if large.is_empty() {
        return Ok(Vec::new());
    }
    let found = store::due::pauses(&s.db.read, &large, s.clock.now(), AT_MOST).await?;
    let mut waiting = Vec::with_capacity(found.len());
    let own = |case: &cases::Model| case.pause_by == actor.staff || actor.is_assessed_by(case);
    for case in found.into_iter().filter(|case| !own(case)) {
        waiting.extend(asked(s, case).await?);
    }
    Ok(waiting)
}

async fn asked(s: &Services, case: cases::Model) -> Result<Option<Waiting>> {
    let last = store::event::last(&s.db.read, case.id, EventType::PauseAsked).await?;
    let Some((event, words)) = last else { return Ok(None) };
    let payload = words.map(|one| ledger::open(s, &one.salt, &one.body_sealed)).transpose()?;
    let note = payload.and_then(|(_, payload)| note_of(&payload)).unwrap_or_default();
    let account: Vec<AccountId> = event.actor_id.into_iter().collect();
    let staff = store::people::staff_of_accounts(&s.db.read, &account).await?;
    let name = staff.first().map(|one| view::open_name(s, &one.name_sealed)).transpose()?;
    Ok(Some(Waiting {
        case,
        note: mask_numbers(&note),
        asked_by: name.unwrap_or_default(),
        asked_at: event.server_time,
    }))
}
