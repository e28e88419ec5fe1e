//! Whether a case waits for the answer of whoever reported it.

use entity::kinds::{Awaited, CaseState, HoldReason, TriageReason};

/// What of a case decides it.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    pub state: CaseState,
    /// Why it waits to be placed.
    pub triage: Option<TriageReason>,
    /// Why it rests.
    pub hold: Option<HoldReason>,
    /// The resident said that the time of the appointment is right.
    pub agreed: bool,
    /// He added something since it rests for his papers.
    pub added: bool,
}

/// Says what it waits for from the reporter: a result to confirm, a question to answer, papers to
/// bring, an appointment to confirm. `store::case` asks the same of the database.
pub fn awaited(facts: Facts) -> Option<Awaited> {
    match (facts.state, facts.hold) {
        (CaseState::Resolved, _) => Some(Awaited::Result),
        (CaseState::Triage, _) => {
            (facts.triage == Some(TriageReason::Ask)).then_some(Awaited::Answer)
        }
        (CaseState::OnHold, Some(HoldReason::AwaitingMaterial)) => {
            (!facts.added).then_some(Awaited::Papers)
        }
        (CaseState::OnHold, Some(HoldReason::AwaitingAppointment)) => {
            (!facts.agreed).then_some(Awaited::Time)
        }
        _ => None,
    }
}
