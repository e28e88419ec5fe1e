//! The one row by which sweeping processes know of each other.

use std::time::Duration;

use entity::engine_pulse::{Column, Entity, Model};
use entity::kinds::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

/// Notes that a pass of the sweep is done.
pub async fn swept(tx: &impl ConnectionTrait, now: Timestamp) -> Result<(), DbErr> {
    let row = Entity::update_many().col_expr(Column::SweptAt, Expr::value(now));
    row.filter(Column::Id.eq(1)).exec(tx).await.map(|_done| ())
}

/// Takes the next ping; `false` when one was taken less than `every` ago. A clock that was set back
/// must not silence the pings until it has caught up.
pub async fn take_ping(
    tx: &impl ConnectionTrait,
    now: Timestamp,
    every: Duration,
) -> Result<bool, DbErr> {
    let taken = Entity::update_many()
        .col_expr(Column::PingedAt, Expr::value(now))
        .filter(Column::Id.eq(1))
        .filter(Column::PingedAt.lte(now - every).or(Column::PingedAt.gt(now)))
        .exec(tx)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Reads the row.
pub async fn read(conn: &impl ConnectionTrait) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(1).one(conn).await
}
