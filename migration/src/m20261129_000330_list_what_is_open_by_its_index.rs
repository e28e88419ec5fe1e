//! What is not counted in cells is listed from its index alone: each row of a case is long and lies
//! by itself, and was fetched for eight numbers.

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
    "DROP INDEX cases_not_rolled",
    "CREATE INDEX cases_not_rolled ON cases (reported_at, id, last_event_at, resolve_due_at,
        contact_due_at, acknowledge_due_at, next_check_at, reopens, rolled_seq, last_seq)
        WHERE last_seq - rolled_seq > 0",
];
