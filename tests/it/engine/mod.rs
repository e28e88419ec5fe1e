//! The engine with a real database and the stand-in WeChat, on one clock that tests move.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly"
)]

mod callbacks;
mod cards;
mod content;
mod employees;
mod escalation;
mod jobs;
mod kit;
mod names;
mod redis_faults;
mod robots;
mod sending;
mod subscribe;
mod templates;
mod text_messages;
mod text_reports;
mod together;
mod transaction;
mod wecom;
mod wecom_cards;
