//! The file of an export goes after its time; that there was one stays.
//!
//! SQLite cannot change a CHECK, so the table is written anew there; nothing refers to it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::sql::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match manager.get_database_backend() {
            DatabaseBackend::Postgres => run(manager, POSTGRES).await?,
            _ => run(manager, SQLITE).await?,
        }
        run(manager, INDEX).await
    }
}

const POSTGRES: &[&str] = &[
    "ALTER TABLE figure_export DROP CONSTRAINT figure_export_state_check",
    "ALTER TABLE figure_export ADD CONSTRAINT figure_export_state_check
        CHECK (state IN ('waiting', 'running', 'done', 'failed', 'expired'))",
];

const SQLITE: &[&str] = &[
    "CREATE TABLE figure_export_next (
        id {pk}, account_id BIGINT NOT NULL REFERENCES account (id),
        what TEXT NOT NULL CHECK (what IN ('figures', 'cases')),
        format TEXT NOT NULL CHECK (format IN ('csv', 'xlsx')),
        purpose TEXT NOT NULL, question TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'expired')),
        cases_read BIGINT NOT NULL, rows_written BIGINT NOT NULL,
        object TEXT, sha256 TEXT, bytes BIGINT,
        created_at BIGINT NOT NULL, finished_at BIGINT,
        CHECK ((state = 'done') = (object IS NOT NULL)))",
    "INSERT INTO figure_export_next (id, account_id, what, format, purpose, question, state,
            cases_read, rows_written, object, sha256, bytes, created_at, finished_at)
        SELECT id, account_id, what, format, purpose, question, state, cases_read, rows_written,
            object, sha256, bytes, created_at, finished_at FROM figure_export",
    "DELETE FROM sqlite_sequence WHERE name = 'figure_export_next'",
    "INSERT INTO sqlite_sequence (name, seq)
        SELECT 'figure_export_next', seq FROM sqlite_sequence WHERE name = 'figure_export'",
    "DROP TABLE figure_export",
    "ALTER TABLE figure_export_next RENAME TO figure_export",
    "CREATE INDEX figure_export_account ON figure_export (account_id, id)",
];

const INDEX: &[&str] = &["CREATE INDEX figure_export_kept ON figure_export (finished_at)
    WHERE object IS NOT NULL"];
