//! Messages that are about no case: they prove that a channel leads to a person.
//!
//! They live in a table of their own, so that no figure, ledger or audit can count one, go after
//! every notice, and follow the same protocol: `sending` is committed before the call, and what is
//! found there is repeated only where the platform recognises the repeat.

pub mod greet;
pub mod plan;
mod post;
pub mod send;
pub mod settle;
