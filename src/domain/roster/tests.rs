use std::collections::BTreeSet;

use entity::kinds::{DutyRole, GapReason, GridId, ShiftDays, StaffId, StreetRole, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::domain::calendar::{Calendar, iso_date};

const HOUR: i64 = 3_600_000_000;
/// 2026-11-23 00:00 in China, a Monday.
const MONDAY: Timestamp = Timestamp(1_795_363_200_000_000);

fn at(hour: i64) -> Timestamp {
    Timestamp(MONDAY.0 + hour * HOUR)
}

fn span(from: i64, to: i64) -> Span {
    Span::new(at(from), at(to)).unwrap()
}

fn shift(days: ShiftDays, weekdays: i32, from: i32, to: i32) -> Shift {
    Shift { weekdays, days, from_minute: from * 60, to_minute: to * 60 }
}

fn duty(staff: i64, shift: Option<Shift>) -> Duty {
    let (grid, role) = (GridId(1), DutyRole::Primary);
    Duty { grid, role, staff: StaffId(staff), shift, from: at(-9_999), to: None }
}

fn leave(staff: i64, (from, to): (i64, i64), substitute: Option<i64>) -> Leave {
    Leave { staff: StaffId(staff), span: span(from, to), substitute: substitute.map(StaffId) }
}

fn hours(spans: impl IntoIterator<Item = Span>) -> Vec<(i64, i64)> {
    let hour = |at: Timestamp| (at.0 - MONDAY.0) / HOUR;
    spans.into_iter().map(|span| (hour(span.from), hour(span.to))).collect()
}

fn on_duty(plan: &Plan, staff: i64) -> Vec<(i64, i64)> {
    hours(plan.turns.iter().filter(|turn| turn.staff == StaffId(staff)).map(|turn| turn.span))
}

#[test]
fn a_shift_is_worked_on_its_days_and_a_night_belongs_to_the_evening() {
    assert_eq!(iso_date(MONDAY), "2026-11-23");
    assert_eq!(iso_date(Timestamp(MONDAY.0 - 1)), "2026-11-22");
    let calendar = Calendar::builtin();
    let week = span(0, 168);
    let day = shift(ShiftDays::Workday, 127, 8, 18);
    assert_eq!(hours(day.spans(&calendar, week)).len(), 5, "Monday to Friday");
    let night = shift(ShiftDays::Every, 1, 20, 6);
    assert_eq!(hours(night.spans(&calendar, week)), [(20, 30)], "Monday's night ends on Tuesday");
    assert_eq!(hours(night.spans(&calendar, span(24, 48))), [(24, 30)]);
    let weekend = shift(ShiftDays::DayOff, 127, 0, 24);
    assert_eq!(hours(weekend.spans(&calendar, week)), [(120, 144), (144, 168)]);
    for (hour, on) in [(19, false), (20, true), (29, true), (30, false), (44, false)] {
        assert_eq!(is_on(Some(night), &calendar, at(hour)), on, "{hour}");
    }
    assert!(is_on(None, &calendar, at(3)), "no shift is around the clock");
}

fn began(duties: &[Duty], leaves: &[Leave], window: (i64, i64)) -> Vec<(i64, i64)> {
    let found = starts(duties, leaves, span(window.0, window.1), &Calendar::builtin());
    let hour = |at: Timestamp| (at.0 - MONDAY.0) / HOUR;
    found.into_iter().map(|(staff, at)| (staff.0, hour(at))).collect()
}

#[test]
fn a_shift_begins_once_and_the_day_of_who_is_always_on_duty_at_eight() {
    let day = duty(1, Some(shift(ShiftDays::Every, 127, 8, 18)));
    let inner = duty(1, Some(shift(ShiftDays::Every, 127, 10, 20)));
    assert_eq!(began(&[day, inner], &[], (0, 24)), [(1, 8)], "he is on duty already at ten");
    let night = duty(1, Some(shift(ShiftDays::Every, 127, 18, 6)));
    assert_eq!(began(&[day, night], &[], (0, 24)), [(1, 8), (1, 18)], "one follows the other");
    assert_eq!(began(&[duty(1, None)], &[], (0, 48)), [(1, 8), (1, 32)]);
    assert_eq!(began(&[duty(1, None), night], &[], (0, 48)), [(1, 8), (1, 32)]);
    assert_eq!(began(&[night], &[], (19, 41)), [], "it began before, and ends in between");
    assert_eq!(began(&[day], &[], (8, 24)), [], "the window is open at its beginning");
}

#[test]
fn who_is_away_does_not_come_on_duty_and_his_substitute_does() {
    let day = duty(1, Some(shift(ShiftDays::Every, 127, 8, 18)));
    assert_eq!(began(&[day], &[leave(1, (0, 24), Some(2))], (0, 24)), [(2, 8)]);
    assert_eq!(began(&[day], &[leave(1, (0, 24), None)], (0, 24)), []);
    let both = [leave(1, (0, 24), Some(2)), leave(2, (0, 12), None)];
    assert_eq!(began(&[day], &both, (0, 24)), [(2, 12)], "when he is back");
    assert_eq!(began(&[day], &[leave(1, (0, 12), None)], (0, 24)), [(1, 12)]);
}

#[test]
fn who_is_away_is_replaced_by_his_substitute_unless_that_one_is_away_too() {
    let calendar = Calendar::builtin();
    let leaves = [leave(1, (10, 20), Some(2)), leave(2, (15, 17), None)];
    let plan = plan(&[duty(1, None)], &leaves, span(0, 24), &calendar);
    assert_eq!(on_duty(&plan, 1), [(0, 10), (20, 24)]);
    assert_eq!(on_duty(&plan, 2), [(10, 15), (17, 20)]);
    let second = plan.turns.iter().find(|turn| turn.staff == StaffId(2)).unwrap();
    assert_eq!(second.instead_of, Some(StaffId(1)));
    assert_eq!(hours(plan.absences.iter().map(|(_, span)| *span)), [(15, 17)]);
}

#[test]
fn every_hour_without_a_reachable_person_is_a_gap_with_its_reason() {
    let calendar = Calendar::builtin();
    let duties = [
        duty(1, Some(shift(ShiftDays::Every, 127, 8, 18))),
        duty(2, Some(shift(ShiftDays::Every, 127, 18, 20))),
    ];
    let window = span(0, 24);
    let plan = plan(&duties, &[leave(1, (12, 14), None)], window, &calendar);
    let found = gaps(&[GridId(1), GridId(2)], &plan, &BTreeSet::from([StaffId(1)]), window);
    let grid = |gap: &Gap| gap.post.grid().unwrap().0;
    let seen: Vec<_> = found.iter().map(|gap| (grid(gap), hours([gap.span])[0], gap.why)).collect();
    assert_eq!(
        seen,
        [
            (1, (0, 8), GapReason::NobodyOnDuty),
            (1, (12, 14), GapReason::OnLeave),
            (1, (18, 20), GapReason::NotReachable),
            (1, (20, 24), GapReason::NobodyOnDuty),
            (2, (0, 24), GapReason::NobodyOnDuty),
        ]
    );
}

#[test]
fn a_desk_of_the_street_has_gaps_as_a_grid_has() {
    use StreetRole::{Command, TriageDesk};
    let seat = |desk, staff, to| Seat { desk, staff: StaffId(staff), from: at(-9_999), to };
    let seats = [
        seat(Command, 1, None),
        seat(TriageDesk, 2, Some(at(20))),
        seat(TriageDesk, 3, Some(at(6))),
    ];
    let leaves = [leave(1, (10, 14), None), leave(1, (16, 18), Some(3)), leave(2, (4, 8), None)];
    let of = |reachable: &[i64]| {
        let reachable = reachable.iter().copied().map(StaffId).collect();
        let found = desk_gaps(&seats, &leaves, &reachable, span(0, 24));
        let seen = found.into_iter().map(|gap| (gap.post, hours([gap.span])[0], gap.why));
        seen.collect::<Vec<_>>()
    };
    let (command, desk) = (Post::Desk(Command), Post::Desk(TriageDesk));
    let alone = [
        (command, (10, 14), GapReason::OnLeave),
        (desk, (6, 8), GapReason::OnLeave),
        (desk, (20, 24), GapReason::NobodyOnDuty),
    ];
    assert_eq!(of(&[1, 2, 3]), alone);
    let silent = [
        alone[0],
        (command, (16, 18), GapReason::NotReachable),
        (desk, (4, 6), GapReason::NotReachable),
        alone[1],
        alone[2],
    ];
    assert_eq!(of(&[1, 2]), silent, "his substitute is not reached");
}

#[test]
fn only_what_was_covered_before_is_opened() {
    let gap = |from, to, why| Gap { post: Post::Grid(GridId(1)), span: span(from, to), why };
    let before = [gap(0, 8, GapReason::NobodyOnDuty)];
    let after = [gap(0, 8, GapReason::NobodyOnDuty), gap(8, 12, GapReason::OnLeave)];
    assert_eq!(opened(&before, &after), [after[1]]);
    let other = [Gap { post: Post::Grid(GridId(2)), ..before[0] }];
    assert_eq!(opened(&other, &before), before, "another grid's gap excuses nothing");
}

proptest! {
    #[test]
    fn an_instant_is_in_a_gap_exactly_when_nobody_reachable_is_on_duty(
        starts in prop::collection::vec((0..24_i32, 1..=24_i32, 1..=127_i32, 1..=3_i64), 0..4),
        away in prop::collection::vec((1..=3_i64, 0..160_i64, 1..40_i64, prop::option::of(1..=3_i64)), 0..3),
        who in prop::collection::btree_set(1..=3_i64, 0..4),
        probe in 0..168_i64,
    ) {
        let calendar = Calendar::builtin();
        let duties: Vec<Duty> = starts
            .iter()
            .map(|(from, to, days, staff)| duty(*staff, Some(shift(ShiftDays::Every, *days, *from, *to))))
            .collect();
        let leaves: Vec<Leave> = away
            .iter()
            .map(|(staff, from, length, substitute)| {
                leave(*staff, (*from, from + length), substitute.filter(|other| other != staff))
            })
            .collect();
        let (window, reachable) = (span(0, 168), who.iter().copied().map(StaffId).collect());
        let plan = plan(&duties, &leaves, window, &calendar);
        let found = gaps(&[GridId(1)], &plan, &reachable, window);
        let gap = found.iter().any(|gap| gap.span.holds(at(probe)));
        let gone = |staff: StaffId| leaves.iter().find(|one| one.staff == staff && one.span.holds(at(probe)));
        let covered = duties.iter().filter(|one| is_on(one.shift, &calendar, at(probe))).any(|one| {
            let mut all = leaves.iter().filter(|l| l.staff == one.staff && l.span.holds(at(probe))).peekable();
            if all.peek().is_none() {
                return reachable.contains(&one.staff);
            }
            all.any(|leave| leave.substitute.is_some_and(|other| gone(other).is_none() && reachable.contains(&other)))
        });
        prop_assert_eq!(gap, !covered);
        prop_assert!(found.iter().zip(found.iter().skip(1)).all(|(a, b)| a.span.to <= b.span.from));
    }
}

#[test]
fn everybody_is_named_once_with_the_time_he_is_there_now_or_next() {
    let calendar = Calendar::builtin();
    let day = shift(ShiftDays::Every, 127, 8, 18);
    let duties = [duty(1, Some(day)), duty(3, None)];
    let leaves = [leave(1, (10, 14), Some(2)), leave(3, (16, 17), None)];
    let plan = plan(&duties, &leaves, span(0, 72), &calendar);
    let seen = |at_hour: i64| {
        let of =
            |one: &Presence| (one.staff.0, hours([one.span])[0], one.instead_of.map(|id| id.0));
        presences(&plan, at(at_hour)).iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(seen(12), [(3, (0, 16), None), (2, (10, 14), Some(1)), (1, (14, 18), None)]);
    assert_eq!(seen(14), [(3, (0, 16), None), (1, (14, 18), None)], "an end is not included");
    assert_eq!(seen(18), [(3, (17, 72), None), (1, (32, 42), None)]);
}

#[test]
fn a_shift_joins_what_touches_and_ends_at_midnight_for_whoever_is_always_there() {
    let calendar = Calendar::builtin();
    let day = |from, to| Some(shift(ShiftDays::Every, 127, from, to));
    let window = span(0, 72);
    let of = |duties: &[Duty], at_hour: i64| {
        let plan = plan(duties, &[], window, &calendar);
        let next = shift_after(&plan, StaffId(1), at(at_hour)).map(|one| hours([one])[0]);
        (shift_at(&plan, StaffId(1), at(at_hour)).map(|one| hours([one])[0]), next)
    };
    let two = [duty(1, day(8, 18)), duty(1, day(18, 20)), duty(2, None)];
    assert_eq!(of(&two, 10), (Some((8, 20)), Some((32, 44))));
    assert_eq!(of(&two, 20), (None, Some((32, 44))), "an end is not included");
    assert_eq!(of(&[duty(1, None)], 30), (Some((24, 48)), None));
    assert_eq!(of(&[duty(1, day(20, 6))], 26), (Some((20, 30)), Some((44, 54))));
}

#[test]
fn who_leaves_a_grid_to_nobody_opens_a_gap_even_where_nobody_was_reached_for_certain() {
    let gap = |from, to, why| Gap { post: Post::Grid(GridId(1)), span: span(from, to), why };
    let before = [gap(0, 10, GapReason::NotReachable), gap(20, 24, GapReason::OnLeave)];
    let after = [
        gap(5, 10, GapReason::OnLeave),
        gap(10, 12, GapReason::NotReachable),
        gap(18, 24, GapReason::OnLeave),
        gap(0, 5, GapReason::NotReachable),
    ];
    let found = left_alone(&before, &after);
    let expected = [
        gap(10, 12, GapReason::NotReachable),
        gap(5, 10, GapReason::OnLeave),
        gap(18, 20, GapReason::OnLeave),
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_shift_of_a_day_begins_on_it_and_may_end_on_the_next() {
    let calendar = Calendar::builtin();
    let of = |duties: &[Duty], from| {
        shift_on(duties, StaffId(1), span(from, from + 24), &calendar).map(|one| hours([one])[0])
    };
    let night = Some(shift(ShiftDays::Every, 1, 20, 6));
    assert_eq!(of(&[duty(1, night)], 0), Some((20, 30)));
    assert_eq!(of(&[duty(1, night)], 24), None, "Tuesday's hours belong to Monday's night");
    let day = |from, to| Some(shift(ShiftDays::Every, 127, from, to));
    assert_eq!(of(&[duty(1, day(8, 12)), duty(1, day(14, 18)), duty(2, None)], 24), Some((32, 42)));
    assert_eq!(of(&[duty(1, None)], 24), Some((24, 48)));
    let ended = Duty { to: Some(at(24)), ..duty(1, None) };
    assert_eq!(of(&[ended], 24), None);
}
