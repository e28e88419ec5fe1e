//! Nearest-rank percentiles that know of what has not happened yet.
//!
//! Without waiting cases `P_q` is the value at rank ⌈q·n⌉. A waiting case is censored at its age
//! (Kaplan–Meier): while it waits it holds the curve up, so leaving work undone never improves a
//! figure. Where the curve does not fall far enough the answer is "longer than", not a number.

use std::time::Duration;

/// One case's interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// It happened after so long.
    Done(Duration),
    /// It had not happened after so long.
    Waiting(Duration),
}

/// A percentile as it may be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantile {
    At(Duration),
    /// Fewer cases than a percentile needs to mean something.
    TooFew,
    /// So many still wait that the percentile lies beyond this length.
    Beyond(Duration),
}

/// What is said about an interval within a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Cases it happened to and cases still waiting.
    pub n: usize,
    pub waiting: usize,
    pub p50: Quantile,
    pub p90: Quantile,
    /// The longest that happened.
    pub max: Option<Duration>,
    /// The longest that still waits, or had waited when its case ended.
    pub longest_waiting: Option<Duration>,
}

/// P90 of fewer cases is one case's story.
pub const P90_FROM: usize = 20;

impl Summary {
    /// Summarises the samples, in whatever order they come.
    pub fn of(samples: &[Sample]) -> Self {
        let done = |sample: &Sample| match sample {
            Sample::Done(length) => Some(*length),
            Sample::Waiting(_) => None,
        };
        let waiting = |sample: &Sample| match sample {
            Sample::Waiting(length) => Some(*length),
            Sample::Done(_) => None,
        };
        Self {
            n: samples.len(),
            waiting: samples.iter().filter_map(waiting).count(),
            p50: quantile(samples, 50, 1),
            p90: quantile(samples, 90, P90_FROM),
            max: samples.iter().filter_map(done).max(),
            longest_waiting: samples.iter().filter_map(waiting).max(),
        }
    }
}

/// Returns the percentile, or why there is none.
pub fn quantile(samples: &[Sample], percent: u8, enough: usize) -> Quantile {
    if samples.len() < enough.max(1) {
        return Quantile::TooFew;
    }
    // At one instant what happened comes before what was still waiting.
    let mut sorted: Vec<(Duration, bool)> = samples
        .iter()
        .map(|sample| match *sample {
            Sample::Done(length) => (length, false),
            Sample::Waiting(length) => (length, true),
        })
        .collect();
    sorted.sort_unstable();
    let goal = 1.0 - f64::from(percent) / 100.0;
    let mut share_left = 1.0;
    let mut at_risk = u32::try_from(sorted.len()).unwrap_or(u32::MAX);
    for &(length, waits) in &sorted {
        if !waits {
            share_left *= f64::from(at_risk.saturating_sub(1)) / f64::from(at_risk.max(1));
        }
        at_risk = at_risk.saturating_sub(1);
        if !waits && share_left <= goal + ROUNDING {
            return Quantile::At(length);
        }
    }
    Quantile::Beyond(sorted.last().map_or(Duration::ZERO, |&(length, _)| length))
}

/// Products of a hundred thousand fractions are exact to far less than half a case of them.
pub(super) const ROUNDING: f64 = 1e-9;
