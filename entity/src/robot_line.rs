//! One thing that a group robot is to say; several may go in one message.

use sea_orm::entity::prelude::*;

use crate::kinds::{CaseId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "robot_line")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub robot: String,
    pub case_id: CaseId,
    pub dedup_key: String,
    pub planned_at: Timestamp,
    /// The line whose job says this one.
    pub message: Option<i64>,
    /// When that began.
    pub taken_at: Option<Timestamp>,
    /// When it ended, however.
    pub done_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
