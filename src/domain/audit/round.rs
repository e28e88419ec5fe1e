//! Whose times a figure reads of a case that was reopened: those of one of its cycles.

use entity::kinds::Timestamp;

use super::story::{Cycle, Story};

/// A cycle, as a rule chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// From the report until it was reopened first.
    First,
    /// The one that is judged by its due time.
    Judged,
    /// The same, and the first closing of whichever cycle.
    JudgedAndClosed,
    /// The first that was closed, else the present one.
    Settling,
    /// The present one.
    Last,
}

impl Round {
    /// Finds the cycle of a case.
    pub fn of(self, story: &Story) -> Option<&Cycle> {
        match self {
            Self::First => story.cycles.first(),
            Self::Judged | Self::JudgedAndClosed => story.judged(),
            Self::Settling => story.settling(),
            Self::Last => story.cycle(),
        }
    }

    /// Finds the cycle whose closing counts.
    fn closing(self, story: &Story) -> Option<&Cycle> {
        match self {
            Self::JudgedAndClosed => story.settling(),
            _ => self.of(story),
        }
    }

    /// Returns when the case was closed as the figure sees it; `None` when it was not.
    pub fn closed(self, story: &Story) -> Option<Timestamp> {
        self.closing(story)?.closed
    }

    /// Says which cycle it is, 第1轮（共2轮）, and of which one the closing is where that is another.
    pub fn said(self, story: &Story) -> String {
        let Some(place) = self.of(story).and_then(|cycle| number(story, cycle)) else {
            return String::new();
        };
        let closing = self.closing(story).filter(|cycle| cycle.closed.is_some());
        let other = closing.and_then(|cycle| number(story, cycle)).filter(|other| *other != place);
        let other = other.map(|other| format!("，办结为第{other}轮")).unwrap_or_default();
        format!("第{place}轮（共{}轮）{other}", story.cycles.len())
    }
}

/// The place of a cycle among those of its case, from one.
fn number(story: &Story, cycle: &Cycle) -> Option<usize> {
    story.cycles.iter().position(|one| std::ptr::eq(one, cycle)).map(|at| at + 1)
}
