//! What a member of staff may do for the whole street.

use sea_orm::entity::prelude::*;

use crate::kinds::{StaffId, StreetRole, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "staff_role")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub staff_id: StaffId,
    pub role: StreetRole,
    pub valid_from: Timestamp,
    pub valid_to: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
