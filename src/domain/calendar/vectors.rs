//! The vectors of domain §5.3, and what other ways of counting would have answered: a table that
//! lost its make-up days, or an office that knows weekdays only, must not pass for ours.

use super::*;

fn at(local: &str) -> Timestamp {
    parse_rfc3339(&format!("{}:00+08:00", local.replace(' ', "T"))).expect("an instant")
}

/// The tables as they are, without make-up days, and Monday to Friday.
fn three() -> [Calendar; 3] {
    let ours = Calendar::builtin();
    let no_make_up = ours.tables().map(|table| Table {
        year: table.year,
        days: table.days.iter().filter(|one| !one.works).cloned().collect(),
    });
    let weekdays = ours.tables().map(|table| Table { year: table.year, days: Vec::new() });
    let made = |tables: Vec<Table>| Calendar::of(0, tables).expect("tables");
    let (no_make_up, weekdays) = (made(no_make_up.collect()), made(weekdays.collect()));
    [ours, no_make_up, weekdays]
}

#[derive(Clone, Copy, Debug)]
enum Target {
    Hours(u64),
    Workdays(u32),
}

const VECTORS: [(&str, Target, [&str; 3]); 7] = [
    (
        "2026-02-13 16:30",
        Target::Hours(4),
        ["2026-02-14 12:00", "2026-02-24 12:00", "2026-02-16 12:00"],
    ),
    (
        "2026-02-14 11:30",
        Target::Hours(1),
        ["2026-02-14 14:30", "2026-02-24 10:00", "2026-02-16 10:00"],
    ),
    (
        "2026-10-10 17:00",
        Target::Hours(2),
        ["2026-10-12 10:30", "2026-10-12 11:00", "2026-10-12 11:00"],
    ),
    (
        "2026-09-18 10:00",
        Target::Workdays(3),
        ["2026-09-22 17:30", "2026-09-23 17:30", "2026-09-23 17:30"],
    ),
    (
        "2026-09-29 10:00",
        Target::Workdays(5),
        ["2026-10-12 17:30", "2026-10-13 17:30", "2026-10-06 17:30"],
    ),
    (
        "2026-01-02 10:00",
        Target::Workdays(1),
        ["2026-01-04 17:30", "2026-01-05 17:30", "2026-01-05 17:30"],
    ),
    (
        "2026-05-08 16:00",
        Target::Workdays(1),
        ["2026-05-09 17:30", "2026-05-11 17:30", "2026-05-11 17:30"],
    ),
];

#[test]
fn every_vector_of_the_document_comes_out_under_each_way_of_counting() {
    let calendars = three();
    for (start, target, wanted) in VECTORS {
        for (calendar, want) in calendars.iter().zip(wanted) {
            let due = match target {
                Target::Hours(n) => {
                    calendar.add_work(Profile::Office, at(start), Duration::from_hours(n))
                }
                Target::Workdays(n) => calendar.add_workdays(Profile::Office, at(start), n),
            };
            let got = (local_minute(due.at), due.provisional);
            assert_eq!(got, (want.to_owned(), false), "{start} + {target:?}");
        }
    }
}

#[test]
fn a_year_has_as_many_workdays_as_the_document_counted() {
    let days = |calendar: &Calendar, year| {
        let first = Date::constant(year, 1, 1);
        let all = first.series(jiff::Span::new().days(1)).take_while(|day| day.year() == year);
        all.filter(|day| calendar.is_workday(*day)).count()
    };
    assert_eq!(three().map(|calendar| days(&calendar, 2026)), [248, 242, 261]);
}

#[test]
fn the_make_up_days_of_three_years_are_workdays() {
    const MAKE_UP: [(i16, &[(i8, i8)]); 3] = [
        (2026, &[(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]),
        (2025, &[(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)]),
        (2024, &[(2, 4), (2, 18), (4, 7), (4, 28), (5, 11), (9, 14), (9, 29), (10, 12)]),
    ];
    let calendar = Calendar::builtin();
    for (year, days) in MAKE_UP {
        let table = calendar.tables().find(|table| table.year == year).expect("a table");
        let listed = table.days.iter().filter(|one| one.works);
        let listed: Vec<_> = listed.map(|one| (one.date.month(), one.date.day())).collect();
        assert_eq!(listed, days, "{year}");
        for &(month, day) in days {
            assert!(calendar.is_workday(Date::constant(year, month, day)), "{year}-{month}-{day}");
        }
        assert_eq!(table.check(), Ok(()), "{year}");
    }
}

#[test]
fn a_due_time_explains_itself() {
    let calendar = Calendar::builtin();
    let hours = |from, n| {
        let due = calendar.add_work(Profile::Office, at(from), Duration::from_hours(n));
        calendar.explain(Hours::standard(Profile::Office), at(from), due)
    };
    let days = |from, n| {
        let due = calendar.add_workdays(Profile::Office, at(from), n);
        calendar.explain(Hours::standard(Profile::Office), at(from), due)
    };
    assert_eq!(hours("2026-02-13 16:30", 4), "2月14日12:00前：周六为调休上班日");
    assert_eq!(hours("2026-03-02 09:00", 2), "3月2日11:00前");
    assert_eq!(
        days("2026-09-18 10:00", 3),
        "9月22日17:30前：9月20日（周日）调休上班，计入；周末不计"
    );
    assert_eq!(
        days("2026-09-29 10:00", 5),
        "10月12日17:30前：10月10日（周六）调休上班，计入；10月1日至7日国庆节放假，不计；周末不计"
    );
    assert_eq!(
        days("2026-12-30 10:00", 2),
        "2027年1月1日17:30前：2027年放假安排尚未公布，时限暂定，公布后重新计算"
    );
    let due = calendar.add_work(Profile::Duty, at("2026-02-14 23:30"), Duration::from_hours(2));
    let duty = calendar.explain(Hours::standard(Profile::Duty), at("2026-02-14 23:30"), due);
    assert_eq!(duty, "2月15日01:30前：按自然时间连续计算");
}
