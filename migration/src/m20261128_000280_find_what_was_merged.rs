//! Whose request was merged into another one hears what becomes of that one, so they are found by it.

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
    &["CREATE INDEX cases_merged_into ON cases (merged_into) WHERE merged_into IS NOT NULL"];
