//! Exports of figures and what became of them.

use entity::figure_export::{ActiveModel, Column, Entity, Model};
use entity::kinds::{AccountId, ExportState, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

/// Adds an export that waits for its job.
pub async fn insert(tx: &impl ConnectionTrait, row: ActiveModel) -> Result<Model, DbErr> {
    row.insert(tx).await
}

/// Finds an export.
pub async fn find(conn: &impl ConnectionTrait, id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(conn).await
}

/// Finds somebody's own export.
pub async fn find_of(
    conn: &impl ConnectionTrait,
    account: AccountId,
    id: i64,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::AccountId.eq(account)).one(conn).await
}

/// Notes how far it got.
pub async fn progress(
    tx: &impl ConnectionTrait,
    id: i64,
    (cases, rows): (i64, i64),
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(ExportState::Running))
        .col_expr(Column::CasesRead, Expr::value(cases))
        .col_expr(Column::RowsWritten, Expr::value(rows))
        .filter(Column::Id.eq(id))
        .filter(Column::FinishedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// A file in the store.
#[derive(Clone, Debug)]
pub struct Stored {
    pub object: String,
    pub sha256: String,
    pub bytes: i64,
}

/// Ends it, with its file or without; one that has ended stays.
pub async fn finish(
    tx: &impl ConnectionTrait,
    id: i64,
    file: Option<Stored>,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let state = if file.is_some() { ExportState::Done } else { ExportState::Failed };
    let (object, sha256) = file.clone().map(|file| (file.object, file.sha256)).unzip();
    let ended = Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::Object, Expr::value(object))
        .col_expr(Column::Sha256, Expr::value(sha256))
        .col_expr(Column::Bytes, Expr::value(file.map(|file| file.bytes)))
        .col_expr(Column::FinishedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::FinishedAt.is_null())
        .exec(tx)
        .await?;
    Ok(ended.rows_affected == 1)
}
