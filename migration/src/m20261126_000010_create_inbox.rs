//! The inbox of every person. `position` puts rows in the order in which they became visible:
//! on PostgreSQL ids are given before the commit, so a later id can be seen first.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::sql::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match manager.get_database_backend() {
            DatabaseBackend::Postgres => {
                run(manager, &[&table("txid_current()")]).await?;
                run(manager, &["CREATE INDEX inbox_position ON inbox (position, id)"]).await?;
            }
            // One writer: the order of ids is the order of commits.
            _ => run(manager, &[&table("0")]).await?,
        }
        run(manager, &["CREATE INDEX inbox_recipient ON inbox (recipient, position, id)"]).await
    }
}

fn table(position: &str) -> String {
    format!(
        "CREATE TABLE inbox (
            id {{pk}}, recipient TEXT NOT NULL, dedup_key TEXT NOT NULL UNIQUE,
            case_id BIGINT NOT NULL REFERENCES cases (id), kind TEXT NOT NULL,
            urgent BOOLEAN NOT NULL, words_sealed TEXT NOT NULL,
            position BIGINT NOT NULL DEFAULT {position},
            created_at BIGINT NOT NULL, read_at BIGINT)"
    )
}
