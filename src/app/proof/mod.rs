//! What proves the record: days are sealed, entries are exported, and both are verified.

pub mod export;
pub mod list;
mod own;
pub mod print;
pub mod publish;
mod read;
pub mod seal;
pub mod verify;
