//! Road exception: one door number that belongs elsewhere than its range says.

use sea_orm::entity::prelude::*;

use crate::kinds::{GridId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "road_exception")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub road_id: i64,
    pub no: i32,
    pub grid_id: GridId,
    /// When an import first delivered the row.
    pub valid_from: Timestamp,
    /// When an import no longer had it.
    pub valid_to: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
