//! The code that hangs at the door of a building.

use sea_orm::entity::prelude::*;

use crate::kinds::{AccountId, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "building_code")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// What the code carries; opaque.
    pub scene: String,
    /// External id of the building.
    pub building: String,
    /// Name of the image in the photo store; none until WeChat has drawn it.
    pub object: Option<String>,
    pub media_type: Option<String>,
    pub created_by: AccountId,
    pub created_at: Timestamp,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
