//! Indexes of the sweep: it looks every minute for messages that nobody sends and removes jobs that
//! ended long ago, and must not read every message and job there ever was.

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
    "CREATE INDEX notice_unsent ON notice (created_at) WHERE state IN ('planned', 'sending')",
    "CREATE INDEX job_finished ON job (finished_at) WHERE finished_at IS NOT NULL",
];
