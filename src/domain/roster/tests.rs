use std::collections::BTreeSet;

use entity::kinds::{DutyRole, GapReason, GridId, ShiftDays, StaffId, Timestamp};
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
    let seen: Vec<_> =
        found.iter().map(|gap| (gap.grid.0, hours([gap.span])[0], gap.why)).collect();
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
fn only_what_was_covered_before_is_opened() {
    let gap = |from, to, why| Gap { grid: GridId(1), span: span(from, to), why };
    let before = [gap(0, 8, GapReason::NobodyOnDuty)];
    let after = [gap(0, 8, GapReason::NobodyOnDuty), gap(8, 12, GapReason::OnLeave)];
    assert_eq!(opened(&before, &after), [after[1]]);
    let other = [Gap { grid: GridId(2), ..before[0] }];
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
