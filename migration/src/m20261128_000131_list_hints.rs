//! Every night's list of patterns that somebody should look at, one row for each day.

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

const UP: &[&str] = &["CREATE TABLE hint_list (
        day TEXT NOT NULL PRIMARY KEY, from_at BIGINT NOT NULL, as_of BIGINT NOT NULL,
        body TEXT NOT NULL, created_at BIGINT NOT NULL)"];
