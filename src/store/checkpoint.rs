//! Sealed days of the record: added, never changed; and the entries as whoever verifies reads them.

use std::collections::HashSet;

use entity::kinds::{AccountId, CaseId, Timestamp};
use entity::ledger_checkpoint::{ActiveModel, Column, Entity, Model};
use entity::{ledger_annex, ledger_head};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::{bulk, is_listed, list, sql};

/// Rows of one statement: SQLite takes 32,766 values.
const CHUNK: usize = 2_000;

/// Finds the last checkpoint.
pub async fn last(conn: &impl ConnectionTrait) -> Result<Option<Model>, DbErr> {
    Entity::find().order_by_desc(Column::Day).limit(1).one(conn).await
}

/// Lists the checkpoints of these days, both included, the first one first.
pub async fn between(
    conn: &impl ConnectionTrait,
    (from, to): (&str, &str),
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::Day.gte(from))
        .filter(Column::Day.lte(to))
        .order_by_asc(Column::Day)
        .limit(limit)
        .all(conn)
        .await
}

/// A head with the number under which it was sealed.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Numbered {
    pub number: String,
    pub first_seq: i64,
    pub marks: String,
    pub hash: String,
}

/// Lists what a checkpoint seals, by the numbers of the cases and the names of what stands beside them.
pub async fn heads(conn: &impl ConnectionTrait, day: &str) -> Result<Vec<Numbered>, DbErr> {
    let text = "SELECT number, first_seq, marks, hash FROM ledger_head WHERE day = $1
         UNION ALL
         SELECT name, 1, SUBSTR(hash, 1, 8), hash FROM ledger_annex WHERE day = $1";
    let mut heads = Numbered::find_by_statement(sql(conn, text, [day.into()])).all(conn).await?;
    // By bytes, whatever the collation of the database.
    heads.sort_unstable_by(|a, b| a.number.cmp(&b.number));
    Ok(heads)
}

/// Adds a checkpoint with its heads. Fails when the day is sealed already.
pub async fn insert(
    tx: &impl ConnectionTrait,
    row: ActiveModel,
    heads: Vec<ledger_head::ActiveModel>,
    annexes: Vec<ledger_annex::ActiveModel>,
) -> Result<(), DbErr> {
    Entity::insert(row).exec_without_returning(tx).await?;
    if !annexes.is_empty() {
        bulk::insert(tx, annexes, &[], &[]).await?;
    }
    let mut heads = heads.into_iter().peekable();
    while heads.peek().is_some() {
        bulk::insert(tx, heads.by_ref().take(CHUNK).collect(), &[], &[]).await?;
    }
    Ok(())
}

/// Lists the names of what is sealed beside the cases.
pub async fn annexes(conn: &impl ConnectionTrait) -> Result<HashSet<String>, DbErr> {
    use ledger_annex::{Column, Entity};
    let names = Entity::find().select_only().column(Column::Name).into_tuple::<String>();
    Ok(names.all(conn).await?.into_iter().collect())
}

/// The time of the entry that was written first.
pub async fn began(conn: &impl ConnectionTrait) -> Result<Option<Timestamp>, DbErr> {
    use entity::case_event::{Column, Entity};
    let first = Entity::find().select_only().columns([Column::Id, Column::ServerTime]);
    let first = first.order_by_asc(Column::Id).limit(1);
    let first = first.into_tuple::<(entity::kinds::EventId, Timestamp)>().one(conn).await?;
    Ok(first.map(|(_, at)| at))
}

/// The time of the entry that was written last.
pub async fn newest(conn: &impl ConnectionTrait) -> Result<Option<Timestamp>, DbErr> {
    use entity::case_event::{Column, Entity};
    let last = Entity::find().select_only().column(Column::ServerTime);
    last.order_by_desc(Column::Id).limit(1).into_tuple::<Timestamp>().one(conn).await
}

/// A case that was written to on a day, and the first entry of it that was.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Grown {
    pub case_id: CaseId,
    /// Days since 1970 in the street's zone.
    pub day: i64,
    pub first_event: i64,
}

/// Lists on which days which cases were written to by the entries `[from, to)`.
pub async fn grown(
    conn: &impl ConnectionTrait,
    (from, to): (i64, i64),
) -> Result<Vec<Grown>, DbErr> {
    // Whole numbers since 1970, so that both databases round down.
    let text = "SELECT case_id, (server_time + 28800000000) / 86400000000 AS day,
                MIN(id) AS first_event
           FROM case_event WHERE id >= $1 AND id < $2 GROUP BY 1, 2";
    Grown::find_by_statement(sql(conn, text, [from.into(), to.into()])).all(conn).await
}

/// Returns the id after that of the last entry; 0 when there is none.
pub async fn end(conn: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let text = "SELECT COALESCE((SELECT MAX(id) + 1 FROM case_event), 0)";
    let row = conn.query_one_raw(sql(conn, text, [])).await?;
    row.ok_or_else(|| DbErr::RecordNotFound("a count".into()))?.try_get_by_index(0)
}

/// An entry that no checkpoint holds yet.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Waiting {
    pub case_id: CaseId,
    pub number: String,
    pub seq: i64,
    pub hash: String,
}

/// Lists the entries of these cases before an instant that no checkpoint holds, each case's in order.
pub async fn waiting(
    conn: &impl ConnectionTrait,
    cases: &[CaseId],
    before: Timestamp,
) -> Result<Vec<Waiting>, DbErr> {
    let text = format!(
        "SELECT e.case_id, c.number, CAST(e.seq AS BIGINT) AS seq, e.hash FROM case_event e
           JOIN cases c ON c.id = e.case_id
          WHERE e.case_id {} AND e.server_time < $2 AND e.seq > COALESCE(
            (SELECT MAX(h.last_seq) FROM ledger_head h WHERE h.case_id = e.case_id), 0)
          ORDER BY e.case_id, e.seq",
        is_listed(conn)
    );
    let values = [list(cases)?, before.into()];
    Waiting::find_by_statement(sql(conn, &text, values)).all(conn).await
}

/// A case and how much of it an export shows.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Extent {
    pub id: CaseId,
    pub number: String,
    /// The last entry that a checkpoint of the asked days holds.
    pub last_seq: i64,
}

/// Lists cases after an id of which a checkpoint from a day on seals something, each with how far the
/// checkpoints up to another day seal it.
pub async fn sealed(
    conn: &impl ConnectionTrait,
    (from, to): (&str, &str),
    after: CaseId,
    limit: u64,
) -> Result<Vec<Extent>, DbErr> {
    // Asked of each case by itself: a database that groups all heads first does so for every batch.
    let text = "SELECT c.id, c.number, (SELECT MAX(h.last_seq) FROM ledger_head h
                 WHERE h.case_id = c.id AND h.day <= $2) AS last_seq
           FROM cases c
          WHERE c.id > $3 AND EXISTS (SELECT 1 FROM ledger_head h
                 WHERE h.case_id = c.id AND h.day >= $1 AND h.day <= $2)
          ORDER BY c.id LIMIT $4";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values = [from.into(), to.into(), after.into(), limit.into()];
    Extent::find_by_statement(sql(conn, text, values)).all(conn).await
}

/// Where a case's chain should end, and what of its row decides which figures read it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct End {
    pub id: CaseId,
    pub number: String,
    pub last_seq: i32,
    pub last_hash: String,
    pub reported_at: Timestamp,
    pub last_event_at: Timestamp,
    pub reopens: i32,
    /// As it is kept, which may be no word of the list any more.
    pub state: String,
}

const END: &str =
    "SELECT id, number, last_seq, last_hash, reported_at, last_event_at, reopens, state FROM cases";

/// Lists cases after an id in the order of their ids, each with its last entry.
pub async fn ends(
    conn: &impl ConnectionTrait,
    after: CaseId,
    limit: u64,
) -> Result<Vec<End>, DbErr> {
    let text = format!("{END} WHERE id > $1 ORDER BY id LIMIT $2");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    End::find_by_statement(sql(conn, &text, [after.into(), limit.into()])).all(conn).await
}

/// Reads the rows of these cases, in the order of their ids.
pub async fn ends_of(conn: &impl ConnectionTrait, cases: &[CaseId]) -> Result<Vec<End>, DbErr> {
    let text = format!("{END} WHERE id {} ORDER BY id", is_listed(conn));
    End::find_by_statement(sql(conn, &text, [list(cases)?])).all(conn).await
}

/// Lists the newest cases in the order of their ids, each with its last entry.
pub async fn newest_ends(conn: &impl ConnectionTrait, limit: u64) -> Result<Vec<End>, DbErr> {
    let text = format!("{END} ORDER BY id DESC LIMIT $1");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut ends = End::find_by_statement(sql(conn, &text, [limit.into()])).all(conn).await?;
    ends.reverse();
    Ok(ends)
}

/// Finds where the chain of one case should end.
pub async fn end_of(conn: &impl ConnectionTrait, number: &str) -> Result<Option<End>, DbErr> {
    let text = format!("{END} WHERE number = $1");
    End::find_by_statement(sql(conn, &text, [number.into()])).one(conn).await
}

/// An entry with its sealed payload, or with what remains of it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Written {
    pub case_id: CaseId,
    pub seq: i32,
    /// As it is kept, which may be no word of the ledger any more.
    pub kind: String,
    pub actor_id: Option<AccountId>,
    pub actor_role: String,
    pub server_time: Timestamp,
    pub client_time: Option<Timestamp>,
    pub payload_commitment: String,
    pub prev_hash: String,
    pub hash: String,
    pub salt: Option<String>,
    pub body_sealed: Option<String>,
    pub remains: Option<String>,
}

/// Lists the entries of these cases as they are kept, each case's in order.
pub async fn written(conn: &impl ConnectionTrait, cases: &[CaseId]) -> Result<Vec<Written>, DbErr> {
    let text = format!(
        "SELECT e.case_id, e.seq, e.kind, e.actor_id, e.actor_role, e.server_time, e.client_time,
                e.payload_commitment, e.prev_hash, e.hash, p.salt, p.body_sealed,
                r.body AS remains
           FROM case_event e
           LEFT JOIN case_event_payload p ON p.event_id = e.id
           LEFT JOIN case_event_remains r ON r.event_id = e.id
          WHERE e.case_id {} ORDER BY e.case_id, e.seq",
        is_listed(conn)
    );
    Written::find_by_statement(sql(conn, &text, [list(cases)?])).all(conn).await
}
