//! When the resident last added something since his case rests for his papers: a list says it too.

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
    "ALTER TABLE cases ADD COLUMN papers_added_at BIGINT",
    "UPDATE cases SET papers_added_at = (
            SELECT MAX(e.server_time) FROM case_event e WHERE e.case_id = cases.id AND e.kind = 'added')
        WHERE papers_added = TRUE",
    "ALTER TABLE cases DROP COLUMN papers_added",
];
