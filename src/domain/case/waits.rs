//! Whether a case waits for the answer of whoever reported it.

use entity::kinds::{CaseState, HoldReason, TriageReason};

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

/// Tells whether it waits for the reporter: a result to confirm, a question to answer, papers to
/// bring, an appointment to confirm. `store::case` asks the same of the database.
pub fn for_reporter(facts: Facts) -> bool {
    match facts.state {
        CaseState::Resolved => true,
        CaseState::Triage => facts.triage == Some(TriageReason::Ask),
        CaseState::OnHold => match facts.hold {
            Some(HoldReason::AwaitingMaterial) => !facts.added,
            Some(HoldReason::AwaitingAppointment) => !facts.agreed,
            _ => false,
        },
        _ => false,
    }
}
