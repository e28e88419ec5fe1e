//! SQL only: functions over `&impl ConnectionTrait`, one file per aggregate.
//!
//! No function here opens a transaction except [`writer`]; none calls the network. Whoever reads
//! rows about people names the [`scope::Scope`] on whose behalf.

pub mod access_log;
pub mod agreement;
pub mod alias;
pub mod bounded;
pub mod db;
pub mod writer;
pub mod audit;
pub mod case;
pub mod channel;
pub mod checkpoint;
pub mod console;
pub mod consent;
pub mod backup;
pub mod batch;
pub mod beside;
pub mod building_code;
pub mod bulletin;
mod bulk;
pub mod doctor;
pub mod drill;
pub mod due;
pub mod duty;
pub mod erase;
pub mod event;
pub mod export;
pub mod figures;
pub mod follower;
pub mod hint;
pub mod homes;
pub mod idempotency;
pub mod inbox;
mod message;
pub mod job;
pub mod media_check;
pub mod my;
pub mod notice;
pub mod open311;
pub mod owed;
pub mod people;
pub mod photo;
pub mod places;
pub mod places_staff;
pub mod places_sync;
pub mod probe;
pub mod reach;
pub mod readiness;
pub mod retention;
pub mod rolled;
pub mod roster;
pub mod pulse;
pub mod robot;
pub mod schema;
pub mod scope;
pub mod session;
pub mod shared_note;
pub mod snapshot;
pub mod staff;
pub mod swap;
pub mod sweep;
pub mod voice;
pub mod version;
pub mod wechat_event;
pub mod wecom;

use sea_orm::{ConnectionTrait, DatabaseBackend, DbErr, Statement, Value};
use serde::Serialize;

/// Builds a statement for the connection's own dialect; `$1` counts from one on both databases.
fn sql(
    conn: &impl ConnectionTrait,
    text: &str,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(conn.get_database_backend(), text, values)
}

/// Locks the rows that a query finds, past those which somebody else holds; SQLite's one writer has
/// no need of it.
fn skip_locked(conn: &impl ConnectionTrait) -> &'static str {
    match conn.get_database_backend() {
        DatabaseBackend::Postgres => "FOR UPDATE SKIP LOCKED",
        _ => "",
    }
}

/// The condition that a number is in the list `$1`, which [`list`] makes: the statement stays the
/// same whatever the list's length, so that it is prepared once.
fn is_listed(conn: &impl ConnectionTrait) -> &'static str {
    match conn.get_database_backend() {
        DatabaseBackend::Postgres => {
            "= ANY (ARRAY(SELECT one::bigint FROM json_array_elements_text($1::json) AS one))"
        }
        _ => "IN (SELECT value FROM json_each($1))",
    }
}

/// The same for texts.
fn is_named(conn: &impl ConnectionTrait) -> &'static str {
    match conn.get_database_backend() {
        DatabaseBackend::Postgres => "= ANY (ARRAY(SELECT json_array_elements_text($1::json)))",
        _ => "IN (SELECT value FROM json_each($1))",
    }
}

/// Makes a list of values one value.
fn list(values: impl Serialize) -> Result<Value, DbErr> {
    let text = serde_json::to_string(&values).map_err(|why| DbErr::Json(why.to_string()))?;
    Ok(text.into())
}
