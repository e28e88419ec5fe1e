//! Compound (小区). `aliases`, `sections` and `grids` are lists joined by `|`, as in the file.

use sea_orm::entity::prelude::*;

use crate::kinds::{CompoundId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "compound")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: CompoundId,
    pub external_id: String,
    pub name: String,
    pub aliases: String,
    pub sections: String,
    pub kind: String,
    /// External ids of the small grids it lies in.
    pub grids: String,
    pub address: String,
    /// When an import first delivered the row.
    pub valid_from: Timestamp,
    /// When an import no longer had it.
    pub valid_to: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
