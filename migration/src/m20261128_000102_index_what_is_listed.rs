//! Indexes of lists that grow with the years: leaves, names that residents use, versions of chains,
//! console accounts of staff.

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
    "CREATE INDEX leave_end ON leave (to_at) WHERE cancelled_at IS NULL",
    "CREATE INDEX address_alias_state ON address_alias (state, id)",
    "CREATE INDEX chain_version_confirmed ON chain_version (valid_from, version)
        WHERE confirmed_at IS NOT NULL",
    "CREATE INDEX console_account_staff ON console_account (staff_id)",
];
