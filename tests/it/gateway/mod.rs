//! The gateway against the sandbox, over HTTP.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly"
)]

mod callbacks;
mod calls;
pub mod kit;
mod one_at_a_time;
mod redis;
mod resp;
mod stand_in;
mod storage;
mod text_messages;
mod tokens;
mod wecom;
