//! Makes the index by which the minute's question for reports finds whether a text message lacks
//! one; without it that question reads every notice of all years.

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

const UP: &[&str] = &["CREATE INDEX notice_unreported ON notice (finished_at)
        WHERE channel = 'sms' AND state IN ('accepted', 'unknown')"];
