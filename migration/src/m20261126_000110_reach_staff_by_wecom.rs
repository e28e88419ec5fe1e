//! Notes by which name WeCom knows a member of staff, and the cards that can still be changed.

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
    "ALTER TABLE staff ADD COLUMN wecom_userid TEXT",
    "ALTER TABLE staff ADD COLUMN wecom_end TEXT",
    "ALTER TABLE staff ADD COLUMN wecom_account_id BIGINT REFERENCES account (id)",
    "CREATE UNIQUE INDEX staff_wecom_userid ON staff (wecom_userid) WHERE ended_at IS NULL",
    "CREATE INDEX staff_wecom_account ON staff (wecom_account_id)",
    "CREATE TABLE wecom_card (
        id {pk}, notice_id BIGINT NOT NULL REFERENCES notice (id),
        case_id BIGINT NOT NULL REFERENCES cases (id), userid TEXT NOT NULL,
        response_code TEXT NOT NULL, used_at BIGINT, created_at BIGINT NOT NULL,
        UNIQUE (notice_id, userid))",
    "CREATE INDEX wecom_card_open ON wecom_card (case_id) WHERE used_at IS NULL",
];
