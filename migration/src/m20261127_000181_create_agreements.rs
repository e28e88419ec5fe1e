//! Which version of the privacy policy a person agreed to, when, and when he took it back.

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
    "CREATE TABLE agreement (
        id {pk}, account_id BIGINT NOT NULL REFERENCES account (id), version TEXT NOT NULL,
        agreed_at BIGINT NOT NULL, withdrawn_at BIGINT)",
    // One that counts for each version; one that was taken back may be given again.
    "CREATE UNIQUE INDEX agreement_counts ON agreement (account_id, version)
        WHERE withdrawn_at IS NULL",
];
