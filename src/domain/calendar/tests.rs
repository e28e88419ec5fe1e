use proptest::prelude::*;

use super::*;

fn at(local: &str) -> Timestamp {
    parse_rfc3339(&format!("{}:00+08:00", local.replace(' ', "T"))).expect("an instant")
}

const fn hours(n: u64) -> Duration {
    Duration::from_secs(n * 3600)
}

#[test]
fn working_hours_follow_the_make_up_days() {
    let calendar = Calendar::builtin();
    for (start, target, due) in [
        ("2026-02-13 16:30", 4, "2026-02-14 12:00"),
        ("2026-02-14 11:30", 1, "2026-02-14 14:30"),
        ("2026-10-10 17:00", 2, "2026-10-12 10:30"),
        ("2026-02-14 14:00", 3, "2026-02-14 17:00"),
        ("2026-03-02 08:00", 3, "2026-03-02 12:00"),
    ] {
        let got = calendar.add_work(Profile::Office, at(start), hours(target));
        assert_eq!(
            (local_minute(got.at), got.provisional),
            (due.to_owned(), false),
            "{start} + {target} h"
        );
    }
}

#[test]
fn workdays_end_at_closing_time_of_the_nth_day_after() {
    let calendar = Calendar::builtin();
    for (start, n, due) in [
        ("2026-09-18 10:00", 3, "2026-09-22 17:30"),
        ("2026-09-29 10:00", 5, "2026-10-12 17:30"),
        ("2026-01-02 10:00", 1, "2026-01-04 17:30"),
        ("2026-05-08 16:00", 1, "2026-05-09 17:30"),
        ("2026-05-08 23:59", 0, "2026-05-08 17:30"),
        ("2026-05-10 10:00", 0, "2026-05-11 17:30"),
    ] {
        let got = calendar.add_workdays(Profile::Office, at(start), n);
        assert_eq!(
            (local_minute(got.at), got.provisional),
            (due.to_owned(), false),
            "{start} + {n} days"
        );
    }
}

#[test]
fn duty_counts_every_hour_and_never_waits_for_a_table() {
    let calendar = Calendar::builtin();
    let due = calendar.add_work(Profile::Duty, at("2030-02-14 23:30"), hours(2));
    assert_eq!((local_minute(due.at), due.provisional), ("2030-02-15 01:30".to_owned(), false));
    let due = calendar.add_workdays(Profile::Duty, at("2026-02-14 10:00"), 1);
    assert_eq!(local_minute(due.at), "2026-02-16 00:00");
}

#[test]
fn the_year_2026_has_248_workdays() {
    let calendar = Calendar::builtin();
    let day =
        |n| Date::constant(2026, 1, 1).checked_add(jiff::Span::new().days(n)).expect("a date");
    assert_eq!((0..365).filter(|n| calendar.is_workday(day(*n))).count(), 248);
}

#[test]
fn a_due_time_in_a_year_without_table_is_provisional() {
    let calendar = Calendar::builtin();
    assert!(calendar.add_work(Profile::Office, at("2026-12-31 17:00"), hours(1)).provisional);
    assert!(!calendar.add_work(Profile::Office, at("2026-12-31 16:00"), hours(1)).provisional);
    assert!(calendar.add_workdays(Profile::Office, at("2026-12-31 10:00"), 1).provisional);
    assert!(!calendar.knows(2022), "a December day of the 2023 notice is no table for 2022");
}

#[test]
fn a_wrong_table_is_refused_with_its_line() {
    let parse =
        |rows: &str| Calendar::parse(&format!("table,date,day\n{rows}")).map(|_| ()).unwrap_err();
    assert!(matches!(parse("2026,2026-13-01,rest"), CalendarError::Malformed { line: 2, .. }));
    assert!(matches!(parse("2026,2026-01-01,maybe"), CalendarError::Malformed { line: 2, .. }));
    assert!(matches!(
        parse("2026,2026-01-01,rest\n2026,2026-01-01,rest"),
        CalendarError::Twice { line: 3, .. }
    ));
    assert!(matches!(
        parse("2026,2026-01-05,work"),
        CalendarError::MakeUpOnWeekday { line: 2, .. }
    ));
}

#[test]
fn instants_read_as_local_dates_and_rfc_3339() {
    let late = at("2026-02-14 00:30");
    assert_eq!(
        (compact_date(late), iso_date(late)),
        ("20260214".to_owned(), "2026-02-14".to_owned())
    );
    assert_eq!(rfc3339(Timestamp(late.0 + 5)), "2026-02-13T16:30:00.000005Z");
    let words = serde_json::to_string(&[Profile::Office, Profile::Duty]).expect("words");
    assert_eq!(words, r#"["office","duty"]"#);
}

#[test]
fn the_ends_of_time_do_not_panic() {
    let calendar = Calendar::builtin();
    for profile in [Profile::Office, Profile::Duty] {
        for from in [Timestamp(i64::MIN), Timestamp(0), Timestamp(i64::MAX)] {
            let _ = calendar.add_work(profile, from, Duration::MAX);
            let _ = calendar.add_workdays(profile, from, u32::MAX);
            let _ = calendar.work(profile, Timestamp(i64::MIN), from);
            let _ = rfc3339(from);
        }
    }
}

/// 2022-11 to 2028: inside, before and beyond the tables.
fn instants() -> impl Strategy<Value = Timestamp> {
    (1_667_232_000_000_000_i64..1_830_000_000_000_000).prop_map(Timestamp)
}

fn profiles() -> impl Strategy<Value = Profile> {
    prop_oneof![Just(Profile::Office), Just(Profile::Duty)]
}

proptest! {
    #[test]
    fn work_is_additive_monotone_and_never_longer_than_the_wall(
        profile in profiles(), mut three in prop::array::uniform3(instants()),
    ) {
        three.sort();
        let [a, b, c] = three;
        let calendar = Calendar::builtin();
        let work = |a, b| calendar.work(profile, a, b);
        prop_assert_eq!(work(a, b) + work(b, c), work(a, c));
        prop_assert!(work(a, b) <= work(a, c));
        prop_assert!(work(a, b) <= b.since(a));
        prop_assert_eq!(work(a, a), Duration::ZERO);
    }

    #[test]
    fn adding_work_is_the_earliest_inverse_of_measuring_it(
        profile in profiles(), from in instants(), micros in 0_u64..4_000_000_000_000,
    ) {
        let calendar = Calendar::builtin();
        let target = Duration::from_micros(micros);
        let due = calendar.add_work(profile, from, target).at;
        prop_assert!(due >= from);
        prop_assert_eq!(calendar.work(profile, from, due), target);
        if micros > 0 {
            prop_assert!(calendar.work(profile, from, Timestamp(due.0 - 1)) < target);
        }
    }

    #[test]
    fn more_workdays_are_never_due_earlier(from in instants(), n in 1_u32..60) {
        let calendar = Calendar::builtin();
        let due = |n| calendar.add_workdays(Profile::Office, from, n).at;
        prop_assert!(due(n) < due(n + 1));
        prop_assert!(due(n) > from);
    }
}
