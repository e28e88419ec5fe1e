//! Village group: houses of one group of a village.

use sea_orm::entity::prelude::*;

use crate::kinds::{GridId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "village_group")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub village: String,
    pub community_id: GridId,
    pub group_no: i32,
    pub houses: i32,
    pub grid_id: GridId,
    /// When an import first delivered the row.
    pub valid_from: Timestamp,
    /// When an import no longer had it.
    pub valid_to: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
