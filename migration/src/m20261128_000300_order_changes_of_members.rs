//! When WeCom's address book last said whether it leads to a member, and in which push: what happened
//! later stays, in whatever order pushes are acted upon.

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
    "ALTER TABLE staff ADD COLUMN wecom_told_at BIGINT",
    "ALTER TABLE staff ADD COLUMN wecom_told_by BIGINT",
];
