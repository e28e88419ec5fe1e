//! In which month a case that was opened again is judged, and how often.

use std::time::Duration;

use entity::kinds::{ActorRole, EventType as E, Timestamp, Urgency};

use super::calendars::Calendars;
use super::edition;
use super::facts::Facts;
use super::figure_tests::{HOUR, MINUTE, NINE, Tale};
use super::frame::Frame;
use super::tally::Bucket;
use crate::domain::calendar::Calendar;

#[test]
fn a_late_result_stays_late_when_it_is_reopened_before_anybody_confirms_it() {
    let due = |at: u64| Some((NINE + Duration::from_secs(at)).0);
    let again = Facts { resolve_due: due(100 * HOUR), ..Facts::default() };
    let late = Tale::new(0, Urgency::Fast)
        .resolved(25 * HOUR)
        .by(ActorRole::Resident, 26 * HOUR, E::Reopened, again.clone())
        .resolved(40 * HOUR);
    let (first, second) = ((2, 50 * HOUR), (9, 50 * HOUR));
    assert_eq!(late.bucket("R6", first), Some(Bucket::Failed));
    assert_eq!(late.bucket("R5", first), Some(Bucket::Failed), "nobody confirmed it");
    let closed = late.confirmed(41 * HOUR, 4);
    assert_eq!(closed.bucket("R6", second), Some(Bucket::Failed), "in its first month, once");
    assert_eq!(closed.bucket("R5", first), Some(Bucket::Hit), "late, and closed");
    // One in time that was not enough is judged by the time that it was given again.
    let early = Tale::new(0, Urgency::Fast)
        .resolved(20 * HOUR)
        .by(ActorRole::Resident, 26 * HOUR, E::Reopened, again)
        .resolved(40 * HOUR)
        .confirmed(41 * HOUR, 4);
    assert_eq!(early.bucket("R6", first), None);
    assert_eq!(early.bucket("R6", (9, 110 * HOUR)), Some(Bucket::Hit));
}

#[test]
fn a_reopened_case_keeps_what_was_judged_and_is_counted_as_rework() {
    let due = |at: u64| Some((NINE + Duration::from_secs(at)).0);
    let again =
        Facts { contact_due: due(33 * HOUR), resolve_due: due(60 * HOUR), ..Facts::default() };
    let tale = Tale::new(0, Urgency::Fast)
        .did(60, E::Contacted)
        .resolved(HOUR)
        .confirmed(2 * HOUR, 5)
        .by(ActorRole::Resident, 30 * HOUR, E::Reopened, again)
        .did(31 * HOUR, E::Contacted)
        .resolved(34 * HOUR);
    let seen = (9, 40 * HOUR);
    assert_eq!(tale.bucket("R6", seen), Some(Bucket::Hit), "as it was before");
    assert_eq!(tale.bucket("R12", seen), Some(Bucket::Hit));
    assert_eq!(tale.bucket("R9", seen), Some(Bucket::Failed), "he says that it is not solved");
    assert_eq!(tale.wall("M12", seen), (Bucket::Hit, 4 * HOUR));
    assert_eq!(tale.wall("M7", seen), (Bucket::Hit, 34 * HOUR));
    assert_eq!(tale.wall("M7c", seen), (Bucket::Hit, HOUR));
    assert_eq!(tale.wall("M5", seen), (Bucket::Hit, 31 * HOUR));
    assert_eq!(tale.wall("M5c", seen), (Bucket::Hit, MINUTE));
    assert_eq!(tale.wall("M8", seen).0, Bucket::Open);
    assert_eq!(tale.story().cycle().unwrap().resolve_due, due(60 * HOUR).map(Timestamp));
}

#[test]
fn nobody_had_a_case_while_it_was_over() {
    let tale = Tale::new(0, Urgency::Fast)
        .resolved(HOUR)
        .confirmed(2 * HOUR, 5)
        .by(ActorRole::Resident, 30 * HOUR, E::Reopened, Facts::default())
        .resolved(34 * HOUR)
        .confirmed(36 * HOUR, 5);
    let (bucket, wall) = tale.wall("R19", (9, 40 * HOUR));
    assert_eq!((bucket, wall), (Bucket::Hit, 8 * HOUR), "two hours and six");
    let calendars = Calendars::new(Calendar::builtin(), Vec::new());
    let at = |hour: u64| NINE + Duration::from_secs(hour * HOUR);
    let within = |edition: u32, from, to| {
        let one = edition::of(edition).into_iter().find(|one| one.card.id == "R19").unwrap();
        let frame = Frame { from: at(from), to: at(to), now: at(40), calendars: &calendars };
        (one.rule)(&tale.story(), &frame).map(|found| found.wall.unwrap() / 1_000_000 / HOUR)
    };
    for (from, to, hours) in [(3, 20, None), (1, 20, Some(1)), (3, 31, Some(1)), (31, 50, Some(5))]
    {
        assert_eq!(within(edition::PRESENT, from, to), hours, "{from} to {to}");
    }
    assert_eq!(within(3, 3, 20), Some(17), "as it was defined before");
}

#[test]
fn a_rejected_case_is_not_silent_until_it_is_appealed() {
    let tale = Tale::new(0, Urgency::Fast)
        .did(HOUR, E::Rejected)
        .by(ActorRole::Resident, 20 * HOUR, E::Appealed, Facts::default())
        .did(23 * HOUR, E::Assigned)
        .did(24 * HOUR, E::Acknowledged);
    assert_eq!(tale.wall("M11", (9, 25 * HOUR)), (Bucket::Hit, 3 * HOUR));
}

#[test]
fn a_second_acknowledgement_that_is_withdrawn_leaves_the_first_one() {
    let taken = Tale::new(0, Urgency::Fast)
        .did(5 * MINUTE, E::Acknowledged)
        .did(HOUR, E::Transferred)
        .did(2 * HOUR, E::Acknowledged)
        .did(6 * HOUR, E::Unacknowledged);
    let seen = (2, 8 * HOUR);
    assert_eq!(taken.wall("M4", seen), (Bucket::Hit, 5 * MINUTE));
    assert_eq!(taken.bucket("R2", seen), Some(Bucket::Hit));
    let third = taken.did(7 * HOUR, E::Acknowledged);
    assert_eq!(third.wall("M4", seen), (Bucket::Hit, 5 * MINUTE));
    // His own that is withdrawn never was; a month later nothing of it changes.
    let own = Tale::new(0, Urgency::Fast)
        .did(5 * MINUTE, E::Acknowledged)
        .did(3 * HOUR, E::Unacknowledged)
        .did(4 * HOUR, E::Acknowledged);
    assert_eq!(own.wall("M4", seen), (Bucket::Hit, 4 * HOUR));
}
