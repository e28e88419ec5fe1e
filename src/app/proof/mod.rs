//! What proves the record: days are sealed, entries are exported, and both are verified.

pub mod export;
mod lines;
pub mod list;
mod own;
pub mod print;
pub mod publish;
mod read;
mod reader;
pub mod seal;
pub mod verify;
