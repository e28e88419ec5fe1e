//! A name and password for the console.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, StaffId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "console_account")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub account_id: AccountId,
    pub staff_id: Option<StaffId>,
    pub name: String,
    pub password_hash: String,
    /// Shared secret of the second factor, sealed for `console_account.totp`.
    pub totp_sealed: Option<String>,
    /// The last time step that was accepted; it is never accepted again.
    pub totp_last_step: Option<i64>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
