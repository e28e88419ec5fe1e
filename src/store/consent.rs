//! How many subscribe messages a person still allows, per template.
//!
//! A standing consent is the number one and is never counted down.

use std::collections::HashSet;

use entity::consent::{ActiveModel, Column, Entity, Model};
use entity::kinds::{AccountId, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, LockType, OnConflict, Query};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, UpdateMany,
};

fn row(account: AccountId, template: &str, now: Timestamp) -> ActiveModel {
    ActiveModel {
        id: NotSet,
        account_id: Set(account),
        template: Set(template.to_owned()),
        credits: Set(1),
        updated_at: Set(now),
        accepted_at: NotSet,
        refused_at: NotSet,
    }
}

/// Adds one consent.
pub async fn add(
    tx: &impl ConnectionTrait,
    account: AccountId,
    template: &str,
    now: Timestamp,
) -> Result<(), DbErr> {
    let more = OnConflict::columns([Column::AccountId, Column::Template])
        .value(Column::Credits, Expr::col((Entity, Column::Credits)).add(1))
        .value(Column::UpdatedAt, now)
        .to_owned();
    let row = row(account, template, now);
    Entity::insert(row).on_conflict(more).exec_without_returning(tx).await?;
    Ok(())
}

/// Notes a consent that stands until it is withdrawn.
pub async fn stand(
    tx: &impl ConnectionTrait,
    account: AccountId,
    template: &str,
    now: Timestamp,
) -> Result<(), DbErr> {
    let one = OnConflict::columns([Column::AccountId, Column::Template])
        .update_columns([Column::Credits, Column::UpdatedAt])
        .to_owned();
    let row = row(account, template, now);
    Entity::insert(row).on_conflict(one).exec_without_returning(tx).await?;
    Ok(())
}

/// Lists which of these people allow messages of a template.
pub async fn allowing(
    conn: &impl ConnectionTrait,
    accounts: &[AccountId],
    template: &str,
) -> Result<HashSet<AccountId>, DbErr> {
    let found: Vec<AccountId> = Entity::find()
        .select_only()
        .column(Column::AccountId)
        .filter(Column::AccountId.is_in(accounts.iter().copied()))
        .filter(Column::Template.eq(template))
        .filter(Column::Credits.gt(0))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(found.into_iter().collect())
}

/// Takes one consent of each of these people before it is used; returns who had one.
pub async fn take(
    tx: &impl ConnectionTrait,
    accounts: &[AccountId],
    template: &str,
) -> Result<HashSet<AccountId>, DbErr> {
    if accounts.is_empty() {
        return Ok(HashSet::new());
    }
    let mut rows = Query::select();
    rows.column(Column::Id)
        .from(Entity)
        .and_where(Column::AccountId.is_in(accounts.iter().copied()))
        .and_where(Column::Template.eq(template))
        .and_where(Column::Credits.gt(0));
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        // In one order, so that two engines never wait for each other in a ring.
        rows.order_by(Column::Id, sea_orm::Order::Asc).lock(LockType::Update);
    }
    let taken = Entity::update_many()
        .col_expr(Column::Credits, Expr::col(Column::Credits).sub(1))
        .filter(Column::Id.in_subquery(rows))
        .exec_with_returning(tx)
        .await?;
    Ok(taken.into_iter().map(|row| row.account_id).collect())
}

/// Gives one consent back that was taken at `taken_at` and certainly not used; not to somebody who
/// withdrew all of them since.
pub async fn give_back(
    tx: &impl ConnectionTrait,
    account: AccountId,
    template: &str,
    taken_at: Timestamp,
) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .col_expr(Column::Credits, Expr::col(Column::Credits).add(1))
        .filter(Column::AccountId.eq(account))
        .filter(Column::Template.eq(template))
        .filter(Column::Credits.gt(0).or(Column::UpdatedAt.lte(taken_at)))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Finds the account of one template.
pub async fn find(
    conn: &impl ConnectionTrait,
    account: AccountId,
    template: &str,
) -> Result<Option<Model>, DbErr> {
    let mine = Entity::find().filter(Column::AccountId.eq(account));
    mine.filter(Column::Template.eq(template)).one(conn).await
}

/// Notes when, by the platform's clock, a person accepted or withdrew a template.
pub async fn note(
    tx: &impl ConnectionTrait,
    (account, template): (AccountId, &str),
    accepted: bool,
    at: Timestamp,
) -> Result<(), DbErr> {
    let column = if accepted { Column::AcceptedAt } else { Column::RefusedAt };
    let times = if accepted { (Set(Some(at)), NotSet) } else { (NotSet, Set(Some(at))) };
    let row = ActiveModel {
        credits: Set(0),
        accepted_at: times.0,
        refused_at: times.1,
        ..row(account, template, at)
    };
    let latest =
        OnConflict::columns([Column::AccountId, Column::Template]).update_column(column).to_owned();
    Entity::insert(row).on_conflict(latest).exec_without_returning(tx).await?;
    Ok(())
}

/// Lists what a person allows, by template.
pub async fn of(conn: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Model>, DbErr> {
    let mine = Entity::find().filter(Column::AccountId.eq(account));
    mine.order_by_asc(Column::Template).all(conn).await
}

/// Withdraws every consent of an account.
pub async fn clear_all(
    tx: &impl ConnectionTrait,
    account: AccountId,
    now: Timestamp,
) -> Result<(), DbErr> {
    withdrawn(account, now).exec(tx).await.map(|_done| ())
}

/// The same but for what it accepted, by the platform's clock, after `until`.
pub async fn clear_until(
    tx: &impl ConnectionTrait,
    account: AccountId,
    (until, now): (Timestamp, Timestamp),
) -> Result<(), DbErr> {
    let old = Column::AcceptedAt.is_null().or(Column::AcceptedAt.lte(until));
    withdrawn(account, now).filter(old).exec(tx).await?;
    // Of what he accepted several times, at least the last one is sure to be later.
    let more = Entity::update_many()
        .col_expr(Column::Credits, Expr::value(1))
        .filter(Column::AccountId.eq(account))
        .filter(Column::AcceptedAt.gt(until))
        .filter(Column::Credits.gt(1));
    more.exec(tx).await.map(|_done| ())
}

/// Withdraws all consents of a template: the platform said so.
pub async fn clear(
    tx: &impl ConnectionTrait,
    account: AccountId,
    template: &str,
    now: Timestamp,
) -> Result<(), DbErr> {
    let of_template = withdrawn(account, now).filter(Column::Template.eq(template));
    of_template.exec(tx).await.map(|_done| ())
}

/// The same because a message was refused that was sent at `asked_at`: who allowed more meanwhile
/// keeps it.
pub async fn clear_refused(
    tx: &impl ConnectionTrait,
    account: AccountId,
    template: &str,
    (asked_at, now): (Timestamp, Timestamp),
) -> Result<(), DbErr> {
    let of_template = withdrawn(account, now).filter(Column::Template.eq(template));
    let then = of_template.filter(Column::UpdatedAt.lte(asked_at));
    then.exec(tx).await.map(|_done| ())
}

fn withdrawn(account: AccountId, now: Timestamp) -> UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::Credits, Expr::value(0))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::AccountId.eq(account))
}
