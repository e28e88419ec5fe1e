//! Beside the figures of a printed month, what they said of each case: whoever finds another figure
//! later finds the case that it comes from.

use sea_orm_migration::prelude::*;

use crate::sql::{append_only, run};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        append_only(manager, "figure_basis").await
    }
}

/// A printing has as many parts as its cases need.
const UP: &[&str] = &["CREATE TABLE figure_basis (
        period TEXT NOT NULL, revision INTEGER NOT NULL CHECK (revision >= 0),
        part INTEGER NOT NULL CHECK (part >= 0), body TEXT NOT NULL,
        PRIMARY KEY (period, revision, part))"];
