//! The figures of a month as they were printed, and what was exported. A printed figure is never
//! changed: what is found out later is another revision, which says why.

use sea_orm_migration::prelude::*;

use crate::sql::{append_only, run};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        append_only(manager, "figure_snapshot").await
    }
}

/// Revision 0 is made by the calendar; every later one by a person, with a reason.
const UP: &[&str] = &[
    "CREATE TABLE figure_snapshot (
        id {pk}, period TEXT NOT NULL, revision INTEGER NOT NULL CHECK (revision >= 0),
        figure TEXT NOT NULL, definition INTEGER NOT NULL, dimension TEXT NOT NULL,
        from_at BIGINT NOT NULL, to_at BIGINT NOT NULL, as_of BIGINT NOT NULL, body TEXT NOT NULL,
        reason TEXT, created_by BIGINT REFERENCES account (id), created_at BIGINT NOT NULL,
        CHECK (from_at < to_at),
        CHECK ((revision = 0) = (reason IS NULL)), CHECK ((revision = 0) = (created_by IS NULL)),
        UNIQUE (period, revision, dimension, figure))",
    "CREATE TABLE figure_export (
        id {pk}, account_id BIGINT NOT NULL REFERENCES account (id),
        what TEXT NOT NULL CHECK (what IN ('figures', 'cases')),
        format TEXT NOT NULL CHECK (format IN ('csv', 'xlsx')),
        purpose TEXT NOT NULL, question TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
        cases_read BIGINT NOT NULL, rows_written BIGINT NOT NULL,
        object TEXT, sha256 TEXT, bytes BIGINT,
        created_at BIGINT NOT NULL, finished_at BIGINT,
        CHECK ((state = 'done') = (object IS NOT NULL)))",
    "CREATE INDEX figure_export_account ON figure_export (account_id, id)",
];
