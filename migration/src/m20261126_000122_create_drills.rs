//! Drills: a message to everybody who answers for something, to see whom it reaches.

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

/// `slot` counts half hours: two commands at the same moment start one drill.
const UP: &[&str] = &[
    "CREATE TABLE drill (
        id {pk}, slot BIGINT NOT NULL UNIQUE, all_channels BOOLEAN NOT NULL,
        started_by BIGINT REFERENCES account (id), started_at BIGINT NOT NULL,
        ends_at BIGINT NOT NULL)",
    "ALTER TABLE probe ADD COLUMN drill_id BIGINT REFERENCES drill (id)",
    "CREATE INDEX probe_drill ON probe (drill_id) WHERE drill_id IS NOT NULL",
];
