//! The life of a case: which edges exist, what stands in the ledger, what was promised.
//!
//! Pure. The use cases load facts, ask here, and write what they were told; nothing here knows
//! how a case is stored. Invariant: a state changes only along a row of [`edges::EDGES`].

pub mod card;
pub mod clock;
pub mod edges;
pub mod emergency;
pub mod ledger;
pub mod number;
pub mod state;
pub mod targets;
pub mod waits;
