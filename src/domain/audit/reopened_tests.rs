//! In which month a case that was opened again is judged, and how often.

use std::time::Duration;

use entity::kinds::{ActorRole, EventType as E, Timestamp, Urgency};

use super::facts::Facts;
use super::figure_tests::{HOUR, MINUTE, NINE, Tale};
use super::tally::Bucket;

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
