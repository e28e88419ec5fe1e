//! Reads the cases of a period, for the table of response times.

use entity::cases::{Column, Entity};
use entity::kinds::{CaseId, Category, GridId, Timestamp};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::scope::Scope;

/// A case of the period, without anything personal.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Row {
    pub id: CaseId,
    pub category: Category,
    pub small_grid_id: Option<GridId>,
    pub large_grid_id: Option<GridId>,
}

/// Lists the cases reported in `[from, to)`.
pub async fn cases(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Row>, DbErr> {
    Entity::find()
        .select_only()
        .columns([Column::Id, Column::Category, Column::SmallGridId, Column::LargeGridId])
        .filter(scope.condition())
        .filter(Column::ReportedAt.gte(from))
        .filter(Column::ReportedAt.lt(to))
        .order_by_asc(Column::Id)
        .into_model::<Row>()
        .all(conn)
        .await
}
