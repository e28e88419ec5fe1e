//! The chains of escalation, one row for each version. A row is never changed except that a second
//! person confirms it, and never removed: a case names the version it was started with.

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
            DatabaseBackend::Postgres => run(manager, GUARD_POSTGRES).await,
            _ => run(manager, GUARD_SQLITE).await,
        }
    }
}

/// Without an account the row comes from whoever holds the machine: configuration or command line.
const UP: &[&str] = &["CREATE TABLE chain_version (
        version BIGINT NOT NULL PRIMARY KEY CHECK (version > 0),
        source TEXT NOT NULL CHECK (source IN ('configuration', 'command_line', 'console')),
        body TEXT NOT NULL, valid_from BIGINT NOT NULL,
        created_by BIGINT REFERENCES account (id), created_at BIGINT NOT NULL,
        confirmed_by BIGINT REFERENCES account (id), confirmed_at BIGINT,
        CHECK ((source = 'console') = (created_by IS NOT NULL)),
        CHECK (confirmed_by IS NULL OR confirmed_at IS NOT NULL),
        CHECK (source <> 'console' OR (confirmed_by IS NULL) = (confirmed_at IS NULL)),
        CHECK (confirmed_by <> created_by))"];

const GUARD_SQLITE: &[&str] = &[
    "CREATE TRIGGER chain_version_is_only_confirmed BEFORE UPDATE ON chain_version
        WHEN old.confirmed_at IS NOT NULL OR new.version <> old.version OR new.source <> old.source
            OR new.body <> old.body OR new.valid_from <> old.valid_from
            OR new.created_by IS NOT old.created_by OR new.created_at <> old.created_at
        BEGIN SELECT RAISE(ABORT, 'chain_version is append-only'); END",
    "CREATE TRIGGER chain_version_is_never_deleted BEFORE DELETE ON chain_version
        BEGIN SELECT RAISE(ABORT, 'chain_version is append-only'); END",
];

const GUARD_POSTGRES: &[&str] = &[
    "CREATE FUNCTION chain_version_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'chain_version is append-only'; END $$",
    "CREATE TRIGGER chain_version_is_only_confirmed BEFORE UPDATE ON chain_version FOR EACH ROW
        WHEN (old.confirmed_at IS NOT NULL OR new.version <> old.version
            OR new.source <> old.source OR new.body <> old.body OR new.valid_from <> old.valid_from
            OR new.created_by IS DISTINCT FROM old.created_by OR new.created_at <> old.created_at)
        EXECUTE FUNCTION chain_version_is_append_only()",
    "CREATE TRIGGER chain_version_is_never_deleted BEFORE DELETE ON chain_version
        FOR EACH ROW EXECUTE FUNCTION chain_version_is_append_only()",
    "CREATE TRIGGER chain_version_is_never_truncated BEFORE TRUNCATE ON chain_version
        FOR EACH STATEMENT EXECUTE FUNCTION chain_version_is_append_only()",
];
