//! One version of the chains of escalation; only ever added.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, ChainSource, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "chain_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    pub source: ChainSource,
    /// All chains as JSON, each with this version's number.
    pub body: String,
    /// New cases use it from then on, once it is confirmed.
    pub valid_from: Timestamp,
    /// Nobody, when it comes from the configuration or the command line.
    pub created_by: Option<AccountId>,
    pub created_at: Timestamp,
    pub confirmed_by: Option<AccountId>,
    pub confirmed_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
