//! The codes at the doors: what was printed, for which building. A row is never changed except
//! that its image comes to be known: paper cannot be called back.

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

/// The building is named as the delivered files name it: its row may end and come again.
const UP: &[&str] = &["CREATE TABLE building_code (
        id {pk}, scene TEXT NOT NULL UNIQUE CHECK (length(scene) BETWEEN 1 AND 32),
        building TEXT NOT NULL UNIQUE, object TEXT, media_type TEXT,
        created_by BIGINT NOT NULL REFERENCES account (id), created_at BIGINT NOT NULL,
        CHECK ((object IS NULL) = (media_type IS NULL)))"];
