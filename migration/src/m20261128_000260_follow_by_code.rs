//! Codes of the official account that a person scans to be joined with his login, the runs that join
//! followers who came before, and when the platform said what: pushes overtake each other.

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
    "ALTER TABLE wechat_identity ADD COLUMN told_at BIGINT",
    "ALTER TABLE consent ADD COLUMN accepted_at BIGINT",
    "ALTER TABLE consent ADD COLUMN refused_at BIGINT",
    // A person has one: a new one takes the place of the last.
    "CREATE TABLE follow_code (
        id {pk}, account_id BIGINT NOT NULL UNIQUE REFERENCES account (id),
        code_hash TEXT NOT NULL UNIQUE, expires_at BIGINT NOT NULL, used_at BIGINT,
        created_at BIGINT NOT NULL)",
    "CREATE TABLE follower_fill (
        id {pk}, run TEXT NOT NULL UNIQUE, after_openid TEXT NOT NULL, looked BIGINT NOT NULL,
        joined BIGINT NOT NULL, started_at BIGINT NOT NULL, finished_at BIGINT)",
];
