//! Grid: the street, a community (large) or a small grid. `polygon` is a JSON ring of
//! `[lon, lat]` pairs in GCJ-02. A row is never deleted: `valid_to` ends it.

use sea_orm::entity::prelude::*;

use crate::kinds::{GridId, GridKind, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "grid")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: GridId,
    /// The delivered file's key; the 12-digit code for a community, 9 digits for the street.
    pub external_id: String,
    pub kind: GridKind,
    /// The official code where it is known.
    pub code: Option<String>,
    pub parent_id: Option<GridId>,
    pub name: String,
    pub polygon: Option<String>,
    pub valid_from: Timestamp,
    pub valid_to: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
