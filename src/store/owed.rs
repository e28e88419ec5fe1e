//! Messages of a chain that did not leave for their carrier's sake, and whose people heard of the
//! case in no other way.

use entity::kinds::{CaseId, Channel, NoticeId, NoticeKind, NoticeState, StaffId, Timestamp};
use entity::notice::{Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, FromQueryResult, QueryFilter,
};

use super::{is_listed, sql};

/// So many are looked at, and planned again, in one go: more would hold the other writers up.
pub const PAGE: usize = 500;

/// The word of a message that its carrier had no room for.
const LIMITED: &str = "rate_limited";
/// The word of a message whose template the platform does not have as it was.
const TEMPLATE: &str = "template_changed";
/// The words of those that died for their carrier's sake, or because an operator must put something
/// right there; the index that finds them names the same.
pub const OF_CARRIER: [&str; 5] =
    ["unavailable", "token_refused", LIMITED, "config_error", TEMPLATE];

/// One of them.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Owed {
    pub id: NoticeId,
    pub case_id: CaseId,
    pub staff_id: StaffId,
    pub kind: NoticeKind,
    pub channel: Channel,
    pub errcode: Option<i64>,
    pub reason: String,
    pub created_at: Timestamp,
    pub finished_at: Timestamp,
}

impl Owed {
    /// Tells whether it died because it was one too many.
    pub fn is_limited(&self) -> bool {
        self.reason == LIMITED
    }

    /// Tells whether it died because its template is closed.
    pub fn is_of_template(&self) -> bool {
        self.reason == TEMPLATE
    }
}

/// Lists those after this one, a [`PAGE`] of them, oldest first: of each person those of the last
/// round in which he was to be told. A message whose fate is unknown does not count as heard.
pub async fn list(conn: &impl ConnectionTrait, after: NoticeId) -> Result<Vec<Owed>, DbErr> {
    let same = "m.case_id = n.case_id AND m.staff_id = n.staff_id AND m.step >= 0
        AND m.created_at >= c.escalation_base";
    let reasons = OF_CARRIER.map(|word| format!("'{word}'")).join(", ");
    let text = format!(
        "SELECT n.id, n.case_id, n.staff_id, n.kind, n.channel, n.errcode, n.reason,
                n.created_at, n.finished_at
           FROM cases c JOIN notice n ON n.case_id = c.id
          WHERE n.id > $1 AND c.state IN ('assigned', 'triage')
            AND n.state = 'dead' AND n.reason IN ({reasons}) AND n.staff_id IS NOT NULL
            AND n.step >= 0 AND n.created_at >= c.escalation_base
            AND n.round = (SELECT MAX(m.round) FROM notice m WHERE {same})
            AND NOT EXISTS (SELECT 1 FROM notice m WHERE {same}
                AND m.state IN ('planned', 'sending', 'accepted', 'delivered'))
          ORDER BY n.id LIMIT {PAGE}"
    );
    Owed::find_by_statement(sql(conn, &text, [after.into()])).all(conn).await
}

/// Plans them again, as of the round in which their case is now; returns those that had not been
/// planned by somebody else, and whose case still waits for the same people: its chain may have begun
/// anew while the carrier was asked.
pub async fn revive(tx: &impl ConnectionTrait, ids: &[NoticeId]) -> Result<Vec<Model>, DbErr> {
    lock_cases(tx, ids).await?;
    let waits = "EXISTS (SELECT 1 FROM cases c WHERE c.id = notice.case_id
        AND c.state IN ('assigned', 'triage') AND notice.created_at >= c.escalation_base)";
    let round = "(SELECT c.escalation_round FROM cases c WHERE c.id = notice.case_id)";
    Entity::update_many()
        .col_expr(Column::State, Expr::value(NoticeState::Planned))
        .col_expr(Column::Round, Expr::cust(round))
        .col_expr(Column::Reason, Expr::value(Option::<String>::None))
        .col_expr(Column::Errcode, Expr::value(Option::<i64>::None))
        .col_expr(Column::Msgid, Expr::value(Option::<i64>::None))
        .col_expr(Column::SendingAt, Expr::value(Option::<Timestamp>::None))
        .col_expr(Column::AcceptedAt, Expr::value(Option::<Timestamp>::None))
        .col_expr(Column::DeliveredAt, Expr::value(Option::<Timestamp>::None))
        .col_expr(Column::FinishedAt, Expr::value(Option::<Timestamp>::None))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::State.eq(NoticeState::Dead))
        .filter(Expr::cust(waits))
        .exec_with_returning(tx)
        .await
}

/// Keeps others from changing the cases of notices until the unit ends.
async fn lock_cases(tx: &impl ConnectionTrait, ids: &[NoticeId]) -> Result<(), DbErr> {
    if tx.get_database_backend() != DatabaseBackend::Postgres {
        return Ok(());
    }
    let text = format!(
        "SELECT id FROM cases WHERE id IN (SELECT case_id FROM notice WHERE id {})
          ORDER BY id FOR UPDATE",
        is_listed(tx)
    );
    tx.query_all_raw(sql(tx, &text, [super::list(ids)?])).await?;
    Ok(())
}
