//! Swaps of shifts, and the leaves that they become.

use entity::kinds::{GridId, StaffId, SwapState, Timestamp};
use entity::leave;
use entity::swap::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

/// Inserts a swap.
pub async fn insert(tx: &impl ConnectionTrait, row: ActiveModel) -> Result<Model, DbErr> {
    Entity::insert(row).exec_with_returning(tx).await
}

/// Finds a swap.
pub async fn find(conn: &impl ConnectionTrait, id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(conn).await
}

/// Lists the newest swaps that somebody has a part in, or that belong to these communities.
pub async fn list(
    conn: &impl ConnectionTrait,
    staff: StaffId,
    communities: &[GridId],
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let mine = Condition::any()
        .add(Column::AskerId.eq(staff))
        .add(Column::PartnerId.eq(staff))
        .add(Column::CommunityId.is_in(communities.iter().copied()));
    Entity::find().filter(mine).order_by_desc(Column::Id).limit(most).all(conn).await
}

/// Tells whether somebody has asked for these hours already and waits for an answer.
pub async fn is_open(
    conn: &impl ConnectionTrait,
    asker: StaffId,
    give_from: Timestamp,
) -> Result<bool, DbErr> {
    let open = Entity::find()
        .filter(Column::AskerId.eq(asker))
        .filter(Column::GiveFrom.eq(give_from))
        .filter(Column::State.is_in([SwapState::Asked, SwapState::Accepted]));
    Ok(open.one(conn).await?.is_some())
}

/// Moves a swap from one state to another; `false`: somebody else moved it.
pub async fn set_state(
    tx: &impl ConnectionTrait,
    id: i64,
    (from, to): (SwapState, SwapState),
    now: Timestamp,
) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .col_expr(Column::State, Expr::value(to))
        .col_expr(Column::ChangedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(from))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Lists some of the swaps that nobody agreed to in time.
pub async fn overdue(
    conn: &impl ConnectionTrait,
    now: Timestamp,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::State.is_in([SwapState::Asked, SwapState::Accepted]))
        .filter(Column::BeginsAt.lte(now))
        .order_by_asc(Column::BeginsAt)
        .limit(most)
        .all(conn)
        .await
}

/// Takes back the leaves that a swap became.
pub async fn cancel_leaves(
    tx: &impl ConnectionTrait,
    id: i64,
    now: Timestamp,
) -> Result<(), DbErr> {
    leave::Entity::update_many()
        .col_expr(leave::Column::CancelledAt, Expr::value(now))
        .filter(leave::Column::SwapId.eq(id))
        .filter(leave::Column::CancelledAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}
