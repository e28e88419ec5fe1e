//! The one place that reads the time of day.
//!
//! Everything else takes `now` as an argument or asks `Services::clock`. A `Manual` clock moves
//! only when a test says so, and wakes nobody by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use entity::kinds::Timestamp;

/// A source of the current instant; cheap to clone, shared by every part of one program.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The system's clock.
    System,
    /// Microseconds since the epoch, moved by hand.
    Manual(Arc<AtomicI64>),
    /// The system's clock and as many seconds as a file says; for tests of steps. Where the file says
    /// `alone` behind them, only the clock of this machine was put.
    #[cfg(debug_assertions)]
    Stepped(Arc<std::path::PathBuf>),
}

impl Clock {
    /// Makes a clock that stands at `start` until it is moved.
    pub fn manual(start: Timestamp) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(start.0)))
    }

    /// Reads the instant. A system clock before 1970 reads as 1970.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => system_now(),
            Self::Manual(at) => Timestamp(at.load(Ordering::SeqCst)),
            #[cfg(debug_assertions)]
            Self::Stepped(file) => stepped(file),
        }
    }

    /// Returns how far it is from what another machine's clock shows. A clock that a test moves stands
    /// for those of all machines, unless it says that it is put alone.
    pub fn apart(&self, theirs: Timestamp) -> Duration {
        let ours = self.now();
        match self {
            Self::System => ours.since(theirs).max(theirs.since(ours)),
            Self::Manual(_) => Duration::ZERO,
            #[cfg(debug_assertions)]
            Self::Stepped(file) if told(file).contains(ALONE) => {
                ours.since(theirs).max(theirs.since(ours))
            }
            #[cfg(debug_assertions)]
            Self::Stepped(_) => Duration::ZERO,
        }
    }

    /// Moves a manual clock forward; a system clock stays what it is.
    pub fn advance(&self, by: Duration) {
        if let Self::Manual(at) = self {
            at.fetch_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX), Ordering::SeqCst);
        }
    }
}

#[cfg(debug_assertions)]
const ALONE: &str = "alone";

#[cfg(debug_assertions)]
fn told(file: &std::path::Path) -> String {
    std::fs::read_to_string(file).unwrap_or_default()
}

#[cfg(debug_assertions)]
fn stepped(file: &std::path::Path) -> Timestamp {
    let seconds = told(file).replace(ALONE, "").trim().parse::<i64>().unwrap_or(0);
    Timestamp(system_now().0.saturating_add(seconds.saturating_mul(1_000_000)))
}

#[expect(clippy::disallowed_methods, reason = "this is the one reader of the system clock")]
fn system_now() -> Timestamp {
    let passed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(passed.as_micros()).unwrap_or(i64::MAX))
}
