//! A group robot, by the fingerprint of its key.

use sea_orm::entity::prelude::*;

use crate::kinds::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "robot")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Counts the units that decide what it says; changing it holds the others back.
    pub turn: i64,
    /// When WeCom said that it is not there any more.
    pub off_at: Option<Timestamp>,
    pub off_code: Option<i64>,
    /// Until when it is silent, because it was told that it spoke too often.
    pub rests_until: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
