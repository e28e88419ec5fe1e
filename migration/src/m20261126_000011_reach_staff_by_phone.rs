//! Notes when a mobile number of a member of staff turned out to reach nobody.

use sea_orm_migration::prelude::*;

use crate::sql::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["ALTER TABLE staff ADD COLUMN phone_dead_at BIGINT"]).await
    }
}
