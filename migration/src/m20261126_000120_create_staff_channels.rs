//! Through which channels a person wants to be told, which of them are proven, and the test
//! messages that prove them. A test message belongs to no case, so that no figure can count it.

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
    "CREATE TABLE staff_channel (
        id {pk}, staff_id BIGINT NOT NULL REFERENCES staff (id), channel TEXT NOT NULL,
        position INTEGER, proven_at BIGINT, failed_at BIGINT, failed_reason TEXT,
        updated_at BIGINT NOT NULL, UNIQUE (staff_id, channel),
        CHECK ((failed_at IS NULL) = (failed_reason IS NULL)))",
    "CREATE TABLE probe (
        id {pk}, kind TEXT NOT NULL, staff_id BIGINT NOT NULL REFERENCES staff (id),
        channel TEXT NOT NULL, dedup_key TEXT NOT NULL UNIQUE, state TEXT NOT NULL, openid TEXT,
        msgid BIGINT, errcode BIGINT, reason TEXT, created_at BIGINT NOT NULL,
        expires_at BIGINT NOT NULL, sending_at BIGINT, accepted_at BIGINT, delivered_at BIGINT,
        finished_at BIGINT)",
    "CREATE INDEX probe_msgid ON probe (msgid) WHERE msgid IS NOT NULL",
    "CREATE INDEX probe_staff ON probe (staff_id, channel)",
];
