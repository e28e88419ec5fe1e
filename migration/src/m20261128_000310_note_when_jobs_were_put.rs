//! A job knows when it was put where it waits, so that a clock that was put back finds what was put
//! off until a time which that clock had made up.

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

const UP: &[&str] = &["ALTER TABLE job ADD COLUMN put_at BIGINT NOT NULL DEFAULT 0"];
