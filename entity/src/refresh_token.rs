//! Refresh tokens, stored as hashes; one family per sign-in.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_token")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub family: String,
    pub account_id: AccountId,
    /// `wechat` or `console`.
    pub kind: String,
    pub token_hash: String,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
    /// Rotation never reaches beyond this.
    pub family_ends_at: Timestamp,
    pub used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
