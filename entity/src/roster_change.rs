//! Who changed the roster, and when; never updated, never deleted.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, RosterChange, StaffId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "roster_change")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub what: RosterChange,
    /// Id of the shift or the leave.
    pub subject_id: i64,
    /// Whom a leave is about.
    pub staff_id: Option<StaffId>,
    /// Who changed it.
    pub account_id: AccountId,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
