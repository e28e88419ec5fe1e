//! The order in which jobs are claimed, so that one urgent message among a hundred thousand others
//! is found without sorting them, and those that cost leases without reading them.

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
    "CREATE INDEX job_turn ON job (priority, run_at, id) WHERE state IN ('ready', 'running')",
    "CREATE INDEX job_suspect ON job (run_at) WHERE state IN ('ready', 'running') AND lost >= 1",
];
