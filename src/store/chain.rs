//! Versions of the escalation chains: added, confirmed once, never changed.

use entity::chain_version::{ActiveModel, Column, Entity, Model};
use entity::kinds::{AccountId, Timestamp};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

/// Lists the versions that may count at an instant, the one that does first: confirmed, valid from
/// the latest time, and of equal times the highest number.
pub async fn in_force(
    conn: &impl ConnectionTrait,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::ConfirmedAt.is_not_null())
        .filter(Column::ValidFrom.lte(now))
        .order_by_desc(Column::ValidFrom)
        .order_by_desc(Column::Version)
        .limit(limit)
        .all(conn)
        .await
}

/// Lists every version, the newest first.
pub async fn list(conn: &impl ConnectionTrait, limit: u64) -> Result<Vec<Model>, DbErr> {
    Entity::find().order_by_desc(Column::Version).limit(limit).all(conn).await
}

/// Finds one version.
pub async fn find(conn: &impl ConnectionTrait, version: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(version).one(conn).await
}

/// Adds a version; `false` when somebody else has just taken its number.
pub async fn insert(tx: &impl ConnectionTrait, row: ActiveModel) -> Result<bool, DbErr> {
    let number = OnConflict::column(Column::Version).do_nothing().to_owned();
    let added = Entity::insert(row).on_conflict(number).exec_without_returning(tx).await?;
    Ok(added == 1)
}

/// Confirms a version that somebody else made; `false` when it is confirmed already.
pub async fn confirm(
    tx: &impl ConnectionTrait,
    version: i64,
    (by, now): (AccountId, Timestamp),
) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .col_expr(Column::ConfirmedBy, Expr::value(by))
        .col_expr(Column::ConfirmedAt, Expr::value(now))
        .filter(Column::Version.eq(version))
        .filter(Column::ConfirmedAt.is_null())
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}
