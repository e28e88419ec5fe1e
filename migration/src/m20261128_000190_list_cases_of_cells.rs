//! Which cases are counted in a cell, and which settled cases something was said of since a time.

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

/// Cells from before have no lists: the program makes all of them anew, because its edition is
/// another one now. The index is the counterpart of `cases_not_rolled`: written at night alone.
const UP: &[&str] = &[
    "ALTER TABLE figure_cell ADD COLUMN listed TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX cases_rolled ON cases (last_event_at, reported_at) WHERE rolled_seq = last_seq",
];
