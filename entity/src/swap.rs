//! One shift for another, or for nothing: asked, answered, approved.

use sea_orm::entity::prelude::*;

use crate::kinds::{GridId, StaffId, SwapState, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "swap")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Whose shift is taken over.
    pub asker_id: StaffId,
    /// Who takes it over.
    pub partner_id: StaffId,
    /// Whose cadre decides.
    pub community_id: GridId,
    pub give_from: Timestamp,
    pub give_to: Timestamp,
    /// The partner's shift that the asker takes over in return.
    pub take_from: Option<Timestamp>,
    pub take_to: Option<Timestamp>,
    /// The earlier of the two beginnings: then it is too late to agree.
    pub begins_at: Timestamp,
    pub state: SwapState,
    pub asked_at: Timestamp,
    pub changed_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
