//! Reads what the figures are made of: the cases of a period and the events that mark time.

use entity::cases::{Column, Entity};
use entity::kinds::{CaseId, CaseState, Category, EventType, GridId, StaffId, Timestamp};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::scope::Scope;
use super::sql;

/// A case of the period, without anything personal.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Row {
    pub id: CaseId,
    pub state: CaseState,
    pub category: Category,
    pub small_grid_id: Option<GridId>,
    pub large_grid_id: Option<GridId>,
    pub acknowledged_by: Option<StaffId>,
    /// The frozen chain names who was responsible.
    pub snapshot: String,
    pub reported_at: Timestamp,
    pub resolve_due_at: Timestamp,
    pub last_event_at: Timestamp,
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
        .columns([
            Column::Id,
            Column::State,
            Column::Category,
            Column::SmallGridId,
            Column::LargeGridId,
            Column::AcknowledgedBy,
            Column::Snapshot,
            Column::ReportedAt,
            Column::ResolveDueAt,
            Column::LastEventAt,
        ])
        .filter(scope.condition())
        .filter(Column::ReportedAt.gte(from))
        .filter(Column::ReportedAt.lt(to))
        .order_by_asc(Column::Id)
        .into_model::<Row>()
        .all(conn)
        .await
}

/// When something happened to a case.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Mark {
    pub case_id: CaseId,
    pub kind: EventType,
    pub server_time: Timestamp,
}

/// Lists the events of these kinds of all cases reported in `[from, to)`, each case's in the order
/// of its ledger.
pub async fn marks(
    conn: &impl ConnectionTrait,
    kinds: &[EventType],
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Mark>, DbErr> {
    let words: Vec<String> = kinds.iter().map(|kind| format!("'{}'", kind.word())).collect();
    let text = format!(
        "SELECT e.case_id, e.kind, e.server_time
           FROM case_event e JOIN cases c ON c.id = e.case_id
          WHERE c.reported_at >= $1 AND c.reported_at < $2 AND e.kind IN ({})
          ORDER BY e.case_id, e.seq",
        words.join(", ")
    );
    Mark::find_by_statement(sql(conn, &text, [from.into(), to.into()])).all(conn).await
}
