use proptest::prelude::*;

use super::hours::HoursError;
use super::pause::Pause;
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
fn a_due_time_in_a_year_without_table_is_provisional() {
    let calendar = Calendar::builtin();
    assert!(calendar.add_work(Profile::Office, at("2026-12-31 17:00"), hours(1)).provisional);
    assert!(calendar.add_workdays(Profile::Office, at("2026-12-31 10:00"), 1).provisional);
    assert!(!calendar.add_work(Profile::Office, at("2026-12-24 16:00"), hours(1)).provisional);
    assert!(!calendar.knows(2022), "a December day of the 2023 notice is no table for 2022");
}

#[test]
fn the_last_days_of_december_wait_for_the_notice_of_the_next_year() {
    let calendar = Calendar::builtin();
    let due = |c: &Calendar| c.add_work(Profile::Office, at("2026-12-31 14:00"), hours(1));
    assert!(due(&calendar).provisional, "the notice of 2027 may make the 31st a day of rest");
    let known = calendar.with(1, [next_year("")]).expect("tables");
    assert_eq!(local_minute(due(&known).at), "2026-12-31 15:00");
    assert!(!due(&known).provisional);
    let moved = calendar.with(1, [next_year("2027,2026-12-31,rest,元旦\n")]).expect("tables");
    assert_eq!(local_minute(due(&moved).at), "2027-01-04 10:00");
    assert_eq!((known.version(), moved.knows(2027)), (1, true));
}

/// A notice for 2027 as it could be, and what is added.
fn next_year(more: &str) -> Table {
    let days = |month: i32, days: std::ops::RangeInclusive<i32>, word: &'static str| {
        days.map(move |day| format!("2027,2027-{month:02}-{day:02},{word},\n"))
    };
    let heading = ["table,date,day,festival\n2027,2027-01-01,rest,元旦\n", more].map(str::to_owned);
    let spring = days(2, 5..=12, "rest").chain(days(2, 14..=14, "work"));
    let spring = spring.chain(days(2, 20..=20, "work")).chain(days(4, 5..=5, "rest"));
    let may = days(5, 1..=5, "rest").chain(days(5, 8..=8, "work")).chain(days(6, 9..=9, "rest"));
    let autumn = days(9, 15..=15, "rest").chain(days(9, 26..=26, "work"));
    let autumn = autumn.chain(days(10, 1..=7, "rest")).chain(days(10, 9..=9, "work"));
    let rows: String = heading.into_iter().chain(spring).chain(may).chain(autumn).collect();
    let mut tables = Table::parse_all(&rows).expect("a table");
    assert_eq!((tables.len(), tables[0].check(), tables[0].doubt()), (1, Ok(()), None));
    tables.remove(0)
}

#[test]
fn a_table_that_was_cut_off_or_names_days_of_other_years_is_refused() {
    let whole = next_year("");
    assert_eq!(
        Table::parse_all(&whole.write()),
        Ok(vec![whole.clone()]),
        "what is written is read"
    );
    let mut cut = whole.clone();
    cut.days.retain(|one| one.works || one.date.month() != 10);
    let date = "2027-10-01".to_owned();
    assert_eq!(cut.doubt(), Some(CalendarError::Lacks { year: 2027, date }));
    cut.days.retain(|one| one.works || one.date.month() != 2);
    assert_eq!(cut.check(), Err(CalendarError::TooFew { year: 2027, found: 9 }));
    let mut strange = whole.clone();
    strange.days[0].date = Date::constant(2026, 12, 19);
    assert!(matches!(strange.check(), Err(CalendarError::OutOfYear { year: 2027, .. })));
    let both = Calendar::builtin().with(1, [Table { year: 2027, ..first_of_2026() }]);
    assert!(matches!(both, Err(CalendarError::Twice { .. })), "two notices name one day");
    let again = Calendar::builtin().with(1, [first_of_2026()]).expect("a correction");
    assert!(again.is_workday(Date::constant(2026, 10, 1)), "the later table of a year counts");
}

fn first_of_2026() -> Table {
    let builtin = Calendar::builtin();
    let mut table = builtin.tables().find(|one| one.year == 2026).expect("2026").clone();
    table.days.truncate(1);
    table
}

fn early() -> Hours {
    let shifts = ["08:30-11:30", "13:00-16:00", "16:30-17:30"].map(str::to_owned);
    Hours::parse(Profile::Office, 2, &shifts).expect("hours")
}

#[test]
fn hours_are_data_with_breaks_and_a_version() {
    let (calendar, early) = (Calendar::builtin(), early());
    for (start, target, due) in [
        ("2026-03-02 08:00", 1, "2026-03-02 09:30"),
        ("2026-03-02 11:00", 1, "2026-03-02 13:30"),
        ("2026-03-02 15:00", 2, "2026-03-02 17:30"),
        ("2026-02-13 17:00", 1, "2026-02-14 09:00"),
    ] {
        let got = calendar.add_work(&early, at(start), hours(target));
        assert_eq!(local_minute(got.at), due, "{start} + {target} h");
    }
    let evening = Hours::parse(Profile::Duty, 1, &["08:00-20:00".to_owned()]).expect("hours");
    let due = calendar.add_work(&evening, at("2026-10-01 19:00"), hours(2));
    assert_eq!((local_minute(due.at), due.provisional), ("2026-10-02 09:00".to_owned(), false));
    let json = serde_json::to_string(&early).expect("json");
    let want =
        r#"{"profile":"office","version":2,"shifts":["08:30-11:30","13:00-16:00","16:30-17:30"]}"#;
    assert_eq!((json.as_str(), serde_json::from_str::<Hours>(want).expect("hours")), (want, early));
}

#[test]
fn hours_that_overlap_or_are_no_hours_are_refused() {
    let parse = |shifts: &[&str]| {
        let shifts: Vec<String> = shifts.iter().map(|one| (*one).to_owned()).collect();
        Hours::parse(Profile::Office, 1, &shifts).map(|_| ())
    };
    for order in [&["09:00-12:00", "11:00-13:00"][..], &["12:00-09:00"], &["09:00-09:00"], &[]] {
        assert_eq!(parse(order), Err(HoursError::Order), "{order:?}");
    }
    for raw in ["9-12", "09:60-12:00", "09:00-24:01", "9:00-12:00", "-1:00-12:00", "09:00"] {
        assert_eq!(parse(&[raw]), Err(HoursError::Malformed(raw.to_owned())));
    }
}

fn pause(from: &str, to: &str) -> Pause {
    Pause { from: at(from), to: at(to) }
}

#[test]
fn time_within_pauses_does_not_count_and_overlaps_count_once() {
    let (calendar, office) = (Calendar::builtin(), Hours::standard(Profile::Office));
    let (from, to) = (at("2026-03-02 09:00"), at("2026-03-03 17:30"));
    let one = pause("2026-03-02 10:00", "2026-03-02 15:00");
    let two = pause("2026-03-02 14:30", "2026-03-02 16:00");
    let night = pause("2026-03-02 18:00", "2026-03-03 08:00");
    let active = |pauses: &[Pause]| calendar.active(office, pauses, from, to).as_secs() / 60;
    assert_eq!(active(&[]), 13 * 60);
    assert_eq!(active(&[one]), 10 * 60);
    assert_eq!(active(&[two, one]), 9 * 60, "half an hour lies in both");
    assert_eq!(active(&[one, one, two, night]), 9 * 60);
    let due = calendar.add_active(office, &[two, one], from, hours(2));
    assert_eq!(local_minute(due.at), "2026-03-02 17:00");
    let due = calendar.add_active(office, &[one], at("2026-03-02 11:00"), hours(1));
    assert_eq!(local_minute(due.at), "2026-03-02 16:00", "it begins within a pause");
    let long = pause("2026-03-02 10:00", "2027-01-05 10:00");
    assert!(calendar.add_active(office, &[long], from, hours(2)).provisional);
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
    assert_eq!(spoken_date(late), "2026年2月14日");
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

/// The two standard profiles and a third with two breaks.
fn profiles() -> impl Strategy<Value = Hours> {
    let standard = |profile| Hours::standard(profile).clone();
    prop_oneof![Just(standard(Profile::Office)), Just(standard(Profile::Duty)), Just(early()),]
}

fn pauses() -> impl Strategy<Value = Vec<Pause>> {
    let one = (instants(), 0_i64..4_000_000_000_000);
    let one = one.prop_map(|(from, long)| Pause { from, to: Timestamp(from.0 + long) });
    prop::collection::vec(one, 0..5)
}

proptest! {
    #[test]
    fn work_is_additive_monotone_and_never_longer_than_the_wall(
        profile in profiles(), mut three in prop::array::uniform3(instants()),
    ) {
        three.sort();
        let [a, b, c] = three;
        let calendar = Calendar::builtin();
        let work = |a, b| calendar.work(&profile, a, b);
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
        let due = calendar.add_work(&profile, from, target).at;
        prop_assert!(due >= from);
        prop_assert_eq!(calendar.work(&profile, from, due), target);
        if micros > 0 {
            prop_assert!(calendar.work(&profile, from, Timestamp(due.0 - 1)) < target);
        }
    }

    #[test]
    fn more_workdays_are_never_due_earlier(from in instants(), n in 1_u32..60) {
        let calendar = Calendar::builtin();
        let due = |n| calendar.add_workdays(Profile::Office, from, n).at;
        prop_assert!(due(n) < due(n + 1));
        prop_assert!(due(n) > from);
    }

    #[test]
    fn active_time_is_additive_and_never_more_than_work(
        profile in profiles(), pauses in pauses(), mut three in prop::array::uniform3(instants()),
    ) {
        three.sort();
        let [a, b, c] = three;
        let calendar = Calendar::builtin();
        let active = |a, b| calendar.active(&profile, &pauses, a, b);
        prop_assert_eq!(active(a, b) + active(b, c), active(a, c));
        prop_assert!(active(a, c) <= calendar.work(&profile, a, c));
        let mut twice = pauses.clone();
        twice.extend(&pauses);
        prop_assert_eq!(calendar.active(&profile, &twice, a, c), active(a, c));
    }

    #[test]
    fn adding_active_time_is_the_earliest_inverse_of_measuring_it(
        profile in profiles(), pauses in pauses(), from in instants(),
        micros in 1_u64..4_000_000_000_000,
    ) {
        let calendar = Calendar::builtin();
        let target = Duration::from_micros(micros);
        let due = calendar.add_active(&profile, &pauses, from, target).at;
        prop_assert_eq!(calendar.active(&profile, &pauses, from, due), target);
        let sooner = calendar.active(&profile, &pauses, from, Timestamp(due.0 - 1));
        prop_assert!(sooner < target);
        prop_assert!(due >= calendar.add_work(&profile, from, target).at, "pauses only delay");
    }
}

#[test]
fn a_first_line_that_is_a_day_is_one_and_tables_of_facts_are_read_too() {
    let days = |text: &str| {
        let tables = Table::parse_all(text).map_err(|why| why.to_string())?;
        let day = |table: &Table, one: &table::Listed| {
            format!("{} {} {}", table.year, one.date, one.works)
        };
        let all = tables.iter().flat_map(|table| table.days.iter().map(|one| day(table, one)));
        Ok::<Vec<String>, String>(all.collect())
    };
    let bare = "2027,2027-01-01,rest,元旦\n2027,2027-01-02,rest,元旦\n";
    let whole = ["2027 2027-01-01 false", "2027 2027-01-02 false"];
    assert_eq!(days(bare).unwrap(), whole);
    assert_eq!(days(&format!("table,date,day,festival\n{bare}")).unwrap(), whole);
    assert_eq!(days(&format!("\u{feff}{bare}")).unwrap(), whole);
    assert!(days(&bare.replacen("rest", "off", 1)).unwrap_err().contains("line 1"));
    let facts =
        "date,kind,festival\n2026-12-31,off,元旦\n2027-01-01,off,元旦\n2027-02-20,work,春节\n";
    let want = ["2027 2026-12-31 false", "2027 2027-01-01 false", "2027 2027-02-20 true"];
    assert_eq!(days(facts).unwrap(), want);
    assert!(
        days("date,kind,festival\n2027-01-01,rest,元旦\n").is_err(),
        "a word of the other form"
    );
}

#[test]
fn the_delivered_calendar_stays_what_it_is() {
    use sha2::{Digest, Sha256};
    let now = (DELIVERED.lines().count(), hex::encode(Sha256::digest(DELIVERED)));
    let hash = "ea111abd39a5a7f21a85c3d9c7909041e7fafd316f21b45e5595c50daf57ecfd";
    let why = "cases name it as calendar 0, and would look tampered with: a new year comes as a version \
               of the calendar by import, or as a new delivered version, never by changing this file";
    assert_eq!(now, (143, hash.to_owned()), "{why}");
}
