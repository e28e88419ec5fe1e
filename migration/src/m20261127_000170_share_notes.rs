//! Makes the table in which processes leave each other what they share while there is no Redis.

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

const UP: &[&str] = &["CREATE TABLE shared_note (
        name TEXT PRIMARY KEY NOT NULL, text_sealed TEXT NOT NULL, until BIGINT NOT NULL)"];
