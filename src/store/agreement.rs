//! Agreements to the privacy policy: given, taken back, never removed.

use entity::agreement::{Column, Entity, Model};
use entity::kinds::{AccountId, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

use super::sql;

/// Finds the newest agreement of an account, taken back or not.
pub async fn newest(
    conn: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::AccountId.eq(account)).order_by_desc(Column::Id).one(conn).await
}

/// Notes an agreement; one to this version that counts already is kept with its time.
pub async fn add(
    tx: &impl ConnectionTrait,
    account: AccountId,
    version: &str,
    now: Timestamp,
) -> Result<(), DbErr> {
    let text = "INSERT INTO agreement (account_id, version, agreed_at) VALUES ($1, $2, $3)
        ON CONFLICT (account_id, version) WHERE withdrawn_at IS NULL DO NOTHING";
    tx.execute_raw(sql(tx, text, [account.into(), version.into(), now.into()])).await?;
    Ok(())
}

/// Takes back every agreement of an account that counts; returns how many.
pub async fn withdraw(
    tx: &impl ConnectionTrait,
    account: AccountId,
    now: Timestamp,
) -> Result<u64, DbErr> {
    let changed = Entity::update_many()
        .col_expr(Column::WithdrawnAt, Expr::value(now))
        .filter(Column::AccountId.eq(account))
        .filter(Column::WithdrawnAt.is_null())
        .exec(tx)
        .await?;
    Ok(changed.rows_affected)
}
