//! Lengths counted in bins no wider than 1/64 of what they hold: they can be put together and taken
//! apart again, and their percentiles are those of the same lengths, each off by 1/128 at most.
//!
//! Only whole numbers are used, so that every machine makes the same bins; below 128 each number
//! has a bin of its own, which keeps counts exact. A sketch of a crate could neither take a sample
//! back nor tell what waits from what happened (Kaplan–Meier needs both).

use super::percentile::{Quantile, ROUNDING};
use std::time::Duration;

/// The largest share by which a printed length may differ from the true one.
pub const ERROR: f64 = 1.0 / 128.0;

/// Numbers below it have a bin each; above, every power of two has half as many.
const EXACT: u64 = 128;
const HALF: u64 = 64;
/// Bins that are so many times fewer than others are put among them one by one.
const FEW: usize = 8;

/// One bin: which, how many it happened to, how many still wait or waited in vain. Small, because
/// millions of them are moved in a night.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bin {
    pub place: u16,
    pub done: i32,
    pub waits: i32,
}

/// Counted lengths, or counts; a number may be below zero while something is taken away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bins {
    /// Ascending, none of them empty.
    bins: Vec<Bin>,
    /// Of what happened, exactly.
    sum: i64,
}

/// Returns the bin of a number.
fn place(value: u64) -> u16 {
    if value < EXACT {
        return u16::try_from(value).unwrap_or(u16::MAX);
    }
    let power = u64::from(value.ilog2() - HALF.ilog2());
    u16::try_from(power * HALF + (value >> power)).unwrap_or(u16::MAX)
}

/// Returns the number that a bin stands for: its middle.
fn middle(place: u16) -> u64 {
    let place = u64::from(place);
    if place < EXACT {
        return place;
    }
    let power = place / HALF - 1;
    ((place - power * HALF) << power) + ((1 << power) >> 1)
}

/// Rounds a number to the middle of its bin.
pub fn rounded(value: u64) -> u64 {
    middle(place(value))
}

/// Counts of cases, of which there are never so many.
fn small(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(if count < 0 { i32::MIN } else { i32::MAX })
}

fn whole(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn float(count: i64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(if count < 0 { 0 } else { u32::MAX }))
}

impl Bins {
    /// Makes bins of what was stored; `None` unless they ascend.
    pub fn from_parts(bins: Vec<Bin>, sum: i64) -> Option<Self> {
        bins.is_sorted_by(|a, b| a.place < b.place).then_some(Self { bins, sum })
    }

    /// Lists the bins, ascending.
    pub fn bins(&self) -> &[Bin] {
        &self.bins
    }

    /// Of what happened, exactly.
    pub const fn sum(&self) -> i64 {
        self.sum
    }

    /// Tells whether nothing is counted.
    pub fn is_empty(&self) -> bool {
        self.bins.is_empty()
    }

    /// Counts a number `times`, less than zero to take it away.
    pub fn add(&mut self, value: u64, waits: bool, times: i64) {
        let place = place(value);
        let (done, waiting) = if waits { (0, times) } else { (times, 0) };
        self.sum = self.sum.saturating_add(whole(value).saturating_mul(done));
        self.put(Bin { place, done: small(done), waits: small(waiting) });
    }

    fn put(&mut self, Bin { place, done, waits }: Bin) {
        match self.bins.binary_search_by_key(&place, |bin| bin.place) {
            Ok(at) => {
                let Some(bin) = self.bins.get_mut(at) else { return };
                (bin.done, bin.waits) = (bin.done + done, bin.waits + waits);
                if (bin.done, bin.waits) == (0, 0) {
                    self.bins.remove(at);
                }
            }
            Err(at) => self.bins.insert(at, Bin { place, done, waits }),
        }
    }

    /// Takes in what others counted.
    pub fn merge(&mut self, other: &Self) {
        self.sum = self.sum.saturating_add(other.sum);
        if self.bins.is_empty() {
            self.bins.clone_from(&other.bins);
            return;
        }
        if other.bins.len() < self.bins.len() / FEW {
            // One case into what a month has: nothing of it is written anew.
            for bin in &other.bins {
                self.put(*bin);
            }
            return;
        }
        let mut merged = Vec::with_capacity(self.bins.len() + other.bins.len());
        let (mut mine, mut theirs) = (self.bins.iter().peekable(), other.bins.iter().peekable());
        loop {
            let (a, b) = (mine.peek().map(|bin| bin.place), theirs.peek().map(|bin| bin.place));
            let first = match (a, b) {
                (Some(a), Some(b)) => a.min(b),
                (Some(one), None) | (None, Some(one)) => one,
                (None, None) => break,
            };
            let one = mine.next_if(|bin| bin.place == first);
            let other = theirs.next_if(|bin| bin.place == first);
            let sum = |of: fn(&Bin) -> i32| one.map_or(0, of) + other.map_or(0, of);
            let bin = Bin { place: first, done: sum(|bin| bin.done), waits: sum(|bin| bin.waits) };
            if (bin.done, bin.waits) != (0, 0) {
                merged.push(bin);
            }
        }
        self.bins = merged;
    }

    /// Counts what happened and what waits.
    pub fn n(&self) -> (i64, i64) {
        let sum = |of: fn(&Bin) -> i32| self.bins.iter().map(|bin| i64::from(of(bin))).sum();
        (sum(|bin| bin.done), sum(|bin| bin.waits))
    }

    /// The longest that happened and the longest that waits, each rounded to its bin.
    pub fn longest(&self) -> (Option<u64>, Option<u64>) {
        let last = |of: fn(&Bin) -> i32| {
            self.bins.iter().rev().find(|bin| of(bin) > 0).map(|bin| middle(bin.place))
        };
        (last(|bin| bin.done), last(|bin| bin.waits))
    }

    /// Returns the percentile of the rounded lengths, as [`super::percentile::quantile`] would.
    pub fn quantile(&self, percent: u8, enough: usize) -> Quantile {
        let (done, waits) = self.n();
        let mut at_risk = done + waits;
        if usize::try_from(at_risk).unwrap_or(0) < enough.max(1) {
            return Quantile::TooFew;
        }
        let goal = 1.0 - f64::from(percent) / 100.0;
        let mut share_left = 1.0;
        for bin in &self.bins {
            // At one length what happened comes before what was still waiting.
            let (done, waits) = (i64::from(bin.done), i64::from(bin.waits));
            share_left *= float(at_risk - done) / float(at_risk.max(1));
            at_risk -= done + waits;
            if done > 0 && share_left <= goal + ROUNDING {
                return Quantile::At(Duration::from_micros(middle(bin.place)));
            }
        }
        let last = self.bins.last().map_or(0, |bin| middle(bin.place));
        Quantile::Beyond(Duration::from_micros(last))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::percentile::{Sample, quantile};
    use super::*;

    #[test]
    fn counts_are_exact_and_every_length_is_off_by_less_than_the_error() {
        for value in 0..EXACT {
            assert_eq!(rounded(value), value);
        }
        let mut last = 0;
        for power in 7..55_u32 {
            for step in 0..200_u64 {
                let value = (1_u64 << power) + (step << power) / 200;
                let place = place(value);
                assert!(place >= last, "{value}");
                last = place;
                let off = rounded(value).abs_diff(value);
                assert!(u128::from(off) * 128 <= u128::from(value), "{value} {off}");
            }
        }
    }

    fn any_sample() -> impl Strategy<Value = (u64, bool)> {
        (prop_oneof![0_u64..300, 1_u64..90_000_000_000], prop::bool::weighted(0.2))
    }

    proptest! {
        #[test]
        fn percentiles_are_those_of_the_rounded_lengths(
            samples in prop::collection::vec(any_sample(), 0..200),
            gone in prop::collection::vec(any_sample(), 0..50),
            cut in any::<prop::sample::Index>(),
        ) {
            let exact = |round: fn(u64) -> u64| -> Vec<Sample> {
                let one = |&(value, waits): &(u64, bool)| {
                    let length = Duration::from_micros(round(value));
                    if waits { Sample::Waiting(length) } else { Sample::Done(length) }
                };
                samples.iter().map(one).collect()
            };
            let (mut left, mut right) = (Bins::default(), Bins::default());
            for (nth, (value, waits)) in samples.iter().chain(&gone).enumerate() {
                let half = if nth < cut.index(250) { &mut left } else { &mut right };
                half.add(*value, *waits, 1);
            }
            for (value, waits) in &gone {
                left.add(*value, *waits, -1);
            }
            left.merge(&right);
            for percent in [50, 90, 95] {
                let of = quantile(&exact(rounded), percent, 20);
                prop_assert_eq!(left.quantile(percent, 20), of);
                if samples.iter().any(|(_, waits)| *waits) {
                    continue;
                }
                let (Quantile::At(near), Quantile::At(truth)) =
                    (left.quantile(percent, 20), quantile(&exact(|value| value), percent, 20))
                else { continue };
                let off = near.abs_diff(truth).as_secs_f64();
                prop_assert!(off <= truth.as_secs_f64() * ERROR, "{near:?} {truth:?}");
            }
            let sum: u64 = samples.iter().filter(|(_, waits)| !waits).map(|(value, _)| value).sum();
            prop_assert_eq!(left.sum(), whole(sum));
            let mut none = left.clone();
            for (value, waits) in &samples {
                none.add(*value, *waits, -1);
            }
            prop_assert_eq!(none, Bins::default());
        }
    }
}
