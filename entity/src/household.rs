//! Household (户): a dwelling. The server never holds these rows in memory.

use sea_orm::entity::prelude::*;

use crate::kinds::{BuildingId, GridId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "household")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub external_id: String,
    /// None for a village house.
    pub building_id: Option<BuildingId>,
    pub village_group: String,
    pub unit: String,
    pub floor: String,
    pub room: String,
    pub address: String,
    pub grid_id: GridId,
    /// When an import first delivered the row.
    pub valid_from: Timestamp,
    /// When an import no longer had it.
    pub valid_to: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
