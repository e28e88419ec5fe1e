//! When a member left the range of WeCom's application, when a phone was given, and until when a group
//! robot rests: what happened before undoes nothing of it, in whatever order it is heard of.

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
    "ALTER TABLE staff ADD COLUMN wecom_left_at BIGINT",
    "ALTER TABLE staff ADD COLUMN wecom_left_by BIGINT",
    "ALTER TABLE account ADD COLUMN phone_at BIGINT",
    "ALTER TABLE robot ADD COLUMN rests_until BIGINT",
];
