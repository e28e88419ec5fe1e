//! A notice of the street to its residents.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, BulletinState, StaffId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "bulletin")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub title: String,
    pub text: String,
    pub urgent: bool,
    /// Else for the grids of `bulletin_grid`.
    pub whole_street: bool,
    pub state: BulletinState,
    pub from_at: Timestamp,
    pub until_at: Timestamp,
    pub author_id: StaffId,
    pub created_by: AccountId,
    pub created_at: Timestamp,
    /// The second person; only for the whole street.
    pub approved_by: Option<AccountId>,
    pub published_at: Option<Timestamp>,
    pub withdrawn_by: Option<AccountId>,
    pub withdrawn_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
