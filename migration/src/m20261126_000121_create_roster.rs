//! Shifts, leaves, and who changed them. A shift is never changed: a new version takes its place.

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

/// `weekdays` has bit 0 for Monday; minutes count from local midnight, and a shift whose end is
/// not after its beginning ends on the next day.
const UP: &[&str] = &[
    "CREATE TABLE shift (
        id {pk}, name TEXT NOT NULL, version INTEGER NOT NULL,
        weekdays INTEGER NOT NULL CHECK (weekdays BETWEEN 1 AND 127),
        days TEXT NOT NULL CHECK (days IN ('every', 'workday', 'day_off')),
        from_minute INTEGER NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
        to_minute INTEGER NOT NULL CHECK (to_minute BETWEEN 1 AND 1440),
        created_at BIGINT NOT NULL, UNIQUE (name, version))",
    "CREATE TABLE leave (
        id {pk}, staff_id BIGINT NOT NULL REFERENCES staff (id), from_at BIGINT NOT NULL,
        to_at BIGINT NOT NULL, reason_sealed TEXT, substitute_id BIGINT REFERENCES staff (id),
        created_at BIGINT NOT NULL, cancelled_at BIGINT,
        CHECK (to_at > from_at), CHECK (substitute_id IS NULL OR substitute_id <> staff_id))",
    "CREATE INDEX leave_staff ON leave (staff_id, to_at)",
    "CREATE INDEX leave_substitute ON leave (substitute_id, to_at)",
    "CREATE TABLE roster_change (
        id {pk}, what TEXT NOT NULL, subject_id BIGINT NOT NULL,
        staff_id BIGINT REFERENCES staff (id), account_id BIGINT NOT NULL REFERENCES account (id),
        at BIGINT NOT NULL)",
];

const GUARD_SQLITE: &[&str] = &[
    "CREATE TRIGGER roster_change_is_never_updated BEFORE UPDATE ON roster_change
        BEGIN SELECT RAISE(ABORT, 'roster_change is append-only'); END",
    "CREATE TRIGGER roster_change_is_never_deleted BEFORE DELETE ON roster_change
        BEGIN SELECT RAISE(ABORT, 'roster_change is append-only'); END",
];

const GUARD_POSTGRES: &[&str] = &[
    "CREATE FUNCTION roster_change_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'roster_change is append-only'; END $$",
    "CREATE TRIGGER roster_change_is_never_changed BEFORE UPDATE OR DELETE ON roster_change
        FOR EACH ROW EXECUTE FUNCTION roster_change_is_append_only()",
];
