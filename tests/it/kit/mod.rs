//! A whole program on its own database, clock and stand-in WeChat, in one value.
//!
//! `App::start()` gives a small street with a staffed roster. Dropping the `App` is a check: an
//! undeclared warning, an unexpected message, a due job left over or a server that does not stop
//! fails the test.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "helpers of tests may fail loudly, and own their servers, threads and variables"
)]

mod app;
pub mod builders;
pub mod client;
pub mod clock;
pub mod copies;
mod db;
pub mod font;
pub mod live;
pub mod load;
pub mod logs;
pub mod parts;
pub mod port;
pub mod postgres_server;
pub mod redis_server;
pub mod snap;
pub mod street;
mod tests;
pub mod town;
pub mod watcher;
pub mod wechat;
pub mod wire;

pub use app::{App, connect};
pub use db::{TestDb, fill, waiting};
