//! What the detectors listed in one night.

use sea_orm::entity::prelude::*;

use crate::kinds::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "hint_list")]
pub struct Model {
    /// `2026-11-25`: the day on which it was listed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: String,
    /// Cases reported, due or moved since then were looked at.
    pub from_at: Timestamp,
    /// Later events were not.
    pub as_of: Timestamp,
    /// The hints as JSON.
    pub body: String,
    pub created_at: Timestamp,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
