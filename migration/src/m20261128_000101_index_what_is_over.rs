//! Indexes by which finished rows are found that nobody needs any more.

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
    "CREATE INDEX probe_finished ON probe (finished_at)
        WHERE finished_at IS NOT NULL AND drill_id IS NULL",
    "CREATE INDEX robot_line_done ON robot_line (done_at) WHERE done_at IS NOT NULL",
    "CREATE INDEX wechat_event_handled ON wechat_event (handled_at) WHERE handled_at IS NOT NULL",
    "CREATE INDEX wecom_card_created ON wecom_card (created_at)",
    "CREATE INDEX console_failure_at ON console_failure (at)",
];
