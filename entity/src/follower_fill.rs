//! One run through all followers of the official account, and how far it is.

use sea_orm::entity::prelude::*;

use crate::kinds::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "follower_fill")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The day, or who asked.
    #[sea_orm(unique)]
    pub run: String,
    /// The last follower that was looked at; empty at the start.
    pub after_openid: String,
    pub looked: i64,
    /// How many were joined with a login.
    pub joined: i64,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
