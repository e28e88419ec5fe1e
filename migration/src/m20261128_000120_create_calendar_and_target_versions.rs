//! Calendars and targets, one row for each version. A row is never changed except that a second
//! person confirms it, and never removed: a case names the versions it was promised by.

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

/// Without an account the row comes from whoever holds the machine; unlike a chain, a second person
/// confirms it all the same.
const UP: &[&str] = &[
    "CREATE TABLE calendar_version (
        version BIGINT NOT NULL PRIMARY KEY CHECK (version > 0),
        source TEXT NOT NULL CHECK (source IN ('command_line', 'console')),
        body TEXT NOT NULL,
        created_by BIGINT REFERENCES account (id), created_at BIGINT NOT NULL,
        confirmed_by BIGINT REFERENCES account (id), confirmed_at BIGINT,
        CHECK ((source = 'console') = (created_by IS NOT NULL)),
        CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
        CHECK (confirmed_by <> created_by))",
    "CREATE TABLE target_version (
        version BIGINT NOT NULL PRIMARY KEY CHECK (version > 1),
        source TEXT NOT NULL CHECK (source IN ('command_line', 'console')),
        body TEXT NOT NULL, valid_from BIGINT NOT NULL,
        created_by BIGINT REFERENCES account (id), created_at BIGINT NOT NULL,
        confirmed_by BIGINT REFERENCES account (id), confirmed_at BIGINT,
        CHECK ((source = 'console') = (created_by IS NOT NULL)),
        CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
        CHECK (confirmed_by <> created_by))",
];

const GUARD_SQLITE: &[&str] = &[
    "CREATE TRIGGER calendar_version_is_only_confirmed BEFORE UPDATE ON calendar_version
        WHEN old.confirmed_at IS NOT NULL OR new.version <> old.version OR new.source <> old.source
            OR new.body <> old.body OR new.created_by IS NOT old.created_by
            OR new.created_at <> old.created_at
        BEGIN SELECT RAISE(ABORT, 'calendar_version is append-only'); END",
    "CREATE TRIGGER calendar_version_is_never_deleted BEFORE DELETE ON calendar_version
        BEGIN SELECT RAISE(ABORT, 'calendar_version is append-only'); END",
    "CREATE TRIGGER target_version_is_only_confirmed BEFORE UPDATE ON target_version
        WHEN old.confirmed_at IS NOT NULL OR new.version <> old.version OR new.source <> old.source
            OR new.body <> old.body OR new.valid_from <> old.valid_from
            OR new.created_by IS NOT old.created_by OR new.created_at <> old.created_at
        BEGIN SELECT RAISE(ABORT, 'target_version is append-only'); END",
    "CREATE TRIGGER target_version_is_never_deleted BEFORE DELETE ON target_version
        BEGIN SELECT RAISE(ABORT, 'target_version is append-only'); END",
];

const GUARD_POSTGRES: &[&str] = &[
    "CREATE FUNCTION calendar_version_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'calendar_version is append-only'; END $$",
    "CREATE TRIGGER calendar_version_is_only_confirmed BEFORE UPDATE ON calendar_version FOR EACH ROW
        WHEN (old.confirmed_at IS NOT NULL OR new.version <> old.version
            OR new.source <> old.source OR new.body <> old.body
            OR new.created_by IS DISTINCT FROM old.created_by OR new.created_at <> old.created_at)
        EXECUTE FUNCTION calendar_version_is_append_only()",
    "CREATE TRIGGER calendar_version_is_never_deleted BEFORE DELETE ON calendar_version
        FOR EACH ROW EXECUTE FUNCTION calendar_version_is_append_only()",
    "CREATE TRIGGER calendar_version_is_never_truncated BEFORE TRUNCATE ON calendar_version
        FOR EACH STATEMENT EXECUTE FUNCTION calendar_version_is_append_only()",
    "CREATE FUNCTION target_version_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'target_version is append-only'; END $$",
    "CREATE TRIGGER target_version_is_only_confirmed BEFORE UPDATE ON target_version FOR EACH ROW
        WHEN (old.confirmed_at IS NOT NULL OR new.version <> old.version
            OR new.source <> old.source OR new.body <> old.body OR new.valid_from <> old.valid_from
            OR new.created_by IS DISTINCT FROM old.created_by OR new.created_at <> old.created_at)
        EXECUTE FUNCTION target_version_is_append_only()",
    "CREATE TRIGGER target_version_is_never_deleted BEFORE DELETE ON target_version
        FOR EACH ROW EXECUTE FUNCTION target_version_is_append_only()",
    "CREATE TRIGGER target_version_is_never_truncated BEFORE TRUNCATE ON target_version
        FOR EACH STATEMENT EXECUTE FUNCTION target_version_is_append_only()",
];
