//! Drills: a message marked 【演练】 to everybody who answers for something, and whom it reached.
//!
//! A drill is probes, so it enters no figure, ledger or inbox and goes after every notice. Its
//! messages are planned in the unit that starts it: a process that dies leaves all of them or none,
//! and whoever starts again finds the running one.

pub mod report;
pub mod start;
