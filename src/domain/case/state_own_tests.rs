//! Nobody stops or lengthens the clock that he is measured by himself.

use std::time::Duration;

use entity::kinds::{ActorRole as A, CaseState as S, ExtensionState, HoldReason};

use super::tests::{NOW, code, facts};
use super::{Ask, Facts, Verb as V, allowed, asked_as};

/// A case at work for which both were asked for by its worker.
fn asked() -> Facts {
    Facts {
        extension: Some(ExtensionState::Asked),
        extension_role: Some(A::Primary),
        pause_until: Some(NOW + Duration::from_hours(1)),
        ..facts(S::InProgress)
    }
}

fn rest(reason: HoldReason, assessed: bool) -> Ask {
    Ask {
        hold_reason: Some(reason),
        resume_at: Some(NOW + Duration::from_hours(1)),
        material_days: 15,
        appointment_days: 14,
        assessed,
        ..Ask::default()
    }
}

#[test]
fn whoever_is_measured_grants_no_rest_and_no_time_and_may_refuse_both() {
    let papers = |assessed| rest(HoldReason::AwaitingMaterial, assessed);
    let own = |refuses| Ask { assessed: true, refuses, ..Ask::default() };
    let others = Ask { asked_himself: true, ..own(false) };
    let table = [
        (A::Cadre, V::Hold, papers(false), "ok"),
        (A::Cadre, V::Hold, papers(true), "hold_own_case"),
        (A::Primary, V::Hold, papers(true), "hold_own_case"),
        (A::Primary, V::Hold, rest(HoldReason::AwaitingAppointment, true), "ok"),
        (A::Command, V::Hold, rest(HoldReason::Weather, true), "ok"),
        (A::Cadre, V::DecidePause, own(false), "pause_own_case"),
        (A::Cadre, V::DecidePause, own(true), "ok"),
        (A::Cadre, V::DecidePause, others.clone(), "pause_own"),
        (A::Cadre, V::DecideExtension, own(false), "extension_own_case"),
        (A::Cadre, V::DecideExtension, own(true), "ok"),
        (A::Cadre, V::DecideExtension, others, "extension_own"),
    ];
    for (role, verb, ask, want) in table {
        assert_eq!(code(&asked(), role, verb, &ask), want, "{role:?} {verb:?} {ask:?}");
    }
}

/// Another of his capacities does not make him somebody else.
#[test]
fn a_worker_who_leads_too_is_told_that_it_is_his_own() {
    let ask = rest(HoldReason::AwaitingMaterial, true);
    for roles in [[A::Primary, A::Cadre], [A::Cadre, A::Primary]] {
        let refused = super::decide(&asked(), &roles, V::Hold, &ask, NOW).unwrap_err();
        assert!(refused.to_string().ends_with("(hold_own_case)"), "{refused}");
    }
}

#[test]
fn no_button_promises_an_approval_of_his_own_or_asks_for_what_he_decides() {
    let free = facts(S::InProgress);
    let may = |facts: &Facts, roles: &[A], assessed, verb| {
        allowed(facts, roles, assessed, NOW).contains(&verb)
    };
    for assessed in [false, true] {
        for verb in [V::Hold, V::DecidePause, V::DecideExtension] {
            assert_eq!(may(&asked(), &[A::Cadre], assessed, verb), !assessed, "{verb:?}");
        }
        let both = [A::Primary, A::Cadre];
        assert!(may(&free, &both, assessed, V::Hold), "an appointment is his own to make");
        assert_eq!(may(&free, &both, assessed, V::AskPause), assessed);
        assert!(may(&free, &[A::Primary], assessed, V::AskPause));
    }
}

#[test]
fn more_time_is_decided_as_low_as_somebody_is_left_who_is_not_measured() {
    let table: [(A, &[A], A); 8] = [
        (A::Primary, &[], A::Primary),
        (A::Backup, &[], A::Backup),
        (A::Backup, &[A::Cadre], A::Cadre),
        (A::Backup, &[A::Secretary], A::Backup),
        (A::Primary, &[A::Cadre, A::Secretary], A::Secretary),
        (A::Cadre, &[A::Cadre], A::Cadre),
        (A::Cadre, &[A::Secretary], A::Secretary),
        (A::Primary, &[A::Cadre, A::Secretary, A::Command], A::Secretary),
    ];
    for (asker, measured, want) in table {
        let found = asked_as(asker, |role| measured.contains(&role));
        assert_eq!(found, want, "{asker:?}, {measured:?} measured");
    }
}
