//! Use cases of a help request, one verb per file.
//!
//! Every change of a case goes through [`change::Change`]: it holds the case inside the unit of
//! writes, collects the ledger events and notices, and stores all of them at once.

pub mod act;
pub mod change;
pub mod freeze;
pub mod ledger;
pub mod place;
pub mod reconcile;
pub mod report;
pub mod tell;
