//! What the tests already have: a database with a street, and the program's configuration.
#![expect(dead_code, reason = "the tests use the rest")]

#[path = "../../tests/it/kit/clock.rs"]
pub mod clock;
#[path = "../../tests/it/kit/db.rs"]
pub mod db;
#[path = "../../tests/it/kit/parts.rs"]
pub mod parts;
#[path = "../../tests/it/kit/street.rs"]
pub mod street;
#[path = "../../tests/it/kit/wechat.rs"]
pub mod wechat;
