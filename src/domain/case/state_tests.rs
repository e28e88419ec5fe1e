use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use entity::kinds::{
    ActorRole as A, CaseState as S, EventType, ExtensionState, HoldReason, Timestamp, TriageReason,
    Urgency,
};
use proptest::prelude::*;

use super::{Ask, Facts, Refusal, Verb as V, allowed, decide, is_open};
use crate::domain::case::edges::EDGES;

const HOUR: i64 = 3_600_000_000;
pub(super) const NOW: Timestamp = Timestamp(1_000 * 24 * HOUR);

pub(super) fn facts(state: S) -> Facts {
    Facts {
        state,
        urgency: Urgency::Normal,
        returns: 0,
        appeals: 0,
        closed_at: (state == S::Closed).then_some(Timestamp(NOW.0 - HOUR)),
        last_reminded_at: None,
        contacted: false,
        rated: false,
        triage_reason: (state == S::Triage).then_some(TriageReason::Ask),
        resolve_due_at: Some(Timestamp(NOW.0 + HOUR)),
        extension: None,
        extension_role: None,
        pause_until: None,
        appointment: (state == S::OnHold).then_some(false),
    }
}

/// An ask that satisfies every guard of the verb for the role.
fn fitting(role: A, verb: V) -> Ask {
    let hold_reason = match (role, verb) {
        (A::Cadre, _) | (_, V::AskPause) => HoldReason::AwaitingMaterial,
        (A::Command, _) => HoldReason::Weather,
        _ => HoldReason::AwaitingAppointment,
    };
    Ask {
        hold_reason: Some(hold_reason),
        resume_at: Some(Timestamp(NOW.0 + HOUR)),
        called_back: true,
        material_days: 15,
        appointment_days: 14,
        ..Ask::default()
    }
}

/// The same machine written the other way round: by role, not by state.
fn expected(role: A, state: S) -> &'static [V] {
    match (role, state) {
        (A::Resident, S::Triage) => &[V::Update, V::Remind, V::Cancel, V::Answer],
        (A::Resident, S::Assigned | S::Acknowledged | S::InProgress) => {
            &[V::Update, V::Remind, V::Cancel]
        }
        (A::Resident, S::OnHold) => &[V::Update, V::Remind, V::Resume, V::Agree],
        (A::Resident, S::Resolved) => &[V::Update, V::Confirm, V::Reopen, V::Remind],
        (A::Resident, S::Closed) => &[V::Rate, V::Reopen],
        (A::Resident, S::Rejected) => &[V::Appeal],
        (A::Primary | A::Backup, S::Assigned) => &[V::Acknowledge, V::Return, V::Transfer],
        (A::Primary | A::Backup, S::Acknowledged) => &[V::Contact, V::Return, V::Transfer],
        (A::Primary | A::Backup, S::InProgress) => {
            &[V::Contact, V::Update, V::Resolve, V::Transfer, V::Hold, V::Extend, V::AskPause]
        }
        (A::Cadre, S::InProgress) => {
            &[V::Contact, V::Update, V::Resolve, V::Transfer, V::Hold, V::Extend]
        }
        (A::Primary | A::Backup | A::Cadre, S::OnHold) => &[V::Resume],
        (A::Cadre, S::Triage) => &[V::Assign, V::Merge],
        (A::Cadre, S::Assigned) => &[V::Acknowledge, V::Return, V::Transfer, V::Merge],
        (A::Cadre, S::Acknowledged) => &[V::Contact, V::Return, V::Transfer, V::Merge],
        (A::Secretary, S::OnHold) => &[V::Remind, V::Resume],
        (A::Secretary, S::Resolved | S::Triage) => &[V::Remind],
        (A::Secretary, S::Assigned) => &[V::Acknowledge, V::Transfer, V::Remind],
        (A::Secretary, S::Acknowledged) => &[V::Contact, V::Transfer, V::Remind],
        (A::Secretary, S::InProgress) => {
            &[V::Contact, V::Update, V::Resolve, V::Transfer, V::Remind, V::Extend]
        }
        (A::TriageDesk, S::Triage) => &[V::Assign, V::Reject, V::Merge],
        (A::TriageDesk, S::Assigned | S::Acknowledged) => &[V::Merge],
        (A::Command, S::Triage) => &[V::Remind, V::Supervise, V::Assign, V::Merge],
        (A::Command, S::Assigned) => {
            &[V::Acknowledge, V::Transfer, V::Remind, V::Supervise, V::Merge]
        }
        (A::Command, S::Acknowledged) => &[V::Transfer, V::Remind, V::Supervise, V::Merge],
        (A::Command, S::InProgress) => &[V::Transfer, V::Remind, V::Supervise, V::Hold, V::Divert],
        (A::Command, S::OnHold) => &[V::Remind, V::Supervise, V::Resume, V::Divert],
        (A::Command, S::Resolved) => &[V::Remind, V::Supervise],
        (A::Verifier, S::Resolved) => &[V::Verify, V::Reopen],
        (A::Command | A::Verifier, S::Closed) => &[V::Reopen],
        (A::System, S::Submitted) => &[V::Place, V::SendToTriage],
        (A::System, S::Triage) => &[V::Escalate],
        (A::System, S::Assigned) => &[V::SendToTriage, V::Escalate],
        (A::System, S::Acknowledged) => &[V::Unacknowledge],
        (A::System, S::OnHold) => &[V::AutoResume],
        (A::System, S::Resolved) => &[V::AutoClose],
        _ => &[],
    }
}

#[test]
fn every_state_verb_and_role_agrees_with_the_machine_written_by_role() {
    let mut walked = 0;
    let mut permitted = 0;
    for (&state, &role) in S::ALL.iter().flat_map(|s| A::ALL.iter().map(move |r| (s, r))) {
        assert_eq!(
            allowed(&facts(state), &[role], false, NOW),
            expected(role, state),
            "{state:?} {role:?}"
        );
        for &verb in V::ALL {
            walked += 1;
            let answer = decide(&facts(state), &[role], verb, &fitting(role, verb), NOW);
            permitted += i32::from(answer.is_ok());
            assert_eq!(
                answer.is_ok(),
                expected(role, state).contains(&verb),
                "{state:?} {verb:?} {role:?}"
            );
        }
    }
    assert_eq!(walked, 11 * 32 * 11);
    let written: usize = EDGES.iter().map(|edge| edge.roles.len()).sum();
    // The unplaced answer is an edge that the fitting ask does not take, and nobody asked for more
    // time, about which three roles could decide, nor for a pause, which one could grant or refuse.
    assert_eq!(usize::try_from(permitted).unwrap(), written - 6);
}

#[test]
fn what_is_forbidden_on_purpose_has_no_edge() {
    let ends = |from: S, to: S| EDGES.iter().any(|e| e.from == from && e.to == to);
    assert!(!ends(S::Assigned, S::Resolved) && !ends(S::Assigned, S::Closed));
    assert!(!ends(S::Acknowledged, S::Resolved), "nobody resolves before a first contact");
    assert!(EDGES.iter().all(|e| !e.roles.contains(&A::Admin) && !e.roles.contains(&A::Auditor)));
    for edge in EDGES.iter().filter(|e| e.to == S::Closed && e.from != S::Closed) {
        assert_eq!(edge.from, S::Resolved);
        let others = [A::Resident, A::Verifier, A::System];
        assert!(edge.roles.iter().all(|r| others.contains(r)), "no owner closes");
    }
    assert!(
        EDGES.iter().all(|e| e.to != S::Submitted),
        "nothing returns to the creating transaction"
    );
}

#[test]
fn a_role_has_one_row_for_a_from_and_verb_pair_except_the_answer_and_the_decision() {
    let mut rows: BTreeMap<(S, V, A), usize> = BTreeMap::new();
    for (edge, &role) in EDGES.iter().flat_map(|edge| edge.roles.iter().map(move |r| (edge, r))) {
        *rows.entry((edge.from, edge.verb, role)).or_default() += 1;
    }
    let doubled: Vec<_> = rows.iter().filter(|(_, n)| **n > 1).map(|(k, _)| *k).collect();
    let decision = (S::InProgress, V::DecidePause, A::Cadre);
    assert_eq!(doubled, [(S::Triage, V::Answer, A::Resident), decision]);
}

#[test]
fn an_addition_of_the_resident_is_another_event_than_progress() {
    let event = |role| decide(&facts(S::InProgress), &[role], V::Update, &Ask::default(), NOW);
    assert_eq!(event(A::Resident).unwrap().event, EventType::Added);
    assert_eq!(event(A::Primary).unwrap().event, EventType::Updated);
}

#[test]
fn verbs_have_distinct_words_and_names() {
    let words: BTreeSet<_> = V::ALL.iter().map(|v| v.word()).collect();
    let names: BTreeSet<_> = V::ALL.iter().map(|v| v.zh()).collect();
    assert_eq!((words.len(), names.len()), (V::ALL.len(), V::ALL.len()));
}

pub(super) fn code(facts: &Facts, role: A, verb: V, ask: &Ask) -> &'static str {
    match decide(facts, &[role], verb, ask, NOW) {
        Err(Refusal::Guard { code, .. }) => code,
        Ok(_) => "ok",
        Err(Refusal::NotAllowed { .. }) => "not_allowed",
    }
}

fn changed(state: S, change: fn(&mut Facts)) -> Facts {
    let mut facts = facts(state);
    change(&mut facts);
    facts
}

fn days_ago(n: i64) -> Timestamp {
    Timestamp(NOW.0 - n * 24 * HOUR)
}

#[test]
fn the_case_itself_refuses_with_its_own_code() {
    let refused = |facts: &Facts, role, verb| code(facts, role, verb, &Ask::default());
    let mut reminded = facts(S::Assigned);
    reminded.last_reminded_at = Some(Timestamp(NOW.0 - 23 * HOUR));
    assert_eq!(refused(&reminded, A::Resident, V::Remind), "reminded_recently");
    assert_eq!(refused(&reminded, A::Secretary, V::Remind), "ok");
    assert_eq!(refused(&reminded, A::Cadre, V::Remind), "not_allowed");
    reminded.last_reminded_at = Some(days_ago(1));
    assert_eq!(refused(&reminded, A::Resident, V::Remind), "ok");

    let urgent = changed(S::Assigned, |f| f.urgency = Urgency::Urgent);
    assert_eq!(refused(&urgent, A::Resident, V::Cancel), "urgent_needs_contact");
    let reached = Facts { contacted: true, ..urgent };
    assert_eq!(refused(&reached, A::Resident, V::Cancel), "ok");

    let rated = changed(S::Closed, |f| f.rated = true);
    assert_eq!(refused(&rated, A::Resident, V::Rate), "already_rated");
    let mut closed = facts(S::Closed);
    closed.closed_at = Some(days_ago(30));
    assert_eq!(refused(&closed, A::Resident, V::Reopen), "ok");
    closed.closed_at = Some(Timestamp(NOW.0 - 30 * 24 * HOUR - 1));
    assert_eq!(refused(&closed, A::Resident, V::Reopen), "reopen_expired");
    assert_eq!(refused(&closed, A::Verifier, V::Reopen), "reopen_expired");
    assert_eq!(refused(&closed, A::Command, V::Reopen), "ok");

    let appealed = changed(S::Rejected, |f| f.appeals = 1);
    assert_eq!(refused(&appealed, A::Resident, V::Appeal), "already_appealed");
    let unasked = changed(S::Triage, |f| f.triage_reason = Some(TriageReason::NoGrid));
    assert_eq!(refused(&unasked, A::Resident, V::Answer), "nothing_asked");
}

#[test]
fn what_is_asked_is_refused_with_its_own_code() {
    let again = Ask { rejected_before: true, ..Ask::default() };
    let own = Ask { assessed: true, ..Ask::default() };
    let away = Ask { leaves_community: true, ..Ask::default() };
    let reached = Ask { called_back: true, ..Ask::default() };
    let own_reached = Ask { assessed: true, ..reached.clone() };
    let none = Ask::default();
    let table = [
        (S::Resolved, A::Verifier, V::Verify, &reached, "ok"),
        (S::Resolved, A::Verifier, V::Verify, &none, "callback_needed"),
        (S::Resolved, A::Verifier, V::Verify, &own_reached, "verify_own_case"),
        (S::Closed, A::Verifier, V::Reopen, &own, "verify_own_case"),
        (S::Triage, A::Cadre, V::Assign, &away, "assign_outside_community"),
        (S::Triage, A::TriageDesk, V::Assign, &away, "ok"),
        (S::Triage, A::Command, V::Assign, &away, "ok"),
        (S::Triage, A::TriageDesk, V::Reject, &again, "same_desk_after_appeal"),
        (S::Assigned, A::Cadre, V::Merge, &own, "merge_own_case"),
        (S::Resolved, A::Verifier, V::Reopen, &own, "verify_own_case"),
        (S::Resolved, A::Resident, V::Reopen, &own, "ok"),
        (S::Assigned, A::Primary, V::Transfer, &away, "transfer_outside_community"),
        (S::Assigned, A::Command, V::Transfer, &away, "ok"),
    ];
    for (state, role, verb, ask, want) in table {
        assert_eq!(code(&facts(state), role, verb, ask), want, "{state:?} {role:?} {verb:?}");
    }
}

#[test]
fn a_hold_needs_its_own_approver_a_reason_a_date_ahead_and_time_left() {
    let f = facts(S::InProgress);
    let ask = |reason, at| Ask {
        hold_reason: reason,
        resume_at: at,
        material_days: 15,
        appointment_days: 14,
        ..Ask::default()
    };
    let later = Some(Timestamp(NOW.0 + 1));
    let table = [
        (A::Cadre, HoldReason::AwaitingMaterial, "ok"),
        (A::Primary, HoldReason::AwaitingMaterial, "hold_wrong_approver"),
        (A::Primary, HoldReason::AwaitingAppointment, "ok"),
        (A::Backup, HoldReason::AwaitingAppointment, "ok"),
        (A::Cadre, HoldReason::AwaitingAppointment, "hold_wrong_approver"),
        (A::Command, HoldReason::Weather, "ok"),
        (A::Cadre, HoldReason::Weather, "hold_wrong_approver"),
        (A::Primary, HoldReason::AwaitingDepartment, "hold_never_stops"),
        (A::Cadre, HoldReason::AwaitingPurchase, "hold_never_stops"),
        (A::Command, HoldReason::AwaitingPurchase, "hold_never_stops"),
    ];
    for (role, reason, want) in table {
        assert_eq!(code(&f, role, V::Hold, &ask(Some(reason), later)), want, "{role:?} {reason:?}");
    }
    let weather = Some(HoldReason::Weather);
    assert_eq!(code(&f, A::Command, V::Hold, &ask(None, later)), "hold_needs_reason");
    assert_eq!(code(&f, A::Command, V::Hold, &ask(weather, None)), "hold_needs_resume_date");
    assert_eq!(code(&f, A::Command, V::Hold, &ask(weather, Some(NOW))), "hold_needs_resume_date");
    let material = Some(HoldReason::AwaitingMaterial);
    let end = NOW + Duration::from_hours(15 * 24);
    assert_eq!(code(&f, A::Cadre, V::Hold, &ask(material, Some(end))), "ok");
    let beyond = Some(Timestamp(end.0 + 1));
    assert_eq!(code(&f, A::Cadre, V::Hold, &ask(material, beyond)), "hold_too_long");
    assert_eq!(code(&f, A::Command, V::Hold, &ask(weather, beyond)), "ok");
    let meets = |after| ask(Some(HoldReason::AwaitingAppointment), Some(NOW + after));
    let most = Duration::from_hours(14 * 24);
    let table = [(most, "ok"), (most + Duration::from_micros(1), "hold_too_long")];
    for (after, want) in table {
        for role in [A::Primary, A::Backup] {
            assert_eq!(code(&f, role, V::Hold, &meets(after)), want, "{role:?} {after:?}");
        }
    }
    let fewer = Ask { appointment_days: 13, ..meets(most) };
    let refused = decide(&f, &[A::Primary], V::Hold, &fewer, NOW).unwrap_err();
    assert_eq!(refused.to_string(), "和居民约了时间的，最多挂起13天 (hold_too_long)");
    let late = Facts { resolve_due_at: Some(NOW), ..f };
    assert_eq!(code(&late, A::Command, V::Hold, &ask(weather, later)), "hold_after_due");
}

#[test]
fn more_time_is_asked_for_once_and_before_it_is_too_late() {
    let ask = |facts: &Facts, role| code(facts, role, V::Extend, &Ask::default());
    let fresh = facts(S::InProgress);
    for role in [A::Primary, A::Backup, A::Cadre, A::Secretary] {
        assert_eq!(ask(&fresh, role), "ok", "{role:?}");
    }
    assert_eq!(ask(&fresh, A::Command), "not_allowed");
    let last = Facts { resolve_due_at: Some(Timestamp(NOW.0 + 1)), ..fresh.clone() };
    let late = Facts { resolve_due_at: Some(NOW), ..fresh.clone() };
    assert_eq!((ask(&last, A::Primary), ask(&late, A::Primary)), ("ok", "extension_after_due"));
    for state in ExtensionState::ALL {
        let again = Facts { extension: Some(*state), ..fresh.clone() };
        assert_eq!(ask(&again, A::Primary), "extension_once", "{state:?}");
    }
}

#[test]
fn more_time_is_granted_one_level_up_by_somebody_else_and_once() {
    let asked = |by| Facts {
        extension: Some(ExtensionState::Asked),
        extension_role: Some(by),
        ..facts(S::InProgress)
    };
    let decide_it = |facts: &Facts, role| code(facts, role, V::DecideExtension, &Ask::default());
    for (by, approver) in [
        (A::Primary, A::Cadre),
        (A::Backup, A::Cadre),
        (A::Cadre, A::Secretary),
        (A::Secretary, A::Command),
    ] {
        for role in [A::Cadre, A::Secretary, A::Command] {
            let want = if role == approver { "ok" } else { "extension_wrong_approver" };
            assert_eq!(decide_it(&asked(by), role), want, "{by:?} asked, {role:?} decides");
        }
        assert_eq!(decide_it(&asked(by), A::Primary), "not_allowed");
    }
    let own = Ask { asked_himself: true, ..Ask::default() };
    assert_eq!(code(&asked(A::Primary), A::Cadre, V::DecideExtension, &own), "extension_own");
    let late = Facts { resolve_due_at: Some(NOW), ..asked(A::Primary) };
    assert_eq!(decide_it(&late, A::Cadre), "ok", "it was asked for in time");
    let done = Facts { extension: Some(ExtensionState::Refused), ..asked(A::Primary) };
    assert_eq!(decide_it(&done, A::Cadre), "no_extension_asked");
    let event = |refuses| {
        let ask = Ask { refuses, ..Ask::default() };
        decide(&asked(A::Primary), &[A::Cadre], V::DecideExtension, &ask, NOW).unwrap().event
    };
    assert_eq!(event(false), EventType::ExtensionGranted);
    assert_eq!(event(true), EventType::ExtensionRefused);
}

#[test]
fn a_pause_is_asked_for_papers_once_at_a_time_and_in_time() {
    let fresh = facts(S::InProgress);
    let ask = |reason, at| Ask {
        hold_reason: Some(reason),
        resume_at: Some(Timestamp(at)),
        material_days: 15,
        appointment_days: 14,
        ..Ask::default()
    };
    let day = 24 * HOUR;
    let try_it = |facts: &Facts, reason, at| code(facts, A::Primary, V::AskPause, &ask(reason, at));
    let table = [
        (HoldReason::AwaitingMaterial, NOW.0 + 1, "ok"),
        (HoldReason::AwaitingMaterial, NOW.0, "hold_needs_resume_date"),
        (HoldReason::AwaitingMaterial, NOW.0 - day, "hold_needs_resume_date"),
        (HoldReason::AwaitingMaterial, NOW.0 + 15 * day, "ok"),
        (HoldReason::AwaitingMaterial, NOW.0 + 15 * day + 1, "hold_too_long"),
        (HoldReason::AwaitingAppointment, NOW.0 + 1, "pause_needs_no_approval"),
        (HoldReason::Weather, NOW.0 + 1, "pause_by_command"),
        (HoldReason::AwaitingDepartment, NOW.0 + 1, "hold_never_stops"),
        (HoldReason::AwaitingPurchase, NOW.0 + 1, "hold_never_stops"),
    ];
    for (reason, at, want) in table {
        assert_eq!(try_it(&fresh, reason, at), want, "{reason:?} {at}");
    }
    let papers = HoldReason::AwaitingMaterial;
    for (until, want) in [(NOW.0 + 1, "pause_already_asked"), (NOW.0, "ok")] {
        let waits = Facts { pause_until: Some(Timestamp(until)), ..fresh.clone() };
        assert_eq!(try_it(&waits, papers, NOW.0 + day), want, "one that waits until {until}");
    }
    let late = Facts { resolve_due_at: Some(NOW), ..fresh.clone() };
    assert_eq!(try_it(&late, papers, NOW.0 + 1), "hold_after_due");
    for role in [A::Cadre, A::Secretary, A::Command, A::Resident] {
        let ask = ask(papers, NOW.0 + 1);
        assert_eq!(code(&fresh, role, V::AskPause, &ask), "not_allowed", "{role:?}");
    }
    let fewer = Ask { material_days: 3, ..ask(papers, NOW.0 + 3 * day + 1) };
    let refused = decide(&fresh, &[A::Backup], V::AskPause, &fewer, NOW).unwrap_err();
    assert_eq!(refused.to_string(), "等补充材料最多挂起3天 (hold_too_long)");
}

#[test]
fn a_resident_confirms_an_appointment_once_and_nothing_else() {
    let rests = |appointment| Facts { appointment, ..facts(S::OnHold) };
    let table = [
        (Some(false), A::Resident, "ok"),
        (Some(true), A::Resident, "appointment_already_agreed"),
        (None, A::Resident, "no_appointment"),
        (Some(false), A::Primary, "not_allowed"),
    ];
    for (appointment, role, want) in table {
        assert_eq!(code(&rests(appointment), role, V::Agree, &Ask::default()), want, "{role:?}");
    }
}

#[test]
fn a_pause_is_decided_by_a_cadre_who_did_not_ask_and_before_it_is_too_late() {
    let asked = |until: i64| Facts { pause_until: Some(Timestamp(until)), ..facts(S::InProgress) };
    let waits = asked(NOW.0 + 1);
    let (yes, no) = (Ask::default(), Ask { refuses: true, ..Ask::default() });
    let step = |ask: &Ask| decide(&waits, &[A::Cadre], V::DecidePause, ask, NOW).unwrap();
    assert_eq!((step(&yes).to, step(&yes).event), (S::OnHold, EventType::Held));
    assert_eq!((step(&no).to, step(&no).event), (S::InProgress, EventType::PauseRefused));
    let own = Ask { asked_himself: true, ..Ask::default() };
    let late = Facts { resolve_due_at: Some(NOW), ..waits.clone() };
    let table = [
        (&waits, A::Cadre, &own, "pause_own"),
        (&waits, A::Primary, &yes, "not_allowed"),
        (&waits, A::Secretary, &yes, "not_allowed"),
        (&waits, A::Command, &yes, "not_allowed"),
        (&late, A::Cadre, &yes, "hold_after_due"),
        (&asked(NOW.0), A::Cadre, &yes, "pause_lapsed"),
        (&facts(S::InProgress), A::Cadre, &yes, "no_pause_asked"),
        (&facts(S::InProgress), A::Cadre, &no, "no_pause_asked"),
    ];
    for (facts, role, ask, want) in table {
        assert_eq!(code(facts, role, V::DecidePause, ask), want, "{role:?} {ask:?}");
    }
}

#[test]
fn the_third_return_goes_to_command_which_then_decides_alone() {
    let ask = Ask::default();
    let returned = |n| Facts { returns: n, ..facts(S::Assigned) };
    let held =
        |n| decide(&returned(n), &[A::Primary], V::Return, &ask, NOW).map(|m| m.held_by_command);
    assert_eq!((held(0), held(1), held(2)), (Ok(false), Ok(false), Ok(true)));
    assert_eq!(code(&returned(3), A::Primary, V::Return, &ask), "returns_exhausted");
    let triage = Facts { returns: 3, ..facts(S::Triage) };
    assert_eq!(code(&triage, A::Cadre, V::Assign, &ask), "held_by_command");
    assert_eq!(code(&triage, A::Command, V::Assign, &ask), "ok");
}

#[test]
fn a_person_with_two_roles_acts_in_the_one_that_may() {
    let away = Ask { leaves_community: true, ..Ask::default() };
    let step =
        decide(&facts(S::Assigned), &[A::Cadre, A::Command], V::Transfer, &away, NOW).unwrap();
    assert_eq!(step.role, A::Command);
}

#[test]
fn a_contact_that_reached_the_resident_is_another_event_than_a_try() {
    let reached = Ask { reached: true, ..Ask::default() };
    let event =
        |ask| decide(&facts(S::Acknowledged), &[A::Primary], V::Contact, &ask, NOW).unwrap();
    assert_eq!(event(reached).event, EventType::Contacted);
    assert_eq!(event(Ask::default()).event, EventType::ContactAttempted);
    assert_eq!(event(Ask::default()).to, S::InProgress);
}

#[test]
fn a_refusal_lists_what_would_be_possible() {
    let refusal = decide(&facts(S::Assigned), &[A::Primary], V::Resolve, &Ask::default(), NOW);
    let allowed = vec![V::Acknowledge, V::Return, V::Transfer];
    assert_eq!(refusal, Err(Refusal::NotAllowed { state: S::Assigned, verb: V::Resolve, allowed }));
}

proptest! {
    /// Whatever is tried, in whatever order: only table rows, and a closed door has named exits.
    #[test]
    fn random_steps_never_leave_the_table(steps in prop::collection::vec((0..V::ALL.len(), 0..11usize, any::<bool>()), 1..200)) {
        let mut f = facts(S::Submitted);
        for (verb, role, unplaced) in steps {
            let (verb, role) = (V::ALL[verb], A::ALL[role]);
            let ask = Ask { unplaced, ..fitting(role, verb) };
            let Ok(step) = decide(&f, &[role], verb, &ask, NOW) else { continue };
            prop_assert!(EDGES.iter().any(|e| e.from == f.state && e.verb == verb && e.to == step.to));
            if !is_open(f.state) && is_open(step.to) {
                prop_assert!(matches!((f.state, verb), (S::Closed, V::Reopen) | (S::Rejected, V::Appeal)));
            }
            prop_assert!(!matches!(f.state, S::Merged | S::Cancelled));
            f.returns += u32::from(verb == V::Return);
            f.appeals += u32::from(verb == V::Appeal);
            f.rated |= verb == V::Rate;
            f.state = step.to;
            f.closed_at = (f.state == S::Closed).then_some(NOW);
            prop_assert!(f.appeals <= 1 && f.returns <= 3);
        }
    }
}
