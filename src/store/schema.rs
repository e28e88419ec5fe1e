//! Which program the database belongs to: the newest one that changed its schema.
//!
//! While a street is being upgraded, the old and the new program work on one database. The old one
//! goes on answering requests, but it would bury what it does not understand: a job of a kind that
//! came later, a case in a state that it has no name for. So it claims nothing any more.

use std::sync::LazyLock;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbErr};

use super::sql;

static KNOWN: LazyLock<Vec<String>> = LazyLock::new(|| {
    Migrator::migrations().iter().map(|change| change.name().to_owned()).collect()
});

/// The condition that no newer program has changed the schema. Part of the statement that claims,
/// so that nothing fits in between.
pub fn is_ours() -> &'static str {
    static CONDITION: LazyLock<String> = LazyLock::new(|| {
        let newest = KNOWN.iter().max().map_or("", String::as_str);
        format!("NOT EXISTS (SELECT 1 FROM seaql_migrations WHERE version > '{newest}')")
    });
    &CONDITION
}

/// Names the schema changes that this program does not know, oldest first.
pub async fn unknown(conn: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let rows = conn
        .query_all_raw(sql(conn, "SELECT version FROM seaql_migrations ORDER BY version", []))
        .await?;
    let applied = rows.iter().map(|row| row.try_get::<String>("", "version"));
    let applied = applied.collect::<Result<Vec<_>, _>>()?;
    Ok(applied.into_iter().filter(|version| !KNOWN.contains(version)).collect())
}
