//! Keys of cells are compared byte by byte on PostgreSQL, as SQLite does: whoever stores a cell looks
//! for its key, and the order of a language is asked of the system, comparison by comparison.

use sea_orm_migration::prelude::*;

use crate::sql::run_on_postgres;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run_on_postgres(manager, UP).await
    }
}

const UP: &[&str] = &["ALTER TABLE figure_cell
    ALTER COLUMN key TYPE TEXT COLLATE \"C\", ALTER COLUMN slice TYPE TEXT COLLATE \"C\",
    ALTER COLUMN anchor TYPE TEXT COLLATE \"C\""];
