//! Until when a notice is held back, and which notice told of it as well.

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

/// The indexes hold what is held now and what waits for another one: few rows, for a short time.
const UP: &[&str] = &[
    "ALTER TABLE notice ADD COLUMN held_until BIGINT",
    "ALTER TABLE notice ADD COLUMN bundled_into BIGINT REFERENCES notice (id)",
    "CREATE INDEX notice_held ON notice (staff_id, account_id)
        WHERE held_until IS NOT NULL AND state = 'planned'",
    "CREATE INDEX notice_sent ON notice (staff_id, sending_at) WHERE sending_at IS NOT NULL",
    "CREATE INDEX notice_bundled ON notice (bundled_into) WHERE bundled_into IS NOT NULL",
];
