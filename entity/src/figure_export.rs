//! One export of figures or of the cases behind one: who asked, what for, and what became of it.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, ExportContent, ExportFormat, ExportState, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "figure_export")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub account_id: AccountId,
    pub what: ExportContent,
    pub format: ExportFormat,
    pub purpose: String,
    /// What was asked, as JSON.
    pub question: String,
    pub state: ExportState,
    /// How far it got.
    pub cases_read: i64,
    pub rows_written: i64,
    /// Its name in the store, once it is there.
    pub object: Option<String>,
    pub sha256: Option<String>,
    pub bytes: Option<i64>,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
