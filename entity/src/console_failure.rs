//! A failed sign-in, counted by the lockout per account and per address.

use sea_orm::entity::prelude::*;

use crate::kinds::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "console_failure")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// `name:<console name>` or `ip:<keyed index of the address>`.
    pub subject: String,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
