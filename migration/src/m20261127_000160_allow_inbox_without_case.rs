//! An inbox may also say something that is about no case.
//!
//! SQLite cannot take a NOT NULL back, so the table is written anew there, its ids counted on: nobody
//! who resumes after an id may meet it a second time.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::sql::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match manager.get_database_backend() {
            DatabaseBackend::Postgres => {
                run(manager, &["ALTER TABLE inbox ALTER COLUMN case_id DROP NOT NULL"]).await
            }
            _ => run(manager, SQLITE).await,
        }
    }
}

const SQLITE: &[&str] = &[
    "CREATE TABLE inbox_next (
        id {pk}, recipient TEXT NOT NULL, dedup_key TEXT NOT NULL UNIQUE,
        case_id BIGINT REFERENCES cases (id), kind TEXT NOT NULL,
        urgent BOOLEAN NOT NULL, words_sealed TEXT NOT NULL,
        position BIGINT NOT NULL DEFAULT 0,
        created_at BIGINT NOT NULL, read_at BIGINT)",
    "INSERT INTO inbox_next (id, recipient, dedup_key, case_id, kind, urgent, words_sealed, position,
            created_at, read_at)
        SELECT id, recipient, dedup_key, case_id, kind, urgent, words_sealed, position, created_at,
            read_at FROM inbox",
    "DELETE FROM sqlite_sequence WHERE name = 'inbox_next'",
    "INSERT INTO sqlite_sequence (name, seq)
        SELECT 'inbox_next', seq FROM sqlite_sequence WHERE name = 'inbox'",
    "DROP TABLE inbox",
    "ALTER TABLE inbox_next RENAME TO inbox",
    "CREATE INDEX inbox_recipient ON inbox (recipient, position, id)",
];
