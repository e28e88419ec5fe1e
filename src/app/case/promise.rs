//! What was promised to a case, as whoever may see it reads it.

use entity::cases;
use entity::kinds::{CaseState, EventType, ExtensionState, HoldReason, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::clock;
use super::decide_pause::note_of;
use super::view::EventView;
use crate::domain::calendar::rfc3339;
use crate::domain::case::state::pause_waits;
use crate::error::Result;
use crate::services::Services;

/// What was promised.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PromisedView {
    pub acknowledge_by: String,
    pub contact_by: String,
    /// Moved by rests and by an extension.
    pub resolve_by: String,
    /// Why then, in a sentence that names the days off and the make-up workdays.
    pub acknowledge_zh: String,
    pub contact_zh: String,
    pub resolve_zh: String,
    /// What days of more time are, behind their number: `个工作日`, or `天` where every day counts.
    pub days_zh: &'static str,
    /// The days off of a year on the way are not published: the times may move.
    pub provisional: bool,
    /// Version of the targets that the case was promised by and keeps.
    pub targets_version: u32,
}

/// The one request for more time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExtensionView {
    pub state: ExtensionState,
    pub state_zh: &'static str,
    /// Missing once another cycle began, or when it was refused.
    pub days: Option<i32>,
}

/// A rest that was asked for and can still be granted; until then the clock runs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PauseView {
    pub reason: HoldReason,
    pub reason_zh: &'static str,
    /// When work would go on.
    pub until: String,
}

/// Why a case rests, and what is asked of the resident meanwhile.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RestView {
    pub reason: HoldReason,
    pub reason_zh: &'static str,
    /// When work goes on at the latest.
    pub until: String,
    /// What the resident is told: which papers are missing. Missing when nothing was written, when it
    /// was erased, and for whoever sees the case masked.
    pub note: Option<String>,
    /// When the resident last added something since the case rests.
    pub added_at: Option<String>,
}

/// Shows why a case rests now, from the record as its reader sees it.
pub fn rest(case: &cases::Model, timeline: &[EventView]) -> Option<RestView> {
    let (reason, until) = case.hold_reason.zip(case.hold_until)?;
    let begun = timeline.iter().rposition(|one| one.kind == EventType::Held)?;
    let since = timeline.get(begun..)?;
    let note = note_of(&since.first()?.detail).filter(|note| !note.trim().is_empty());
    let added = since.iter().rev().find(|one| one.kind == EventType::Added);
    let view = RestView {
        reason,
        reason_zh: reason.zh(),
        until: rfc3339(until),
        note,
        added_at: added.map(|one| one.at.clone()),
    };
    (case.state == CaseState::OnHold).then_some(view)
}

/// Shows the rest that waits for its approval.
pub fn pause(case: &cases::Model, now: Timestamp) -> Option<PauseView> {
    let waits = case.state == CaseState::InProgress && now < case.resolve_due_at;
    let (reason, until) = case.pause_reason.zip(case.pause_until)?;
    let view = PauseView { reason, reason_zh: reason.zh(), until: rfc3339(until) };
    (waits && pause_waits(Some(until), now)).then_some(view)
}

/// Shows the due times and why they are when they are. Fails when what the case carries is unreadable.
pub fn of(s: &Services, case: &cases::Model) -> Result<PromisedView> {
    let [acknowledge_zh, contact_zh, resolve_zh] = clock::explain(s, case)?;
    let frozen = clock::frozen(case)?;
    Ok(PromisedView {
        acknowledge_by: rfc3339(case.acknowledge_due_at),
        contact_by: rfc3339(case.contact_due_at),
        resolve_by: rfc3339(case.resolve_due_at),
        acknowledge_zh,
        contact_zh,
        resolve_zh,
        days_zh: frozen.hours.days_zh(),
        provisional: case.due_provisional,
        targets_version: frozen.version,
    })
}
