//! What the tests already have: a database with a street, the program put together, the stand-in.
#![expect(dead_code, reason = "the tests use the rest")]

#[path = "../../tests/it/kit/clock.rs"]
pub mod clock;
#[path = "../../tests/it/kit/copies.rs"]
pub mod copies;
#[path = "../../tests/it/kit/db.rs"]
pub mod db;
#[path = "../../tests/it/kit/live.rs"]
pub mod live;
#[path = "../../tests/it/kit/parts.rs"]
pub mod parts;
#[path = "../../tests/it/kit/street.rs"]
pub mod street;
#[path = "../../tests/it/kit/wechat.rs"]
pub mod wechat;
