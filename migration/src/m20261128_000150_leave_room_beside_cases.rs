//! Room for the next version of a case on its page: most changes touch no indexed column, and such a
//! change then touches no index either.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::sql::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match manager.get_database_backend() {
            DatabaseBackend::Postgres => {
                run(manager, &["ALTER TABLE cases SET (fillfactor = 75)"]).await
            }
            _ => Ok(()),
        }
    }
}
