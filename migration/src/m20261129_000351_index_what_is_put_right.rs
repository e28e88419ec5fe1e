//! Whoever a wrong configuration or template kept from hearing is owed a message too.

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
    "DROP INDEX notice_owed",
    "CREATE INDEX notice_owed ON notice (case_id)
        WHERE state = 'dead' AND reason IN ('unavailable', 'token_refused', 'rate_limited',
            'config_error', 'template_changed')",
];
