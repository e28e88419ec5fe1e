//! Makes the index of the messages that died because their carrier was away: few of all years.

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

const UP: &[&str] = &["CREATE INDEX notice_owed ON notice (case_id)
        WHERE state = 'dead' AND reason = 'unavailable'"];
