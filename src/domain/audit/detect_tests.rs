use std::sync::Arc;
use std::time::Duration;

use entity::kinds::{ActorRole, EventType as E, Timestamp, Urgency};

use super::calendars::Calendars;
use super::detect::{BLIND, DETECTORS, Hint, Watch};
use super::facts::{Facts, Told};
use super::figure_tests::{DAY, HOUR, MINUTE, NINE, Tale};
use crate::domain::calendar::Calendar;
use crate::domain::case::targets::Source;

/// Looks at thirty days from an instant on.
fn watch_from(from: Timestamp) -> Watch {
    let calendars = Calendars::new(Calendar::builtin(), Vec::new());
    Watch::new((from, from + Duration::from_hours(30 * 24)), Arc::new(calendars))
}

/// Looks at those from nine o'clock on.
fn watch() -> Watch {
    watch_from(NINE)
}

fn hints(tales: &[Tale]) -> Vec<Hint> {
    let mut halves = [watch(), watch()];
    for (nth, tale) in tales.iter().enumerate() {
        halves[nth % 2].look(&format!("NC-{nth}"), &tale.story());
    }
    let [mut whole, rest] = halves;
    whole.merge(rest);
    whole.hints()
}

fn listed(tales: &[Tale], id: &str) -> Option<Hint> {
    assert!(DETECTORS.iter().any(|one| one.id == id), "{id}");
    hints(tales).into_iter().find(|hint| hint.detector == id)
}

/// Pushed, opened and taken after so many seconds.
fn taken(after: u64) -> Tale {
    Tale::new(0, Urgency::Fast).pushed(0).did(1, E::Opened).did(after, E::Acknowledged)
}

#[test]
fn a_quick_acknowledgement_is_listed_with_whoever_gave_it() {
    let mut watch = watch();
    for nth in 0..12_u64 {
        let by = Facts { staff: Some(9), ..Facts::default() };
        let to = Facts {
            grid_code: Some("G00201".into()),
            people: vec![Told::As(21, "grid_worker_primary".into())],
            ..Facts::default()
        };
        let tale = Tale::new(nth * 100, Urgency::Fast)
            .pushed(nth * 100 + 1)
            .by(ActorRole::Primary, nth * 100 + 3, E::Acknowledged, by)
            .by(ActorRole::Primary, nth * 100 + 60, E::Transferred, to);
        watch.look(&format!("NC-{nth}"), &tale.story());
    }
    let hints = watch.hints();
    let quick: Vec<_> =
        hints.iter().filter(|one| one.detector == "quick_acknowledgement").collect();
    assert_eq!((quick.len(), quick[0].person, quick[0].seen), (1, Some(9), 12));
    let unread = hints.iter().find(|one| one.detector == "unread_acknowledgement").unwrap();
    assert_eq!(unread.person, Some(9));
}

#[test]
fn whoever_takes_nearly_everything_within_three_seconds_is_listed_and_not_for_one_case() {
    let quick = |n: usize, slow: usize| {
        let mut tales = vec![taken(2); n];
        tales.extend(vec![taken(60); slow]);
        listed(&tales, "quick_acknowledgement")
    };
    assert_eq!(quick(9, 0), None, "too few to say anything");
    assert_eq!(quick(8, 2), None, "no more than 80 %");
    let hint = quick(9, 1).unwrap();
    assert_eq!((hint.person, hint.seen, hint.of, hint.cases[0].1), (Some(9), 9, 10, 2));
    assert_eq!(listed(&vec![taken(4); 20], "quick_acknowledgement"), None);
}

#[test]
fn taking_a_case_that_nobody_opened_is_listed() {
    let unread = Tale::new(0, Urgency::Fast).did(40, E::Acknowledged).did(50, E::Opened);
    assert_eq!(listed(&[unread], "unread_acknowledgement").unwrap().cases[0].1, 40);
    assert_eq!(listed(&[taken(60)], "unread_acknowledgement"), None);
    // Whoever opened it to place it read it for nobody.
    for role in [ActorRole::TriageDesk, ActorRole::Command] {
        let placed = Tale::new(0, Urgency::Fast).by(role, 1, E::Opened, Facts::default());
        let unread = placed.pushed(2).did(40, E::Acknowledged);
        assert_eq!(listed(&[unread], "unread_acknowledgement").unwrap().cases[0].1, 40);
    }
    let early = Tale::new(0, Urgency::Fast).did(1, E::Opened).pushed(2).did(40, E::Acknowledged);
    assert_eq!(listed(&[early], "unread_acknowledgement"), None, "found in the list");
}

#[test]
fn a_result_typed_two_minutes_after_taking_the_case_is_listed() {
    assert_eq!(listed(&[taken(60).resolved(100)], "quick_result").unwrap().seen, 1);
    assert_eq!(listed(&[taken(60).resolved(60 + 2 * MINUTE)], "quick_result"), None);
}

#[test]
fn a_result_in_the_last_moment_that_was_taken_back_is_listed() {
    let at = |hour: u64| Tale::new(0, Urgency::Fast).resolved(hour * HOUR);
    let back = |tale: Tale| tale.by(ActorRole::Resident, 30 * HOUR, E::Reopened, Facts::default());
    // 24 hours were promised: the last twentieth begins after 22.8 of them.
    assert_eq!(listed(&[back(at(23))], "last_moment_reopened").unwrap().cases[0].1, HOUR);
    assert_eq!(listed(&[back(at(22))], "last_moment_reopened"), None);
    assert_eq!(listed(&[at(23)], "last_moment_reopened"), None, "nobody took it back");
    assert_eq!(listed(&[back(at(25))], "last_moment_reopened"), None, "late is late");
}

#[test]
fn a_rest_that_begins_in_the_last_hour_is_listed_by_the_time_that_was_due_until_then() {
    let moved = Facts { resolve_due: Some(NINE.0), ..Facts::default() };
    let held = |at| Tale::new(0, Urgency::Fast).by(ActorRole::Cadre, at, E::Held, moved.clone());
    let hint = listed(&[held(23 * HOUR + 30 * MINUTE)], "late_pause").unwrap();
    assert_eq!(hint.cases[0].1, 30 * MINUTE);
    assert_eq!(listed(&[held(22 * HOUR)], "late_pause"), None);
    let storm = Tale::new(0, Urgency::Fast).by(
        ActorRole::Command,
        23 * HOUR + 30 * MINUTE,
        E::Held,
        moved.clone(),
    );
    assert_eq!(listed(&[storm], "late_pause"), None, "the street's command, for everybody");
}

#[test]
fn a_rest_until_an_appointment_is_listed_once_it_is_over_and_the_resident_never_agreed() {
    let worker = ActorRole::Primary;
    let by = |tale: Tale, role, at, kind| tale.by(role, at, kind, Facts::default());
    let held = |role| by(Tale::new(0, Urgency::Fast), role, HOUR, E::Held);
    let agreed = |tale| by(tale, ActorRole::Resident, 2 * HOUR, E::AppointmentAgreed);
    let over = |tale, at| by(tale, ActorRole::System, at, E::Resumed);
    let found = |tale| listed(&[tale], "unagreed_appointment");
    let hint = found(over(held(worker), 5 * HOUR)).unwrap();
    assert_eq!((hint.person, hint.seen, hint.of, hint.cases[0].1), (Some(9), 1, 1, 4 * HOUR));
    assert_eq!(found(held(worker)), None, "he may still agree");
    assert_eq!(found(over(agreed(held(worker)), 5 * HOUR)), None);
    // What he agreed to was another appointment.
    let next = by(over(agreed(held(worker)), 5 * HOUR), ActorRole::Backup, 6 * HOUR, E::Held);
    assert_eq!(found(over(next, 8 * HOUR)).unwrap().cases[0].1, 2 * HOUR);
    for role in [ActorRole::Cadre, ActorRole::Command] {
        assert_eq!(found(over(held(role), 5 * HOUR)), None, "{role:?}: no appointment");
    }
    let days = 40 * 24 * HOUR;
    assert_eq!(found(over(held(worker), days)), None, "over after the window");
}

#[test]
fn the_last_moment_is_one_of_the_hours_that_were_promised() {
    let back = |tale: Tale| tale.by(ActorRole::Resident, 12 * DAY, E::Reopened, Facts::default());
    let found = |tale: Tale| {
        listed(&[back(tale)], "last_moment_reopened").map(|hint| hint.cases[0].1 / MINUTE)
    };
    // Friday 2026-11-27 09:00, due on Friday 2026-12-04 17:30: 39 hours of work, the last twentieth
    // of which begins at 15:33.
    let begun = || Tale::new(3 * DAY, Urgency::Normal);
    let due = NINE + Duration::from_secs(10 * DAY + 8 * HOUR + 30 * MINUTE);
    assert_eq!(begun().story().cycle().unwrap().resolve_due, Some(due));
    for (minutes, left) in [(60, None), (392, None), (393, Some(117)), (510, Some(0))] {
        assert_eq!(found(begun().resolved(10 * DAY + minutes * MINUTE)), left, "{minutes}");
    }
    // 24 hours around the clock and three of rest: 72 minutes are left at the last moment.
    let due = Some((NINE + Duration::from_secs(27 * HOUR)).0);
    let rested = |until: u64| {
        Tale::new(0, Urgency::Fast)
            .did(HOUR, E::Held)
            .then(4 * HOUR, E::Resumed, Facts { resolve_due: due, ..Facts::default() })
            .resolved(27 * HOUR - until * MINUTE)
    };
    assert_eq!((found(rested(75)), found(rested(70))), (None, Some(70)));
    // The worker took it; a cadre whose number nothing says did it.
    let taken = taken_by(Tale::new(0, Urgency::Fast), MINUTE, 9);
    let hint = |account| {
        let done = by_account(taken.clone().resolved(23 * HOUR + 30 * MINUTE), account);
        listed(&[back(done)], "last_moment_reopened").unwrap().person
    };
    assert_eq!((hint(19), hint(7)), (Some(9), None));
}

/// Says whose account did what happened last.
fn by_account(mut tale: Tale, account: i64) -> Tale {
    tale.0.last_mut().unwrap().actor = Some(account);
    tale
}

/// Somebody of the staff takes the case with his account, which is ten more than his number.
fn taken_by(tale: Tale, at: u64, staff: i64) -> Tale {
    let facts = Facts { staff: Some(staff), ..Facts::default() };
    by_account(tale.by(ActorRole::Primary, at, E::Acknowledged, facts), staff + 10)
}

#[test]
fn a_quick_result_is_that_of_whoever_gave_it_after_the_last_time_that_it_was_taken() {
    let found = |tale: Tale| {
        let hint = listed(&[tale], "quick_result")?;
        Some((hint.person, hint.cases[0].1))
    };
    let first = || taken_by(Tale::new(0, Urgency::Fast), 0, 9);
    let second = taken_by(handed(first(), MINUTE), HOUR, 21);
    let quick = by_account(second.clone().resolved(HOUR + MINUTE), 31);
    assert_eq!(found(quick), Some((Some(21), MINUTE)), "who got it from somebody");
    let slow = by_account(second.resolved(HOUR + 2 * MINUTE), 31);
    assert_eq!(found(slow), None);
    // A cadre who never took it: nothing says his number.
    let cadre = by_account(first().resolved(90), 7);
    assert_eq!(found(cadre), Some((None, 90)), "not the worker's doing");
    // Somebody who had it before does it for the one who took it over.
    let helped = by_account(taken_by(first(), HOUR, 21).resolved(HOUR + 5), 19);
    assert_eq!(found(helped), Some((Some(9), 5)));
    let withdrawn = first().then(30, E::Unacknowledged, Facts::default());
    assert_eq!(found(by_account(withdrawn.resolved(60), 19)), None, "nobody had it");
    // Of a later cycle whoever took it then, and nobody who had it all along.
    let back = |tale: Tale| tale.by(ActorRole::Resident, 2 * HOUR, E::Reopened, Facts::default());
    let again = || back(by_account(first().resolved(HOUR), 19));
    assert_eq!(found(by_account(again().resolved(2 * HOUR + 1), 19)), None);
    let other = taken_by(handed(again(), 3 * HOUR), 4 * HOUR, 21);
    assert_eq!(found(by_account(other.resolved(4 * HOUR + 9), 31)), Some((Some(21), 9)));
}

#[test]
fn one_person_reported_took_and_did_it_only_if_all_three_are_one() {
    let closed = |(reporter, resolver): (i64, i64), again: bool| {
        let mut tale = Tale::new(0, Urgency::Fast);
        tale.0[0].actor = Some(reporter);
        tale.0[1].facts.promised.as_mut().unwrap().source = Source::Staff;
        let tale = taken_by(tale, MINUTE, 9);
        let tale = if again { taken_by(handed(tale, HOUR), 2 * HOUR, 21) } else { tale };
        let tale = by_account(tale.resolved(3 * HOUR), resolver);
        let tale = tale.then(80 * HOUR, E::AutoClosed, Facts::default());
        listed(&[tale], "own_report").map(|hint| (hint.person, hint.cases[0].1))
    };
    assert_eq!(closed((19, 19), false), Some((Some(9), 80 * HOUR)));
    assert_eq!(closed((19, 7), false), None, "somebody else did it");
    assert_eq!(closed((7, 19), false), None, "somebody else wrote it down");
    assert_eq!(closed((19, 19), true), None, "somebody else had taken it by then");
    assert_eq!(closed((31, 31), true), Some((Some(21), 80 * HOUR)));
}

/// Hands a case to somebody else.
fn handed(tale: Tale, at: u64) -> Tale {
    let to = Facts { people: vec![Told::As(21, "grid_worker_primary".into())], ..Facts::default() };
    tale.by(ActorRole::Primary, at, E::Transferred, to)
}

#[test]
fn what_somebody_did_is_not_laid_at_the_door_of_who_got_the_case_afterwards() {
    let worker = Facts { staff: Some(9), ..Facts::default() };
    let take = |at| {
        Tale::new(0, Urgency::Fast).pushed(1).by(
            ActorRole::Primary,
            at,
            E::Acknowledged,
            worker.clone(),
        )
    };
    let back = |tale: Tale, at| tale.by(ActorRole::Resident, at, E::Reopened, Facts::default());
    let quick = handed(back(take(2).resolved(60), HOUR), 2 * HOUR).resolved(3 * HOUR);
    let hint = listed(&[quick], "quick_result").unwrap();
    assert_eq!((hint.person, hint.of), (Some(9), 1));
    let late = handed(back(take(60).resolved(23 * HOUR), 30 * HOUR), 31 * HOUR).resolved(32 * HOUR);
    let hint = listed(&[late], "last_moment_reopened").unwrap();
    assert_eq!((hint.person, hint.cases.len()), (Some(9), 1));
    let rest = take(60).by(ActorRole::Cadre, 23 * HOUR + 30 * MINUTE, E::Held, Facts::default());
    let rest = handed(rest.did(24 * HOUR, E::Resumed), 25 * HOUR);
    assert_eq!(listed(&[rest], "late_pause").unwrap().person, Some(9));
}

#[test]
fn who_takes_a_case_before_its_message_arrives_answers_no_message() {
    let early = || Tale::new(0, Urgency::Fast).did(5, E::Acknowledged).pushed(90);
    assert_eq!(listed(&vec![early(); 20], "quick_acknowledgement"), None);
    let mut tales = vec![taken(2); 9];
    tales.extend(vec![early(); 9]);
    assert_eq!(listed(&tales, "quick_acknowledgement"), None, "too few that were told");
}

/// A case stays among those that are read for as long as it may be in a figure.
#[test]
fn what_happened_before_the_window_is_listed_no_more() {
    let late = Duration::from_hours(60 * 24);
    let back = |tale: Tale, at| tale.by(ActorRole::Resident, at, E::Reopened, Facts::default());
    let rest =
        |tale: Tale| tale.by(ActorRole::Cadre, 23 * HOUR + 30 * MINUTE, E::Held, Facts::default());
    let old = [
        back(taken(2).resolved(100), 30 * HOUR),
        back(Tale::new(0, Urgency::Fast).resolved(23 * HOUR), 30 * HOUR),
        rest(Tale::new(0, Urgency::Fast).did(40, E::Acknowledged)),
    ];
    assert!(old.iter().all(|tale| !hints(std::slice::from_ref(tale)).is_empty()));
    let mut later = watch_from(NINE + late);
    for tale in &old {
        later.look("NC-1", &tale.story());
    }
    assert_eq!(later.hints(), []);
    // Taken back in the window, it is listed then.
    let days = 61 * 24;
    let reopened = back(Tale::new(0, Urgency::Fast).resolved(23 * HOUR), days * HOUR);
    let mut later = watch_from(NINE + late);
    later.look("NC-1", &reopened.story());
    assert_eq!(later.hints().len(), 1);
}

#[test]
fn of_very_many_cases_the_newest_are_named() {
    let mut watch = watch();
    for nth in 0..60 {
        watch.look(&format!("NC-{nth}"), &taken(60).resolved(100).story());
    }
    let hint = watch.hints().into_iter().find(|one| one.detector == "quick_result").unwrap();
    let named: Vec<&str> = hint.cases.iter().map(|(number, _)| number.as_str()).collect();
    assert_eq!((hint.seen, named.len(), named[0], named[49]), (60, 50, "NC-10", "NC-59"));
}

#[test]
fn a_few_marks_that_are_all_good_are_listed_where_most_residents_said_nothing() {
    let closed = |marked: usize, mark: u8| {
        let silent = taken(60).resolved(HOUR).then(90 * HOUR, E::AutoClosed, Facts::default());
        let mut tales = vec![silent; 12 - marked];
        tales.extend(vec![taken(60).resolved(HOUR).confirmed(2 * HOUR, mark); marked]);
        listed(&tales, "few_all_content")
    };
    assert_eq!(closed(2, 5).map(|hint| (hint.seen, hint.of)), Some((2, 12)));
    assert_eq!(closed(2, 2), None, "one who complains is no pattern");
    assert_eq!(closed(3, 5), None, "a quarter said something");
    assert_eq!(closed(0, 5), None);
}

#[test]
fn a_detector_lists_and_never_judges() {
    for text in DETECTORS.iter().flat_map(|one| [one.name, one.rule]) {
        assert!(["作弊", "造假", "违规", "虚假"].iter().all(|word| !text.contains(word)), "{text}");
    }
    assert!(BLIND.iter().all(|(name, why)| !name.is_empty() && !why.is_empty()));
    assert_eq!(hints(&[taken(60).did(300, E::Contacted)]), []);
}

#[test]
fn a_photo_that_another_case_had_is_listed_with_whoever_gave_it() {
    let (mut left, mut right) = (watch(), watch());
    left.look_at_photos("NC-1", 9, None);
    right.look_at_photos("NC-2", 9, Some(Duration::from_secs(90)));
    right.look_at_photos("NC-3", 21, None);
    left.merge(right);
    let [hint] = <[Hint; 1]>::try_from(left.hints()).unwrap();
    assert_eq!(
        (hint.detector.as_str(), hint.person, hint.seen, hint.of),
        ("same_photo", Some(9), 1, 2)
    );
    assert_eq!(hint.cases, [("NC-2".to_owned(), 90)]);
}
