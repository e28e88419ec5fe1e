use std::time::Duration;

use proptest::prelude::*;

use super::percentile::quantile;
use super::*;

const T0: Timestamp = Timestamp(1_795_485_600_000_000);

fn s(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn done(lengths: impl IntoIterator<Item = u64>) -> Vec<Sample> {
    lengths.into_iter().map(|n| Sample::Done(s(n))).collect()
}

/// The definition itself: sort, take the value at rank ⌈q·n⌉.
fn nearest_rank(mut lengths: Vec<u64>, percent: usize) -> u64 {
    lengths.sort_unstable();
    lengths[(percent * lengths.len()).div_ceil(100) - 1]
}

#[test]
fn percentiles_without_waiting_cases_are_nearest_rank() {
    for (lengths, p50, p90) in [
        ((1..=20).collect::<Vec<u64>>(), 10, 18),
        ((1..=21).collect(), 11, 19),
        (vec![7; 25], 7, 7),
        ((1..=100).rev().collect(), 50, 90),
    ] {
        let summary = Summary::of(&done(lengths));
        assert_eq!((summary.p50, summary.p90), (Quantile::At(s(p50)), Quantile::At(s(p90))));
    }
}

#[test]
fn p90_of_nineteen_cases_is_too_few_and_of_twenty_is_printed() {
    assert_eq!(Summary::of(&done(1..=19)).p90, Quantile::TooFew);
    assert_eq!(Summary::of(&done(1..=20)).p90, Quantile::At(s(18)));
    assert_eq!(Summary::of(&Vec::new()).p50, Quantile::TooFew);
    assert_eq!(Summary::of(&done([5])).p50, Quantile::At(s(5)));
}

#[test]
fn a_figure_that_most_still_wait_for_is_not_reached() {
    let mut samples = done([10]);
    samples.extend([Sample::Waiting(s(100)), Sample::Waiting(s(50))]);
    let summary = Summary::of(&samples);
    assert_eq!((summary.n, summary.waiting), (3, 2));
    assert_eq!(summary.p50, Quantile::Beyond(s(100)));
    assert_eq!((summary.max, summary.longest_waiting), (Some(s(10)), Some(s(100))));
}

#[test]
fn a_case_counts_as_at_risk_only_while_it_was_observed() {
    // One of two has happened; the other was reported a second ago and says nothing yet.
    let samples = [Sample::Waiting(s(1)), Sample::Done(s(60)), Sample::Done(s(120))];
    assert_eq!(quantile(&samples, 50, 1), Quantile::At(s(60)));
}

proptest! {
    #[test]
    fn quantile_agrees_with_the_definition(lengths in prop::collection::vec(0_u64..500, 1..300)) {
        for percent in [50_u8, 90, 95] {
            let want = nearest_rank(lengths.clone(), usize::from(percent));
            prop_assert_eq!(quantile(&done(lengths.clone()), percent, 1), Quantile::At(s(want)));
        }
    }

    #[test]
    fn leaving_one_undone_never_improves_a_figure(
        lengths in prop::collection::vec(1_u64..500, 2..60),
        which in any::<prop::sample::Index>(),
    ) {
        // The unit is looked at when its longest case is done; one of the cases is left undone.
        let end = *lengths.iter().max().unwrap();
        let before = done(lengths.clone());
        let mut after = before.clone();
        after[which.index(lengths.len())] = Sample::Waiting(s(end));
        for percent in [50, 90] {
            let length = |q| match q {
                Quantile::At(length) => length,
                Quantile::Beyond(_) | Quantile::TooFew => Duration::MAX,
            };
            let was = length(quantile(&before, percent, 1));
            prop_assert!(length(quantile(&after, percent, 1)) >= was);
        }
    }
}

#[test]
fn the_table_reads_what_the_figures_read() {
    use super::facts::Facts;
    use super::figure_tests::{HOUR, NINE, Tale};
    use entity::kinds::EventType as E;
    let tale = Tale::new(0, entity::kinds::Urgency::Fast)
        .then(1, E::PushFailed, Facts { first: true, ..Facts::default() })
        .then(2, E::Pushed, Facts::default())
        .did(10, E::Acknowledged);
    let marks = Marks::of(&tale.story());
    assert_eq!(marks.pushed, None, "a message to the resident is no push to the responsible");
    assert_eq!(marks.acknowledged, Some(NINE + s(10)));
    let late = NINE + s(60 * HOUR);
    let overdue = |tale: &Tale| figures(&[Subject::of(&tale.story())], late).overdue;
    let done = tale.clone().resolved(HOUR);
    let reopened = done.clone().by(
        entity::kinds::ActorRole::Resident,
        2 * HOUR,
        E::Reopened,
        Facts { resolve_due: Some((NINE + s(4 * HOUR)).0), ..Facts::default() },
    );
    assert_eq!((overdue(&tale), overdue(&done), overdue(&reopened)), (1, 0, 1));
    assert_eq!(Marks::of(&reopened.story()).resolved, None);
}

#[test]
fn open_cases_are_counted_in_every_figure() {
    let subject = |pushed: Option<u64>, ended: Option<u64>| Subject {
        reported_at: T0,
        resolve_due_at: Some(T0 + s(100)),
        ended_at: ended.map(|n| T0 + s(n)),
        marks: Marks { pushed: pushed.map(|n| T0 + s(n)), ..Marks::default() },
    };
    let cases = [subject(Some(3), None), subject(None, None), subject(Some(5), Some(50))];
    let figures = super::figures(&cases, T0 + s(101));
    assert_eq!((figures.n, figures.open, figures.overdue), (3, 2, 2));
    assert_eq!((figures.first_push.n, figures.first_push.waiting), (3, 1));
    assert_eq!(figures.acknowledge_from_push.n, 2, "only pushed cases have that interval");
    assert_eq!(figures.acknowledge.longest_waiting, Some(s(101)));
}
