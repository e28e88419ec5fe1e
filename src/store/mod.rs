//! SQL only: functions over `&impl ConnectionTrait`, one file per aggregate.
//!
//! No function here opens a transaction except [`writer`]; none calls the network. Whoever reads
//! rows about people names the [`scope::Scope`] on whose behalf.

pub mod access_log;
pub mod alias;
pub mod db;
pub mod writer;
pub mod audit;
pub mod case;
pub mod chain;
pub mod channel;
pub mod console;
pub mod consent;
pub mod backup;
pub mod building_code;
mod bulk;
pub mod doctor;
pub mod drill;
pub mod duty;
pub mod event;
pub mod homes;
pub mod idempotency;
pub mod inbox;
mod message;
pub mod job;
pub mod notice;
pub mod people;
pub mod photo;
pub mod places;
pub mod places_staff;
pub mod places_sync;
pub mod probe;
pub mod readiness;
pub mod roster;
pub mod pulse;
pub mod robot;
pub mod scope;
pub mod session;
pub mod staff;
pub mod sweep;
pub mod wechat_event;
pub mod wecom;

use sea_orm::{ConnectionTrait, Statement, Value};

/// Builds a statement for the connection's own dialect; `$1` counts from one on both databases.
fn sql<const N: usize>(conn: &impl ConnectionTrait, text: &str, values: [Value; N]) -> Statement {
    Statement::from_sql_and_values(conn.get_database_backend(), text, values)
}
