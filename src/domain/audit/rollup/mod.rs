//! What settled cases add to the figures, by day and by month, so that a figure need not read them
//! again.
//!
//! A case is settled when it is over and every time that was promised is over too: nothing about it
//! changes by waiting. It is counted in cells: one for its day and all its dimensions, and one for
//! its month and each dimension alone. Whatever is said of it later is taken away and added anew,
//! exactly, because [`sum::Sum`] only counts.

pub mod anchor;
pub mod cell;
pub mod span;
pub mod sum;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use entity::kinds::Timestamp;

use self::anchor::Anchor;
use self::cell::{Key, Place, Slice};
use self::span::day_of;
use self::sum::Sum;
use super::calendars::Calendars;
use super::definition::{CARDS, Unit, figure};
use super::frame::{Frame, Rule};
use super::story::Story;

/// Raised when cells are kept in another way.
const LAYOUT: u64 = 1;

/// Names what cells were made by: another definition of any figure makes another number, and cells
/// of another number are not read.
pub static EDITION: LazyLock<i64> = LazyLock::new(|| {
    // FNV-1a: the same on every machine, and nobody gains by two that are alike.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ LAYOUT;
    for card in CARDS {
        let version = card.version.to_le_bytes();
        for byte in card.id.bytes().chain(version) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    i64::try_from(hash >> 1).unwrap_or(i64::MAX)
});

/// Tells whether nothing the figures say of a case changes any more by the passing of time, seen at
/// an instant.
pub fn is_settled(story: &Story, calendars: &Calendars, at: Timestamp) -> bool {
    let Some((_, ended)) = story.ended else { return false };
    let dues = story.cycles.iter().flat_map(|cycle| [cycle.contact_due, cycle.resolve_due]);
    let push = story.push_due(calendars);
    let all = dues.chain([story.acknowledge_due, push, Some(ended)]);
    all.flatten().all(|due| due <= at)
}

/// What is to be added to the cells.
#[derive(Debug, Default)]
pub struct Change {
    /// By the day and all dimensions; the figures of each anchor in their order.
    days: BTreeMap<Key, Vec<Sum>>,
}

struct Counted {
    rule: Rule,
    lengths: bool,
}

static COUNTED: LazyLock<Vec<(Anchor, Vec<Counted>)>> = LazyLock::new(|| {
    let rules = |anchor: Anchor| {
        let rule = |id| figure(id).map(|(_, rule)| rule);
        let one = |(card, rule): (&super::definition::Card, Rule)| Counted {
            rule,
            lengths: card.unit != Unit::Share,
        };
        let cards = anchor.cards();
        cards.filter_map(|card| Some((card, rule(card.id)?))).map(one).collect()
    };
    Anchor::ALL.iter().map(|anchor| (*anchor, rules(*anchor))).collect()
});

impl Change {
    /// Counts a settled case `times`: once, or less than zero to take it away.
    pub fn count(&mut self, story: &Story, calendars: &Calendars, times: i64) {
        let (from, to) = (Timestamp(i64::MIN), Timestamp(i64::MAX));
        // Of a settled case every instant says the same.
        let frame = Frame { from, to, now: Timestamp(i64::MAX), calendars };
        let place = Place::of(story);
        for (anchor, figures) in COUNTED.iter() {
            let Some((first, second)) = anchor.at(story) else { continue };
            let days = (day_of(first), day_of(second));
            let found: Vec<_> = figures.iter().map(|one| (one.rule)(story, &frame)).collect();
            if found.iter().all(Option::is_none) {
                continue;
            }
            let key = Key { slice: Slice::Days, anchor: *anchor, days, place: place.clone() };
            let sums = self.days.entry(key).or_default();
            sums.resize_with(figures.len(), Sum::default);
            for ((sum, finding), one) in sums.iter_mut().zip(found).zip(figures) {
                if let Some(finding) = finding {
                    sum.add(&finding, times, one.lengths);
                }
            }
        }
    }

    /// Takes in what others are to add.
    pub fn merge(&mut self, other: Self) {
        for (key, sums) in other.days {
            merge(&mut self.days, key, &sums);
        }
    }

    /// Lists every cell that is to be changed, those of months too; none of them is empty.
    pub fn cells(self) -> BTreeMap<Key, Vec<Sum>> {
        let mut all = BTreeMap::new();
        for (key, sums) in self.days {
            for slice in Slice::MONTHS {
                merge(&mut all, key.month(*slice), &sums);
            }
            all.insert(key, sums);
        }
        all.retain(|_, sums| !sums.iter().all(Sum::is_empty));
        all
    }
}

/// Adds to the sums of a cell.
pub fn merge(cells: &mut BTreeMap<Key, Vec<Sum>>, key: Key, sums: &[Sum]) {
    let mine = cells.entry(key).or_default();
    if mine.len() < sums.len() {
        mine.resize_with(sums.len(), Sum::default);
    }
    for (mine, theirs) in mine.iter_mut().zip(sums) {
        mine.merge(theirs);
    }
}
