//! One drill; its messages are probes.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "drill")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Which half hour it began in; no other drill begins in the same.
    pub slot: i64,
    /// Through every channel of each person, not the first alone.
    pub all_channels: bool,
    /// Empty for the command line.
    pub started_by: Option<AccountId>,
    pub started_at: Timestamp,
    /// Later none of its messages is sent any more.
    pub ends_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
