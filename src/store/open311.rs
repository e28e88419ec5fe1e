//! Cases as everybody may see them: columns without a word of anybody.

use entity::cases::{Column, Entity};
use entity::kinds::{CaseState, Category, GridId, Timestamp};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::domain::open311::Question;

/// What is read of a case.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Row {
    pub number: String,
    pub state: CaseState,
    pub category: Category,
    pub reported_at: Timestamp,
    pub last_event_at: Timestamp,
    pub resolve_due_at: Timestamp,
    pub due_provisional: bool,
    pub small_grid_id: Option<GridId>,
    pub large_grid_id: Option<GridId>,
}

const SHOWN: [Column; 9] = [
    Column::Number,
    Column::State,
    Column::Category,
    Column::ReportedAt,
    Column::LastEventAt,
    Column::ResolveDueAt,
    Column::DueProvisional,
    Column::SmallGridId,
    Column::LargeGridId,
];

/// Lists the cases of a question, the latest first, at most `limit`.
pub async fn list(
    conn: &impl ConnectionTrait,
    ask: &Question,
    limit: u64,
) -> Result<Vec<Row>, DbErr> {
    let query = Entity::find().select_only().columns(SHOWN);
    let query = query.filter(Column::Category.is_in(ask.categories.iter().copied()));
    let query = match &ask.numbers {
        Some(numbers) => query.filter(Column::Number.is_in(numbers)),
        None => query
            .filter(Column::ReportedAt.gte(ask.from))
            .filter(Column::ReportedAt.lt(ask.to))
            .filter(Column::State.is_in(ask.states.iter().copied())),
    };
    let query = query.order_by_desc(Column::ReportedAt).order_by_desc(Column::Id).limit(limit);
    query.into_model::<Row>().all(conn).await
}
