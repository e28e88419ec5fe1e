//! A consistent copy of an SQLite database while others read and write.

use entity::{cases, grid};
use sea_orm::{ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, PaginatorTrait};

use super::sql;

/// Writes the database as it stands at one instant into a new file. Fails when the file exists.
pub async fn copy_sqlite(conn: &impl ConnectionTrait, file: &str) -> Result<(), DbErr> {
    conn.execute_raw(sql(conn, "VACUUM INTO $1", [file.into()])).await?;
    Ok(())
}

/// Checks every page of an SQLite database; returns what it says, `ok` when nothing is wrong.
pub async fn integrity(conn: &impl ConnectionTrait) -> Result<String, DbErr> {
    let row = conn.query_one_raw(sql(conn, "PRAGMA quick_check", [])).await?;
    row.map_or(Ok("no answer".to_owned()), |row| row.try_get_by_index(0))
}

/// Tells whether neither a case nor a place is stored; a database without our tables is empty.
pub async fn is_empty(conn: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let tables = match conn.get_database_backend() {
        DatabaseBackend::Postgres => {
            "SELECT COUNT(*) FROM information_schema.tables
              WHERE table_schema = current_schema() AND table_name IN ('cases', 'grid')"
        }
        _ => "SELECT COUNT(*) FROM sqlite_master WHERE name IN ('cases', 'grid')",
    };
    let count = conn.query_one_raw(sql(conn, tables, [])).await?;
    let count: i64 = count.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    if count < 2 {
        return Ok(true);
    }
    let cases = cases::Entity::find().count(conn).await?;
    Ok(cases == 0 && grid::Entity::find().count(conn).await? == 0)
}
