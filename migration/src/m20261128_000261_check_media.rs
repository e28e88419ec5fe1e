//! What WeChat says of photos and recordings: once for each content, however often it is uploaded.

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
    "CREATE TABLE media_check (
        id {pk}, sha256 TEXT NOT NULL UNIQUE,
        result TEXT NOT NULL CHECK (result IN ('pending', 'passed', 'review', 'risky', 'unchecked')),
        why TEXT, trace_id TEXT UNIQUE, asked_at BIGINT NOT NULL, finished_at BIGINT,
        CHECK ((result = 'pending') = (finished_at IS NULL)))",
    // When its case was told what WeChat says.
    "ALTER TABLE photo ADD COLUMN checked_at BIGINT",
    "ALTER TABLE voice ADD COLUMN checked_at BIGINT",
    "CREATE INDEX photo_content ON photo (sha256)",
    "CREATE INDEX voice_content ON voice (sha256)",
];
