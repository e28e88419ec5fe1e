//! Counts that can be put together: a figure over two halves of the cases is the sum of both.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::bins::Bins;
use super::percentile::{Quantile, Sample, quantile};
use super::rollup::sum::Sum;

/// Where a case stands in one figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bucket {
    /// It happened; for a rate, the case is in the numerator.
    Hit,
    /// It did not, and its time is over.
    Failed,
    /// It has not happened yet, or it is not decided yet.
    Open,
    /// Left out: the auditor's ground, or how the case ended before it was due.
    Excluded(&'static str),
}

impl Bucket {
    /// Returns the word used in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Failed => "failed",
            Self::Open => "open",
            Self::Excluded(_) => "excluded",
        }
    }
}

/// What a figure says of one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    pub bucket: Bucket,
    /// Microseconds on the wall clock, or a count. What waits is measured until now.
    pub wall: Option<u64>,
    /// Microseconds within the hours of the promise, rests taken off.
    pub work: Option<u64>,
    /// Failed, and has not happened until now.
    pub undone: bool,
    /// Who answers for it, where the figure is one of people.
    pub person: Option<i64>,
}

impl Finding {
    /// A finding without a value.
    pub const fn new(bucket: Bucket) -> Self {
        Self { bucket, wall: None, work: None, undone: false, person: None }
    }
}

/// The counts of one figure in one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub hit: u64,
    pub failed: u64,
    pub open: u64,
    /// Of those that failed: has not happened until now.
    pub undone: u64,
    pub excluded: BTreeMap<&'static str, u64>,
    pub people: BTreeSet<i64>,
    wall: Vec<Packed>,
    work: Vec<Packed>,
    /// Lengths of settled cases that were not read; where there are any, all are rounded.
    binned: Option<Box<(Bins, Bins)>>,
}

/// A sample in eight bytes: microseconds, and in the last bit whether it still waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Packed(u64);

impl Packed {
    fn new(micros: u64, waits: bool) -> Self {
        Self(micros.min(u64::MAX >> 1) << 1 | u64::from(waits))
    }

    const fn sample(self) -> Sample {
        let length = Duration::from_micros(self.0 >> 1);
        if self.0 & 1 == 1 { Sample::Waiting(length) } else { Sample::Done(length) }
    }
}

impl Tally {
    /// Counts a case; its lengths only where they are printed.
    pub fn add(&mut self, finding: &Finding, lengths: bool) {
        match finding.bucket {
            Bucket::Hit => self.hit += 1,
            Bucket::Failed => self.failed += 1,
            Bucket::Open => self.open += 1,
            Bucket::Excluded(ground) => *self.excluded.entry(ground).or_default() += 1,
        }
        self.undone += u64::from(finding.undone);
        self.people.extend(finding.person);
        if !lengths {
            return;
        }
        let sample = |micros| match finding.bucket {
            Bucket::Hit => Some(Packed::new(micros, false)),
            Bucket::Open => Some(Packed::new(micros, true)),
            Bucket::Failed | Bucket::Excluded(_) => None,
        };
        self.wall.extend(finding.wall.and_then(sample));
        self.work.extend(finding.work.and_then(sample));
    }

    /// Takes in the counts of other cases.
    pub fn merge(&mut self, other: Self) {
        self.hit += other.hit;
        self.failed += other.failed;
        self.open += other.open;
        self.undone += other.undone;
        for (ground, count) in other.excluded {
            *self.excluded.entry(ground).or_default() += count;
        }
        self.people.extend(other.people);
        self.wall.extend(other.wall);
        self.work.extend(other.work);
        if let Some(theirs) = other.binned {
            let mine = self.binned.get_or_insert_default();
            mine.0.merge(&theirs.0);
            mine.1.merge(&theirs.1);
        }
    }

    /// Takes in the counts of settled cases; `None` when one of them is below zero.
    #[must_use]
    pub fn take_in(&mut self, sum: Sum) -> Option<()> {
        let count = |count: i64| u64::try_from(count).ok();
        self.hit += count(sum.hit)?;
        self.failed += count(sum.failed)?;
        self.open += count(sum.open)?;
        self.undone += count(sum.undone)?;
        for (ground, n) in sum.excluded {
            *self.excluded.entry(ground).or_default() += count(n)?;
        }
        for (person, n) in sum.people {
            count(n)?;
            self.people.insert(person);
        }
        let mine = self.binned.get_or_insert_default();
        mine.0.merge(&sum.wall);
        mine.1.merge(&sum.work);
        Some(())
    }

    /// Counts the cases that decide the figure.
    pub const fn n(&self) -> u64 {
        self.hit + self.failed
    }

    /// Counts every case of the cohort, the excluded ones too.
    pub fn all(&self) -> u64 {
        self.n() + self.open + self.excluded.values().sum::<u64>()
    }

    /// Returns the distribution on the wall clock, and that of the counted time.
    pub fn spreads(&self) -> (Spread, Spread) {
        let open = |packed: &[Packed]| packed.iter().map(|one| one.sample()).collect::<Vec<_>>();
        match &self.binned {
            None => (Spread::of(&open(&self.wall)), Spread::of(&open(&self.work))),
            Some(binned) => (
                Spread::rounded(binned.0.clone(), &self.wall),
                Spread::rounded(binned.1.clone(), &self.work),
            ),
        }
    }
}

/// A percentile as it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "value")]
pub enum Point {
    At(u64),
    TooFew,
    /// Longer than this: so many still wait.
    Beyond(u64),
}

/// A distribution: microseconds, or counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// Cases it happened to and cases still waiting.
    pub n: u64,
    pub waiting: u64,
    pub p50: Point,
    pub p90: Point,
    pub p95: Point,
    pub max: Option<u64>,
    pub longest_waiting: Option<u64>,
    /// Of those it happened to.
    pub sum: u64,
}

/// P90 and P95 of fewer cases are the story of one or two (domain §5.5).
const P90_FROM: usize = 20;
const P95_FROM: usize = 40;

fn micros(length: Duration) -> u64 {
    u64::try_from(length.as_micros()).unwrap_or(u64::MAX)
}

fn point(found: Quantile) -> Point {
    match found {
        Quantile::At(length) => Point::At(micros(length)),
        Quantile::TooFew => Point::TooFew,
        Quantile::Beyond(length) => Point::Beyond(micros(length)),
    }
}

impl Spread {
    /// Everything but counts and the sum is rounded to bins.
    fn rounded(mut bins: Bins, rest: &[Packed]) -> Self {
        for one in rest {
            bins.add(one.0 >> 1, one.0 & 1 == 1, 1);
        }
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        let ((done, waiting), (max, longest_waiting)) = (bins.n(), bins.longest());
        let at = |percent, enough| point(bins.quantile(percent, enough));
        Self {
            n: count(done + waiting),
            waiting: count(waiting),
            p50: at(50, 1),
            p90: at(90, P90_FROM),
            p95: at(95, P95_FROM),
            max,
            longest_waiting,
            sum: count(bins.sum()),
        }
    }

    fn of(samples: &[Sample]) -> Self {
        let at = |percent, enough| point(quantile(samples, percent, enough));
        let done = samples.iter().filter_map(|sample| match sample {
            Sample::Done(length) => Some(micros(*length)),
            Sample::Waiting(_) => None,
        });
        let waiting = samples.iter().filter_map(|sample| match sample {
            Sample::Waiting(length) => Some(micros(*length)),
            Sample::Done(_) => None,
        });
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        Self {
            n: count(samples.len()),
            waiting: count(waiting.clone().count()),
            p50: at(50, 1),
            p90: at(90, P90_FROM),
            p95: at(95, P95_FROM),
            max: done.clone().max(),
            longest_waiting: waiting.max(),
            sum: done.fold(0, u64::saturating_add),
        }
    }
}

/// A share with its Wilson interval of 95 %, each from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    pub rate: f64,
    pub low: f64,
    pub high: f64,
}

/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// Computes `hit / n` and its interval (Wilson 1927); `None` for no cases.
pub fn share(hit: u64, n: u64) -> Option<Share> {
    let float = |count: u64| u32::try_from(count).map_or(f64::from(u32::MAX), f64::from);
    if n == 0 {
        return None;
    }
    let (p, n) = (float(hit) / float(n), float(n));
    let centre = p + Z * Z / (2.0 * n);
    let reach = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    let low = ((centre - reach) / scale).max(0.0);
    Some(Share { rate: p, low, high: ((centre + reach) / scale).min(1.0) })
}
