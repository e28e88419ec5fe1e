//! What group robots are to say, and which of them nobody hears any more.

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
    "CREATE TABLE robot (
        name TEXT PRIMARY KEY, turn BIGINT NOT NULL, off_at BIGINT, off_code BIGINT)",
    "CREATE TABLE robot_line (
        id {pk}, robot TEXT NOT NULL REFERENCES robot (name),
        case_id BIGINT NOT NULL REFERENCES cases (id), dedup_key TEXT NOT NULL UNIQUE,
        planned_at BIGINT NOT NULL, message BIGINT, taken_at BIGINT, done_at BIGINT)",
    "CREATE INDEX robot_line_taken ON robot_line (robot, taken_at)",
];
