//! The place that an operator confirmed for a case, to learn names from.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, CaseId, GridId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "address_correction")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub case_id: CaseId,
    /// Whose request it was; each resident counts once.
    pub resident_id: AccountId,
    /// The words of text and address, sealed.
    pub text_sealed: String,
    pub grid_id: GridId,
    /// Word of an [`AliasKind`](crate::kinds::AliasKind); none when only the grid is known.
    pub target_kind: Option<String>,
    /// External id, or the name of a village or road.
    pub target: Option<String>,
    pub created_by: AccountId,
    pub created_at: Timestamp,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
