use std::collections::BTreeMap;
use std::time::Duration;

use entity::kinds::{CaseState as S, NoticeKind, StaffId, Timestamp, Urgency};
use proptest::prelude::*;

use super::*;
use crate::domain::calendar::Profile;
use crate::domain::case::edges::is_open;
use crate::domain::case::targets::WorkTime;

/// 2026-11-23T16:00:00Z, local midnight.
const MIDNIGHT: i64 = 1_795_449_600_000_000;
const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3600 * SECOND;
const DAY: i64 = 24 * HOUR;
const T0: Timestamp = Timestamp(MIDNIGHT + 10 * HOUR);

/// An office that is open 09:00–17:00 every day.
fn add_work(at: Timestamp, span: Duration) -> Timestamp {
    let mut left = i64::try_from(span.as_micros()).unwrap();
    let mut at = at.0;
    loop {
        let day = MIDNIGHT + (at - MIDNIGHT).div_euclid(DAY) * DAY;
        let open = (day + 17 * HOUR - at.max(day + 9 * HOUR)).max(0);
        if left == 0 || open >= left {
            return Timestamp(if left == 0 { at } else { at.max(day + 9 * HOUR) + left });
        }
        left -= open;
        at = day + DAY;
    }
}

fn decide(view: &View<'_>, now: Timestamp) -> Decision {
    let time = WorkTime {
        add_work: &|_, at, span| add_work(at, span),
        add_workdays: &|_, at, n| {
            let day = MIDNIGHT + (at.0 - MIDNIGHT).div_euclid(DAY) * DAY;
            Timestamp(day + i64::from(n) * DAY + 17 * HOUR)
        },
    };
    next(view, now, time)
}

const EVERYBODY: [Who; 6] =
    [Who::Primary, Who::Backup, Who::Cadre, Who::Secretary, Who::Command, Who::HeldBy];

/// One person per role, staff ids 1–6 in that order; a bit of `mask` makes one reachable.
fn snapshot(chain: &Chain, mask: u8) -> Snapshot {
    let person = |(at, who): (i64, &Who)| {
        (*who, vec![Person::of(StaffId(at + 1), StaffId(at + 1), mask >> at & 1 == 1)])
    };
    let people: BTreeMap<_, _> = (0..).zip(&EVERYBODY).map(person).collect();
    Snapshot { chain: chain.clone(), people, first: NoticeKind::NewCase }
}

fn view(state: S, snapshot: &Snapshot) -> View<'_> {
    View {
        state,
        started_at: T0,
        cursor: Cursor::default(),
        snapshot,
        step_failed: false,
        acknowledged_at: None,
        contact_due_at: None,
        hold_until: None,
        quiet_until: None,
        resolved_at: None,
    }
}

fn after(seconds: i64) -> Timestamp {
    Timestamp(T0.0 + seconds * SECOND)
}

/// Runs a view through its next checks; returns (seconds since T0, staff told) for each notice.
fn run(view: &mut View<'_>, checks: usize) -> Vec<(i64, Vec<i64>)> {
    let mut now = T0;
    let mut told = Vec::new();
    for _ in 0..checks {
        let decision = decide(view, now);
        for action in &decision.actions {
            if let Action::Notify { people, .. } = action {
                told.push(((now.0 - T0.0) / SECOND, people.iter().map(|p| p.0).collect()));
            }
        }
        view.cursor = decision.cursor;
        now = decision.next_check_at.unwrap();
    }
    told
}

#[test]
fn an_urgent_case_climbs_to_command_and_stays_there() {
    let snapshot = snapshot(&Chains::default().urgent, 0xff);
    let told = run(&mut view(S::Assigned, &snapshot), 8);
    let want = [
        (0, vec![1, 3]),
        (180, vec![1]),
        (300, vec![2]),
        (600, vec![3]),
        (900, vec![4]),
        (1200, vec![5]),
        (1800, vec![5]),
        (2400, vec![5]),
    ];
    assert_eq!(told, want);
}

#[test]
fn a_normal_case_rests_at_night_and_reaches_command_when_the_office_opens() {
    let snapshot = snapshot(&Chains::default().normal, 0xff);
    let told = run(&mut view(S::Assigned, &snapshot), 6);
    // From 10:00: +30, +60, +120 minutes; 09:00 of the next day; then every two office hours.
    let want = [
        (0, vec![1, 3]),
        (1800, vec![2]),
        (3600, vec![3]),
        (7200, vec![4]),
        (23 * 3600, vec![5]),
        (25 * 3600, vec![5]),
    ];
    assert_eq!(told, want);
}

#[test]
fn the_first_push_of_a_normal_case_does_not_wait_for_the_morning() {
    let snapshot = snapshot(&Chains::default().normal, 0xff);
    let night = Timestamp(MIDNIGHT + 23 * HOUR);
    let v = View { started_at: night, ..view(S::Assigned, &snapshot) };
    assert_eq!(decide(&v, night).actions.len(), 1);
    assert_eq!(
        decide(&v, night).next_check_at,
        Some(Timestamp(MIDNIGHT + DAY + 9 * HOUR + HOUR / 2))
    );
}

#[test]
fn a_triage_case_asks_its_holder_and_then_command() {
    let chains = Chains::default();
    let calm = snapshot(chains.of(Urgency::Normal, true), 0xff);
    assert_eq!(
        run(&mut view(S::Triage, &calm), 3),
        [(0, vec![6]), (900, vec![5]), (1800, vec![5])]
    );
    let urgent = snapshot(chains.of(Urgency::Urgent, true), 0xff);
    assert_eq!(run(&mut view(S::Triage, &urgent), 2), [(0, vec![6, 5]), (900, vec![5])]);
}

#[test]
fn a_step_without_reachable_people_is_skipped_at_once() {
    // Only the secretary and command can be reached.
    let snapshot = snapshot(&Chains::default().urgent, 0b01_1000);
    let decision = decide(&view(S::Assigned, &snapshot), T0);
    let skipped = decision.actions.iter().filter(|a| matches!(a, Action::Skip { .. })).count();
    assert_eq!(skipped, 4);
    assert!(
        matches!(&decision.actions[4], Action::Notify { step: 4, people, .. } if people == &[StaffId(4)])
    );
    assert_eq!(decision.next_check_at, Some(after(300)));
}

#[test]
fn with_nobody_at_all_it_says_so_in_every_round_and_never_stops() {
    let snapshot = snapshot(&Chains::default().urgent, 0);
    let mut v = view(S::Assigned, &snapshot);
    let first = decide(&v, T0);
    assert_eq!((first.actions.len(), first.next_check_at), (6, Some(after(600))));
    v.cursor = first.cursor;
    let second = decide(&v, after(600));
    assert_eq!(second.actions.len(), 1);
    assert!(matches!(second.actions[0], Action::Skip { step: 5, round: 1, .. }));
}

#[test]
fn a_failed_step_brings_the_next_one_forward_but_the_last_one_keeps_its_pace() {
    let snapshot = snapshot(&Chains::default().urgent, 0xff);
    let told = |step| Cursor { step: Some(step), stepped_at: Some(T0), ..Cursor::default() };
    let mut v = View { step_failed: true, cursor: told(0), ..view(S::Assigned, &snapshot) };
    assert!(matches!(decide(&v, after(1)).actions[..], [Action::Notify { step: 1, .. }]));
    v.cursor = told(5);
    assert_eq!(decide(&v, after(1)).actions, []);
}

#[test]
fn an_acknowledgement_without_contact_is_reminded_at_half_and_undone_at_the_end() {
    let snapshot = snapshot(&Chains::default().urgent, 0xff);
    let cursor = Cursor { step: Some(1), stepped_at: Some(after(180)), ..Cursor::default() };
    let mut v = View {
        cursor,
        acknowledged_at: Some(after(200)),
        contact_due_at: Some(after(1800)),
        ..view(S::Acknowledged, &snapshot)
    };
    let quiet = decide(&v, after(999));
    assert_eq!((quiet.actions.len(), quiet.next_check_at), (0, Some(after(1000))));
    let half = decide(&v, after(1000));
    assert_eq!(half.actions, [Action::RemindAck { round: 0 }]);
    v.cursor = half.cursor;
    assert_eq!(decide(&v, after(1001)).actions, []);
    let end = decide(&v, after(1800));
    assert_eq!(end.actions[0], Action::Unacknowledge);
    assert!(
        matches!(&end.actions[1..], [Action::Notify { step: 2, people, .. }] if people == &[StaffId(2)])
    );
    assert!(!end.cursor.ack_reminded);
}

#[test]
fn a_late_acknowledgement_is_given_its_grace() {
    let snapshot = snapshot(&Chains::default().urgent, 0xff);
    let v = View {
        acknowledged_at: Some(after(4000)),
        contact_due_at: Some(after(1800)),
        ..view(S::Acknowledged, &snapshot)
    };
    assert_eq!(decide(&v, after(4001)).actions, []);
    assert_eq!(decide(&v, after(4600)).actions[0], Action::Unacknowledge);
}

#[test]
fn a_hold_ends_on_its_day_and_a_silent_resident_closes_after_three_workdays() {
    let snapshot = snapshot(&Chains::default().normal, 0xff);
    let held = View { hold_until: Some(after(50)), ..view(S::OnHold, &snapshot) };
    assert_eq!(decide(&held, after(49)).actions, []);
    assert_eq!(decide(&held, after(49)).next_check_at, Some(after(50)));
    assert_eq!(decide(&held, after(50)).actions, [Action::AutoResume]);
    let resolved = View { resolved_at: Some(T0), ..view(S::Resolved, &snapshot) };
    let due = Timestamp(MIDNIGHT + 3 * DAY + 17 * HOUR);
    assert_eq!(decide(&resolved, T0).next_check_at, Some(due));
    let closed = decide(&resolved, due);
    assert_eq!((closed.actions, closed.next_check_at), (vec![Action::AutoClose], None));
}

#[test]
fn shipped_chains_are_sound_and_survive_json() {
    for chains in [Chains::default(), Chains::demo()] {
        assert_eq!(chains.check(), Ok(()));
        let json = serde_json::to_string(&chains).unwrap();
        assert_eq!(serde_json::from_str::<Chains>(&json).unwrap(), chains);
    }
    // Told of each step within seconds, and then left alone for a while.
    let minutes = |chain: &Chain| 300 / chain.repeat;
    let demo = Chains::demo();
    for chain in [&demo.urgent, &demo.fast, &demo.normal, &demo.triage, &demo.triage_urgent] {
        assert_eq!(minutes(chain), 0, "no repeat within five minutes");
    }
    let whole = snapshot(&Chains::demo().fast, 3);
    let json = serde_json::to_string(&whole).unwrap();
    assert_eq!(serde_json::from_str::<Snapshot>(&json).unwrap(), whole);
}

#[test]
fn unsound_chains_are_named() {
    let good = Chains::default().urgent;
    assert_eq!(Chain { steps: Vec::new(), ..good.clone() }.check(), Err(BadChain::Empty));
    assert_eq!(Chain { repeat: 0, ..good.clone() }.check(), Err(BadChain::NoRepeat));
    let mut bad = good.clone();
    bad.steps.swap(1, 2);
    assert_eq!(bad.check(), Err(BadChain::Backwards(2)));
    bad.steps[1].who.clear();
    assert_eq!(bad.check(), Err(BadChain::NamesNobody(1)));
    let late = Step { after: After::Seconds(40 * 86_400), who: vec![Who::Cadre] };
    let many = Chain { steps: vec![good.steps[0].clone(); 31], ..good.clone() };
    assert_eq!(many.check(), Err(BadChain::TooMany));
    assert_eq!(Chain { steps: vec![late], ..good.clone() }.check(), Err(BadChain::TooLate(0)));
    assert_eq!(Chain { grace: u32::MAX, ..good.clone() }.check(), Err(BadChain::TooLong));
    let mut chains = Chains::default();
    chains.triage_urgent.profile = Profile::Office;
    assert_eq!(chains.check(), Err(("triage_urgent", BadChain::Rests)));
    let mut chains = Chains::default();
    chains.fast.steps[2].who.push(Who::HeldBy);
    assert_eq!(chains.check(), Err(("fast", BadChain::HeldByNobody(2))));
}

#[test]
fn chains_from_a_file_need_no_numbers_and_get_the_one_of_their_version() {
    let text = serde_json::to_string(&Chains::default()).unwrap().replace("\"version\":1,", "");
    let read = Chains::read(&text).unwrap().numbered(7);
    for chain in [&read.urgent, &read.fast, &read.normal, &read.triage, &read.triage_urgent] {
        assert_eq!(chain.version, 7);
    }
    assert_eq!(read.numbered(1), Chains::default());
    assert!(Chains::read(&text.replace("urgent", "urgently")).is_err());
}

type Case = (Snapshot, S, Cursor, bool, [Option<Timestamp>; 4]);

fn any_case() -> impl Strategy<Value = Case> {
    let moment = || prop::option::of((-200_000i64..200_000).prop_map(after));
    let cursor = (0u32..4, prop::option::of(0u32..9), moment(), any::<bool>()).prop_map(
        |(round, step, stepped_at, ack_reminded)| Cursor { round, step, stepped_at, ack_reminded },
    );
    let chain = (0usize..5, any::<u8>(), any::<bool>()).prop_map(|(which, mask, empty)| {
        let c = Chains::default();
        let mut chain = [c.urgent, c.fast, c.normal, c.triage, c.triage_urgent][which].clone();
        if empty && mask % 16 == 0 {
            chain.steps.clear();
        }
        snapshot(&chain, mask)
    });
    let state = (0..S::ALL.len()).prop_map(|at| S::ALL[at]);
    (chain, state, cursor, any::<bool>(), [moment(), moment(), moment(), moment()])
}

fn seen(case: &Case) -> View<'_> {
    let (snapshot, state, cursor, step_failed, [a, b, c, d]) = case;
    View {
        cursor: *cursor,
        step_failed: *step_failed,
        acknowledged_at: *a,
        contact_due_at: *b,
        hold_until: *c,
        resolved_at: *d,
        ..view(*state, snapshot)
    }
}

proptest! {
    #[test]
    fn an_open_case_always_has_a_later_check_and_a_closed_one_none(case in any_case(), now in -100_000i64..300_000) {
        let (view, now) = (seen(&case), after(now));
        let decision = decide(&view, now);
        let closes = decision.actions.contains(&Action::AutoClose) || !is_open(view.state);
        prop_assert_eq!(decision.next_check_at.is_none(), closes);
        prop_assert!(decision.next_check_at.is_none_or(|at| at > now));
    }

    #[test]
    fn after_a_human_acknowledged_nobody_else_is_told_until_it_is_undone(case in any_case(), now in -100_000i64..300_000) {
        let view = seen(&case);
        if matches!(view.state, S::Triage | S::Assigned) { return Ok(()); }
        let actions = decide(&view, after(now)).actions;
        let told = actions.iter().any(|a| matches!(a, Action::Notify { .. } | Action::Skip { .. }));
        prop_assert!(!told || actions[0] == Action::Unacknowledge);
    }

    #[test]
    fn asking_again_at_the_same_time_is_quiet(case in any_case(), now in -100_000i64..300_000) {
        let mut view = seen(&case);
        let first = decide(&view, after(now));
        for action in &first.actions {
            match action {
                Action::Unacknowledge => view.state = S::Assigned,
                Action::AutoClose => view.state = S::Closed,
                Action::AutoResume => view.state = S::InProgress,
                Action::Notify { .. } | Action::Skip { .. } => view.step_failed = false,
                Action::RemindAck { .. } => {}
            }
        }
        view.cursor = first.cursor;
        prop_assert_eq!(decide(&view, after(now)).actions, []);
    }

    #[test]
    fn no_notice_key_is_used_twice_in_a_chain(mask in any::<u8>(), checks in 1usize..40) {
        let snapshot = snapshot(&Chains::default().fast, mask);
        let mut view = view(S::Assigned, &snapshot);
        let (mut now, mut keys) = (T0, std::collections::BTreeSet::new());
        for _ in 0..checks {
            let decision = decide(&view, now);
            for action in &decision.actions {
                if let Action::Notify { step, round, .. } | Action::Skip { step, round, .. } = action {
                    prop_assert!(keys.insert((*round, *step)));
                }
            }
            view.cursor = decision.cursor;
            now = decision.next_check_at.unwrap();
        }
    }
}

#[test]
fn a_step_that_rests_until_the_morning_keeps_its_rest_whoever_looks_at_it() {
    let snapshot = snapshot(&Chains::default().fast, 0xff);
    let morning = after(9 * 3600);
    let cursor = Cursor { step: Some(0), stepped_at: Some(morning), ..Cursor::default() };
    let resting = View { cursor, quiet_until: Some(morning), ..view(S::Assigned, &snapshot) };
    for second in [0, 600, 9 * 3600 - 1] {
        let decision = decide(&resting, after(second));
        assert_eq!((decision.cursor, decision.actions.len()), (cursor, 0), "{second}");
        assert!(decision.next_check_at.unwrap() > morning, "{second}");
    }
    // No rest: such a step was taken before the clock was put back.
    let back = View { quiet_until: None, ..resting.clone() };
    assert_eq!(decide(&back, T0).cursor.stepped_at, Some(T0));
    let other = View { quiet_until: Some(after(3600)), ..resting };
    assert_eq!(decide(&other, T0).cursor.stepped_at, Some(T0));
}
