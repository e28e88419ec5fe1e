//! What WeChat says of photos and recordings, and the files that it is said of.

use entity::kinds::{AccountId, CaseId, ContentCheck, Timestamp};
use entity::media_check::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter,
};

use super::{is_named, list, sql};

/// A stored photo or recording.
#[derive(Clone, Debug, FromQueryResult)]
pub struct File {
    pub id: i64,
    pub owner_id: AccountId,
    pub case_id: Option<CaseId>,
    pub object: String,
    pub media_type: String,
    pub sha256: String,
    pub created_at: Timestamp,
    pub checked_at: Option<Timestamp>,
}

/// Finds a file in `photo` or `voice`.
pub async fn find_file(
    conn: &impl ConnectionTrait,
    table: &str,
    id: i64,
) -> Result<Option<File>, DbErr> {
    let text = format!(
        "SELECT id, owner_id, case_id, object, media_type, sha256, created_at, checked_at
           FROM {table} WHERE id = $1"
    );
    File::find_by_statement(sql(conn, &text, [id.into()])).one(conn).await
}

#[derive(FromQueryResult)]
struct Id {
    id: i64,
}

/// Lists the files of `photo` or `voice` with this content whose cases were not told yet.
pub async fn of_content(
    conn: &impl ConnectionTrait,
    table: &str,
    sha256: &str,
) -> Result<Vec<i64>, DbErr> {
    let text = format!("SELECT id FROM {table} WHERE sha256 = $1 AND checked_at IS NULL");
    let found = Id::find_by_statement(sql(conn, &text, [sha256.into()])).all(conn).await?;
    Ok(found.into_iter().map(|one| one.id).collect())
}

/// Notes that the case of a file was told; `false`: it was before.
pub async fn set_told(
    tx: &impl ConnectionTrait,
    (table, id): (&str, i64),
    now: Timestamp,
) -> Result<bool, DbErr> {
    let text = format!("UPDATE {table} SET checked_at = $2 WHERE id = $1 AND checked_at IS NULL");
    Ok(tx.execute_raw(sql(tx, &text, [id.into(), now.into()])).await?.rows_affected() == 1)
}

/// Takes back that the cases of the files with this content were told.
pub async fn untell(tx: &impl ConnectionTrait, table: &str, sha256: &str) -> Result<(), DbErr> {
    let text = format!("UPDATE {table} SET checked_at = NULL WHERE sha256 = $1");
    tx.execute_raw(sql(tx, &text, [sha256.into()])).await.map(|_done| ())
}

/// Finds what is known of a content.
pub async fn find(conn: &impl ConnectionTrait, sha256: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Sha256.eq(sha256)).one(conn).await
}

/// Notes that WeChat was asked, and by what it names the question.
pub async fn asked(
    tx: &impl ConnectionTrait,
    (sha256, trace_id): (&str, &str),
    now: Timestamp,
) -> Result<(), DbErr> {
    let row = row(sha256, (ContentCheck::Pending, None), now);
    let row = ActiveModel { trace_id: Set(Some(trace_id.to_owned())), ..row };
    upsert(tx, row, &[Column::TraceId, Column::AskedAt]).await
}

/// Notes that there is no verdict, and why; one that is there stays, and one that comes later is known by
/// the name of the question.
pub async fn give_up(
    tx: &impl ConnectionTrait,
    (sha256, why): (&str, &str),
    now: Timestamp,
) -> Result<(), DbErr> {
    let row = row(sha256, (ContentCheck::Unchecked, Some(why)), now);
    upsert(tx, row, &[]).await
}

fn row(sha256: &str, (result, why): (ContentCheck, Option<&str>), now: Timestamp) -> ActiveModel {
    ActiveModel {
        id: NotSet,
        sha256: Set(sha256.to_owned()),
        result: Set(result),
        why: Set(why.map(str::to_owned)),
        trace_id: Set(None),
        asked_at: Set(now),
        finished_at: Set((result != ContentCheck::Pending).then_some(now)),
    }
}

async fn upsert(tx: &impl ConnectionTrait, row: ActiveModel, more: &[Column]) -> Result<(), DbErr> {
    let columns = [Column::Result, Column::Why, Column::FinishedAt];
    // What has no verdict yet, or never got one, may be asked again.
    let open = Expr::col((Entity, Column::Result))
        .is_in([ContentCheck::Pending.word(), ContentCheck::Unchecked.word()]);
    let newest = OnConflict::column(Column::Sha256)
        .update_columns(columns.iter().chain(more).copied())
        .action_and_where(open)
        .to_owned();
    Entity::insert(row).on_conflict(newest).exec_without_returning(tx).await?;
    Ok(())
}

/// Takes a verdict; returns of which content, and whether it comes after that was given up. `None` when no
/// question has this name.
pub async fn conclude(
    tx: &impl ConnectionTrait,
    trace_id: &str,
    (result, why): (ContentCheck, Option<&str>),
    now: Timestamp,
) -> Result<Option<(String, bool)>, DbErr> {
    let Some(row) = Entity::find().filter(Column::TraceId.eq(trace_id)).one(tx).await? else {
        return Ok(None);
    };
    let mut open = vec![ContentCheck::Pending];
    if result != ContentCheck::Unchecked {
        open.push(ContentCheck::Unchecked);
    }
    let changed = Entity::update_many()
        .col_expr(Column::Result, Expr::value(result))
        .col_expr(Column::Why, Expr::value(why.map(str::to_owned)))
        .col_expr(Column::FinishedAt, Expr::value(now))
        .filter(Column::Id.eq(row.id))
        .filter(Column::Result.is_in(open))
        .exec(tx)
        .await?;
    let late = row.result == ContentCheck::Unchecked && changed.rows_affected > 0;
    Ok(Some((row.sha256, late)))
}

/// Forgets what is known of contents that no file has any more.
pub async fn forget(tx: &impl ConnectionTrait, contents: &[String]) -> Result<(), DbErr> {
    if contents.is_empty() {
        return Ok(());
    }
    let text = format!(
        "DELETE FROM media_check WHERE sha256 {}
            AND NOT EXISTS (SELECT 1 FROM photo WHERE photo.sha256 = media_check.sha256)
            AND NOT EXISTS (SELECT 1 FROM voice WHERE voice.sha256 = media_check.sha256)",
        is_named(tx)
    );
    tx.execute_raw(sql(tx, &text, [list(contents)?])).await?;
    Ok(())
}
