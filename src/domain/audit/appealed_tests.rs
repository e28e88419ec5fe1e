//! What an appeal gives back is owed again; nobody is late for what nobody owed meanwhile.

use entity::kinds::{ActorRole, EventType as E, Urgency};

use super::facts::Facts;
use super::figure_tests::{DAY, HOUR, MINUTE, Tale};
use super::tally::Bucket;
use crate::domain::calendar::parse_rfc3339;

/// Rejected on 24 November at half past nine, half an hour after the report.
fn rejected() -> Tale {
    let tale = Tale::new(0, Urgency::Normal);
    tale.by(ActorRole::TriageDesk, 30 * MINUTE, E::Rejected, Facts::default())
}

/// Appealed on 4 December at nine, taken twelve minutes later, and done on the same morning.
fn done(appeal: Facts) -> Tale {
    let back = 10 * DAY;
    rejected()
        .by(ActorRole::Resident, back, E::Appealed, appeal)
        .did(back + 12 * MINUTE, E::Acknowledged)
        .did(back + 20 * MINUTE, E::Contacted)
        .resolved(back + HOUR)
        .confirmed(back + 2 * HOUR, 5)
}

fn given_back() -> Facts {
    let due = |at: &str| Some(parse_rfc3339(at).unwrap().0);
    Facts {
        acknowledge_due: due("2026-12-04T10:30:00+08:00"),
        contact_due: due("2026-12-07T17:00:00+08:00"),
        resolve_due: due("2026-12-11T17:00:00+08:00"),
        ..Facts::default()
    }
}

#[test]
fn a_case_that_was_appealed_is_judged_by_the_time_that_was_left() {
    for id in ["R2", "R3", "R3a", "R5", "R6"] {
        let early = rejected().bucket(id, (60, 9 * DAY));
        assert_eq!(early, Some(Bucket::Excluded("rejected")), "{id}: nothing was owed to it");
        assert_eq!(done(given_back()).bucket(id, (60, 20 * DAY)), Some(Bucket::Hit), "{id}");
    }
    let waits = rejected().by(ActorRole::Resident, 10 * DAY, E::Appealed, given_back());
    assert_eq!(waits.bucket("R2", (60, 10 * DAY + HOUR)), Some(Bucket::Open));
    assert_eq!(waits.bucket("R8", (60, 11 * DAY)), None, "not overdue");
    assert_eq!(waits.bucket("R8", (60, 18 * DAY)), Some(Bucket::Hit), "and then it is");
}

#[test]
fn an_appeal_of_before_reads_as_it_did() {
    for id in ["R2", "R3", "R3a", "R6"] {
        let found = done(Facts::default()).bucket(id, (60, 20 * DAY));
        assert_eq!(found, Some(Bucket::Failed), "{id}");
    }
}
