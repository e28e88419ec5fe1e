//! What PostgreSQL need not do for cells at night: pack long ones, which are packed already, and
//! look at thirty thousand of them to learn how the few values of their columns are spread.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DatabaseBackend::Postgres {
            return Ok(());
        }
        let words = BODIES.iter().flat_map(|name| {
            [
                format!("ALTER COLUMN {name} SET STORAGE EXTERNAL"),
                format!("ALTER COLUMN {name} SET STATISTICS 0"),
            ]
        });
        // A sample has three hundred rows for each.
        let looked_at =
            ASKED_BY.iter().map(|name| format!("ALTER COLUMN {name} SET STATISTICS 30"));
        let changes: Vec<String> = words.chain(looked_at).collect();
        let text = format!("ALTER TABLE figure_cell {}", changes.join(", "));
        manager.get_connection().execute_unprepared(&text).await?;
        Ok(())
    }
}

const BODIES: [&str; 2] = ["body", "listed"];

const ASKED_BY: [&str; 11] = [
    "key",
    "slice",
    "anchor",
    "day",
    "other",
    "grid",
    "community",
    "category",
    "urgency",
    "source",
    "month",
];
