//! The few cases that are not counted in cells as they are now are found by their index on
//! PostgreSQL too.
//!
//! How often two columns differ it does not know, and guesses that nearly all do; of their
//! difference it keeps statistics where it is told to.

use sea_orm_migration::prelude::*;

use crate::sql::{run, run_on_postgres};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        run_on_postgres(manager, &[COUNT]).await
    }
}

const UP: &[&str] = &[
    "DROP INDEX cases_not_rolled",
    "CREATE INDEX cases_not_rolled ON cases (reported_at, id) WHERE last_seq - rolled_seq > 0",
];

const COUNT: &str =
    "CREATE STATISTICS cases_not_rolled_count ON (last_seq - rolled_seq) FROM cases";
