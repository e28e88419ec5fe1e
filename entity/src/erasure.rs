//! The register of erasures: that it was done and how much of it, nothing of what it was.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "erasure")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The account that is nobody's any more.
    pub account_id: AccountId,
    pub cases: i64,
    /// Bodies of events, each with its salt.
    pub bodies: i64,
    pub files: i64,
    pub erased_at: Timestamp,
    /// When the last of the files was gone from the store.
    pub files_gone_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
