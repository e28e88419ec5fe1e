//! Reads what the figures are made of: the events of every case that a period can concern, a batch
//! of cases at a time, each batch with one statement for its cases and one for its events.

use entity::kinds::{AccountId, ActorRole, CaseId, EventType, Timestamp};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::{is_listed, list, sql};

/// A case of the period.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Numbered {
    pub id: CaseId,
    pub number: String,
}

/// Lists cases after an id that may be of the cohort of any figure of `[from, to)`: everything that
/// was reported before its end, but for what was over and due before it began. The row's due times
/// are those of the last cycle, so what was ever reopened is always among them.
pub async fn cases(
    conn: &impl ConnectionTrait,
    (from, to): (Timestamp, Timestamp),
    after: CaseId,
    limit: u64,
) -> Result<Vec<Numbered>, DbErr> {
    let text = "SELECT c.id, c.number FROM cases c
         WHERE c.id > $1 AND c.reported_at < $2
           AND (c.next_check_at IS NOT NULL OR c.last_event_at >= $3 OR c.resolve_due_at >= $3
                OR c.contact_due_at >= $3 OR c.acknowledge_due_at >= $3 OR c.reopens > 0)
         ORDER BY c.id LIMIT $4";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values = [after.into(), to.into(), from.into(), limit.into()];
    Numbered::find_by_statement(sql(conn, text, values)).all(conn).await
}

/// Lists these cases in the order of their ids.
pub async fn numbered(
    conn: &impl ConnectionTrait,
    cases: &[CaseId],
) -> Result<Vec<Numbered>, DbErr> {
    let text = format!("SELECT id, number FROM cases WHERE id {} ORDER BY id", is_listed(conn));
    Numbered::find_by_statement(sql(conn, &text, [list(cases)?])).all(conn).await
}

/// An event of a case with its sealed payload, unless no figure reads it, or with what remains of it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Row {
    pub case_id: CaseId,
    pub seq: i32,
    pub kind: EventType,
    pub actor_id: Option<AccountId>,
    pub actor_role: ActorRole,
    pub server_time: Timestamp,
    pub body_sealed: Option<String>,
    pub remains: Option<String>,
}

/// Lists the events of these cases up to an instant, each case's in the order of its ledger, with
/// the payloads of the kinds in `read`.
pub async fn events(
    conn: &impl ConnectionTrait,
    cases: &[CaseId],
    until: Timestamp,
    read: &[EventType],
) -> Result<Vec<Row>, DbErr> {
    let words: Vec<String> = read.iter().map(|kind| format!("'{}'", kind.word())).collect();
    let text = format!(
        "SELECT e.case_id, e.seq, e.kind, e.actor_id, e.actor_role, e.server_time, p.body_sealed,
                r.body AS remains
           FROM case_event e
           LEFT JOIN case_event_payload p ON p.event_id = e.id AND e.kind IN ({})
           LEFT JOIN case_event_remains r ON r.event_id = e.id
          WHERE e.case_id {} AND e.server_time <= $2
          ORDER BY e.case_id, e.seq",
        words.join(", "),
        is_listed(conn)
    );
    Row::find_by_statement(sql(conn, &text, [list(cases)?, until.into()])).all(conn).await
}
