//! Which openid of which WeChat app belongs to which account.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, Timestamp, WechatApp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wechat_identity")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub account_id: AccountId,
    pub app: WechatApp,
    pub openid: String,
    pub unionid: Option<String>,
    /// Set when the platform says that this recipient cannot be reached.
    pub dead_at: Option<Timestamp>,
    pub created_at: Timestamp,
    /// When the platform last said that this person follows, or does not; at the mini-program, that
    /// he closed his account.
    pub told_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
