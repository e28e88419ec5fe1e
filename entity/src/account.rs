//! One login: a resident's WeChat account or a console account.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: AccountId,
    /// Raised to make every access token issued before worthless.
    pub token_version: i32,
    /// Verified phone, sealed for `account.phone`.
    pub phone_sealed: Option<String>,
    /// Keyed blind index of the normalised phone.
    pub phone_index: Option<String>,
    /// When its owner gave that phone; unknown of what is older than this column.
    pub phone_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub blocked_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
