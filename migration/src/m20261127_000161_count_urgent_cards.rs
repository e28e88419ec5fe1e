//! Whoever decides about an ordinary card of WeCom counts the urgent ones that still wait for the same
//! member.

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

const UP: &[&str] = &["CREATE INDEX notice_urgent_card ON notice (staff_id)
        WHERE channel = 'wecom_card' AND urgent AND finished_at IS NULL"];
