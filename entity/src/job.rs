//! A durable unit of work. While running, `run_at` is the end of the lease.

use sea_orm::entity::prelude::*;

use crate::kinds::{JobId, JobKind, JobState, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: JobId,
    pub kind: JobKind,
    pub dedup_key: String,
    pub generation: i32,
    pub payload: String,
    pub priority: i32,
    pub state: JobState,
    pub run_at: Timestamp,
    pub attempt: i32,
    pub lost: i32,
    pub max_attempt: i32,
    pub fence: i64,
    pub lease_owner: Option<String>,
    pub last_error: Option<String>,
    pub trace_id: Option<String>,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// When it was put where it waits.
    pub put_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
