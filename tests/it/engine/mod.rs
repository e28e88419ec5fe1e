//! The engine with a real database and the stand-in WeChat, on one clock that tests move.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly"
)]

mod authorizations;
mod blinks;
mod callback_answers;
mod callback_bodies;
mod callback_doors;
mod callbacks;
mod cards;
mod chains;
mod consents;
mod content;
mod employees;
mod escalation;
mod followers;
mod heartbeat;
mod jobs;
pub mod kit;
mod limits;
mod media;
mod members;
mod names;
mod outages;
mod presses;
mod pace;
mod probes;
mod put_back;
mod quiet;
mod redis_faults;
mod retention;
mod returns;
mod renewals;
mod report_doors;
mod robots;
mod sending;
mod shared_tokens;
mod space;
mod subscribe;
mod templates;
mod text_messages;
mod text_reports;
mod together;
mod twice;
mod transaction;
mod unnumbered;
mod versions;
mod wecom;
mod wecom_cards;
mod withdrawals;
