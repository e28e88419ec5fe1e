//! A name that residents use, proposed from corrections and decided by the office.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, AliasKind, AliasState, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "address_alias")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub word: String,
    pub target_kind: AliasKind,
    /// External id, or the name of a village or road.
    pub target: String,
    pub state: AliasState,
    /// Different residents who used it for this place.
    pub confirmations: i32,
    /// Corrected texts that have the word, whatever place they meant.
    pub uses: i32,
    /// Ids of the cases that confirm it, JSON.
    pub cases: String,
    pub created_at: Timestamp,
    pub decided_by: Option<AccountId>,
    pub decided_at: Option<Timestamp>,
    /// An approved name ends then and must be approved again.
    pub valid_until: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
