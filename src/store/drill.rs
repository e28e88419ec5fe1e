//! Drills and what became of their messages.

use entity::drill::{ActiveModel, Column, Entity, Model};
use entity::probe;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

/// Inserts a drill; `None` when another began in the same half hour.
pub async fn insert(tx: &impl ConnectionTrait, row: ActiveModel) -> Result<Option<Model>, DbErr> {
    let once = OnConflict::column(Column::Slot).do_nothing().to_owned();
    let stored = Entity::insert_many([row]).on_conflict(once).exec_with_returning(tx).await?;
    Ok(stored.into_iter().next())
}

/// Finds a drill.
pub async fn find(conn: &impl ConnectionTrait, id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(conn).await
}

/// Finds the newest drill.
pub async fn last(conn: &impl ConnectionTrait) -> Result<Option<Model>, DbErr> {
    Entity::find().order_by_desc(Column::Id).limit(1).one(conn).await
}

/// Lists the messages of a drill.
pub async fn probes(conn: &impl ConnectionTrait, id: i64) -> Result<Vec<probe::Model>, DbErr> {
    let of = probe::Entity::find().filter(probe::Column::DrillId.eq(id));
    of.order_by_asc(probe::Column::Id).all(conn).await
}
