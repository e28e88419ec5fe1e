//! What the delivery engine must survive, tried on real processes. Short here; `make test-crash`
//! runs the long form (`ZHINAN_FAULTS=long`).
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, and owns its tasks and clients"
)]

mod clock;
mod crash_points;
mod disk;
mod poison;
mod postgres;
mod redis;
mod storm;
mod wechat;
