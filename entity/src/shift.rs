//! A shift by its name; the highest version counts.

use sea_orm::entity::prelude::*;

use crate::kinds::{ShiftDays, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "shift")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    pub version: i32,
    /// Bit 0 is Monday.
    pub weekdays: i32,
    pub days: ShiftDays,
    /// Minutes from local midnight.
    pub from_minute: i32,
    /// Not after `from_minute`: on the next day.
    pub to_minute: i32,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
