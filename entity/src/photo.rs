//! A stored photo, re-encoded and stripped of its metadata.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, CaseId, EventId, PhotoId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "photo")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: PhotoId,
    pub owner_id: AccountId,
    pub case_id: Option<CaseId>,
    pub event_id: Option<EventId>,
    pub object: String,
    pub media_type: String,
    pub bytes: i64,
    pub width: i32,
    pub height: i32,
    pub sha256: String,
    pub created_at: Timestamp,
    /// When its case was told what WeChat says of it.
    pub checked_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
