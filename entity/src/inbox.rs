//! What one person was told, for him to read in the program itself.

use sea_orm::entity::prelude::*;

use crate::kinds::{CaseId, InboxId, NoticeKind, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "inbox")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: InboxId,
    /// `s12` for staff, `r34` for the account of a resident.
    pub recipient: String,
    pub dedup_key: String,
    /// `None`: it is about no case.
    pub case_id: Option<CaseId>,
    pub kind: NoticeKind,
    pub urgent: bool,
    /// JSON of the words, sealed.
    pub words_sealed: String,
    /// Given by the database: entries become visible in the order of (position, id).
    pub position: i64,
    pub created_at: Timestamp,
    pub read_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
