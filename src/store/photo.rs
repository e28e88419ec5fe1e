//! Photos: who owns them and which case they belong to. The bytes are in the object store.

use entity::kinds::{AccountId, CaseId, EventId, PhotoId};
use entity::photo::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

/// Inserts a photo that belongs to no case yet.
pub async fn insert(tx: &impl ConnectionTrait, photo: ActiveModel) -> Result<Model, DbErr> {
    photo.insert(tx).await
}

/// Gives a person's unattached photos to a case; returns how many it found.
pub async fn attach(
    tx: &impl ConnectionTrait,
    owner: AccountId,
    photos: &[PhotoId],
    case: CaseId,
    event: Option<EventId>,
) -> Result<u64, DbErr> {
    if photos.is_empty() {
        return Ok(0);
    }
    let changed = Entity::update_many()
        .col_expr(Column::CaseId, Expr::value(case))
        .col_expr(Column::EventId, Expr::value(event))
        .filter(Column::Id.is_in(photos.iter().copied()))
        .filter(Column::OwnerId.eq(owner))
        .filter(Column::CaseId.is_null())
        .exec(tx)
        .await?;
    Ok(changed.rows_affected)
}

/// Lists a case's photos.
pub async fn of_case(conn: &impl ConnectionTrait, case: CaseId) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::CaseId.eq(case)).all(conn).await
}

/// Finds one photo.
pub async fn find(conn: &impl ConnectionTrait, id: PhotoId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(conn).await
}
