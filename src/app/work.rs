//! What became of a piece of background work, in words the engine turns into a row.

use entity::kinds::Timestamp;

/// In which order due jobs run; the lanes of the engine part here.
pub mod priority {
    pub const URGENT: i32 = 10;
    pub const ORDINARY: i32 = 50;
    /// Content checks, of words and files: what hangs with WeChat must hold up no notice of another
    /// carrier, and a notice waits for its check a moment at most.
    pub const CHECK: i32 = 60;
    /// Whatever goes to very many, and what nobody waits for.
    pub const BULK: i32 = 90;
}

/// Which try this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Try {
    /// From 1.
    pub attempt: u32,
    pub max_attempt: u32,
    /// How often the same was asked for anew before.
    pub generation: i32,
}

/// How a try ended. What was observed about the case is committed before this is returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Again later.
    Retry {
        /// When; `None` leaves it to the growing waits of the engine.
        at: Option<Timestamp>,
        /// Whether this try used up an attempt.
        counted: bool,
        why: String,
    },
    /// Never again: it cannot succeed.
    Dead {
        why: String,
    },
    /// Never again: it may have succeeded.
    Unknown {
        why: String,
    },
}

impl Outcome {
    /// Names the outcome for counters.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Retry { .. } => "retry",
            Self::Dead { .. } => "dead",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// Asks for another try after the engine's wait.
    pub fn retry(why: impl Into<String>) -> Self {
        Self::Retry { at: None, counted: true, why: why.into() }
    }
}
