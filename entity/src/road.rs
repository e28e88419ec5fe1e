//! Road: a named road with the numbers that exist on it. `line` is JSON `[lon, lat]` pairs.

use sea_orm::entity::prelude::*;

use crate::kinds::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "road")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    pub direction: String,
    pub from_no: i32,
    pub to_no: i32,
    pub line: String,
    /// When an import first delivered the row.
    pub valid_from: Timestamp,
    /// When an import no longer had it.
    pub valid_to: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
