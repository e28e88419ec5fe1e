//! The whole program as its own processes, driven over HTTP, killed, and held to account.
//!
//! Used by the crash test of `make test` on a few messages and by `make bench-load` on thousands:
//! the same processes, the same way to post, the same questions afterwards.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a harness fails loudly, and owns its processes and clients"
)]

pub mod account;
pub mod post;
pub mod processes;
