//! One sea-orm model per table, no behaviour; and the words they are made of.
pub mod kinds;

pub mod access_log;
pub mod account;
pub mod binding_code;
pub mod case_counter;
pub mod case_event;
pub mod case_event_payload;
pub mod cases;
pub mod consent;
pub mod console_account;
pub mod console_failure;
pub mod grid;
pub mod idempotency;
pub mod job;
pub mod notice;
pub mod photo;
pub mod refresh_token;
pub mod responsibility;
pub mod seen_code;
pub mod staff;
pub mod staff_role;
pub mod wechat_event;
pub mod wechat_identity;
