//! To whom a case is counted, what stands beside a rate, and how a filter is read.

use std::time::Duration;

use entity::kinds::{ActorRole, EventType as E, Urgency};

use super::calendars::Calendars;
use super::edition;
use super::facts::{Facts, Told};
use super::figure_tests::{DAY, HOUR, NINE, Tale};
use super::frame::{Dimension, Filter, Frame, Holder};
use super::survey::{Figure, Survey};
use super::tally::Bucket;
use crate::domain::calendar::Calendar;

#[test]
fn an_acknowledgement_is_that_of_whoever_gave_it_though_the_case_went_on() {
    let to = Facts {
        grid_code: Some("G00201".into()),
        community: Some("371702003002".into()),
        people: vec![Told::As(21, "grid_worker_primary".into())],
        ..Facts::default()
    };
    let by = |staff| Facts { staff: Some(staff), ..Facts::default() };
    let taken = Tale::new(0, Urgency::Fast)
        .pushed(1)
        .by(ActorRole::Primary, 3, E::Acknowledged, by(9))
        .by(ActorRole::Primary, 60, E::Transferred, to.clone());
    let keys = |tale: &Tale, holder| {
        [Dimension::Grid, Dimension::Community, Dimension::Person]
            .map(|by| by.key(&tale.story(), holder))
    };
    let (first, second) = (["G00101", "371702003001", "9"], ["G00201", "371702003002", "21"]);
    assert_eq!(
        (keys(&taken, Holder::Taker), keys(&taken, Holder::Now)),
        (first.map(Into::into), second.map(Into::into))
    );
    let again = taken.clone().by(ActorRole::Primary, 90, E::Acknowledged, by(21));
    assert_eq!(keys(&again, Holder::Taker), first, "the first time counts");
    let none = Facts::default;
    let withdrawn = again.clone().then(120, E::Unacknowledged, none());
    assert_eq!(keys(&withdrawn, Holder::Taker), first, "the second's, who called nobody");
    assert_eq!(keys(&withdrawn, Holder::TakerBefore), second, "as it was defined before");
    let third = withdrawn.by(ActorRole::Primary, 150, E::Acknowledged, by(33));
    assert_eq!(keys(&third, Holder::Taker), first);
    let own = Tale::new(0, Urgency::Fast)
        .pushed(1)
        .by(ActorRole::Primary, 3, E::Acknowledged, by(9))
        .then(40, E::Unacknowledged, none())
        .by(ActorRole::Primary, 60, E::Transferred, to.clone());
    assert_eq!(keys(&own, Holder::Taker), second, "his own");
    let returned = taken.clone().did(70, E::Returned);
    assert_eq!(
        (keys(&returned, Holder::Taker), keys(&returned, Holder::Now)[0].as_str()),
        (first.map(Into::into), "")
    );

    let calendars = Calendars::new(Calendar::builtin(), Vec::new());
    let from = NINE - Duration::from_secs(9 * HOUR);
    let to = from + Duration::from_secs(DAY);
    let frame = Frame { from, to, now: to, calendars: &calendars };
    let of = |filter: &str, by| {
        let filter = Filter::read(filter).unwrap();
        let mut survey = Survey::new(&["M4", "M4p", "R2", "R1"], &[by], &filter).unwrap();
        survey.add(&taken.story(), &frame);
        survey.print().remove(0).into_iter().map(|one| one.total.hit).collect::<Vec<_>>()
    };
    assert_eq!(of("", Dimension::None), [1, 1, 1, 1], "the street has it once");
    assert_eq!(of("grid:G00101", Dimension::Grid), [1, 1, 1, 0]);
    assert_eq!(of("grid:G00201", Dimension::Grid), [0, 0, 0, 1]);
    assert_eq!(of("person:9", Dimension::Person), [1, 1, 1, 0]);
}

#[test]
fn the_length_beside_a_rate_is_the_one_that_decides_it() {
    // 24 hours around the clock, of which three are a rest; done an hour before its moved end.
    let due =
        Facts { resolve_due: Some((NINE + Duration::from_secs(27 * HOUR)).0), ..Facts::default() };
    let tale = Tale::new(0, Urgency::Fast)
        .did(HOUR, E::Held)
        .then(4 * HOUR, E::Resumed, due)
        .resolved(26 * HOUR)
        .confirmed(26 * HOUR + 60, 5);
    let seen = (3, 40 * HOUR);
    for (id, wall, work) in [("R6", 26, 23), ("M7", 26, 23)] {
        let found = tale.finds(id, seen).unwrap();
        let hours = |micros: Option<u64>| micros.unwrap() / 1_000_000 / HOUR;
        assert_eq!(
            (found.bucket, hours(found.wall), hours(found.work)),
            (Bucket::Hit, wall, work),
            "{id}"
        );
    }
    let closed = tale.finds("R5", seen).unwrap();
    assert_eq!(closed.work.unwrap() / 1_000_000, 23 * HOUR + 60);
    // As it was printed before.
    let first = edition::of(1).into_iter().find(|one| one.card.id == "R6").unwrap();
    let calendars = Calendars::new(Calendar::builtin(), Vec::new());
    let from = NINE - Duration::from_secs(9 * HOUR);
    let (to, now) = (from + Duration::from_secs(3 * DAY), NINE + Duration::from_secs(40 * HOUR));
    let old = (first.rule)(&tale.story(), &Frame { from, to, now, calendars: &calendars }).unwrap();
    assert_eq!((old.work, first.card.version), (old.wall, 1));
}

#[test]
fn rework_that_rests_now_does_not_count_the_rest() {
    let tale = Tale::new(0, Urgency::Fast)
        .resolved(HOUR)
        .confirmed(2 * HOUR, 2)
        .by(ActorRole::Resident, 3 * HOUR, E::Reopened, Facts::default())
        .did(4 * HOUR, E::Held);
    let found = tale.finds("M12", (1, 9 * HOUR)).unwrap();
    assert_eq!((found.bucket, found.wall.unwrap() / 1_000_000), (Bucket::Open, 6 * HOUR));
    assert_eq!(found.work.unwrap() / 1_000_000, HOUR, "one hour, then the rest that still runs");
}

#[test]
fn a_filter_is_of_words_that_a_case_can_have() {
    for (text, reads) in [
        ("category:utilities", true),
        ("category:utilitis", false),
        ("category:", true),
        ("urgency:fast", true),
        ("urgency:quick", false),
        ("source:staff", true),
        ("source:12345", false),
        ("month:2026-11", true),
        ("month:2026-13", false),
        ("person:7", true),
        ("person:甲", false),
        ("grid:G999", true),
        ("none:x", false),
        ("mood:good", false),
    ] {
        assert_eq!(Filter::read(text).is_some(), reads, "{text}");
    }
}

#[test]
fn a_withdrawn_acknowledgement_gives_a_case_back_to_whoever_was_told() {
    let by = |staff| Facts { staff: Some(staff), ..Facts::default() };
    let withdrawn = Tale::new(0, Urgency::Fast)
        .pushed(1)
        .by(ActorRole::Secretary, HOUR, E::Acknowledged, by(30))
        .then(3 * HOUR, E::Unacknowledged, Facts::default());
    let person = |holder| Dimension::Person.key(&withdrawn.story(), holder);
    for (holder, who) in [
        (Holder::Now, "9"),
        (Holder::Taker, "9"),
        (Holder::NowBefore, "30"),
        (Holder::TakerUntilFourth, "30"),
        (Holder::TakerBefore, "30"),
    ] {
        assert_eq!(person(holder), who, "{holder:?}");
    }
    let seen = (1, 9 * HOUR);
    let load = |edition| withdrawn.found_by(edition, "R19", seen).unwrap().person;
    let calendars = Calendars::new(Calendar::builtin(), Vec::new());
    let from = NINE - Duration::from_secs(9 * HOUR);
    let (to, now) = (from + Duration::from_secs(3 * DAY), NINE + Duration::from_secs(9 * HOUR));
    let frame = Frame { from, to, now, calendars: &calendars };
    let at = Dimension::ALL.iter().position(|by| *by == Dimension::Person).unwrap();
    for edition in 1..=edition::PRESENT {
        let who = if edition < 5 { 30 } else { 9 };
        assert_eq!(load(edition), Some(who), "{edition}");
        let mut survey = Survey::whole_of(edition);
        survey.add(&withdrawn.story(), &frame);
        let printed = survey.print().remove(at);
        let keys = |one: &Figure| -> Vec<String> {
            one.groups.iter().map(|group| group.key.clone()).chain(one.small_keys.clone()).collect()
        };
        for id in ["M4", "M4p", "R2", "M7", "R14", "R19"] {
            let one = printed.iter().find(|one| one.id == id).unwrap();
            assert_eq!(keys(one), [who.to_string()], "{id} {edition}");
        }
    }
    let again = withdrawn.by(ActorRole::Backup, 4 * HOUR, E::Acknowledged, by(12));
    assert_eq!(Dimension::Person.key(&again.story(), Holder::Taker), "12");
}

#[test]
fn a_case_that_is_looked_at_before_anybody_took_it_lies_in_no_grid() {
    let assigned = Tale::new(0, Urgency::Fast);
    let held = assigned.clone().then(HOUR, E::SentToTriage, Facts::default());
    let keys = |tale: &Tale, holder| {
        [Dimension::Grid, Dimension::Community, Dimension::Person]
            .map(|by| by.key(&tale.story(), holder))
    };
    assert_eq!(keys(&held, Holder::Now), ["", "371702003001", ""]);
    assert_eq!(keys(&held, Holder::NowBefore), ["G00101", "371702003001", "9"]);
    assert_eq!(keys(&held, Holder::Taker), keys(&held, Holder::Now));
    assert_eq!(held.bucket("R19", (1, 9 * HOUR)), None, "nobody has it");
    assert_eq!(held.found_by(4, "R19", (1, 9 * HOUR)).unwrap().person, Some(9));
}
