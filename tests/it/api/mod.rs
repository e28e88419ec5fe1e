//! The API over HTTP; the tree mirrors the addresses.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly"
)]

mod openapi;
mod problems;
mod scope;
pub mod v1;
