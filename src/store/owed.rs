//! Messages that ask somebody to act, did not leave for their carrier's sake, and whose people heard
//! of the case in no other way.

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

/// What asks staff to act outside the chain. Cards, supervision and what is to be decided are
/// reminders; anything else only says what happened.
const ASKING: [NoticeKind; 2] = [NoticeKind::Reopened, NoticeKind::Reminder];

/// The event that causes a message may bear a later time than it, in microseconds: times within a case
/// only grow, whatever the clock does.
const CAUSED_WITHIN: i64 = 1_000_000;

/// Tells whether a message is owed to its reader when its carrier fails: one of the chain, or one that
/// asks him to act.
pub fn is_owed(notice: &Model) -> bool {
    notice.staff_id.is_some() && (notice.step >= 0 || ASKING.contains(&notice.kind))
}

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

/// Lists those after this one, a [`PAGE`] of them, oldest first. Of the chain those of the last round
/// in which each person was to be told; of what asks him outside of it the last words. A message
/// whose fate is unknown does not count as heard.
pub async fn list(conn: &impl ConnectionTrait, after: NoticeId) -> Result<Vec<Owed>, DbErr> {
    let same = "m.case_id = n.case_id AND m.staff_id = n.staff_id AND m.step >= 0
        AND m.created_at >= c.escalation_base";
    let beside = format!(
        "m.case_id = n.case_id AND m.staff_id = n.staff_id AND m.id > n.id AND {}
            AND m.state = 'dead' AND m.reason IN ({}) AND {} <> {}",
        asks("m"),
        reasons(),
        words("m"),
        words("n")
    );
    let text = format!(
        "SELECT n.id, n.case_id, n.staff_id, n.kind, n.channel, n.errcode, n.reason,
                n.created_at, n.finished_at
           FROM cases c JOIN notice n ON n.case_id = c.id
          WHERE n.id > $1
            AND c.state IN ('triage', 'assigned', 'acknowledged', 'in_progress', 'on_hold')
            AND n.state = 'dead' AND n.reason IN ({reasons}) AND n.staff_id IS NOT NULL
            AND {holds}
            AND (n.step < 0 OR (
                n.round = (SELECT MAX(m.round) FROM notice m WHERE {same})
                AND NOT EXISTS (SELECT 1 FROM notice m WHERE {same}
                    AND m.state IN ('planned', 'sending', 'accepted', 'delivered'))))
            AND (n.step >= 0 OR (
                NOT EXISTS (SELECT 1 FROM notice m WHERE {beside})
                AND NOT EXISTS (SELECT 1 FROM notice m
                    WHERE m.case_id = n.case_id AND m.staff_id = n.staff_id
                        AND (m.state IN ('planned', 'sending') OR (
                            m.state IN ('accepted', 'delivered')
                            AND COALESCE(m.accepted_at, m.delivered_at) >= n.created_at)))))
          ORDER BY n.id LIMIT {PAGE}",
        reasons = reasons(),
        holds = holds("n"),
    );
    Owed::find_by_statement(sql(conn, &text, [after.into()])).all(conn).await
}

fn reasons() -> String {
    OF_CARRIER.map(|word| format!("'{word}'")).join(", ")
}

/// Writes the condition that a message asks its reader to act outside the chain.
fn asks(n: &str) -> String {
    let kinds = ASKING.map(|kind| format!("'{}'", kind.word())).join(", ");
    format!("{n}.step < 0 AND {n}.kind IN ({kinds})")
}

/// Writes what all messages with the same words to the same person have in common: their key without
/// its channel.
fn words(n: &str) -> String {
    format!("SUBSTR({n}.dedup_key, 1, LENGTH({n}.dedup_key) - LENGTH({n}.channel))")
}

/// Writes the condition that what a message `n` says still holds for the case `c`: the same people
/// are responsible, and for the chain nobody took it. What asks outside the chain holds until
/// somebody takes the case, lets it rest or ends it, or its reader himself does anything about it.
fn holds(n: &str) -> String {
    let asks = asks(n);
    format!(
        "{n}.created_at >= c.escalation_base
            AND (({n}.step >= 0 AND c.state IN ('assigned', 'triage'))
              OR ({asks} AND NOT EXISTS (SELECT 1 FROM case_event e
                  WHERE e.case_id = c.id AND e.server_time > {n}.created_at + {CAUSED_WITHIN}
                    AND (e.kind IN ('acknowledged', 'held', 'resolved') OR e.actor_id IN (
                        SELECT s.account_id FROM staff s WHERE s.id = {n}.staff_id
                        UNION SELECT s.wecom_account_id FROM staff s WHERE s.id = {n}.staff_id)))))"
    )
}

/// Plans them again, as of the round in which their case is now; returns those that had not been
/// planned by somebody else, and whose words still hold: the chain may have begun anew while the carrier
/// was asked.
pub async fn revive(tx: &impl ConnectionTrait, ids: &[NoticeId]) -> Result<Vec<Model>, DbErr> {
    lock_cases(tx, ids).await?;
    let waits = format!(
        "EXISTS (SELECT 1 FROM cases c WHERE c.id = notice.case_id
            AND c.state IN ('triage', 'assigned', 'acknowledged', 'in_progress', 'on_hold') AND {})",
        holds("notice")
    );
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
