//! What a figure is asked for: a period, an instant, a calendar; and how cases are grouped.

use std::time::Duration;

use entity::kinds::{Category, Timestamp, Urgency};

use super::calendars::Calendars;
use super::month::Month;
use super::story::{Held, Story};
use super::tally::{Bucket, Finding};
use crate::domain::calendar::pause::Pause;
use crate::domain::calendar::{Hours, Profile, local_date};
use crate::domain::case::targets::{Source, Span, Target};

/// A period `[from, to)`, seen at `now`; events after `now` must have been left out.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    pub from: Timestamp,
    pub to: Timestamp,
    pub now: Timestamp,
    pub calendars: &'a Calendars,
}

/// What a figure says of a case; `None`: the case is not of its cohort.
pub type Rule = fn(&Story, &Frame<'_>) -> Option<Finding>;

impl Frame<'_> {
    /// Tells whether an instant lies in the period.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// Measures from `from` to `to`, or until the case ended or now while it has not happened: the
    /// wall time, and the time within the hours of the span without the rests.
    pub(super) fn measure(
        &self,
        story: &Story,
        (from, to): (Timestamp, Option<Timestamp>),
        (span, pauses): (fn(&Target) -> Span, &[Pause]),
    ) -> (Duration, Duration) {
        let until = to.unwrap_or_else(|| story.ended.map_or(self.now, |(_, at)| at));
        let calendar = self.calendars.at(until);
        let active = calendar.active(story.hours(span), pauses, from, until);
        (until.since(from), active)
    }
}

impl Story {
    /// The hours in which a promised span counts; around the clock where nothing was promised.
    pub(super) fn hours(&self, span: fn(&Target) -> Span) -> &Hours {
        let promised = self.promised.as_ref().map(|promised| &promised.frozen);
        promised.map_or_else(
            || Hours::standard(Profile::Duty),
            |frozen| span(&frozen.target).hours(&frozen.hours),
        )
    }

    /// When somebody had to be told first; `None` where nothing was promised.
    pub(super) fn push_due(&self, calendars: &Calendars) -> Option<Timestamp> {
        let frozen = &self.promised.as_ref()?.frozen;
        let calendar = calendars.at(self.reported);
        Some(frozen.target.push.after(self.reported, &frozen.hours, calendar).at)
    }

    /// Whether the auditor took the case out, as a finding.
    pub(super) fn taken_out(&self) -> Option<Finding> {
        self.excluded.map(|ground| Finding::new(Bucket::Excluded(ground.word())))
    }
}

/// Microseconds of a length.
pub(super) fn micros(length: Duration) -> u64 {
    u64::try_from(length.as_micros()).unwrap_or(u64::MAX)
}

/// To whom a case is counted in divisions by place and person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Whoever has it.
    Now,
    /// Whoever took it first, while that stands; else whoever has it.
    Taker,
    /// Whoever has it, where whoever took it kept it when that was withdrawn.
    NowBefore,
    /// Whoever took it first, else whoever has it in that way.
    TakerUntilFourth,
    /// The same where any withdrawal of an acknowledgement took the first one back.
    TakerBefore,
}

impl Holder {
    /// Tells whether it is whoever took the case, and not whoever has it.
    pub const fn is_taker(self) -> bool {
        matches!(self, Self::Taker | Self::TakerUntilFourth | Self::TakerBefore)
    }

    /// Returns the same as it was told until the fourth edition.
    #[must_use]
    pub const fn until_fourth(self) -> Self {
        match self {
            Self::Now => Self::NowBefore,
            Self::Taker => Self::TakerUntilFourth,
            before => before,
        }
    }

    fn held(self, story: &Story) -> &Held {
        let (taken, now) = match self {
            Self::Now => (None, &story.held_by),
            Self::Taker => (story.taken.held.as_ref(), &story.held_by),
            Self::NowBefore => (None, &story.held_before),
            Self::TakerUntilFourth => (story.taken_from.as_ref(), &story.held_before),
            Self::TakerBefore => (story.taken_before.held.as_ref(), &story.held_before),
        };
        taken.unwrap_or(now)
    }
}

/// What makes a group, or a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    None,
    Grid,
    Community,
    Category,
    Urgency,
    Source,
    Person,
    /// Of the report, whatever the figure counts by: 上报月份.
    Month,
}

impl Dimension {
    /// Every dimension, in the order of documents.
    pub const ALL: &'static [Self] = &[
        Self::None,
        Self::Grid,
        Self::Community,
        Self::Category,
        Self::Urgency,
        Self::Source,
        Self::Person,
        Self::Month,
    ];

    /// Returns the word of the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Grid => "grid",
            Self::Community => "community",
            Self::Category => "category",
            Self::Urgency => "urgency",
            Self::Source => "source",
            Self::Person => "person",
            Self::Month => "month",
        }
    }

    /// Parses the word of the API; `None` when there is no such dimension.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.word() == word)
    }

    /// Tells whether a case can have a value: words are of lists; places and people come and go.
    fn takes(self, value: &str) -> bool {
        let known = match self {
            Self::Category => Category::from_word(value).is_some(),
            Self::Urgency => Urgency::from_word(value).is_some(),
            Self::Source => {
                [Source::Resident, Source::Staff].iter().any(|one| source(*one) == value)
            }
            Self::Month => Month::read(value).is_some(),
            Self::Person => value.parse::<i64>().is_ok(),
            Self::None | Self::Grid | Self::Community => true,
        };
        known || value.is_empty()
    }

    /// Returns the group of a case: an id, a code or a word; empty when it has none.
    pub fn key(self, story: &Story, holder: Holder) -> String {
        let promised = story.promised.as_ref();
        let held = holder.held(story);
        let word = |word: Option<&str>| word.unwrap_or_default().to_owned();
        match self {
            Self::None => String::new(),
            Self::Grid => word(held.grid.as_deref()),
            Self::Community => word(held.community.as_deref()),
            Self::Category => word(promised.map(|one| one.category.word())),
            Self::Urgency => word(promised.map(|one| one.urgency.word())),
            Self::Source => word(promised.map(|one| source(one.source))),
            Self::Person => held.person.map(|staff| staff.to_string()).unwrap_or_default(),
            Self::Month => {
                let day = local_date(story.reported);
                format!("{:04}-{:02}", day.year(), day.month())
            }
        }
    }
}

const fn source(source: Source) -> &'static str {
    match source {
        Source::Resident => "resident",
        Source::Staff => "staff",
    }
}

/// Conditions that all hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter(pub Vec<(Dimension, String)>);

impl Filter {
    /// Reads `category:utilities,grid:G00101`; `None` when a dimension is unknown or has no value,
    /// or when no case can have the value.
    pub fn read(text: &str) -> Option<Self> {
        let parts = text.split(',').filter(|part| !part.is_empty());
        let part = |part: &str| {
            let (word, value) = part.split_once(':')?;
            let by = Dimension::from_word(word).filter(|by| *by != Dimension::None)?;
            by.takes(value).then(|| (by, value.to_owned()))
        };
        parts.map(part).collect::<Option<Vec<_>>>().map(Self)
    }

    /// Tells whether a case meets them.
    pub fn lets(&self, story: &Story, holder: Holder) -> bool {
        self.0.iter().all(|(by, value)| by.key(story, holder) == *value)
    }
}
