//! Cases of a printed month with what its figures said of each; only ever added.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "figure_basis")]
pub struct Model {
    /// `2026-10`
    #[sea_orm(primary_key, auto_increment = false)]
    pub period: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i32,
    /// Counts from 0: a row holds some thousand cases.
    #[sea_orm(primary_key, auto_increment = false)]
    pub part: i32,
    /// Numbers and marks as JSON.
    pub body: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
