//! Reads what the figures are made of: the events of every case that a period can concern, a batch
//! of cases at a time, each batch with one statement for its cases and one for its events.

use entity::kinds::{AccountId, CaseId, EventType, Timestamp};
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

/// Lists these cases in the order of their ids; asks for nothing where there are none.
pub async fn numbered(
    conn: &impl ConnectionTrait,
    cases: &[CaseId],
) -> Result<Vec<Numbered>, DbErr> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!("SELECT id, number FROM cases WHERE id {} ORDER BY id", is_listed(conn));
    Numbered::find_by_statement(sql(conn, &text, [list(cases)?])).all(conn).await
}

/// An event of a case with its sealed payload, unless no figure reads it, or with what remains of it.
#[derive(Clone, Debug)]
pub struct Row {
    pub case_id: CaseId,
    pub seq: i32,
    /// As it is kept, which may be no word of the ledger any more.
    pub kind: String,
    pub actor_id: Option<AccountId>,
    pub actor_role: String,
    pub server_time: Timestamp,
    pub body_sealed: Option<String>,
    pub remains: Option<String>,
}

/// Lists the events of these cases up to an instant, each case's in the order of its ledger, with
/// the payloads of the kinds in `read`; asks for nothing where there are none.
pub async fn events(
    conn: &impl ConnectionTrait,
    cases: &[CaseId],
    until: Timestamp,
    read: &[EventType],
) -> Result<Vec<Row>, DbErr> {
    #[derive(FromQueryResult)]
    struct Told {
        case_id: CaseId,
        events: String,
    }
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let words: Vec<String> = read.iter().map(|kind| format!("'{}'", kind.word())).collect();
    let is_read = format!("e.kind IN ({})", words.join(", "));
    // One row for each case: handing over a row costs more than what is in it. No payload is looked
    // for that is not read, and no remains where there is one: each look costs as much as the event.
    let text = format!(
        "SELECT e.case_id, string_agg(CAST(e.seq AS TEXT) || '{WITHIN}' || e.kind || '{WITHIN}'
                || COALESCE(CAST(e.actor_id AS TEXT), '') || '{WITHIN}' || e.actor_role || '{WITHIN}'
                || CAST(e.server_time AS TEXT) || '{WITHIN}' || COALESCE(p.body_sealed, '')
                || '{WITHIN}' || COALESCE(CASE WHEN p.event_id IS NULL AND {is_read}
                   THEN (SELECT r.body FROM case_event_remains r WHERE r.event_id = e.id) END, ''),
                '{BETWEEN}') AS events
           FROM case_event e
           LEFT JOIN case_event_payload p ON p.event_id = CASE WHEN {is_read} THEN e.id END
          WHERE e.case_id {} AND e.server_time <= $2
          GROUP BY e.case_id ORDER BY e.case_id",
        is_listed(conn)
    );
    let told = Told::find_by_statement(sql(conn, &text, [list(cases)?, until.into()]));
    let (told, mut rows) = (told.all(conn).await?, Vec::new());
    for Told { case_id, events } in told {
        let first = rows.len();
        for event in events.split(BETWEEN) {
            let row = row(case_id, event);
            rows.push(row.ok_or_else(|| DbErr::Type("an event that is none".into()))?);
        }
        // Nobody promises in which order they are put together.
        rows.get_mut(first..).into_iter().for_each(|all| all.sort_unstable_by_key(|row| row.seq));
    }
    Ok(rows)
}

/// Between the events of a case, and between the fields of one: no word, number, sealed body or JSON
/// holds either.
pub(super) const BETWEEN: char = '\u{1e}';
pub(super) const WITHIN: char = '\u{1f}';

fn row(case_id: CaseId, event: &str) -> Option<Row> {
    let mut fields = event.split(WITHIN);
    let mut next = || fields.next();
    let text = |field: &str| (!field.is_empty()).then(|| field.to_owned());
    let row = Row {
        case_id,
        seq: next()?.parse().ok()?,
        kind: next()?.to_owned(),
        actor_id: match next()? {
            "" => None,
            id => Some(AccountId(id.parse().ok()?)),
        },
        actor_role: next()?.to_owned(),
        server_time: Timestamp(next()?.parse().ok()?),
        body_sealed: text(next()?),
        remains: text(next()?),
    };
    fields.next().is_none().then_some(row)
}
