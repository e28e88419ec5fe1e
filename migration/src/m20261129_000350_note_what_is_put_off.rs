//! Since when a case is put off because it cannot be reconciled: each time its next look moves on, so
//! that nothing else tells it from one that rests.

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
    "ALTER TABLE cases ADD COLUMN put_off_since BIGINT",
    "CREATE INDEX cases_put_off ON cases (put_off_since) WHERE put_off_since IS NOT NULL",
];
