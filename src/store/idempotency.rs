//! A creating request and its answer, written in the same unit as what it created.

use entity::idempotency::{ActiveModel, Column, Entity, Model};
use entity::kinds::{AccountId, Timestamp};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter,
};

/// Finds the answer given to this key before.
pub async fn find(
    conn: &impl ConnectionTrait,
    account: AccountId,
    key: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::AccountId.eq(account)).filter(Column::Key.eq(key)).one(conn).await
}

/// Lists the answers given to any of these keys before.
pub async fn known(
    conn: &impl ConnectionTrait,
    keys: impl IntoIterator<Item = (AccountId, &str)>,
) -> Result<Vec<Model>, DbErr> {
    let any = keys.into_iter().fold(Condition::any(), |any, (account, key)| {
        any.add(Column::AccountId.eq(account).and(Column::Key.eq(key)))
    });
    Entity::find().filter(any).all(conn).await
}

/// Stores answers. Two requests with one key that race meet the UNIQUE constraint here: the second
/// fails, is undone, and finds the first one's answer when it looks again.
pub async fn insert_all(tx: &impl ConnectionTrait, rows: Vec<ActiveModel>) -> Result<(), DbErr> {
    Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// Removes answers older than `before`; returns how many.
pub async fn forget(tx: &impl ConnectionTrait, before: Timestamp) -> Result<u64, DbErr> {
    Ok(Entity::delete_many().filter(Column::CreatedAt.lt(before)).exec(tx).await?.rows_affected)
}
