//! Recordings, kept like photos.

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

const UP: &[&str] = &[
    "CREATE TABLE voice (
        id {pk}, owner_id BIGINT NOT NULL REFERENCES account (id), case_id BIGINT REFERENCES cases (id),
        object TEXT NOT NULL UNIQUE, media_type TEXT NOT NULL, bytes BIGINT NOT NULL,
        millis BIGINT NOT NULL, sha256 TEXT NOT NULL, created_at BIGINT NOT NULL)",
    "CREATE INDEX voice_case ON voice (case_id)",
    "CREATE INDEX voice_owner ON voice (owner_id)",
    // What was uploaded and never used is removed after a while.
    "CREATE INDEX voice_unused ON voice (created_at) WHERE case_id IS NULL",
    "CREATE INDEX photo_unused ON photo (created_at) WHERE case_id IS NULL",
];
