//! Signed checkpoints of the record, one a day, and what each of them seals.

use sea_orm_migration::prelude::*;

use crate::sql::{append_only, run};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        append_only(manager, "ledger_checkpoint").await?;
        append_only(manager, "ledger_head").await
    }
}

const UP: &[&str] = &[
    "CREATE TABLE ledger_checkpoint (
        day TEXT PRIMARY KEY, count BIGINT NOT NULL CHECK (count >= 0), root TEXT NOT NULL,
        prev TEXT NOT NULL UNIQUE, signature TEXT NOT NULL, next_event BIGINT NOT NULL,
        created_at BIGINT NOT NULL)",
    "CREATE TABLE ledger_head (
        day TEXT NOT NULL REFERENCES ledger_checkpoint (day),
        case_id BIGINT NOT NULL REFERENCES cases (id),
        first_seq BIGINT NOT NULL CHECK (first_seq >= 1),
        last_seq BIGINT NOT NULL, marks TEXT NOT NULL, hash TEXT NOT NULL,
        CHECK (last_seq >= first_seq),
        PRIMARY KEY (day, case_id))",
    // Who seals a day asks for the last head of each case.
    "CREATE UNIQUE INDEX ledger_head_case ON ledger_head (case_id, last_seq)",
];
