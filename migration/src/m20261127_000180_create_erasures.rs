//! What a person says of himself, the register of what was erased, and the files that are to go.

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
    "CREATE TABLE profile (
        account_id BIGINT PRIMARY KEY REFERENCES account (id),
        name_sealed TEXT, home_sealed TEXT, updated_at BIGINT NOT NULL)",
    "CREATE TABLE erasure (
        id {pk}, account_id BIGINT NOT NULL UNIQUE REFERENCES account (id),
        cases BIGINT NOT NULL, bodies BIGINT NOT NULL, files BIGINT NOT NULL,
        erased_at BIGINT NOT NULL, files_gone_at BIGINT)",
    "CREATE TABLE doomed_file (
        object TEXT PRIMARY KEY, erasure_id BIGINT REFERENCES erasure (id), doomed_at BIGINT NOT NULL)",
    "CREATE INDEX photo_owner ON photo (owner_id)",
    "CREATE INDEX refresh_token_account ON refresh_token (account_id)",
];
