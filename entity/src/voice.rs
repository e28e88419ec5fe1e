//! A stored recording, measured from its own bytes.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, CaseId, Timestamp, VoiceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "voice")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: VoiceId,
    pub owner_id: AccountId,
    pub case_id: Option<CaseId>,
    pub object: String,
    pub media_type: String,
    pub bytes: i64,
    /// How long it lasts.
    pub millis: i64,
    pub sha256: String,
    pub created_at: Timestamp,
    /// When its case was told what WeChat says of it.
    pub checked_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
