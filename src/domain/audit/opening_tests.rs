//! Whose opening of a case counts, and from when on.

use std::time::Duration;

use entity::kinds::{ActorRole, EventType as E, Urgency};

use super::edition;
use super::facts::{Fact, Facts};
use super::figure_tests::{HOUR, MINUTE, NINE, Tale};
use super::tally::Bucket;

fn opened(tale: Tale, role: ActorRole, at: u64) -> Tale {
    tale.by(role, at, E::Opened, Facts::default())
}

/// What M3 says of a case in each edition, in seconds, seen after five hours.
fn lengths(tale: &Tale) -> Vec<(Bucket, u64)> {
    let length = |edition| {
        let found = tale.found_by(edition, "M3", (1, 5 * HOUR)).unwrap();
        (found.bucket, found.wall.unwrap() / 1_000_000)
    };
    (1..=edition::PRESENT).map(length).collect()
}

/// The same length in all editions until the fifth, and another one from then on.
fn changed(before: u64, now: (Bucket, u64)) -> Vec<(Bucket, u64)> {
    let said = |edition| if edition < 6 { (Bucket::Hit, before) } else { now };
    (1..=edition::PRESENT).map(said).collect()
}

#[test]
fn whoever_places_a_case_has_not_opened_it_for_whoever_answers_for_it() {
    for role in [ActorRole::TriageDesk, ActorRole::Command, ActorRole::Cadre] {
        let mut placed = Tale::new(5 * MINUTE, Urgency::Normal);
        let at = NINE + Duration::from_secs(5 * MINUTE);
        let looked = Fact { kind: E::Opened, at, actor: Some(4), role, facts: Facts::default() };
        placed.0.insert(1, looked);
        let pushed = placed.pushed(5 * MINUTE + 2).did(5 * MINUTE + 30, E::Acknowledged);
        assert_eq!(lengths(&pushed), changed(0, (Bucket::Open, 5 * HOUR - 5 * MINUTE - 2)));
        let read = opened(pushed, ActorRole::Primary, 2 * HOUR + 5 * MINUTE + 2);
        assert_eq!(lengths(&read), changed(0, (Bucket::Hit, 2 * HOUR)), "{role:?}");
    }
    for role in [ActorRole::TriageDesk, ActorRole::Command] {
        let looked = opened(Tale::new(0, Urgency::Normal).pushed(2), role, 10);
        let read = opened(looked, ActorRole::Backup, HOUR + 2);
        assert_eq!(lengths(&read), changed(8, (Bucket::Hit, HOUR)), "{role:?}, afterwards");
    }
}

#[test]
fn an_opening_before_the_message_arrived_answers_none() {
    let early = opened(Tale::new(0, Urgency::Normal), ActorRole::Primary, 1).pushed(2);
    assert_eq!(lengths(&early), changed(0, (Bucket::Open, 5 * HOUR - 2)));
    let again = opened(early, ActorRole::Primary, MINUTE + 2);
    assert_eq!(lengths(&again), changed(0, (Bucket::Hit, MINUTE)));
}

#[test]
fn anybody_who_answers_for_a_case_opens_it_and_the_first_of_them_counts() {
    for role in [ActorRole::Primary, ActorRole::Backup, ActorRole::Cadre, ActorRole::Secretary] {
        let first = opened(Tale::new(0, Urgency::Normal).pushed(2), role, 20);
        let handed = first.did(HOUR, E::Transferred);
        let second = opened(handed, ActorRole::Primary, 2 * HOUR);
        assert_eq!(lengths(&second), changed(18, (Bucket::Hit, 18)), "{role:?}");
    }
}
