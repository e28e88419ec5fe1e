//! What settled cases add to the figures, so that nobody reads them again.

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

/// A case is counted in the cells as its first `rolled_seq` events tell it; while that is not all of
/// them the case is read from its ledger, and it is among these few by the index alone, whoever
/// appends an event.
const UP: &[&str] = &[
    "ALTER TABLE cases ADD COLUMN rolled_seq INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX cases_not_rolled ON cases (reported_at, id) WHERE rolled_seq <> last_seq",
    "CREATE TABLE figure_cell (
        key TEXT NOT NULL PRIMARY KEY, slice TEXT NOT NULL, anchor TEXT NOT NULL,
        day BIGINT NOT NULL, other BIGINT NOT NULL, grid TEXT NOT NULL, community TEXT NOT NULL,
        category TEXT NOT NULL, urgency TEXT NOT NULL, source TEXT NOT NULL, month TEXT NOT NULL,
        body TEXT NOT NULL)",
    "CREATE INDEX figure_cell_day ON figure_cell (slice, anchor, day)",
    "CREATE INDEX figure_cell_other ON figure_cell (slice, anchor, other) WHERE other <> day",
    "CREATE TABLE figure_rolled (
        id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), edition BIGINT NOT NULL,
        generation BIGINT NOT NULL, until_at BIGINT NOT NULL, day BIGINT NOT NULL)",
    "INSERT INTO figure_rolled (id, edition, generation, until_at, day) VALUES (1, 0, 0, 0, 0)",
];
