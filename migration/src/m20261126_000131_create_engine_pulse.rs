//! One row that every pass of the sweep writes: that it can be written is part of being healthy, and
//! several processes together ping no more often than one.

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
    "CREATE TABLE engine_pulse (id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
        swept_at BIGINT NOT NULL, pinged_at BIGINT NOT NULL)",
    "INSERT INTO engine_pulse (id, swept_at, pinged_at) VALUES (1, 0, 0)",
];
