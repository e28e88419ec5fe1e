//! A file that no row names any more and that a job removes from the store.

use sea_orm::entity::prelude::*;

use crate::kinds::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "doomed_file")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub object: String,
    /// The erasure it belongs to; none when it was uploaded and never used.
    pub erasure_id: Option<i64>,
    pub doomed_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
