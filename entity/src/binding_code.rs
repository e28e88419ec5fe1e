//! One-time codes: staff binding, the first administrator's link, links to a console account.
//! Only keyed hashes are stored.

use sea_orm::entity::prelude::*;

use crate::kinds::{StaffId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "binding_code")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// `staff`, `first_admin` or `console`.
    pub purpose: String,
    pub code_hash: String,
    pub staff_id: Option<StaffId>,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
