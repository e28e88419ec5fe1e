//! Makes the index by which the minute's question for reports finds whether a test by text message
//! lacks one, also of a drill; those are kept for ever.

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

const UP: &[&str] = &["CREATE INDEX probe_unreported ON probe (finished_at)
        WHERE channel = 'sms' AND state IN ('accepted', 'unknown')"];
