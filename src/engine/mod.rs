//! The part that acts without being asked: claims jobs, sends notices, escalates.
//!
//! Everything it does is a row first: it may be killed at any instant and started again, on one
//! machine or several. Nothing here decides about a case; `app` does.

pub mod finish;
pub mod heartbeat;
mod in_time;
pub mod jobs;
mod lane;
pub mod record;
pub mod subscribe;
pub mod sweep;
pub mod wake;
pub mod worker;

pub use worker::{run, run_due};
