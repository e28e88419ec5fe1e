//! Responsibility: one person, one grid, one role, during a time. People move, grids stay.

use sea_orm::entity::prelude::*;

use crate::kinds::{DutyRole, GridId, ResponsibilityId, StaffId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "responsibility")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: ResponsibilityId,
    pub grid_id: GridId,
    pub role: DutyRole,
    pub staff_id: StaffId,
    /// `all`, or the name of a shift.
    pub shift: String,
    pub valid_from: Timestamp,
    pub valid_to: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
