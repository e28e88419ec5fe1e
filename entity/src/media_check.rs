//! What WeChat says of a photo or a recording, by its content.

use sea_orm::entity::prelude::*;

use crate::kinds::{ContentCheck, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "media_check")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(unique)]
    pub sha256: String,
    pub result: ContentCheck,
    /// Why there is no verdict.
    pub why: Option<String>,
    /// By which WeChat names the question in its answer.
    pub trace_id: Option<String>,
    pub asked_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
