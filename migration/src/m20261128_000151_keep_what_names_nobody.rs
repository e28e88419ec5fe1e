//! What figures read of an event stays when the words of a person are erased.

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

const UP: &[&str] = &["CREATE TABLE case_event_remains (
        event_id BIGINT NOT NULL PRIMARY KEY REFERENCES case_event (id), body TEXT NOT NULL)"];
