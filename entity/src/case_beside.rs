//! A case that the cells of figures do not have as it stands, though it is over; or one that is open
//! again and still counted in them. The database writes these rows itself, whoever changes a case.

use sea_orm::entity::prelude::*;

use crate::kinds::{CaseId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_beside")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: CaseId,
    /// Up to which event cells have it; 0: they do not.
    pub counted: i32,
    /// Its last event, while it is over.
    pub last_seq: i32,
    pub reported_at: Timestamp,
    /// When it and everything that was promised with it was over; of one that was ever reopened the
    /// end of time.
    pub over_at: Timestamp,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
