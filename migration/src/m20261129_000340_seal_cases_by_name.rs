//! A checkpoint keeps the number under which it seals a case, so that a case that is gone or has
//! another number since can be named.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::sql::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["ALTER TABLE ledger_head ADD COLUMN number TEXT NOT NULL DEFAULT ''"])
            .await?;
        let (open, close): (&[&str], &[&str]) = match manager.get_database_backend() {
            DatabaseBackend::Postgres => (
                &["ALTER TABLE ledger_head DISABLE TRIGGER ledger_head_is_never_changed"],
                &["ALTER TABLE ledger_head ENABLE TRIGGER ledger_head_is_never_changed"],
            ),
            _ => (
                &["DROP TRIGGER ledger_head_is_never_updated"],
                &["CREATE TRIGGER ledger_head_is_never_updated BEFORE UPDATE ON ledger_head
                    BEGIN SELECT RAISE(ABORT, 'ledger_head is append-only'); END"],
            ),
        };
        run(manager, open).await?;
        run(manager, FILL).await?;
        run(manager, close).await
    }
}

const FILL: &[&str] = &["UPDATE ledger_head SET number =
        COALESCE((SELECT number FROM cases WHERE id = case_id), '#' || case_id)"];
