//! One printed figure of a month in one division; only ever added.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "figure_snapshot")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// `2026-10`
    pub period: String,
    /// 0 is the first printing.
    pub revision: i32,
    /// `R6`
    pub figure: String,
    /// Version of its definition.
    pub definition: i32,
    /// What divides it: `grid`, or `none`.
    pub dimension: String,
    pub from_at: Timestamp,
    /// Not included.
    pub to_at: Timestamp,
    /// Later events are not counted.
    pub as_of: Timestamp,
    /// The figure with its groups as JSON.
    pub body: String,
    pub reason: Option<String>,
    pub created_by: Option<AccountId>,
    pub created_at: Timestamp,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
