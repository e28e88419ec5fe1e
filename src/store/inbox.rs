//! Inboxes: written with the case, read by their owners, oldest or newest first.
//!
//! Nobody may go past an entry that is not visible yet. PostgreSQL gives ids before the commit, so
//! readers who follow along stop below the oldest transaction that still runs; on SQLite the one
//! writer commits in the order of ids.

use std::collections::BTreeSet;

use entity::inbox::{ActiveModel, Column, Entity, Model};
use entity::kinds::{CaseId, InboxId, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, FromQueryResult,
    QueryFilter, QuerySelect,
};

use super::batch::Batch;
use super::{bulk, sql};

/// Counting stops here: nobody reads a larger number.
const COUNTED: i64 = 1_000;
/// How many rows one removal takes at most.
const BATCH: i64 = 1_000;
/// How many rows get another position at once.
const SETTLED: i64 = 10_000;

/// A place in the order in which entries become visible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, FromQueryResult)]
pub struct Mark {
    pub position: i64,
    pub id: i64,
}

impl Mark {
    /// Returns the place of an entry.
    pub const fn of(entry: &Model) -> Self {
        Self { position: entry.position, id: entry.id.0 }
    }
}

/// Inserts entries whose key is new; a repeat costs nothing.
pub async fn insert_new(tx: &impl ConnectionTrait, entries: Vec<ActiveModel>) -> Result<(), DbErr> {
    bulk::insert(tx, entries, &[Column::DedupKey], &[]).await.map(|_none| ())
}

/// Adds entries whose key is new.
pub fn put_all(batch: &mut Batch, entries: Vec<ActiveModel>) -> Result<(), DbErr> {
    batch.insert(entries, &[Column::DedupKey])
}

/// Finds one entry of these recipients.
pub async fn find(
    conn: &impl ConnectionTrait,
    recipients: &[String],
    id: InboxId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id)
        .filter(Column::Recipient.is_in(recipients.iter().map(String::as_str)))
        .one(conn)
        .await
}

/// Lists which of these keys are stored.
pub async fn known(
    conn: &impl ConnectionTrait,
    keys: &[String],
) -> Result<BTreeSet<String>, DbErr> {
    let found: Vec<String> = Entity::find()
        .select_only()
        .column(Column::DedupKey)
        .filter(Column::DedupKey.is_in(keys.iter().map(String::as_str)))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(found.into_iter().collect())
}

/// Marks an entry as read; the first reading counts.
pub async fn set_read(tx: &impl ConnectionTrait, id: InboxId, now: Timestamp) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::ReadAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::ReadAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Marks all entries of these recipients about a case as read.
pub async fn set_case_read(
    tx: &impl ConnectionTrait,
    recipients: &[String],
    case: CaseId,
    now: Timestamp,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::ReadAt, Expr::value(now))
        .filter(Column::Recipient.is_in(recipients))
        .filter(Column::CaseId.eq(case))
        .filter(Column::ReadAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Tells whether one of these recipients has an entry about a case that is not read.
pub async fn has_unread(
    conn: &impl ConnectionTrait,
    recipients: &[String],
    case: CaseId,
) -> Result<bool, DbErr> {
    let found = Entity::find()
        .filter(Column::Recipient.is_in(recipients))
        .filter(Column::CaseId.eq(case))
        .filter(Column::ReadAt.is_null())
        .one(conn);
    Ok(found.await?.is_some())
}

/// Tells whether one of these recipients has read an entry about a case that was written at an instant
/// or later.
pub async fn was_read(
    conn: &impl ConnectionTrait,
    recipients: &[String],
    case: CaseId,
    since: Timestamp,
) -> Result<bool, DbErr> {
    let found = Entity::find()
        .filter(Column::Recipient.is_in(recipients))
        .filter(Column::CaseId.eq(case))
        .filter(Column::CreatedAt.gte(since))
        .filter(Column::ReadAt.is_not_null())
        .one(conn);
    Ok(found.await?.is_some())
}

/// Lists a page of at most `limit` entries before a place, newest first.
pub async fn page(
    conn: &impl ConnectionTrait,
    recipients: &[String],
    before: Option<Mark>,
    limit: i64,
) -> Result<Vec<Model>, DbErr> {
    let before = before.unwrap_or(Mark { position: i64::MAX, id: i64::MAX });
    let text = format!(
        "SELECT * FROM inbox WHERE recipient = $1 AND {}
            ORDER BY position DESC, id DESC LIMIT $4",
        beyond(conn, '<')
    );
    let mut found = each(conn, &text, recipients, before, limit).await?;
    found.sort_by_key(|entry| std::cmp::Reverse(Mark::of(entry)));
    found.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(found)
}

/// Lists at most `limit` entries that became visible after a place, in that order.
pub async fn after(
    conn: &impl ConnectionTrait,
    recipients: &[String],
    mark: Mark,
    limit: i64,
) -> Result<Vec<Model>, DbErr> {
    let text = format!(
        "SELECT * FROM inbox WHERE recipient = $1 AND {} {}
            ORDER BY position, id LIMIT $4",
        beyond(conn, '>'),
        settled(conn)
    );
    let mut found = each(conn, &text, recipients, mark, limit).await?;
    found.sort_by_key(Mark::of);
    found.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(found)
}

async fn each(
    conn: &impl ConnectionTrait,
    text: &str,
    recipients: &[String],
    mark: Mark,
    limit: i64,
) -> Result<Vec<Model>, DbErr> {
    let mut found = Vec::new();
    for recipient in recipients {
        let values =
            [recipient.as_str().into(), mark.position.into(), mark.id.into(), limit.into()];
        found.extend(Model::find_by_statement(sql(conn, text, values)).all(conn).await?);
    }
    Ok(found)
}

/// Returns the place of the newest entry of anybody; the start where there is none.
pub async fn head(conn: &impl ConnectionTrait) -> Result<Mark, DbErr> {
    let text = format!(
        "SELECT position, id FROM inbox WHERE id > 0 {} ORDER BY position DESC, id DESC LIMIT 1",
        settled(conn)
    );
    // On SQLite every position is the same, and the order of ids needs no further index.
    let text = match conn.get_database_backend() {
        DatabaseBackend::Postgres => text,
        _ => "SELECT position, id FROM inbox ORDER BY id DESC LIMIT 1".to_owned(),
    };
    Ok(Mark::find_by_statement(sql(conn, &text, [])).one(conn).await?.unwrap_or_default())
}

#[derive(FromQueryResult)]
struct Passed {
    position: i64,
    id: i64,
    recipient: String,
}

/// Tells who got something after a place, and the place reached; looks at most at `limit` entries.
pub async fn passed(
    conn: &impl ConnectionTrait,
    mark: Mark,
    limit: i64,
) -> Result<(BTreeSet<String>, Mark), DbErr> {
    let text = match conn.get_database_backend() {
        DatabaseBackend::Postgres => format!(
            "SELECT position, id, recipient FROM inbox WHERE (position, id) > ($1, $2) {}
                ORDER BY position, id LIMIT $3",
            settled(conn)
        ),
        _ => "SELECT position, id, recipient FROM inbox WHERE position >= $1 AND id > $2
                ORDER BY id LIMIT $3"
            .to_owned(),
    };
    let values = [mark.position.into(), mark.id.into(), limit.into()];
    let rows = Passed::find_by_statement(sql(conn, &text, values)).all(conn).await?;
    let reached = rows.last().map_or(mark, |row| Mark { position: row.position, id: row.id });
    Ok((rows.into_iter().map(|row| row.recipient).collect(), reached))
}

/// The condition of lying on one side of the place `($2, $3)`. SQLite seeks by the first column of
/// a row value only; there all positions are the same.
fn beyond(conn: &impl ConnectionTrait, side: char) -> String {
    match conn.get_database_backend() {
        DatabaseBackend::Postgres => format!("(position, id) {side} ($2, $3)"),
        _ => format!("position = 0 AND $2 >= 0 AND id {side} $3"),
    }
}

/// The condition below which nothing new can appear any more.
fn settled(conn: &impl ConnectionTrait) -> &'static str {
    match conn.get_database_backend() {
        DatabaseBackend::Postgres => "AND position < txid_snapshot_xmin(txid_current_snapshot())",
        _ => "",
    }
}

/// Counts what is unread among the newest thousand entries of each recipient.
pub async fn unread(conn: &impl ConnectionTrait, recipients: &[String]) -> Result<i64, DbErr> {
    let text = "SELECT COUNT(*) FROM (SELECT read_at FROM inbox WHERE recipient = $1
        ORDER BY position DESC, id DESC LIMIT $2) newest WHERE read_at IS NULL";
    let mut unread = 0;
    for recipient in recipients {
        let values = [recipient.as_str().into(), COUNTED.into()];
        let row = conn.query_one_raw(sql(conn, text, values)).await?;
        unread += row.map_or(Ok(0), |row| row.try_get_by_index::<i64>(0))?;
    }
    Ok(unread)
}

/// Removes some of the entries written before `before`; returns how many. Looks at the oldest ids
/// only, so it needs no index of its own.
pub async fn forget(tx: &impl ConnectionTrait, before: Timestamp) -> Result<u64, DbErr> {
    let text = "DELETE FROM inbox WHERE id < (SELECT MIN(id) FROM inbox) + $1 AND created_at < $2";
    Ok(tx.execute_raw(sql(tx, text, [BATCH.into(), before.into()])).await?.rows_affected())
}

/// Makes every entry one of the past where transactions of another server numbered them: then some
/// lie beyond all that this one has begun, and whatever is new would lie before them. The highest are
/// changed last, so that whoever was interrupted finds them again. Does nothing where positions are
/// not counted.
pub async fn settle(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    if conn.get_database_backend() != DatabaseBackend::Postgres {
        return Ok(());
    }
    let text = "UPDATE inbox SET position = 0
        WHERE id IN (SELECT id FROM inbox WHERE position > 0 ORDER BY position, id LIMIT $1)
          AND EXISTS (SELECT 1 FROM inbox
                       WHERE position >= txid_snapshot_xmax(txid_current_snapshot()))";
    while conn.execute_raw(sql(conn, text, [SETTLED.into()])).await?.rows_affected() > 0 {}
    Ok(())
}
