//! How far somebody has come who follows rows in the order of their ids while others still write.
//!
//! A database gives ids before the commit, so that a smaller one may become visible after a larger
//! one. Entries of an inbox have a position for that; events have none, because every case that is
//! written would pay for a hint that a later look makes good. Whoever follows remembers which ids
//! he passed without seeing them and asks for them again, until they come or their unit can only
//! have been undone.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

/// How long an id may be missing before its unit was undone; no unit runs that long.
const UNDONE_AFTER: Duration = Duration::from_mins(1);
/// How many missing ids are remembered; the smallest are forgotten first.
const MOST: usize = 1_000;

/// A place in a sequence of ids, with the holes before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Follow {
    reached: i64,
    missing: BTreeMap<i64, Instant>,
}

impl Follow {
    /// Begins behind the newest of `seen`, the latest ids that are visible now.
    pub fn behind(seen: &BTreeSet<i64>, now: Instant) -> Self {
        let before = seen.first().map_or(0, |first| first - 1);
        let mut follow = Self { reached: before, missing: BTreeMap::new() };
        follow.note(seen, now);
        follow
    }

    /// Everything above was not looked at yet.
    pub const fn reached(&self) -> i64 {
        self.reached
    }

    /// Lists the ids below that may still come.
    pub fn missing(&self) -> Vec<i64> {
        self.missing.keys().copied().collect()
    }

    /// Notes which ids were seen: all that are visible of those missing, and of those above up to
    /// the largest of them.
    pub fn note(&mut self, seen: &BTreeSet<i64>, now: Instant) {
        self.missing.retain(|id, since| !seen.contains(id) && *since + UNDONE_AFTER > now);
        let Some(&last) = seen.last().filter(|last| **last > self.reached) else { return };
        let most = i64::try_from(MOST).unwrap_or(i64::MAX);
        let first = (self.reached + 1).max(last.saturating_sub(most));
        let holes = (first..last).filter(|id| !seen.contains(id));
        self.missing.extend(holes.map(|id| (id, now)));
        while self.missing.len() > MOST {
            self.missing.pop_first();
        }
        self.reached = last;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a look finds: of the visible ids those missing and those above, at most `limit`.
    fn look(follow: &Follow, visible: &BTreeSet<i64>, limit: usize) -> BTreeSet<i64> {
        let above = visible.iter().filter(|id| **id > follow.reached()).take(limit);
        let late = follow.missing().into_iter().filter(|id| visible.contains(id));
        above.copied().chain(late).collect()
    }

    proptest! {
        #[test]
        fn whatever_the_order_of_the_commits_every_id_is_passed_once(
            order in Just((1..=40_i64).collect::<Vec<_>>()).prop_shuffle(),
            group in 1..6_usize,
            limit in 1..8_usize,
            old in 0..20_usize,
        ) {
            let now = Instant::now();
            let mut visible: BTreeSet<i64> = order.iter().take(old).copied().collect();
            let mut follow = Follow::behind(&visible, now);
            let first = visible.first().copied().unwrap_or(0);
            let mut passed = visible.iter().copied().collect::<Vec<_>>();
            for ids in order[old..].chunks(group) {
                visible.extend(ids);
                let seen = look(&follow, &visible, limit);
                follow.note(&seen, now);
                passed.extend(seen);
            }
            for _ in 0..40 {
                let seen = look(&follow, &visible, limit);
                follow.note(&seen, now);
                passed.extend(seen);
            }
            passed.sort_unstable();
            // Below the oldest id of the beginning nothing was looked at.
            let wanted: Vec<i64> = (1..=40).filter(|id| *id >= first || visible.is_empty()).collect();
            passed.retain(|id| *id >= first);
            prop_assert_eq!(passed, wanted);
            prop_assert!(follow.missing().is_empty());
        }
    }

    #[test]
    fn an_id_that_was_undone_is_asked_for_no_longer() {
        let start = Instant::now();
        let mut follow = Follow::behind(&BTreeSet::from([5, 7]), start);
        assert_eq!((follow.reached(), follow.missing()), (7, vec![6]));
        follow.note(&BTreeSet::from([9]), start + UNDONE_AFTER / 2);
        assert_eq!(follow.missing(), [6, 8]);
        follow.note(&BTreeSet::new(), start + UNDONE_AFTER);
        assert_eq!(follow.missing(), [8]);
        follow.note(&BTreeSet::from([8]), start + UNDONE_AFTER);
        assert_eq!((follow.reached(), follow.missing()), (9, vec![]));
    }

    #[test]
    fn a_leap_of_the_ids_costs_no_more_than_a_thousand_questions() {
        let now = Instant::now();
        let mut follow = Follow::behind(&BTreeSet::from([1]), now);
        follow.note(&BTreeSet::from([1_000_000]), now);
        assert_eq!((follow.reached(), follow.missing().len()), (1_000_000, MOST));
    }
}
