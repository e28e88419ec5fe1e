//! Whoever signs off is away until his shift ends; an inbox entry need not be about a case.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::sql::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        match manager.get_database_backend() {
            DatabaseBackend::Postgres => run(manager, LOOSEN_POSTGRES).await,
            _ => run(manager, LOOSEN_SQLITE).await,
        }
    }
}

const UP: &[&str] = &[
    "ALTER TABLE leave ADD COLUMN kind TEXT NOT NULL DEFAULT 'leave'
        CHECK (kind IN ('leave', 'off_duty', 'swap'))",
    "CREATE INDEX roster_change_staff ON roster_change (staff_id, id)",
];

const LOOSEN_POSTGRES: &[&str] = &["ALTER TABLE inbox ALTER COLUMN case_id DROP NOT NULL"];

/// SQLite cannot take a NOT NULL back: the table is written anew. Nothing refers to it.
const LOOSEN_SQLITE: &[&str] = &[
    "CREATE TABLE inbox_anew (
        id {pk}, recipient TEXT NOT NULL, dedup_key TEXT NOT NULL UNIQUE,
        case_id BIGINT REFERENCES cases (id), kind TEXT NOT NULL,
        urgent BOOLEAN NOT NULL, words_sealed TEXT NOT NULL,
        position BIGINT NOT NULL DEFAULT 0,
        created_at BIGINT NOT NULL, read_at BIGINT)",
    "INSERT INTO inbox_anew (id, recipient, dedup_key, case_id, kind, urgent, words_sealed,
            position, created_at, read_at)
        SELECT id, recipient, dedup_key, case_id, kind, urgent, words_sealed, position,
            created_at, read_at FROM inbox",
    "DROP TABLE inbox",
    "ALTER TABLE inbox_anew RENAME TO inbox",
    "CREATE INDEX inbox_recipient ON inbox (recipient, position, id)",
];
