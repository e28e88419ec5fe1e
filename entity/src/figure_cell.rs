//! What settled cases add to the figures of one day, or of one month.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "figure_cell")]
pub struct Model {
    /// Everything but the body, as one text.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// `days`, or the dimension that divides its month.
    pub slice: String,
    /// What of a case lies in the period: `reported`.
    pub anchor: String,
    /// Days since 1970 at +08:00; of a month its first.
    pub day: i64,
    /// The second day of a case that counts on either of two; else the same.
    pub other: i64,
    pub grid: String,
    pub community: String,
    pub category: String,
    pub urgency: String,
    pub source: String,
    /// In which it was reported: `2026-10`.
    pub month: String,
    /// Counts and bins of every figure of the anchor.
    pub body: String,
    /// Whose counts they are: how far each id is from the one before.
    pub listed: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
