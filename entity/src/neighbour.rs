//! Neighbour: a community of another street; proof that a text is not ours.

use sea_orm::entity::prelude::*;

use crate::kinds::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "neighbour")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub street: String,
    pub community: String,
    /// When an import first delivered the row.
    pub valid_from: Timestamp,
    /// When an import no longer had it.
    pub valid_to: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
