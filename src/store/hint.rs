//! The nightly lists of the detectors.

use entity::hint_list::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryOrder};

/// Finds the list of a day.
pub async fn find(conn: &impl ConnectionTrait, day: &str) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(day.to_owned()).one(conn).await
}

/// Finds the last list.
pub async fn last(conn: &impl ConnectionTrait) -> Result<Option<Model>, DbErr> {
    Entity::find().order_by_desc(Column::Day).one(conn).await
}

/// Adds the list of a day; one that is there stays.
pub async fn insert(tx: &impl ConnectionTrait, row: ActiveModel) -> Result<(), DbErr> {
    let there = OnConflict::column(Column::Day).do_nothing().to_owned();
    Entity::insert(row).on_conflict(there).exec_without_returning(tx).await?;
    Ok(())
}
