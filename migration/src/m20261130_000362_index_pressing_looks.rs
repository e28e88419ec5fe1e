//! The looks at cases with a running chain by their urgency: after an absence of the engine urgent
//! ones come before tens of thousands that are due for longer and are only looked at.

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

const UP: &[&str] = &["CREATE INDEX cases_pressing ON cases (urgency, next_check_at)
    WHERE next_check_at IS NOT NULL AND state IN ('triage', 'assigned', 'acknowledged')"];
