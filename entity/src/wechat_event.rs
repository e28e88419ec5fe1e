//! A raw callback, stored before it is answered.

use sea_orm::entity::prelude::*;

use crate::kinds::{Timestamp, WechatApp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wechat_event")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub app: WechatApp,
    pub body_hash: String,
    pub body_sealed: String,
    pub received_at: Timestamp,
    pub handled_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
