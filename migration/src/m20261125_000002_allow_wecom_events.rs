//! Lets pushes of WeCom be stored beside those of the mini-program and the official account.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::sql::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match manager.get_database_backend() {
            DatabaseBackend::Postgres => run(manager, UP_POSTGRES).await,
            _ => run(manager, UP_SQLITE).await,
        }
    }
}

const UP_POSTGRES: &[&str] = &[
    "ALTER TABLE wechat_event DROP CONSTRAINT wechat_event_app_check",
    "ALTER TABLE wechat_event
        ADD CONSTRAINT wechat_event_app_check CHECK (app IN ('mini', 'oa', 'wecom'))",
];

/// SQLite cannot change a check; no table refers to this one, so it is simply written anew.
const UP_SQLITE: &[&str] = &[
    "CREATE TABLE wechat_event_new (
        id {pk}, app TEXT NOT NULL CHECK (app IN ('mini', 'oa', 'wecom')),
        body_hash TEXT NOT NULL UNIQUE, body_sealed TEXT NOT NULL, received_at BIGINT NOT NULL,
        handled_at BIGINT)",
    "INSERT INTO wechat_event_new (id, app, body_hash, body_sealed, received_at, handled_at)
        SELECT id, app, body_hash, body_sealed, received_at, handled_at FROM wechat_event",
    "DROP TABLE wechat_event",
    "ALTER TABLE wechat_event_new RENAME TO wechat_event",
];
