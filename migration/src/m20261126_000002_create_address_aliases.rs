//! What operators confirmed about places, the names proposed from it, and one number that tells
//! every process that the places changed.

use sea_orm_migration::prelude::*;

use crate::sql::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await
    }
}

/// A correction is never changed; places are named as the delivered files name them.
const UP: &[&str] = &[
    "CREATE TABLE address_correction (
        id {pk}, case_id BIGINT NOT NULL REFERENCES cases (id), resident_id BIGINT NOT NULL REFERENCES account (id),
        text_sealed TEXT NOT NULL, grid_id BIGINT NOT NULL REFERENCES grid (id), target_kind TEXT, target TEXT,
        created_by BIGINT NOT NULL REFERENCES account (id), created_at BIGINT NOT NULL,
        CHECK ((target_kind IS NULL) = (target IS NULL)))",
    "CREATE INDEX address_correction_by_time ON address_correction (created_at)",
    "CREATE TABLE address_alias (
        id {pk}, word TEXT NOT NULL, target_kind TEXT NOT NULL, target TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'rejected')),
        confirmations INTEGER NOT NULL, uses INTEGER NOT NULL, cases TEXT NOT NULL, created_at BIGINT NOT NULL,
        decided_by BIGINT REFERENCES account (id), decided_at BIGINT, valid_until BIGINT,
        CHECK ((state = 'proposed') = (decided_by IS NULL)), UNIQUE (word, target_kind, target))",
    "CREATE TABLE places_version (id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1), version BIGINT NOT NULL)",
    "INSERT INTO places_version (id, version) VALUES (1, 1)",
];
