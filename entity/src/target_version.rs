//! One version of the targets and the hours they are counted in; only ever added.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, ChainSource, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "target_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    pub source: ChainSource,
    /// The table as JSON with this version's number.
    pub body: String,
    /// New cases use it from then on, once it is confirmed.
    pub valid_from: Timestamp,
    /// Nobody, when it comes from the command line.
    pub created_by: Option<AccountId>,
    pub created_at: Timestamp,
    pub confirmed_by: Option<AccountId>,
    pub confirmed_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
