//! SQL only: functions over `&impl ConnectionTrait`, one file per aggregate.
//!
//! No function here opens a transaction except [`writer`]; none calls the network. Whoever reads
//! rows about people names the [`scope::Scope`] on whose behalf.

pub mod db;
pub mod writer;
