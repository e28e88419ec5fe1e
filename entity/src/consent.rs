//! How many subscribe messages of a template a person still allows.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub account_id: AccountId,
    pub template: String,
    pub credits: i32,
    pub updated_at: Timestamp,
    /// When he last accepted, by the platform's clock.
    pub accepted_at: Option<Timestamp>,
    /// When he last withdrew, by the platform's clock.
    pub refused_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
