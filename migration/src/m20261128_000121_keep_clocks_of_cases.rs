//! What the clocks of a case need beside its due times, and the lists of what falls due.

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

/// Only open cases have a next check, so that these indexes stay as small as what is at work.
const UP: &[&str] = &[
    "ALTER TABLE cases ADD COLUMN due_provisional BOOLEAN NOT NULL DEFAULT FALSE",
    "ALTER TABLE cases ADD COLUMN cycle_at BIGINT",
    "ALTER TABLE cases ADD COLUMN yellow_at BIGINT",
    "ALTER TABLE cases ADD COLUMN card TEXT CHECK (card IN ('yellow', 'red'))",
    "ALTER TABLE cases ADD COLUMN extension TEXT CHECK (extension IN ('asked', 'granted', 'refused'))",
    "ALTER TABLE cases ADD COLUMN extension_by BIGINT REFERENCES account (id)",
    "ALTER TABLE cases ADD COLUMN extension_role TEXT",
    "ALTER TABLE cases ADD COLUMN extension_days INTEGER CHECK (extension_days > 0)",
    "CREATE INDEX cases_provisional ON cases (id) WHERE due_provisional",
    "CREATE INDEX cases_due ON cases (resolve_due_at, id) WHERE next_check_at IS NOT NULL",
    "CREATE INDEX cases_due_small ON cases (small_grid_id, resolve_due_at, id)
        WHERE next_check_at IS NOT NULL",
    "CREATE INDEX cases_due_large ON cases (large_grid_id, resolve_due_at, id)
        WHERE next_check_at IS NOT NULL",
    "CREATE INDEX cases_due_person ON cases (acknowledged_by, resolve_due_at, id)
        WHERE next_check_at IS NOT NULL",
];
