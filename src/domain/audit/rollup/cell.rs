//! Where settled cases are counted together: the key of a cell, and how its counts are stored.

use super::anchor::Anchor;
use super::span::{Day, month_of};
use super::sum::Sum;
use crate::domain::audit::frame::{Dimension, Filter};
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

impl Slice {
    /// The cuts by month.
    pub const MONTHS: &'static [Self] = &[
        Self::Months(Dimension::None),
        Self::Months(Dimension::Grid),
        Self::Months(Dimension::Community),
        Self::Months(Dimension::Category),
        Self::Months(Dimension::Urgency),
        Self::Months(Dimension::Source),
        Self::Months(Dimension::Month),
    ];

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
    pub fn of(story: &Story) -> Self {
        Self(DIMENSIONS.map(|dimension| dimension.key(story)))
    }

    /// Keeps one dimension.
    fn only(&self, kept: Dimension) -> Self {
        let mut place = Self::default();
        for ((dimension, mine), whole) in DIMENSIONS.iter().zip(&mut place.0).zip(&self.0) {
            if *dimension == kept {
                mine.clone_from(whole);
            }
        }
        place
    }
}

/// Which cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub slice: Slice,
    pub anchor: Anchor,
    /// The days of the anchor, or the first days of their months.
    pub days: (Day, Day),
    pub place: Place,
}

impl Key {
    /// Returns the cell of the month that a cell of a day is part of.
    #[must_use]
    pub fn month(&self, slice: Slice) -> Self {
        let kept = match slice {
            Slice::Days => Dimension::None,
            Slice::Months(dimension) => dimension,
        };
        let days = (month_of(self.days.0), month_of(self.days.1));
        Self { slice, anchor: self.anchor, days, place: self.place.only(kept) }
    }

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
