//! A card with a button on somebody's phone, and the code by which it can be changed once.
//!
//! The code is no secret: it is worth something only together with the application's token, once
//! and for a day.

use sea_orm::entity::prelude::*;

use crate::kinds::{CaseId, NoticeId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wecom_card")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub notice_id: NoticeId,
    pub case_id: CaseId,
    pub userid: String,
    /// The newest: sending brings the first, every press another.
    pub response_code: String,
    /// When the button was replaced, or the code was found to be worthless.
    pub used_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
