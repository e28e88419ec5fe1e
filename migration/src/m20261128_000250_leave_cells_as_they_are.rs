//! What PostgreSQL need not do for cells at night: pack long ones, which are packed already, and
//! look at thirty thousand of them to learn how the few values of their columns are spread.

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

// A sample has three hundred rows for each of the statistics.
const UP: &[&str] = &["ALTER TABLE figure_cell
    ALTER COLUMN body SET STORAGE EXTERNAL, ALTER COLUMN body SET STATISTICS 0,
    ALTER COLUMN listed SET STORAGE EXTERNAL, ALTER COLUMN listed SET STATISTICS 0,
    ALTER COLUMN key SET STATISTICS 30, ALTER COLUMN slice SET STATISTICS 30,
    ALTER COLUMN anchor SET STATISTICS 30, ALTER COLUMN day SET STATISTICS 30,
    ALTER COLUMN other SET STATISTICS 30, ALTER COLUMN grid SET STATISTICS 30,
    ALTER COLUMN community SET STATISTICS 30, ALTER COLUMN category SET STATISTICS 30,
    ALTER COLUMN urgency SET STATISTICS 30, ALTER COLUMN source SET STATISTICS 30,
    ALTER COLUMN month SET STATISTICS 30"];
