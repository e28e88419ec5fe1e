//! A time in which somebody is not on duty, and who stands in for him.

use sea_orm::entity::prelude::*;

use crate::kinds::{LeaveKind, StaffId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "leave")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub staff_id: StaffId,
    pub from_at: Timestamp,
    pub to_at: Timestamp,
    /// Sealed for `leave.reason`: it may be an illness.
    pub reason_sealed: Option<String>,
    pub substitute_id: Option<StaffId>,
    pub created_at: Timestamp,
    /// A leave that was taken back stays on record and counts for nothing.
    pub cancelled_at: Option<Timestamp>,
    pub kind: LeaveKind,
    /// The swap that it is half of.
    pub swap_id: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
