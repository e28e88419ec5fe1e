//! Photos: who owns them and which case they belong to. The bytes are in the object store.

use entity::kinds::{AccountId, CaseId, EventId, PhotoId, StaffId, Timestamp};
use entity::photo::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult,
    QueryFilter,
};

use super::sql;

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

/// A case to which somebody of the staff gave photos.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Pictured {
    pub staff: StaffId,
    pub number: String,
    /// Microseconds since another case had one of them; `None`: none had.
    pub apart: Option<i64>,
}

/// Lists the cases to which staff gave photos in `[from, to)`, each with whether another case had the
/// same before.
pub async fn pictured(
    conn: &impl ConnectionTrait,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<Pictured>, DbErr> {
    let text = "SELECT s.id AS staff, c.number, MIN(p.created_at - q.created_at) AS apart
           FROM photo p
           JOIN staff s ON s.account_id = p.owner_id
           JOIN cases c ON c.id = p.case_id
           LEFT JOIN photo q ON q.sha256 = p.sha256 AND q.case_id <> p.case_id AND q.id < p.id
          WHERE p.created_at >= $1 AND p.created_at < $2
          GROUP BY s.id, c.number ORDER BY s.id, c.number";
    Pictured::find_by_statement(sql(conn, text, [from.into(), to.into()])).all(conn).await
}

/// Lists a case's photos.
pub async fn of_case(conn: &impl ConnectionTrait, case: CaseId) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::CaseId.eq(case)).all(conn).await
}

/// Finds one photo.
pub async fn find(conn: &impl ConnectionTrait, id: PhotoId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(conn).await
}
