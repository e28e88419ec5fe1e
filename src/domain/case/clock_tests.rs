use std::time::Duration;

use entity::kinds::{Category, EventType as E};
use proptest::prelude::*;

use super::*;
use crate::domain::calendar::{local_minute, parse_rfc3339};

fn at(local: &str) -> Timestamp {
    parse_rfc3339(&format!("{}:00+08:00", local.replace(' ', "T"))).expect("an instant")
}

fn frozen(urgency: Urgency) -> Frozen {
    let of = (Category::Other, urgency, Source::Resident);
    Frozen::of(&Targets::default(), of, &Calendar::builtin())
}

fn read(
    urgency: Urgency,
    reported: &str,
    events: &[(E, &str)],
    hold_until: Option<&str>,
) -> Reading {
    read_with(urgency, reported, events, hold_until, 0)
}

fn read_with(
    urgency: Urgency,
    reported: &str,
    events: &[(E, &str)],
    hold_until: Option<&str>,
    more: u16,
) -> Reading {
    let events = events.iter().map(|(kind, when)| (*kind, at(when)));
    let course = Course::of(at(reported), events, hold_until.map(at));
    frozen(urgency).due(&Calendar::builtin(), at(reported), &course, more)
}

#[test]
fn the_promise_is_counted_from_the_report() {
    let urgent = read(Urgency::Urgent, "2026-10-01 23:30", &[], None);
    let shown = [urgent.push, urgent.acknowledge, urgent.contact, urgent.resolve];
    let want = ["2026-10-01 23:31", "2026-10-01 23:40", "2026-10-02 00:00", "2026-10-02 01:30"];
    assert_eq!(shown.map(|due| local_minute(due.at)), want);
    assert_eq!(local_minute(urgent.yellow_at), "2026-10-02 00:30");
    let normal = read(Urgency::Normal, "2026-09-29 10:00", &[], None);
    let shown = [normal.acknowledge, normal.contact, normal.resolve];
    let want = ["2026-09-29 12:00", "2026-09-30 17:30", "2026-10-12 17:30"];
    assert_eq!(shown.map(|due| local_minute(due.at)), want);
    // Half of the working time from the 29th to the 12th is over with the first half hour of the 9th.
    assert_eq!(local_minute(normal.yellow_at), "2026-10-09 09:30");
    assert!(!normal.is_provisional());
}

#[test]
fn a_rest_moves_the_result_by_what_it_took_and_nothing_else() {
    let plain = read(Urgency::Normal, "2026-03-02 10:00", &[], None);
    assert_eq!(local_minute(plain.resolve.at), "2026-03-09 17:30");
    let one_day = [(E::Held, "2026-03-03 09:00"), (E::Resumed, "2026-03-04 09:00")];
    let rested = read(Urgency::Normal, "2026-03-02 10:00", &one_day, None);
    assert_eq!(local_minute(rested.resolve.at), "2026-03-10 17:30");
    assert_eq!((rested.acknowledge, rested.contact), (plain.acknowledge, plain.contact));
    let night = [(E::Held, "2026-03-03 18:00"), (E::Resumed, "2026-03-04 08:00")];
    let rested = read(Urgency::Normal, "2026-03-02 10:00", &night, None);
    assert_eq!(rested.resolve, plain.resolve, "nobody works at night");
    let urgent = [(E::Held, "2026-03-02 22:30"), (E::Resumed, "2026-03-03 08:00")];
    let urgent = read(Urgency::Urgent, "2026-03-02 22:00", &urgent, None);
    assert_eq!(local_minute(urgent.resolve.at), "2026-03-03 09:30", "half an hour was used");
}

#[test]
fn a_rest_that_runs_is_counted_until_the_case_will_resume_by_itself() {
    let held = [(E::Held, "2026-03-03 09:00")];
    let runs = read(Urgency::Normal, "2026-03-02 10:00", &held, Some("2026-03-05 09:00"));
    assert_eq!(local_minute(runs.resolve.at), "2026-03-11 17:30");
    let early = [held[0], (E::Resumed, "2026-03-04 09:00")];
    let early = read(Urgency::Normal, "2026-03-02 10:00", &early, None);
    assert_eq!(local_minute(early.resolve.at), "2026-03-10 17:30");
}

/// Reported on 24 November at nine, rejected then, and appealed on 4 December at nine.
fn appealed<'a>(before: &[(E, &'a str)], end: &'a str) -> Reading {
    let mut events = before.to_vec();
    events.extend([(E::Rejected, end), (E::Appealed, "2026-12-04 09:00")]);
    read(Urgency::Normal, "2026-11-24 09:00", &events, None)
}

#[test]
fn what_lies_between_an_end_and_its_appeal_is_taken_off_every_clock_that_ran() {
    let read = |before: &[(E, &'static str)], end| {
        let read = appealed(before, end);
        assert_eq!(local_minute(read.push.at), "2026-11-24 09:01");
        [read.acknowledge, read.contact, read.resolve].map(|due| local_minute(due.at))
    };
    // Half an hour of two, of thirteen and of thirty-nine was used.
    let half_an_hour = ["2026-12-04 10:30", "2026-12-07 17:00", "2026-12-11 17:00"];
    assert_eq!(read(&[], "2026-11-24 09:30"), half_an_hour);
    // What was over before keeps its time, met or not.
    let met = [(E::Acknowledged, "2026-11-24 09:10"), (E::Contacted, "2026-11-24 09:20")];
    let want = ["2026-11-24 11:00", "2026-11-25 17:30", "2026-12-11 17:00"];
    assert_eq!(read(&met, "2026-11-24 09:30"), want);
    let missed = ["2026-11-24 11:00", "2026-12-07 11:30", "2026-12-11 11:30"];
    assert_eq!(read(&[], "2026-11-24 15:00"), missed);
    let all = ["2026-11-24 11:00", "2026-11-25 17:30", "2026-12-01 17:30"];
    assert_eq!(read(&[], "2026-12-02 09:00"), all);
    let withdrawn = [met[0], (E::Unacknowledged, "2026-11-24 09:15")];
    assert_eq!(read(&withdrawn, "2026-11-24 09:30"), half_an_hour);
    let second = [met[0], (E::Acknowledged, "2026-11-24 09:12"), withdrawn[1]];
    assert_eq!(read(&second, "2026-11-24 09:30")[0], "2026-11-24 11:00", "the first one stands");
    let yellow = appealed(&[], "2026-11-24 09:30").yellow_at;
    assert_eq!(local_minute(yellow), "2026-12-08 17:00", "nineteen hours after the appeal");
}

#[test]
fn a_rest_that_a_diversion_ended_and_the_appeal_against_it_are_one_to_the_result() {
    let diverted = [
        (E::Held, "2026-11-24 10:00"),
        (E::Diverted, "2026-11-25 10:00"),
        (E::Appealed, "2026-12-04 10:00"),
    ];
    let rested = [diverted[0], (E::Resumed, "2026-12-04 10:00")];
    let of = |events: &[(E, &str)]| read(Urgency::Normal, "2026-11-24 09:00", events, None);
    assert_eq!(of(&diverted).resolve, of(&rested).resolve);
    // Another cycle is promised anew.
    let mut again = diverted.to_vec();
    again.push((E::Reopened, "2026-12-14 10:00"));
    let plain = read(Urgency::Normal, "2026-12-14 10:00", &[], None);
    assert_eq!((of(&again).resolve, of(&again).contact), (plain.resolve, plain.contact));
}

#[test]
fn an_extension_adds_workdays_to_its_cycle_only() {
    let granted =
        [(E::ExtensionAsked, "2026-03-04 10:00"), (E::ExtensionGranted, "2026-03-04 11:00")];
    let longer = read_with(Urgency::Normal, "2026-03-02 10:00", &granted, None, 3);
    assert_eq!(local_minute(longer.resolve.at), "2026-03-12 17:30");
    let refused = [granted[0], (E::ExtensionRefused, "2026-03-04 11:00")];
    let same = read_with(Urgency::Normal, "2026-03-02 10:00", &refused, None, 3);
    assert_eq!(local_minute(same.resolve.at), "2026-03-09 17:30");
    let mut again = granted.to_vec();
    again.push((E::Reopened, "2026-03-16 10:00"));
    let again = read_with(Urgency::Normal, "2026-03-02 10:00", &again, None, 3);
    assert_eq!(local_minute(again.resolve.at), "2026-03-23 17:30", "five workdays, not eight");
    assert_eq!(local_minute(again.contact.at), "2026-03-17 17:30");
}

#[test]
fn what_a_case_of_before_carries_is_read_too() {
    let table = serde_json::to_string(&Targets::default()).expect("json");
    for urgency in [Urgency::Urgent, Urgency::Normal] {
        let old = Frozen::read(&table, urgency).expect("a table");
        assert_eq!(old, frozen(urgency));
        let new = serde_json::to_string(&old).expect("json");
        assert_eq!(Frozen::read(&new, urgency).expect("frozen"), old);
    }
    assert!(Frozen::read("{}", Urgency::Normal).is_err());
}

#[test]
fn a_result_due_beyond_the_last_notice_is_provisional() {
    let late = read(Urgency::Normal, "2026-12-28 10:00", &[], None);
    assert!(late.is_provisional());
    assert!(!read(Urgency::Urgent, "2026-12-31 23:00", &[], None).is_provisional());
    let held = [(E::Held, "2026-12-01 10:00")];
    let rests = read(Urgency::Normal, "2026-11-30 10:00", &held, Some("2027-01-10 10:00"));
    assert!(rests.is_provisional(), "a rest may lead there too");
}

proptest! {
    #[test]
    fn an_appeal_moves_the_result_as_a_rest_of_the_same_length_does(
        start in 1_767_225_600_000_000_i64..1_782_000_000_000_000,
        worked in 0_u64..900_000,
        away in 0_u64..3_000_000,
        urgency in prop_oneof![Just(Urgency::Urgent), Just(Urgency::Normal), Just(Urgency::Complex)],
    ) {
        let (calendar, frozen, from) = (Calendar::builtin(), frozen(urgency), Timestamp(start));
        let end = from + Duration::from_secs(worked);
        let back = end + Duration::from_secs(away);
        let due = |events: [(E, Timestamp); 2]| {
            frozen.due(&calendar, from, &Course::of(from, events, None), 0)
        };
        let appealed = due([(E::Rejected, end), (E::Appealed, back)]);
        let rested = due([(E::Held, end), (E::Resumed, back)]);
        prop_assert_eq!(appealed.resolve, rested.resolve);
        prop_assert_eq!(appealed.yellow_at, rested.yellow_at);
        for (now, plain) in [
            (appealed.acknowledge.at, rested.acknowledge.at),
            (appealed.contact.at, rested.contact.at),
        ] {
            prop_assert!(now >= plain);
            prop_assert!(now == plain || plain > end, "what was over stays");
        }
    }

    #[test]
    fn the_result_is_due_when_exactly_the_promised_time_was_active(
        start in 1_767_225_600_000_000_i64..1_782_000_000_000_000,
        rests in prop::collection::vec((0_u64..900_000, 0_u64..900_000), 0..4),
        urgency in prop_oneof![Just(Urgency::Urgent), Just(Urgency::Normal), Just(Urgency::Complex)],
    ) {
        let (calendar, frozen, from) = (Calendar::builtin(), frozen(urgency), Timestamp(start));
        let mut events = Vec::new();
        let mut now = from;
        for (wait, rest) in rests {
            now = now + Duration::from_secs(wait);
            events.push((E::Held, now));
            now = now + Duration::from_secs(rest);
            events.push((E::Resumed, now));
        }
        let course = Course::of(from, events, None);
        let plain = Course::of(from, [], None);
        let (with, without) =
            (frozen.due(&calendar, from, &course, 0), frozen.due(&calendar, from, &plain, 0));
        let hours = frozen.target.resolve.hours(&frozen.hours);
        let promised = calendar.work(hours, from, without.resolve.at);
        let active = |to| calendar.active(hours, &course.pauses, from, to);
        prop_assert_eq!(active(with.resolve.at), promised);
        prop_assert_eq!(active(with.yellow_at).as_micros(), promised.as_micros() / 2);
        prop_assert!(with.resolve.at >= without.resolve.at);
        prop_assert!(with.yellow_at <= with.resolve.at);
    }
}
