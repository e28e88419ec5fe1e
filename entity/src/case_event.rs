//! The ledger: one row per event, hash-chained within its case; never updated, never deleted.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, ActorRole, CaseId, EventId, EventType, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "case_event")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: EventId,
    pub case_id: CaseId,
    pub seq: i32,
    pub kind: EventType,
    pub actor_id: Option<AccountId>,
    pub actor_role: ActorRole,
    pub server_time: Timestamp,
    pub client_time: Option<Timestamp>,
    pub payload_commitment: String,
    pub prev_hash: String,
    pub hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
