//! What one person said about one channel, and what test messages showed of it.

use sea_orm::entity::prelude::*;

use crate::kinds::{Channel, StaffId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "staff_channel")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub staff_id: StaffId,
    pub channel: Channel,
    /// Smaller first; empty when he said nothing about it.
    pub position: Option<i32>,
    /// When a test message last went through.
    pub proven_at: Option<Timestamp>,
    /// When a test message failed; emptied by the next that goes through.
    pub failed_at: Option<Timestamp>,
    /// Why, in a word.
    pub failed_reason: Option<String>,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
