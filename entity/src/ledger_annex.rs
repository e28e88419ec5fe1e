//! What a checkpoint seals beside the cases: a version of the calendar, or a printing; only ever added.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_annex")]
pub struct Model {
    /// `calendar/1`, `printing/2026-11/0`
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub day: String,
    pub hash: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
