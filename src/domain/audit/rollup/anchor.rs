//! On which day a case counts in a figure.

use std::collections::HashMap;
use std::sync::LazyLock;

use entity::kinds::Timestamp;

use crate::domain::audit::definition::{CARDS, Card};
use crate::domain::audit::frame::{Frame, Holder};
use crate::domain::audit::story::Story;

/// What a figure's period is asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Anchor {
    /// When it was reported.
    Reported,
    /// The same, for whoever took it.
    Taken,
    /// When it had to be acknowledged.
    AcknowledgeDue,
    /// When somebody had to contact the resident first.
    ContactDue,
    /// When the cycle that is judged had to be resolved.
    ResolveDue,
    /// When it was closed first.
    Closed,
    /// When it was closed or had to be: of two days, either is enough.
    Asked,
    /// When somebody got it and when it was over: what counts is how much of that lies in the
    /// period, so that a cell has it for periods that hold both days.
    Carried,
}

static PLACES: LazyLock<HashMap<&'static str, (Anchor, usize)>> = LazyLock::new(|| {
    let of =
        |anchor: Anchor| (0..).zip(anchor.cards()).map(move |(at, card)| (card.id, (anchor, at)));
    Anchor::ALL.iter().flat_map(|anchor| of(*anchor)).collect()
});

impl Anchor {
    /// Every anchor, in the order of the words.
    pub const ALL: &'static [Self] = &[
        Self::Reported,
        Self::Taken,
        Self::AcknowledgeDue,
        Self::ContactDue,
        Self::ResolveDue,
        Self::Closed,
        Self::Asked,
        Self::Carried,
    ];

    /// Returns the word of the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Taken => "taken",
            Self::AcknowledgeDue => "acknowledge_due",
            Self::ContactDue => "contact_due",
            Self::ResolveDue => "resolve_due",
            Self::Closed => "closed",
            Self::Asked => "asked",
            Self::Carried => "carried",
        }
    }

    /// Parses the word of the database; `None` when there is no such anchor.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.word() == word)
    }

    /// Returns the anchor of a figure; `None` for what is open now (R8), which has no day.
    pub fn of(id: &str) -> Option<Self> {
        match id {
            "R8" => None,
            "R19" => Some(Self::Carried),
            "M4" | "M4p" => Some(Self::Taken),
            "R2" => Some(Self::AcknowledgeDue),
            "R3" | "R3a" => Some(Self::ContactDue),
            "R5" | "R6" => Some(Self::ResolveDue),
            "R9" | "R9s" | "R9e" | "R10" | "R10a" | "R10d" => Some(Self::Asked),
            "R11" | "R12" => Some(Self::Closed),
            _ => Some(Self::Reported),
        }
    }

    /// To whom its figures are counted.
    pub const fn holder(self) -> Holder {
        match self {
            Self::Taken | Self::AcknowledgeDue => Holder::Taker,
            _ => Holder::Now,
        }
    }

    /// Returns the anchor of a figure and its place among those that have it, as [`Self::of`] and
    /// [`Self::cards`] say, without going through all figures.
    pub fn place(id: &str) -> Option<(Self, usize)> {
        PLACES.get(id).copied()
    }

    /// Lists the figures that have this anchor, in the order of documents.
    pub fn cards(self) -> impl Iterator<Item = &'static Card> {
        CARDS.iter().filter(move |card| Self::of(card.id) == Some(self))
    }

    /// Tells whether a cell has what a settled case says of a period of whole days. What is carried
    /// into such a period or out of it is read from its ledger.
    pub fn has(self, story: &Story, frame: &Frame<'_>) -> bool {
        self != Self::Carried
            || self.at(story).is_some_and(|(first, last)| frame.holds(first) && frame.holds(last))
    }

    /// Returns when a case counts, twice the same instant but for [`Anchor::Asked`] and
    /// [`Anchor::Carried`]; `None` when it never does.
    pub fn at(self, story: &Story) -> Option<(Timestamp, Timestamp)> {
        let twice = |at: Timestamp| (at, at);
        match self {
            Self::Reported | Self::Taken => Some(twice(story.reported)),
            Self::AcknowledgeDue => story.acknowledge_due.map(twice),
            Self::ContactDue => story.cycles.first()?.contact_due.map(twice),
            Self::ResolveDue => story.judged()?.resolve_due.map(twice),
            Self::Closed => story.first_closed().map(twice),
            Self::Asked => {
                let cycle = story.settling()?;
                let first = cycle.closed.or(cycle.resolve_due)?;
                Some((first, cycle.resolve_due.unwrap_or(first)))
            }
            Self::Carried => {
                let (_, ended) = story.ended?;
                story.held_by.person.map(|_| (story.assigned.unwrap_or(story.reported), ended))
            }
        }
    }
}
