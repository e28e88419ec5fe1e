//! Who unmasked whose data, in which role, for what.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, ActorRole, CaseId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "access_log")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub account_id: AccountId,
    pub role: ActorRole,
    pub case_id: Option<CaseId>,
    pub field: String,
    pub purpose: String,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
