//! Notes when WeChat refused an employee-relation message to a member of staff.

use sea_orm_migration::prelude::*;

use crate::sql::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["ALTER TABLE staff ADD COLUMN employee_dead_at BIGINT"]).await
    }
}
