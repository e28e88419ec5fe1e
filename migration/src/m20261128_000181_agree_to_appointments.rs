//! Whether the resident confirmed the time until which his case rests.

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

const UP: &[&str] =
    &["ALTER TABLE cases ADD COLUMN appointment_agreed BOOLEAN NOT NULL DEFAULT FALSE"];
