//! Who is on duty when: shifts, leaves, substitutes, and the hours that nobody covers.
//!
//! Pure: spans of time in, spans of time out. A shift that nobody defined is around the clock, so
//! that a name which is only written in a file makes nobody unreachable.

mod cover;
mod gaps;
mod on_shift;
mod presence;
mod shift;
mod start;
mod shift_on;

pub use cover::{Duty, Leave, Plan, Turn, plan};
pub use gaps::{Gap, Post, Seat, desk_gaps, gaps, left_alone, opened};
pub use on_shift::{shift_after, shift_at};
pub use presence::{Presence, presences};
pub use shift::{Shift, is_on};
pub use shift_on::shift_on;
pub use start::{known, starts};

use entity::kinds::Timestamp;

#[cfg(test)]
mod tests;

/// A time, its end not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Span {
    /// Makes a span; `None` when nothing lies between.
    pub fn new(from: Timestamp, to: Timestamp) -> Option<Self> {
        (from < to).then_some(Self { from, to })
    }

    /// Returns what two spans have in common.
    pub fn meet(self, other: Self) -> Option<Self> {
        Self::new(self.from.max(other.from), self.to.min(other.to))
    }

    /// Tells whether an instant lies in it.
    pub fn holds(self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// Returns what is left of it without other spans, in order.
    pub fn without(self, others: &[Self]) -> Vec<Self> {
        let mut left = vec![self];
        for other in others {
            left = left
                .into_iter()
                .flat_map(|part| {
                    let before = Self::new(part.from, part.to.min(other.from));
                    let after = Self::new(part.from.max(other.to), part.to);
                    match part.meet(*other) {
                        Some(_) => [before, after],
                        None => [Some(part), None],
                    }
                })
                .flatten()
                .collect();
        }
        left.sort_unstable();
        left
    }
}
