use std::time::Duration;

use proptest::prelude::*;

use super::cell::{read, write};
use super::span::{Span, month_of};
use super::*;
use crate::domain::audit::bins::ERROR;
use crate::domain::audit::figure_tests::{HOUR, NINE, Tale, any_tale};
use crate::domain::audit::frame::{Dimension, Filter};
use crate::domain::audit::survey::{Figure, Group, Settled, Survey};
use crate::domain::audit::tally::{Point, Spread};
use crate::domain::calendar::{Calendar, midnight_of, parse_instant};

const DAY: Duration = Duration::from_secs(24 * HOUR);

fn calendars() -> Calendars {
    Calendars::new(Calendar::builtin(), Vec::new())
}

#[test]
fn every_figure_has_an_anchor_but_what_is_open_now() {
    let anchored: usize = Anchor::ALL.iter().map(|anchor| anchor.cards().count()).sum();
    assert_eq!(anchored, CARDS.len() - 1);
    for anchor in Anchor::ALL {
        assert_eq!(Anchor::from_word(anchor.word()), Some(*anchor));
        for (at, card) in anchor.cards().enumerate() {
            assert_eq!(Anchor::place(card.id), Some((*anchor, at)));
        }
    }
}

#[test]
fn a_period_is_its_whole_months_and_the_days_around_them() {
    let day = |text: &str| day_of(parse_instant(text).unwrap());
    for (from, to, months, edges) in [
        ("2026-10-01", "2026-11-01", Some(("2026-10-01", "2026-11-01")), vec![]),
        (
            "2026-01-31",
            "2026-04-02",
            Some(("2026-02-01", "2026-04-01")),
            vec![("2026-01-31", "2026-02-01"), ("2026-04-01", "2026-04-02")],
        ),
        ("2026-10-02", "2026-11-01", None, vec![("2026-10-02", "2026-11-01")]),
        ("2026-10-02", "2026-10-05", None, vec![("2026-10-02", "2026-10-05")]),
        (
            "2024-12-01",
            "2026-01-10",
            Some(("2024-12-01", "2026-01-01")),
            vec![("2026-01-01", "2026-01-10")],
        ),
    ] {
        let span = Span::of(parse_instant(from).unwrap(), parse_instant(to).unwrap()).unwrap();
        let found = span.has_months().then_some(span.months);
        assert_eq!(found, months.map(|(a, b)| (day(a), day(b))), "{from} {to}");
        let edges: Vec<(i64, i64)> = edges.into_iter().map(|(a, b)| (day(a), day(b))).collect();
        assert_eq!(span.edges(), edges, "{from} {to}");
    }
    let noon = parse_instant("2026-10-01T12:00:00+08:00").unwrap();
    let whole = |from: &str| Span::to_end_of_month(parse_instant(from).unwrap(), noon);
    let ends = |from: &str| whole(from).map(|span| (span.edges(), span.months.1));
    assert_eq!(ends("2026-10-01"), Some((vec![], day("2026-11-01"))));
    let before = (day("2026-09-30"), day("2026-10-01"));
    assert_eq!(ends("2026-09-30"), Some((vec![before], day("2026-11-01"))));
    assert_eq!(Span::to_end_of_month(noon, noon + DAY), None, "no whole month");
    let begins = parse_instant("2026-10-01").unwrap();
    assert_eq!(Span::to_end_of_month(begins - DAY, begins), None, "it ends with one");
    assert_eq!(Span::of(noon, parse_instant("2026-11-01").unwrap()), None);
    assert_eq!(Span::of(parse_instant("2026-09-01").unwrap(), noon), None);
}

/// Whether a cell answers for a period: what the database's statement says, in other words.
fn holds(key: &Key, span: Span) -> bool {
    let (months, days) = (span.months, [key.days.0, key.days.1]);
    let both = key.anchor == Anchor::Carried;
    let any = |(first, last): (i64, i64)| {
        let within = days.map(|day| (first..last).contains(&day));
        if both { within == [true; 2] } else { within != [false; 2] }
    };
    match key.slice {
        Slice::Months(_) => any(months),
        Slice::Days => any(span.days) && !any(months),
    }
}

/// Whether a list says that a case may lie on an edge of a period: what the database's statement
/// says, in other words.
fn on_edge(story: &Story, span: Span) -> bool {
    let Some((first, last)) = Anchor::Carried.at(story) else { return false };
    let (first, last) = (day_of(first), day_of(last));
    [span.days.0, span.days.1].iter().any(|edge| {
        let month = month_of(*edge);
        let into = month_of(first) < month && month <= month_of(last);
        into || (month..*edge).contains(&first) && last >= *edge
    })
}

fn near(name: &str, got: Option<u64>, want: Option<u64>) {
    let (Some(got), Some(want)) = (got, want) else { return assert_eq!(got, want, "{name}") };
    let float = |n: u64| Duration::from_micros(n).as_secs_f64();
    assert!((float(got) - float(want)).abs() <= float(want) * ERROR, "{name} {got} {want}");
}

fn alike(name: &str, got: &Spread, want: &Spread) {
    assert_eq!((got.n, got.waiting, got.sum), (want.n, want.waiting, want.sum), "{name}");
    near(name, got.max, want.max);
    near(name, got.longest_waiting, want.longest_waiting);
    if want.waiting > 0 {
        return;
    }
    for (got, want) in [(got.p50, want.p50), (got.p90, want.p90), (got.p95, want.p95)] {
        match (got, want) {
            (Point::At(got), Point::At(want)) => near(name, Some(got), Some(want)),
            (Point::Beyond(_), _) | (_, Point::Beyond(_)) => panic!("{name}: nothing waits"),
            (got, want) => assert_eq!(got, want, "{name}"),
        }
    }
}

fn same(name: &str, got: &Group, want: &Group) {
    let counts = |one: &Group| (one.n, one.hit, one.failed, one.open, one.undone);
    assert_eq!(counts(got), counts(want), "{name}");
    assert_eq!((&got.key, &got.excluded, got.share), (&want.key, &want.excluded, want.share));
    for (got, want) in [(&got.wall, &want.wall), (&got.work, &want.work)] {
        match (got, want) {
            (Some(got), Some(want)) => alike(name, got, want),
            (got, want) => assert_eq!(got.is_some(), want.is_some(), "{name}"),
        }
    }
}

fn agree(got: &[Figure], want: &[Figure]) {
    assert_eq!(got.len(), want.len());
    for (got, want) in got.iter().zip(want) {
        same(&want.id, &got.total, &want.total);
        let keys = |one: &Figure| one.groups.iter().map(|group| group.key.clone()).collect();
        let (mine, theirs): (Vec<String>, Vec<String>) = (keys(got), keys(want));
        assert_eq!((mine, &got.small_keys), (theirs, &want.small_keys), "{}", want.id);
        let groups =
            |one: &Figure| -> Vec<Group> { one.groups.iter().chain(&one.small).cloned().collect() };
        for (got, want) in groups(got).iter().zip(&groups(want)) {
            same(&format!("{} {}", got.key, want.key), got, want);
        }
    }
}

/// A case as it was when the cells were made, and as it is now.
fn seen(tale: &Tale, at: Timestamp) -> Option<Story> {
    Story::of(tale.facts().iter().filter(|fact| fact.at < at))
}

proptest! {
    #[test]
    fn cells_and_the_rest_say_what_the_ledger_says(
        tales in prop::collection::vec(any_tale(), 1..40),
        (made, later) in (1_i64..40, 0_i64..12),
        (begin, days, late) in (-30_i64..12, 1_i64..70, prop_oneof![Just(0), 0_u64..24]),
        by in prop::sample::select(Dimension::ALL),
        (grids, edges) in (prop::collection::vec(0_u8..3, 40), any::<bool>()),
    ) {
        prop_assume!(by != Dimension::Person);
        let calendars = calendars();
        let today = day_of(NINE);
        let (made, now) = (midnight_of(today + made), midnight_of(today + made + later));
        let (from, to) = (midnight_of(today + begin), midnight_of(today + begin + days));
        let to = to + Duration::from_secs(late * HOUR);
        let whole = Span::to_end_of_month(from, to).filter(|_| to >= made);
        let Some(span) = whole.or_else(|| Span::of(from, to)) else { return Ok(()) };
        let frame = Frame { from, to, now, calendars: &calendars };
        let carried = |id: &&str| Anchor::of(id) == Some(Anchor::Carried);
        let ids: Vec<&str> = CARDS.iter().map(|card| card.id).collect();
        let ids: Vec<&str> = ids.into_iter().filter(|id| carried(id) == edges).collect();
        let anew = Survey::new(&ids, &[by], &Filter::default()).unwrap();
        let (mut exact, mut survey) = (anew.anew(), anew.anew());
        let (mut settled, mut change) = (Settled::default(), Change::default());
        for ((tale, grid), case) in tales.iter().zip(grids).zip(1..) {
            let placed = |mut story: Story| {
                story.held_by.grid = Some(format!("G{grid}"));
                story
            };
            let Some(present) = seen(tale, now).map(placed) else { continue };
            exact.add(&present, &frame);
            let counted = seen(tale, made).map(placed)
                .filter(|story| is_settled(story, &calendars, made));
            if let Some(then) = &counted {
                change.count((case, then), &calendars, 1);
            }
            let edge = edges && on_edge(&present, span);
            if counted.as_ref() == Some(&present) && !edge {
                continue;
            }
            if let Some(then) = counted {
                survey.take_away(&mut settled, &then, &frame);
            }
            survey.add(&present, &frame);
        }
        let slice = Slice::of(by, &Filter::default()).unwrap().unwrap();
        for (key, Content { sums, members }) in change.cells() {
            let stored = read(&write(&sums).unwrap(), sums.len());
            prop_assert_eq!(stored.as_ref(), Some(&sums));
            prop_assert!(members.write().is_some() && !members.is_empty(), "nobody twice");
            if holds(&key, span) && (key.slice == slice || key.slice == Slice::Days) {
                let at = cell::DIMENSIONS.iter().position(|one| *one == by);
                let group = at.map(|at| key.place.0[at].clone()).unwrap_or_default();
                survey.add_cell(&mut settled, (key.anchor, &group), &sums);
            }
        }
        prop_assert!(survey.settle(settled).is_some());
        agree(&survey.print()[0], &exact.print()[0]);
    }

    #[test]
    fn nothing_about_a_settled_case_changes_by_waiting(
        tale in any_tale(),
        (made, later) in (1_i64..40, 0_i64..4_000),
    ) {
        let calendars = calendars();
        let made = midnight_of(day_of(NINE) + made);
        let story = seen(&tale, made);
        prop_assume!(story.as_ref().is_some_and(|story| is_settled(story, &calendars, made)));
        let story = story.unwrap();
        for (first, second) in Anchor::ALL.iter().filter_map(|anchor| anchor.at(&story)) {
            prop_assert!(first < made && second < made, "it counts before the night");
        }
        for card in CARDS.iter().filter(|card| Anchor::of(card.id).is_some()) {
            let at = |now: Timestamp| {
                let (from, to) = (NINE - DAY * 9, NINE + DAY * 9);
                figure(card.id).unwrap().1(&story, &Frame { from, to, now, calendars: &calendars })
            };
            let waited = made + Duration::from_secs(u64::try_from(later).unwrap() * HOUR);
            prop_assert_eq!(at(made), at(waited), "{}", card.id);
        }
    }

    /// A period that begins at the midnight of the cells has what was over at that very instant.
    #[test]
    fn what_is_over_at_an_instant_is_settled_right_after_it(tale in any_tale()) {
        let (story, calendars) = (tale.story(), calendars());
        let over = over_at(&story, &calendars);
        prop_assume!(over.is_some());
        let settled = |at| is_settled(&story, &calendars, at);
        let after = over.unwrap() + Duration::from_micros(1);
        prop_assert_eq!((settled(over.unwrap()), settled(after)), (false, true));
    }

    #[test]
    fn what_was_over_before_a_period_is_of_none_of_its_figures(
        tale in any_tale(),
        (later, days, waited) in (0_u64..100, 1_u64..70, 0_u64..70),
    ) {
        let (story, calendars) = (tale.story(), calendars());
        let last = tale.facts().last().map(|fact| fact.at);
        let over = over_at(&story, &calendars).zip(last).map(|(over, last)| over.max(last));
        prop_assume!(over.is_some());
        let from = over.unwrap() + Duration::from_micros(1) + Duration::from_secs(later * HOUR);
        let to = from + DAY * u32::try_from(days).unwrap();
        let now = from + DAY * u32::try_from(waited).unwrap();
        let frame = Frame { from, to, now, calendars: &calendars };
        for card in CARDS {
            prop_assert_eq!(figure(card.id).unwrap().1(&story, &frame), None, "{}", card.id);
        }
    }

    #[test]
    fn what_is_taken_away_again_leaves_nothing(
        tales in prop::collection::vec(any_tale(), 1..9),
    ) {
        let (mut change, calendars) = (Change::default(), calendars());
        let over = midnight_of(day_of(NINE) + 400);
        for times in [1, -1] {
            let stories = (1..).zip(tales.iter().map(Tale::story));
            for (case, story) in stories.filter(|(_, one)| is_settled(one, &calendars, over)) {
                change.count((case, &story), &calendars, times);
            }
        }
        prop_assert!(change.cells().is_empty());
    }
}

#[test]
fn the_month_of_a_day_is_that_of_the_street() {
    let day = |text: &str| day_of(parse_instant(text).unwrap());
    assert_eq!(day("2026-11-01T00:00:00+08:00"), day("2026-10-31T16:00:00Z"));
    assert_eq!(month_of(day("2026-02-28")), day("2026-02-01"));
    assert_eq!(month_of(day("2026-02-01")), day("2026-02-01"));
}
