//! A day of the record, sealed and signed; only ever added.

use sea_orm::entity::prelude::*;

use crate::kinds::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_checkpoint")]
pub struct Model {
    /// `2026-11-23`
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: String,
    /// Entries that it seals.
    pub count: i64,
    pub root: String,
    pub prev: String,
    pub signature: String,
    /// No entry with a smaller id waits to be sealed.
    pub next_event: i64,
    pub created_at: Timestamp,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
