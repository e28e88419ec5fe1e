//! Building (楼栋) of a compound.

use sea_orm::entity::prelude::*;

use crate::kinds::{BuildingId, CompoundId, GridId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "building")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: BuildingId,
    pub external_id: String,
    pub compound_id: CompoundId,
    pub section: String,
    pub no: String,
    pub label: String,
    pub units: i32,
    pub floors: i32,
    pub per_floor: i32,
    pub lon: f64,
    pub lat: f64,
    pub grid_id: GridId,
    /// When an import first delivered the row.
    pub valid_from: Timestamp,
    /// When an import no longer had it.
    pub valid_to: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
