//! A rest that a grid worker asked for and his community's cadre has not decided about.

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

/// Few cases wait for such a decision, so that the index stays small.
const UP: &[&str] = &[
    "ALTER TABLE cases ADD COLUMN pause_reason TEXT",
    "ALTER TABLE cases ADD COLUMN pause_until BIGINT",
    "ALTER TABLE cases ADD COLUMN pause_by BIGINT REFERENCES staff (id)",
    "CREATE INDEX cases_pause_asked ON cases (large_grid_id, resolve_due_at, id)
        WHERE pause_until IS NOT NULL",
];
