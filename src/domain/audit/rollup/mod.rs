//! What settled cases add to the figures, by day and by month, so that a figure need not read them
//! again.
//!
//! A case is settled when it is over and every time that was promised is over too: nothing about it
//! changes by waiting. It is counted in cells: one for its day and all its dimensions, and one for
//! its month and each dimension alone. Whatever is said of it later is taken away and added anew,
//! exactly, because [`sum::Sum`] only counts.

pub mod anchor;
pub mod cell;
pub mod members;
pub mod span;
pub mod sum;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::LazyLock;

use entity::kinds::Timestamp;

use self::anchor::Anchor;
use self::cell::{Days, Key, OfMonths, Place, Slice, WHAT, WHERE};
use self::members::Members;
use self::span::{day_of, month_of};
use self::sum::Sum;
use super::calendars::Calendars;
use super::definition::{CARDS, Unit, figure};
use super::frame::{Frame, Holder, Rule};
use super::story::Story;
use crate::domain::calendar::DELIVERED;

/// Raised when cells are kept in another way.
const LAYOUT: u64 = 4;

/// Names what cells were made by: another definition of any figure, or another delivered calendar,
/// makes another number, and cells of another number are not read.
pub static EDITION: LazyLock<i64> = LazyLock::new(|| {
    // FNV-1a: the same on every machine, and nobody gains by two that are alike.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ LAYOUT;
    let mut take = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    for card in CARDS {
        card.id.bytes().chain(card.version.to_le_bytes()).for_each(&mut take);
    }
    // Other days of rest make other lengths.
    DELIVERED.bytes().for_each(take);
    i64::try_from(hash >> 1).unwrap_or(i64::MAX)
});

/// Returns when a case was over and everything that was promised with it; `None` while it is not
/// over. From then on nothing the figures say of it changes by the passing of time, and it is of no
/// figure of a period that begins later.
pub fn over_at(story: &Story, calendars: &Calendars) -> Option<Timestamp> {
    let (_, ended) = story.ended?;
    let dues = story.cycles.iter().flat_map(|cycle| [cycle.contact_due, cycle.resolve_due]);
    let all = dues.chain([story.acknowledge_due, story.push_due(calendars), Some(ended)]);
    all.flatten().max()
}

/// Tells whether nothing the figures say of a case changes any more by the passing of time, seen at
/// an instant; all its days lie before that.
pub fn is_settled(story: &Story, calendars: &Calendars, at: Timestamp) -> bool {
    over_at(story, calendars).is_some_and(|over| over < at)
}

/// What is counted in a cell: the sums of each figure of its anchor in their order, and of whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    pub sums: Vec<Sum>,
    pub members: Members,
}

impl Content {
    /// Takes in what others counted.
    pub fn merge(&mut self, other: &Self) {
        if self.sums.len() < other.sums.len() {
            self.sums.resize_with(other.sums.len(), Sum::default);
        }
        for (mine, theirs) in self.sums.iter_mut().zip(&other.sums) {
            mine.merge(theirs);
        }
        self.members.merge(&other.members);
    }

    /// Puts its members together; tells whether anything is left.
    pub fn settle(&mut self) -> bool {
        self.members.settle();
        !(self.members.is_empty() && self.sums.iter().all(Sum::is_empty))
    }
}

/// What is to be added to the cells: by what a case is in all dimensions, and by its days.
#[derive(Debug, Default)]
pub struct Change {
    places: HashMap<Place, ByDays>,
}

type ByDays = HashMap<(Anchor, Days), Content>;

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
    pub fn count(&mut self, (case, story): (i64, &Story), calendars: &Calendars, times: i64) {
        let (from, to) = (Timestamp(i64::MIN), Timestamp(i64::MAX));
        // Of a settled case every instant says the same.
        let frame = Frame { from, to, now: Timestamp(i64::MAX), calendars };
        for holder in [Holder::Now, Holder::Taker] {
            let by_days = self.places.entry(Place::of(story, holder)).or_default();
            for (anchor, figures) in COUNTED.iter().filter(|(one, _)| one.holder() == holder) {
                let Some((first, second)) = anchor.at(story) else { continue };
                let found: Vec<_> = figures.iter().map(|one| (one.rule)(story, &frame)).collect();
                if found.iter().all(Option::is_none) {
                    continue;
                }
                let days = (day_of(first), day_of(second));
                let cell = by_days.entry((*anchor, days)).or_default();
                cell.members.add(case, times);
                cell.sums.resize_with(figures.len(), Sum::default);
                let counted = cell.sums.iter_mut().zip(figures).zip(found);
                counted
                    .filter_map(|(sum, found)| Some((sum, found?)))
                    .for_each(|((sum, figure), finding)| sum.add(&finding, times, figure.lengths));
            }
        }
    }

    /// Takes in what others are to add.
    pub fn merge(&mut self, other: Self) {
        if self.places.is_empty() {
            self.places = other.places;
            return;
        }
        for (place, by_days) in other.places {
            let mine = self.places.entry(place).or_default();
            for (of, content) in by_days {
                mine.entry(of).or_default().merge(&content);
            }
        }
    }

    /// Lists every cell that is to be changed, those of months too, in no certain order; none of
    /// them is empty.
    pub fn cells(self) -> Vec<(Key, Content)> {
        let months = self.months();
        let mut all: Vec<(Key, Content)> =
            months.into_iter().map(|(of, content)| (of.key(), content)).collect();
        for (place, by_days) in self.places {
            all.extend(by_days.into_iter().map(|((anchor, days), content)| {
                (Key { slice: Slice::Days, anchor, days, place: place.clone() }, content)
            }));
        }
        all.retain_mut(|(_, content)| content.settle());
        all
    }

    /// What is to be added to the cells of months.
    fn months(&self) -> HashMap<OfMonths<'_>, Content> {
        let mut months: HashMap<OfMonths<'_>, Content> = HashMap::new();
        // Cells of days are many and small; what is alike in all of what they are is put together
        // once, and not anew for each dimension.
        let mut alike: HashMap<(Anchor, Days, [&str; WHAT.len()]), Content> = HashMap::new();
        for (place, by_days) in &self.places {
            let what = WHAT.map(|dimension| place.value(dimension));
            for ((anchor, days), content) in by_days {
                let (anchor, days) = (*anchor, (month_of(days.0), month_of(days.1)));
                for dimension in WHERE {
                    let value = place.value(dimension);
                    let of = OfMonths { anchor, days, dimension, value };
                    months.entry(of).or_default().merge(content);
                }
                alike.entry((anchor, days, what)).or_default().merge(content);
            }
        }
        for ((anchor, days, what), content) in alike {
            for (dimension, value) in WHAT.into_iter().zip(what) {
                let of = OfMonths { anchor, days, dimension, value };
                months.entry(of).or_default().merge(&content);
            }
        }
        months
    }
}
