//! What the cells of figures do not have as it stands: whatever is open, and the few that are over.
//!
//! A case that is over is counted in the cells as it stands unless a row of `case_beside` says up to
//! which event it is; one that is open is not counted unless a row says so. The database itself adds
//! those rows, whoever changes a case; only the night takes them away.

use entity::kinds::{CaseId, GridId, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseBackend, DbErr, FromQueryResult, Value};

use super::{bulk, is_listed, list, sql};

/// A case that may be to be counted, counted anew, or no longer.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Candidate {
    pub id: CaseId,
    pub number: String,
    pub small_grid_id: Option<GridId>,
    pub last_seq: i32,
    /// The event up to which cells have it; 0: they do not.
    pub counted: i32,
}

/// Lists cases after another that were over at an instant, as far as their rows tell, and those that
/// are counted and of which something was said since; nothing was said of any of them later.
pub async fn candidates(
    conn: &impl ConnectionTrait,
    after: CaseId,
    at: Timestamp,
    limit: u64,
) -> Result<Vec<Candidate>, DbErr> {
    let text = "SELECT c.id, c.number, c.small_grid_id, c.last_seq, b.counted
          FROM case_beside b JOIN cases c ON c.id = b.case_id
         WHERE b.case_id > $1 AND c.last_event_at < $2
           AND (b.counted > 0 OR (c.next_check_at IS NULL AND c.resolve_due_at < $2
                AND c.contact_due_at < $2 AND c.acknowledge_due_at < $2))
         ORDER BY b.case_id LIMIT $3";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values = [after.into(), at.into(), limit.into()];
    Candidate::find_by_statement(sql(conn, text, values)).all(conn).await
}

/// Up to which event a case is counted, in the words of its row and that of `case_beside`.
const COUNTED: &str =
    "COALESCE(b.counted, CASE WHEN c.next_check_at IS NULL THEN c.last_seq ELSE 0 END)";

/// Lists these cases as they stand, in no certain order.
pub async fn standing(
    conn: &impl ConnectionTrait,
    cases: &[CaseId],
) -> Result<Vec<Candidate>, DbErr> {
    let text = format!(
        "SELECT c.id, c.number, c.small_grid_id, c.last_seq, {COUNTED} AS counted
           FROM cases c LEFT JOIN case_beside b ON b.case_id = c.id WHERE c.id {}",
        is_listed(conn)
    );
    Candidate::find_by_statement(sql(conn, &text, [list(cases)?])).all(conn).await
}

/// Which case is counted up to which of its events; 0: not at all.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    pub id: CaseId,
    pub seq: i32,
}

/// Notes up to which event cases that stand beside the cells are counted; those of which that was
/// the last one do not stand there any more.
pub async fn note(tx: &impl ConnectionTrait, counted: &[Counted]) -> Result<(), DbErr> {
    let rows: Vec<[Value; 2]> = counted.iter().map(|one| [one.id.into(), one.seq.into()]).collect();
    let (table, values) = bulk::table(tx, &[("id", "bigint"), ("seq", "integer")], &rows, 1)?;
    // Whoever says something of a case meanwhile waits for the end of the unit, or was waited for.
    let text = format!(
        "UPDATE case_beside SET counted = one.seq FROM {table} WHERE case_beside.case_id = one.id"
    );
    tx.execute_raw(sql(tx, &text, values)).await?;
    let cases: Vec<CaseId> = counted.iter().map(|one| one.id).collect();
    let text =
        format!("DELETE FROM case_beside WHERE counted = last_seq AND case_id {}", is_listed(tx));
    tx.execute_raw(sql(tx, &text, [list(cases)?])).await?;
    Ok(())
}

/// Lists cases after an id that are counted.
pub async fn counted(
    conn: &impl ConnectionTrait,
    after: CaseId,
    limit: u64,
) -> Result<Vec<CaseId>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        id: CaseId,
    }
    let text = format!(
        "SELECT c.id FROM cases c LEFT JOIN case_beside b ON b.case_id = c.id
          WHERE c.id > $1 AND {COUNTED} > 0 ORDER BY c.id LIMIT $2"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = Row::find_by_statement(sql(conn, &text, [after.into(), limit.into()]));
    Ok(rows.all(conn).await?.into_iter().map(|row| row.id).collect())
}

/// When a case and everything that was promised with it was over, as the database's triggers say it.
fn over_at(conn: &impl ConnectionTrait) -> String {
    let latest = match conn.get_database_backend() {
        DatabaseBackend::Postgres => "GREATEST",
        _ => "MAX",
    };
    format!(
        "CASE WHEN reopens > 0 THEN {} ELSE
            {latest}(resolve_due_at, contact_due_at, acknowledge_due_at, last_event_at) END",
        i64::MAX
    )
}

/// Forgets that these cases are counted.
pub async fn uncount(tx: &impl ConnectionTrait, cases: &[CaseId]) -> Result<(), DbErr> {
    let text = format!(
        "INSERT INTO case_beside (case_id, counted, last_seq, reported_at, over_at)
         SELECT id, 0, last_seq, reported_at, {} FROM cases WHERE id {}
         ON CONFLICT (case_id) DO UPDATE SET counted = 0",
        over_at(tx),
        is_listed(tx)
    );
    tx.execute_raw(sql(tx, &text, [list(cases)?])).await?;
    Ok(())
}
