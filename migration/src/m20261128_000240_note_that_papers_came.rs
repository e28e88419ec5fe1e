//! Whether the resident added something since his case rests for his papers.

use sea_orm_migration::prelude::*;

use crate::sql::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await
    }
}

const UP: &[&str] = &[
    "ALTER TABLE cases ADD COLUMN papers_added BOOLEAN NOT NULL DEFAULT FALSE",
    // What rests now was asked for by the last entry of its kind.
    "UPDATE cases SET papers_added = TRUE
        WHERE state = 'on_hold' AND hold_reason = 'awaiting_material' AND EXISTS (
            SELECT 1 FROM case_event e WHERE e.case_id = cases.id AND e.kind = 'added' AND e.seq > (
                SELECT MAX(h.seq) FROM case_event h
                    WHERE h.case_id = cases.id AND h.kind = 'held'))",
];
