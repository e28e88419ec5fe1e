//! Who is told next while a case waits for a human, without end and without silence.
//!
//! Pure: [`next`] looks at a stored view and the time, and answers with what to do and when to
//! look again. There is no timer to lose; calling it late only makes it act late, calling it twice
//! does nothing twice. Invariant: an open case always has a next check, later than now.

mod chain;
mod next;

pub use chain::{After, BadChain, Chain, Chains, Person, Snapshot, Step, Who};
pub use next::{Action, Cursor, Decision, IDLE_CHECK, View, closes_at, next};

#[cfg(test)]
mod tests;
