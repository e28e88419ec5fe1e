//! The counts of one figure over settled cases, which can be added, taken away and stored.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use entity::kinds::{CaseState, ExclusionGround};

use crate::domain::audit::bins::{Bin, Bins};
use crate::domain::audit::tally::{Bucket, Finding};

/// Counts with a sign: what is taken away counts less than nothing until it meets what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    pub hit: i64,
    pub failed: i64,
    pub open: i64,
    pub undone: i64,
    pub excluded: BTreeMap<&'static str, i64>,
    /// For how many cases each person answers, where the figure is one of people.
    pub people: BTreeMap<i64, i64>,
    pub wall: Bins,
    pub work: Bins,
}

/// Every word under which a case is left out.
fn grounds() -> impl Iterator<Item = &'static str> {
    let ended = CaseState::ALL.iter().map(|state| state.word());
    ExclusionGround::ALL.iter().map(|ground| ground.word()).chain(ended)
}

impl Sum {
    /// Counts a finding `times`, less than zero to take it away; lengths only where they are wanted.
    pub fn add(&mut self, finding: &Finding, times: i64, lengths: bool) {
        let waits = finding.bucket == Bucket::Open;
        match finding.bucket {
            Bucket::Hit => self.hit += times,
            Bucket::Failed => self.failed += times,
            Bucket::Open => self.open += times,
            Bucket::Excluded(ground) => more(&mut self.excluded, ground, times),
        }
        if let Some(person) = finding.person {
            more(&mut self.people, person, times);
        }
        self.undone += if finding.undone { times } else { 0 };
        if !lengths || !(waits || finding.bucket == Bucket::Hit) {
            return;
        }
        for (bins, value) in [(&mut self.wall, finding.wall), (&mut self.work, finding.work)] {
            if let Some(value) = value {
                bins.add(value, waits, times);
            }
        }
    }

    /// Takes in what others counted.
    pub fn merge(&mut self, other: &Self) {
        self.hit += other.hit;
        self.failed += other.failed;
        self.open += other.open;
        self.undone += other.undone;
        for (ground, count) in &other.excluded {
            more(&mut self.excluded, ground, *count);
        }
        for (person, count) in &other.people {
            more(&mut self.people, *person, *count);
        }
        self.wall.merge(&other.wall);
        self.work.merge(&other.work);
    }

    /// Tells whether nothing is counted.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Writes it behind what is there already. Fails, with nothing said, on a count below zero: it
    /// took away what was never added.
    pub(super) fn write(&self, to: &mut Vec<u8>) -> Option<()> {
        for count in [self.hit, self.failed, self.open, self.undone] {
            write(to, count)?;
        }
        write(to, i64::try_from(self.excluded.len()).ok()?)?;
        for (ground, count) in &self.excluded {
            write(to, i64::try_from(grounds().position(|one| one == *ground)?).ok()?)?;
            write(to, *count)?;
        }
        write(to, i64::try_from(self.people.len()).ok()?)?;
        for (person, count) in &self.people {
            write(to, *person)?;
            write(to, *count)?;
        }
        for bins in [&self.wall, &self.work] {
            write(to, bins.sum())?;
            write(to, i64::try_from(bins.bins().len()).ok()?)?;
            let mut last = 0;
            for bin in bins.bins() {
                write(to, i64::from(bin.place) - last)?;
                last = i64::from(bin.place);
                write(to, bin.done.into())?;
                write(to, bin.waits.into())?;
            }
        }
        Some(())
    }

    /// Reads one and moves on behind it; `None` when it is not one.
    pub(super) fn read(from: &mut &[u8]) -> Option<Self> {
        let (hit, failed) = (read(from)?, read(from)?);
        let (open, undone) = (read(from)?, read(from)?);
        let mut excluded = BTreeMap::new();
        for _ in 0..read(from)? {
            let ground = grounds().nth(usize::try_from(read(from)?).ok()?)?;
            excluded.insert(ground, read(from)?);
        }
        let mut people = BTreeMap::new();
        for _ in 0..read(from)? {
            people.insert(read(from)?, read(from)?);
        }
        let (wall, work) = (bins(from)?, bins(from)?);
        Some(Self { hit, failed, open, undone, excluded, people, wall, work })
    }
}

/// Counts on; what is counted no more is left out.
fn more<K: Ord>(counts: &mut BTreeMap<K, i64>, of: K, times: i64) {
    match counts.entry(of) {
        Entry::Vacant(none) if times != 0 => drop(none.insert(times)),
        Entry::Vacant(_) => {}
        Entry::Occupied(mut there) => {
            *there.get_mut() += times;
            if *there.get() == 0 {
                there.remove();
            }
        }
    }
}

fn bins(from: &mut &[u8]) -> Option<Bins> {
    let (sum, count) = (read(from)?, usize::try_from(read(from)?).ok()?);
    let mut last = 0;
    // Each bin takes three bytes at least: nothing that was stored promises more than it has.
    let mut bins = Vec::with_capacity(count.min(from.len() / 3));
    for _ in 0..count {
        last += read(from)?;
        let mut count = || read(from).and_then(|count| i32::try_from(count).ok());
        let (done, waits) = (count()?, count()?);
        bins.push(Bin { place: u16::try_from(last).ok()?, done, waits });
    }
    Bins::from_parts(bins, sum)
}

/// Seven bits in each byte, the lowest first.
pub(super) fn write(to: &mut Vec<u8>, count: i64) -> Option<()> {
    let mut rest = u64::try_from(count).ok()?;
    while rest >= 0x80 {
        to.push(u8::try_from(rest & 0x7f).ok()? | 0x80);
        rest >>= 7;
    }
    to.push(u8::try_from(rest).ok()?);
    Some(())
}

pub(super) fn read(from: &mut &[u8]) -> Option<i64> {
    let mut count = 0_u64;
    for shift in (0..63).step_by(7) {
        let (first, rest) = from.split_first()?;
        *from = rest;
        count |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return i64::try_from(count).ok();
        }
    }
    None
}
