//! Point of interest: a place everybody knows by name. `aliases` is joined by `|`.

use sea_orm::entity::prelude::*;

use crate::kinds::{GridId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "poi")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub external_id: String,
    pub name: String,
    pub aliases: String,
    pub kind: String,
    pub road_id: Option<i64>,
    pub no: Option<i32>,
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
