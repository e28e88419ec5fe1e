//! What a checkpoint seals of one case; only ever added.

use sea_orm::entity::prelude::*;

use crate::kinds::CaseId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_head")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: CaseId,
    /// Of the case when it was sealed.
    pub number: String,
    /// The first entry that it holds.
    pub first_seq: i64,
    pub last_seq: i64,
    /// Eight hex digits of the hash of each.
    pub marks: String,
    /// Of the last one.
    pub hash: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
