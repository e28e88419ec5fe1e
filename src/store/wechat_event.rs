//! Raw callbacks: stored once before they are answered, marked when they were handled.

use entity::kinds::{Timestamp, WechatApp};
use entity::wechat_event::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
};

/// A callback to be kept.
#[derive(Clone, Debug)]
pub struct NewEvent {
    pub app: WechatApp,
    /// By which a repeat is recognised.
    pub hash: String,
    pub body_sealed: String,
}

/// Stores a callback; `None` when it is a repeat of one that is stored.
pub async fn insert_new(
    tx: &impl ConnectionTrait,
    event: NewEvent,
    now: Timestamp,
) -> Result<Option<i64>, DbErr> {
    let row = ActiveModel {
        id: NotSet,
        app: Set(event.app),
        body_hash: Set(event.hash),
        body_sealed: Set(event.body_sealed),
        received_at: Set(now),
        handled_at: Set(None),
    };
    let stored = Entity::insert_many([row])
        .on_conflict(OnConflict::column(Column::BodyHash).do_nothing().to_owned())
        .exec_with_returning(tx)
        .await?;
    Ok(stored.first().map(|row| row.id))
}

/// Finds a stored callback.
pub async fn find(conn: &impl ConnectionTrait, id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(conn).await
}

/// Marks a callback as handled; `false`: it was before.
pub async fn set_handled(
    tx: &impl ConnectionTrait,
    id: i64,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .col_expr(Column::HandledAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::HandledAt.is_null())
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}
