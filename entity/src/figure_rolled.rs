//! How far the figures are rolled up: one row.

use sea_orm::entity::prelude::*;

use crate::kinds::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "figure_rolled")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// By which definitions the cells were made; 0 while there are none.
    pub edition: i64,
    /// Raised by every change of the cells.
    pub generation: i64,
    /// Everything that is counted in cells was over then.
    pub until_at: Timestamp,
    /// The last day whose job came to its end, counted from 1970.
    pub day: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
