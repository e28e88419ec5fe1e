use std::time::Duration;

use entity::kinds::{
    ActorRole, Category, ContactOutcome, EventType as E, ExclusionGround, ResultType, Urgency,
};
use proptest::prelude::*;

use super::calendars::Calendars;
use super::definition::{CARDS, figure};
use super::facts::{Fact, Facts, Promised, Told, keys};
use super::frame::{Dimension, Filter, Frame, Rule};
use super::story::Story;
use super::survey::{Plan, Survey};
use super::tally::{Bucket, Finding, Point, Tally, share};
use super::*;
use crate::domain::calendar::{Calendar, Table, parse_rfc3339};
use crate::domain::case::clock::Frozen;
use crate::domain::case::targets::{Source, Targets};

/// Tuesday 2026-11-24 09:00 at +08:00.
pub(super) const NINE: Timestamp = Timestamp(1_795_482_000_000_000);
pub(super) const MINUTE: u64 = 60;
pub(super) const HOUR: u64 = 3_600;
pub(super) const DAY: u64 = 24 * HOUR;

/// A case in the making; times in seconds after nine o'clock.
#[derive(Clone, Debug)]
pub(super) struct Tale(pub(super) Vec<Fact>);

impl Tale {
    pub(super) fn new(at: u64, urgency: Urgency) -> Self {
        let targets = Targets::default();
        let kind = (Category::Utilities, urgency, Source::Resident);
        let frozen = Frozen::of(&targets, kind, &Calendar::builtin());
        let (_, t0) = (0, NINE + Duration::from_secs(at));
        let due = |span: crate::domain::case::targets::Span| {
            Some(span.after(t0, &frozen.hours, &Calendar::builtin()).at.0)
        };
        let facts = Facts {
            acknowledge_due: due(frozen.target.acknowledge),
            contact_due: due(frozen.target.contact),
            resolve_due: due(frozen.target.resolve),
            promised: Some(Promised {
                category: Category::Utilities,
                urgency,
                source: Source::Resident,
                frozen,
            }),
            grid_code: Some("G00101".to_owned()),
            community: Some("371702003001".to_owned()),
            people: vec![Told::As(7, "cadre".into()), Told::As(9, "grid_worker_primary".into())],
            ..Facts::default()
        };
        let tale = Self(Vec::new()).by(ActorRole::Resident, at, E::Reported, Facts::default());
        tale.then(at, E::Assigned, facts)
    }

    pub(super) fn by(mut self, role: ActorRole, at: u64, kind: E, facts: Facts) -> Self {
        let actor = (role != ActorRole::System).then_some(1);
        self.0.push(Fact { kind, at: NINE + Duration::from_secs(at), actor, role, facts });
        self
    }

    pub(super) fn then(self, at: u64, kind: E, facts: Facts) -> Self {
        self.by(ActorRole::System, at, kind, facts)
    }

    pub(super) fn did(self, at: u64, kind: E) -> Self {
        self.by(ActorRole::Primary, at, kind, Facts::default())
    }

    pub(super) fn pushed(self, at: u64) -> Self {
        self.then(at, E::Pushed, Facts { first: true, ..Facts::default() })
    }

    pub(super) fn resolved(self, at: u64) -> Self {
        let facts = Facts { result_type: Some(ResultType::Solved), ..Facts::default() };
        self.by(ActorRole::Primary, at, E::Resolved, facts)
    }

    pub(super) fn confirmed(self, at: u64, mark: u8) -> Self {
        let facts = Facts { result: Some(mark), attitude: Some(5), ..Facts::default() };
        self.by(ActorRole::Resident, at, E::Confirmed, facts)
    }

    pub(super) fn facts(&self) -> &[Fact] {
        &self.0
    }

    pub(super) fn story(&self) -> Story {
        Story::of(&self.0).unwrap()
    }

    /// What a figure says in a period of `days` around the report, seen `after` seconds.
    pub(super) fn finds(&self, id: &str, when: (u64, u64)) -> Option<Finding> {
        self.judged(figure(id).unwrap().1, when)
    }

    /// The same as an edition defined it.
    pub(super) fn found_by(&self, edition: u32, id: &str, when: (u64, u64)) -> Option<Finding> {
        let one = edition::of(edition).into_iter().find(|one| one.card.id == id).unwrap();
        self.judged(one.rule, when)
    }

    fn judged(&self, rule: Rule, (days, after): (u64, u64)) -> Option<Finding> {
        let calendars = Calendars::new(Calendar::builtin(), Vec::new());
        let frame = Frame {
            from: NINE - Duration::from_secs(9 * HOUR),
            to: NINE - Duration::from_secs(9 * HOUR) + Duration::from_secs(days * DAY),
            now: NINE + Duration::from_secs(after),
            calendars: &calendars,
        };
        rule(&self.story(), &frame)
    }

    pub(super) fn bucket(&self, id: &str, when: (u64, u64)) -> Option<Bucket> {
        self.finds(id, when).map(|found| found.bucket)
    }

    pub(super) fn wall(&self, id: &str, when: (u64, u64)) -> (Bucket, u64) {
        let found = self.finds(id, when).unwrap();
        (found.bucket, found.wall.unwrap() / 1_000_000)
    }
}

const SEEN: (u64, u64) = (1, 20 * HOUR);

#[test]
fn every_interval_begins_and_ends_at_its_marks() {
    let tale = Tale::new(0, Urgency::Fast)
        .pushed(2)
        .did(20, E::Opened)
        .did(60, E::Acknowledged)
        .did(100, E::ContactAttempted)
        .did(300, E::Contacted)
        .resolved(2 * HOUR)
        .confirmed(3 * HOUR, 5);
    for (id, want) in [
        ("M1", 0),
        ("M2", 2),
        ("M3", 18),
        ("M4", 60),
        ("M4p", 58),
        ("M5", 300),
        ("M5a", 100),
        ("M5c", 300),
        ("M7", 2 * HOUR),
        ("M7c", 2 * HOUR),
        ("M8", 3 * HOUR),
        ("M11", 2 * HOUR - 300),
        ("R19", 3 * HOUR),
    ] {
        assert_eq!(tale.wall(id, SEEN), (Bucket::Hit, want), "{id}");
    }
    assert_eq!(tale.bucket("M12", SEEN), None, "never reopened");
    for id in ["R1", "R2", "R3", "R3a", "R9", "R9s", "R10", "R10a", "R10d", "R14"] {
        let by_due = (1, 2 * DAY);
        assert_eq!(tale.bucket(id, by_due), Some(Bucket::Hit), "{id}");
    }
}

#[test]
fn what_has_not_happened_waits_until_now_or_until_the_case_ended() {
    let tale = Tale::new(0, Urgency::Normal);
    assert_eq!(tale.wall("M4", (1, 500)), (Bucket::Open, 500));
    assert_eq!(tale.wall("M2", (1, 500)), (Bucket::Open, 500), "an un-pushed case is listed");
    let tale = tale.by(ActorRole::Resident, 300, E::Cancelled, Facts::default());
    assert_eq!(tale.wall("M4", (1, 500)), (Bucket::Open, 300));
    assert_eq!(tale.bucket("M4", (0, 500)), None, "reported outside the period");
}

#[test]
fn working_time_is_counted_apart_and_rests_are_taken_off() {
    let tale = Tale::new(0, Urgency::Normal)
        .did(HOUR, E::Held)
        .then(2 * HOUR, E::Resumed, Facts::default())
        .resolved(6 * HOUR);
    let found = tale.finds("M7", (1, DAY)).unwrap();
    // 09:00 to 15:00 less two hours at noon, less the hour of rest.
    assert_eq!(found.work.unwrap() / 1_000_000, 3 * HOUR);
    assert_eq!(found.wall.unwrap() / 1_000_000, 6 * HOUR);
    assert_eq!(tale.wall("M13p", (1, DAY)), (Bucket::Hit, HOUR));
    let held = Tale::new(0, Urgency::Normal).did(HOUR, E::Held);
    assert_eq!(held.wall("M13p", (1, 3 * HOUR)), (Bucket::Hit, 2 * HOUR), "it still rests");
}

#[test]
fn a_pause_counts_from_its_approval_and_one_that_is_refused_not_at_all() {
    let asked = || Tale::new(0, Urgency::Normal).did(HOUR, E::PauseAsked);
    let plain = Tale::new(0, Urgency::Normal);
    let refused = asked().by(ActorRole::Cadre, 2 * HOUR, E::PauseRefused, Facts::default());
    for id in ["M7", "M11", "M13p", "R5"] {
        let plain = plain.finds(id, (1, 3 * HOUR));
        assert_eq!(asked().finds(id, (1, 3 * HOUR)), plain, "{id}: it only waits");
        assert_eq!(refused.finds(id, (1, 3 * HOUR)), plain, "{id}: it was refused");
    }
    let approved = || asked().by(ActorRole::Cadre, 2 * HOUR, E::Held, Facts::default());
    assert_eq!(approved().wall("M13p", (1, 3 * HOUR)), (Bucket::Hit, HOUR), "not from the asking");
    let diverted = || approved().by(ActorRole::Command, 3 * HOUR, E::Diverted, Facts::default());
    let appealed = diverted().by(ActorRole::Resident, 5 * HOUR, E::Appealed, Facts::default());
    for tale in [diverted(), appealed] {
        assert_eq!(tale.wall("M13p", (1, 8 * HOUR)), (Bucket::Hit, HOUR), "it ended with the case");
    }
    let left = diverted().story().left().map(|(state, _)| state);
    assert_eq!(left, Some(entity::kinds::CaseState::Rejected));
}

#[test]
fn only_a_push_to_the_responsible_set_stops_the_first_clock() {
    let other = Tale::new(0, Urgency::Fast).then(1, E::Pushed, Facts::default());
    assert_eq!(other.bucket("M2", SEEN), Some(Bucket::Open));
    let failed = Facts { first: true, ..Facts::default() };
    let second = other.then(2, E::PushFailed, failed).pushed(90);
    assert_eq!(second.wall("M2", SEEN), (Bucket::Hit, 90));
    assert_eq!(second.bucket("M2f", SEEN), Some(Bucket::Hit));
    assert_eq!(second.bucket("R1", SEEN), Some(Bucket::Failed), "a minute was promised");
    assert_eq!(Tale::new(0, Urgency::Fast).bucket("R1", SEEN), Some(Bucket::Failed));
}

#[test]
fn a_withdrawn_acknowledgement_never_happened() {
    let tale = Tale::new(0, Urgency::Fast).did(60, E::Acknowledged);
    assert_eq!(tale.wall("M4", SEEN), (Bucket::Hit, 60));
    let tale = tale.then(2 * HOUR, E::Unacknowledged, Facts::default());
    assert_eq!(tale.wall("M4", SEEN).0, Bucket::Open);
    assert_eq!(tale.bucket("R2", SEEN), Some(Bucket::Failed));
    assert!(tale.finds("R2", SEEN).unwrap().undone);
}

#[test]
fn a_case_is_judged_when_its_time_is_over_and_not_before() {
    let early = Tale::new(0, Urgency::Fast).resolved(HOUR).confirmed(2 * HOUR, 4);
    for id in ["R5", "R6"] {
        assert_eq!(early.bucket(id, (2, 3 * HOUR)), Some(Bucket::Open), "{id}: due tomorrow");
        assert_eq!(early.bucket(id, (2, 25 * HOUR)), Some(Bucket::Hit), "{id}");
        assert_eq!(early.bucket(id, (1, 25 * HOUR)), None, "{id}: due after the period");
    }
    let late = Tale::new(0, Urgency::Fast).resolved(25 * HOUR).confirmed(26 * HOUR, 4);
    let seen = (2, 27 * HOUR);
    assert_eq!(late.bucket("R6", seen), Some(Bucket::Failed));
    assert_eq!(late.bucket("R5", seen), Some(Bucket::Hit), "late, and closed");
    let never = Tale::new(0, Urgency::Fast);
    assert_eq!(never.bucket("R5", seen), Some(Bucket::Failed));
    assert_eq!(never.wall("R8", seen), (Bucket::Hit, 3 * HOUR));
    let waits = Tale::new(0, Urgency::Fast).resolved(HOUR);
    assert_eq!(waits.bucket("R6", seen), Some(Bucket::Open), "the resident has yet to answer");
    assert_eq!(waits.bucket("R5", seen), Some(Bucket::Failed));
    assert_eq!(waits.bucket("R8", seen), None);
}

#[test]
fn a_case_that_ended_otherwise_owes_nothing_more_and_is_counted_apart() {
    let tale = Tale::new(0, Urgency::Fast);
    let early = tale.clone().by(ActorRole::Resident, 60, E::Cancelled, Facts::default());
    let late = tale.by(ActorRole::Resident, 30 * HOUR, E::Cancelled, Facts::default());
    assert_eq!(early.bucket("R6", (2, 40 * HOUR)), Some(Bucket::Excluded("cancelled")));
    assert_eq!(late.bucket("R6", (2, 40 * HOUR)), Some(Bucket::Failed));
}

#[test]
fn what_the_auditor_takes_out_is_out_of_every_figure_until_he_withdraws_it() {
    let ground = Facts { ground: Some(ExclusionGround::TestCase), ..Facts::default() };
    let whole = Tale::new(0, Urgency::Fast)
        .pushed(1)
        .did(2, E::Acknowledged)
        .did(3, E::Contacted)
        .resolved(9)
        .confirmed(10, 5);
    let out = whole.clone().by(ActorRole::Auditor, 20, E::Excluded, ground);
    let back = out.clone().by(ActorRole::Auditor, 30, E::ExclusionWithdrawn, Facts::default());
    for card in CARDS {
        let seen = (2, 30 * HOUR);
        let before = whole.finds(card.id, seen);
        let want = before.map(|_| Bucket::Excluded("test_case"));
        assert_eq!(out.bucket(card.id, seen), want, "{}", card.id);
        assert_eq!(back.finds(card.id, seen), before, "{}", card.id);
    }
}

#[test]
fn a_calendar_that_comes_later_changes_no_interval_that_was_over() {
    // In this one the 25th of November, a Wednesday, is a day of rest.
    let year = Calendar::builtin().tables().find(|table| table.year == 2026).unwrap().write();
    let year = Table::parse_all(&format!("{year}2026,2026-11-25,rest,festival\n")).unwrap();
    let later = Calendar::builtin().with(1, year).unwrap();
    let story = Tale::new(0, Urgency::Normal).resolved(30 * HOUR).story();
    let work = |from: u64, now: u64| {
        let from = NINE + Duration::from_secs(from);
        let calendars = Calendars::new(Calendar::builtin(), vec![(from, later.clone())]);
        let to = NINE + Duration::from_secs(30 * DAY);
        let (now, from) = (NINE + Duration::from_secs(now), NINE - Duration::from_secs(9 * HOUR));
        let frame = Frame { from, to, now, calendars: &calendars };
        figure("M7").unwrap().1(&story, &frame).unwrap().work.unwrap() / 1_000_000 / MINUTE
    };
    // Until Wednesday 15:00: six and a half hours of Tuesday and four of Wednesday.
    assert_eq!(work(31 * HOUR, 40 * HOUR), 630);
    assert_eq!(work(29 * HOUR, 40 * HOUR), 390, "it counted when the case was resolved");
}

#[test]
fn wilson_intervals_are_those_of_the_books() {
    // Wilson 1927 as tabulated by Newcombe 1998: 81/263 and 15/148.
    for (hit, n, low, high) in [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 1, 0.2065, 1.0),
    ] {
        let got = share(hit, n).unwrap();
        assert!(
            (got.low - low).abs() < 5e-5 && (got.high - high).abs() < 5e-5,
            "{hit}/{n} {got:?}"
        );
    }
    assert_eq!(share(0, 0), None);
}

#[test]
fn facts_are_read_from_what_the_program_writes_and_text_is_not_looked_at() {
    let text = r#"{"first":true,"staff":3,"channel":"sms","notice":7,"step":-1,"reason":"甲"}"#;
    let facts = Facts::read(E::Pushed, text).unwrap();
    assert_eq!(facts, Facts { first: true, ..Facts::default() }, "and no other key");
    let people = r#"{"people":[[5,"cadre"],[6,"grid_worker_primary"]],"acknowledge_due":5}"#;
    assert_eq!(Facts::read(E::Assigned, people).unwrap().people[0], Told::As(5, "cadre".into()));
    let whole = Facts::read(E::Updated, "not even JSON").unwrap();
    assert_eq!(whole, Facts::default(), "no figure reads it");
    let contact = r#"{"outcome":"reached","evidence_level":2,"note":"张三"}"#;
    assert_eq!(Facts::read(E::Contacted, contact).unwrap().outcome, Some(ContactOutcome::Reached));
    let nothing = r#"{"people":null,"grid_code":null,"promised":null,"community":"C1"}"#;
    let found = Facts::read(E::Assigned, nothing).unwrap();
    assert_eq!(found, Facts { community: Some("C1".into()), ..Facts::default() });
    for broken in [r#"{"first":"yes"}"#, r#"{"first":true} {}"#, "[]", r#"{"first":true"#] {
        assert!(Facts::read(E::Pushed, broken).is_err(), "{broken}");
    }
    for kind in E::ALL {
        let text = ["text", "note", "reason", "name", "phone", "address", "words", "rating"];
        assert!(keys(*kind).iter().all(|key| !text.contains(key)), "{}", kind.word());
    }
}

#[test]
fn groups_below_thirty_are_not_ranked_and_the_rest_by_the_lower_bound() {
    let mut survey = Survey::new(&["R2"], &[Dimension::Grid], &Filter::default()).unwrap();
    let calendars = Calendars::new(Calendar::builtin(), Vec::new());
    let now = parse_rfc3339("2026-11-30T00:00:00Z").unwrap();
    let frame =
        Frame { from: NINE - Duration::from_secs(DAY), to: now, now, calendars: &calendars };
    for (grid, hits, n) in [("A", 3, 3), ("B", 30, 40), ("C", 55, 60), ("D", 1, 29)] {
        for nth in 0..n {
            let mut story = Tale::new(0, Urgency::Fast).story();
            story.held_by.grid = Some(grid.to_owned());
            story.taken.at = (nth < hits).then_some(NINE);
            survey.add(&story, &frame);
        }
    }
    let printed = survey.print().remove(0).remove(0);
    let keys: Vec<&str> = printed.groups.iter().map(|group| group.key.as_str()).collect();
    assert_eq!(keys, ["C", "B"]);
    let small = printed.small.unwrap();
    assert_eq!((small.hit, small.n, printed.small_keys), (4, 32, vec!["A".into(), "D".into()]));
    assert_eq!((printed.total.hit, printed.total.n, printed.total.undone), (89, 132, 43));
}

#[test]
fn months_of_the_report_stand_in_their_own_order_however_few_cases_they_have() {
    let mut survey = Survey::new(&["R2", "M4"], &[Dimension::Month], &Filter::default()).unwrap();
    let calendars = Calendars::new(Calendar::builtin(), Vec::new());
    let now = NINE + Duration::from_secs(99 * DAY);
    let frame = Frame { from: NINE, to: now, now, calendars: &calendars };
    // The best month and the worst one, and one with few cases between them.
    for (later, hits, n) in [(70, 40, 40), (0, 30, 40), (10, 1, 3)] {
        for nth in 0..n {
            let at = later * DAY + nth;
            let tale = Tale::new(at, Urgency::Fast);
            let tale = if nth < hits { tale.did(at + 60, E::Acknowledged) } else { tale };
            survey.add(&tale.story(), &frame);
        }
    }
    for figure in survey.print().remove(0) {
        let groups = figure.groups.iter().map(|group| (group.key.as_str(), group.n));
        let want = [("2026-11", 40), ("2026-12", 3), ("2027-02", 40)];
        assert_eq!(groups.collect::<Vec<_>>(), want, "{}", figure.id);
        assert_eq!((figure.small, figure.small_keys), (None, vec![]), "{}", figure.id);
    }
}

/// Any course of a case, told by random steps.
pub(super) fn any_tale() -> impl Strategy<Value = Tale> {
    let urgency = prop::sample::select(Urgency::ALL);
    let steps = prop::collection::vec((0_u8..17, 1_u64..20 * HOUR), 0..14);
    (0_u64..40 * HOUR, urgency, steps).prop_map(|(begin, urgency, steps)| {
        let (mut tale, mut at) = (Tale::new(begin, urgency), begin);
        for (step, after) in steps {
            at += after;
            let ground = Facts { ground: Some(ExclusionGround::Other), ..Facts::default() };
            tale = match step {
                0 => tale.pushed(at),
                1 => tale.did(at, E::Opened),
                2 => tale.did(at, E::Acknowledged),
                3 => tale.did(at, E::Contacted),
                4 => tale.resolved(at),
                5 => tale.confirmed(at, 2),
                6 => tale.by(ActorRole::Resident, at, E::Reopened, Facts::default()),
                7 => tale.did(at, E::Held),
                8 => tale.then(at, E::Resumed, Facts::default()),
                9 => tale.by(ActorRole::Resident, at, E::Cancelled, Facts::default()),
                10 => tale.by(ActorRole::Auditor, at, E::Excluded, ground),
                11 => tale.did(at, E::Returned),
                13 => {
                    let to = Facts { grid_code: Some("G00201".into()), ..Facts::default() };
                    tale.did(at, E::Acknowledged).by(ActorRole::Primary, at + 1, E::Transferred, to)
                }
                12 => tale.then(at, E::Escalated, Facts { step: Some(3), ..Facts::default() }),
                15 => tale.by(ActorRole::Verifier, at, E::Reopened, Facts::default()),
                16 => tale.then(at, E::SentToTriage, Facts::default()),
                _ => {
                    tale.did(at, E::Acknowledged).then(at + 1, E::Unacknowledged, Facts::default())
                }
            };
        }
        tale
    })
}

proptest! {
    #[test]
    fn halves_add_up_and_every_case_stands_in_one_bucket(
        tales in prop::collection::vec(any_tale(), 1..25),
        cut in any::<prop::sample::Index>(),
        days in 1_u64..9,
        seen in 0_u64..9 * DAY,
        by in prop::sample::select(Dimension::ALL),
    ) {
        let calendars = Calendars::new(Calendar::builtin(), Vec::new());
        let to = NINE + Duration::from_secs(days * DAY);
        let now = NINE + Duration::from_secs(seen);
        let frame = Frame { from: NINE, to, now, calendars: &calendars };
        let ids: Vec<&str> = CARDS.iter().map(|card| card.id).collect();
        let plan = Plan::new(&ids, by, Filter::default()).unwrap();
        let survey = Survey::new(&ids, &[by], &Filter::default()).unwrap();
        let past = |tale: &Tale| {
            Story::of(tale.0.iter().filter(|fact| fact.at <= now))
        };
        let stories: Vec<Story> = tales.iter().filter_map(past).collect();
        let count = |stories: &[Story]| {
            let mut counted = survey.anew();
            for story in stories {
                counted.add(story, &frame);
            }
            counted
        };
        let (left, right) = stories.split_at(cut.index(stories.len() + 1).min(stories.len()));
        let mut halves = count(right);
        halves.merge(count(left));
        let whole = count(&stories).print().remove(0);
        prop_assert_eq!(&whole, &halves.print().remove(0));
        for (nth, figure) in whole.iter().enumerate() {
            let found: Vec<Finding> = stories
                .iter()
                .filter_map(|story| plan.judge(story, &frame)[nth])
                .collect();
            let of = |word: &str| {
                let count = found.iter().filter(|one| one.bucket.word() == word).count();
                u64::try_from(count).unwrap()
            };
            let total = &figure.total;
            prop_assert_eq!(of("hit"), total.hit);
            prop_assert_eq!(of("failed"), total.failed);
            prop_assert_eq!(of("open"), total.open);
            prop_assert_eq!(of("excluded"), total.excluded.values().sum::<u64>());
            if let Some(wall) = &total.wall {
                prop_assert_eq!(wall.waiting, total.open);
                let at = |point| matches!(point, Point::TooFew);
                prop_assert_eq!(at(wall.p90), wall.n < 20, "{:?}", wall);
                prop_assert_eq!(at(wall.p95), wall.n < 40);
            }
            let parts: u64 = figure.groups.iter().chain(&figure.small).map(|one| one.hit).sum();
            prop_assert!(by == Dimension::None || parts == total.hit);
        }
    }
}

#[test]
fn a_tally_prints_the_lengths_it_was_given_and_what_waits() {
    let mut tally = Tally::default();
    for length in 1..=20_u64 {
        let wall = Some(length * 1_000_000 + 1);
        tally.add(&Finding { wall, work: Some(7), ..Finding::new(Bucket::Hit) }, true);
    }
    let (wall, work) = tally.spreads();
    assert_eq!((wall.p50, wall.p90), (Point::At(10_000_001), Point::At(18_000_001)));
    assert_eq!((wall.p95, wall.max, work.sum), (Point::TooFew, Some(20_000_001), 140));
    tally.add(&Finding { wall: Some(99_000_000), ..Finding::new(Bucket::Open) }, true);
    let (wall, _) = tally.spreads();
    assert_eq!((wall.n, wall.waiting, wall.longest_waiting), (21, 1, Some(99_000_000)));
    assert_eq!(wall.max, Some(20_000_001));
}
