//! Versions of the calendar and printed months are sealed with the entries of a day.

use sea_orm_migration::prelude::*;

use crate::sql::{append_only, run};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        append_only(manager, "ledger_annex").await
    }
}

const UP: &[&str] = &[
    "CREATE TABLE ledger_annex (
        name TEXT PRIMARY KEY, day TEXT NOT NULL REFERENCES ledger_checkpoint (day),
        hash TEXT NOT NULL)",
    "CREATE INDEX ledger_annex_day ON ledger_annex (day)",
];
