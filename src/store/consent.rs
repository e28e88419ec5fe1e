//! How many one-time subscribe messages a person still allows, per template.

use entity::consent::{ActiveModel, Column, Entity};
use entity::kinds::{AccountId, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
};

/// Adds one consent.
pub async fn add(
    tx: &impl ConnectionTrait,
    account: AccountId,
    template: &str,
    now: Timestamp,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: NotSet,
        account_id: Set(account),
        template: Set(template.to_owned()),
        credits: Set(1),
        updated_at: Set(now),
    };
    let more = OnConflict::columns([Column::AccountId, Column::Template])
        .value(Column::Credits, Expr::col((Entity, Column::Credits)).add(1))
        .value(Column::UpdatedAt, now)
        .to_owned();
    Entity::insert(row).on_conflict(more).exec_without_returning(tx).await?;
    Ok(())
}

/// Takes one consent before it is used; `false` when none is left.
pub async fn take(
    tx: &impl ConnectionTrait,
    account: AccountId,
    template: &str,
) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .col_expr(Column::Credits, Expr::col(Column::Credits).sub(1))
        .filter(Column::AccountId.eq(account))
        .filter(Column::Template.eq(template))
        .filter(Column::Credits.gt(0))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Withdraws every consent of an account.
pub async fn clear_all(
    tx: &impl ConnectionTrait,
    account: AccountId,
    now: Timestamp,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Credits, Expr::value(0))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::AccountId.eq(account))
        .exec(tx)
        .await
        .map(|_done| ())
}

/// Withdraws all consents of a template: the platform said so.
pub async fn clear(
    tx: &impl ConnectionTrait,
    account: AccountId,
    template: &str,
    now: Timestamp,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Credits, Expr::value(0))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::AccountId.eq(account))
        .filter(Column::Template.eq(template))
        .exec(tx)
        .await?;
    Ok(())
}
