//! The engine with a real database and the stand-in WeChat, on one clock that tests move.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly"
)]

mod callbacks;
mod cards;
mod chains;
mod content;
mod employees;
mod escalation;
mod heartbeat;
mod jobs;
pub mod kit;
mod limits;
mod names;
mod probes;
mod quiet;
mod redis_faults;
mod robots;
mod sending;
mod space;
mod subscribe;
mod templates;
mod text_messages;
mod text_reports;
mod together;
mod twice;
mod transaction;
mod wecom;
mod wecom_cards;
