//! Where settled cases are counted together: the key of a cell, and how its counts are stored.

use super::anchor::Anchor;
use super::span::Day;
use super::sum::Sum;
use crate::domain::audit::frame::{Dimension, Filter, Holder};
use crate::domain::audit::story::Story;

/// How cells are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slice {
    /// By day and every dimension.
    Days,
    /// By month and this dimension alone.
    Months(Dimension),
}

/// The dimensions that cells have; whoever answers for a case is none of them.
pub const DIMENSIONS: [Dimension; 6] = [
    Dimension::Grid,
    Dimension::Community,
    Dimension::Category,
    Dimension::Urgency,
    Dimension::Source,
    Dimension::Month,
];

/// Where a case lies, which most others of a night do not share: months are cut by these from the
/// cells of days.
pub const WHERE: [Dimension; 2] = [Dimension::Grid, Dimension::Community];

/// What a case is: of few values, so that months are cut by these from what is alike in all of them.
pub const WHAT: [Dimension; 5] =
    [Dimension::None, Dimension::Category, Dimension::Urgency, Dimension::Source, Dimension::Month];

impl Slice {
    /// Returns the word of the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Months(dimension) => dimension.word(),
        }
    }

    /// Finds the cut by month that can answer a question; `None` when two dimensions are asked for.
    /// Fails, with an inner `None`, when cells cannot answer it at all.
    pub fn of(by: Dimension, filter: &Filter) -> Option<Option<Self>> {
        let conditions = filter.0.iter().map(|(dimension, _)| *dimension);
        let mut needed: Vec<Dimension> = conditions.chain([by]).collect();
        needed.retain(|one| *one != Dimension::None);
        needed.sort_unstable();
        needed.dedup();
        if needed.iter().any(|one| !DIMENSIONS.contains(one)) {
            return None;
        }
        Some(match needed.as_slice() {
            [] => Some(Self::Months(Dimension::None)),
            [one] => Some(Self::Months(*one)),
            _ => None,
        })
    }
}

/// What a case is in each of the dimensions.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(pub [String; 6]);

impl Place {
    /// Reads where a case belongs.
    pub fn of(story: &Story, holder: Holder) -> Self {
        Self(DIMENSIONS.map(|dimension| dimension.key(story, holder)))
    }

    /// Returns what a case is in one dimension; empty in none of them.
    pub fn value(&self, of: Dimension) -> &str {
        let mut all = DIMENSIONS.iter().zip(&self.0);
        all.find(|(dimension, _)| **dimension == of).map_or("", |(_, value)| value)
    }

    /// The place of which one dimension alone is known.
    fn only(known: Dimension, value: &str) -> Self {
        Self(DIMENSIONS.map(|one| if one == known { value.to_owned() } else { String::new() }))
    }
}

/// Which cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub slice: Slice,
    pub anchor: Anchor,
    /// The days of the anchor, or the first days of their months.
    pub days: Days,
    pub place: Place,
}

/// On which days a case counts.
pub type Days = (Day, Day);

/// Which cell of months, of one dimension and its value; a cell of days has what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OfMonths<'a> {
    pub anchor: Anchor,
    /// The first days of their months.
    pub days: Days,
    pub dimension: Dimension,
    pub value: &'a str,
}

impl OfMonths<'_> {
    /// Returns its key.
    pub fn key(self) -> Key {
        let Self { anchor, days, dimension, value } = self;
        let place = Place::only(dimension, value);
        Key { slice: Slice::Months(dimension), anchor, days, place }
    }
}

impl Key {
    /// Writes the key as one text.
    pub fn text(&self) -> String {
        let (first, second) = self.days;
        let (slice, anchor) = (self.slice.word(), self.anchor.word());
        format!("{slice}|{anchor}|{first}|{second}|{}", self.place.0.join("|"))
    }
}

/// Stores the sums of a cell, those of each figure of its anchor in their order; `None` when one of
/// them is below zero.
pub fn write(sums: &[Sum]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for sum in sums {
        sum.write(&mut bytes)?;
    }
    Some(bytes)
}

/// Reads what was stored of so many figures; `None` when it is not that.
pub fn read(body: &[u8], figures: usize) -> Option<Vec<Sum>> {
    let mut rest = body;
    let sums = (0..figures).map(|_| Sum::read(&mut rest)).collect::<Option<Vec<_>>>()?;
    rest.is_empty().then_some(sums)
}
