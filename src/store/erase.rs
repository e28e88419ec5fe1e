//! Erases what is stored about one person, and removes the files that no row names any more.
//!
//! Every statement is harmless when it runs again. Rows of the ledger stay, their bodies and salts
//! go: a salt that stayed would let somebody try what a short text may have been. What figures read
//! names nobody and stays, with the proof that it was part of the body.

use entity::kinds::{AccountId, ActorRole, CaseId, EventId, EventType, ExportState, Timestamp};
use entity::{case_event_remains, cases, doomed_file, erasure, figure_export};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr,
    EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult, QuerySelect,
};

use super::{bulk, is_listed, list, sql};

/// What stands in the place of what is gone, sealed.
#[derive(Clone, Debug)]
pub struct Blank {
    pub text: String,
    pub place: String,
    /// The words of a correction of an address.
    pub words: String,
}

/// Finds the erasure of an account.
pub async fn find(
    conn: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<erasure::Model>, DbErr> {
    erasure::Entity::find().filter(erasure::Column::AccountId.eq(account)).one(conn).await
}

/// Enters an erasure into the register.
pub async fn register(
    tx: &impl ConnectionTrait,
    account: AccountId,
    now: Timestamp,
) -> Result<erasure::Model, DbErr> {
    let row = erasure::ActiveModel {
        id: NotSet,
        account_id: Set(account),
        cases: Set(0),
        bodies: Set(0),
        files: Set(0),
        erased_at: Set(now),
        files_gone_at: Set(None),
    };
    row.insert(tx).await
}

/// Writes how much was erased.
pub async fn set_counts(tx: &impl ConnectionTrait, row: &erasure::Model) -> Result<(), DbErr> {
    erasure::Entity::update_many()
        .col_expr(erasure::Column::Cases, Expr::value(row.cases))
        .col_expr(erasure::Column::Bodies, Expr::value(row.bodies))
        .col_expr(erasure::Column::Files, Expr::value(row.files))
        .col_expr(erasure::Column::FilesGoneAt, Expr::value(row.files_gone_at))
        .filter(erasure::Column::Id.eq(row.id))
        .exec(tx)
        .await?;
    Ok(())
}

/// A payload that is about to go.
#[derive(Debug, FromQueryResult)]
pub struct Said {
    pub event_id: EventId,
    pub kind: EventType,
    pub salt: String,
    pub body_sealed: String,
}

/// Lists the bodies and salts of what people said in these cases, and of where the program placed
/// them, which repeats the address. What the program did otherwise names nobody.
pub async fn said(conn: &impl ConnectionTrait, cases: &[CaseId]) -> Result<Vec<Said>, DbErr> {
    let text = format!(
        "SELECT e.id AS event_id, e.kind, p.salt, p.body_sealed FROM case_event e
           JOIN case_event_payload p ON p.event_id = e.id
          WHERE e.case_id {} AND (e.actor_role <> $2 OR e.kind = $3)",
        is_listed(conn)
    );
    let values = [list(cases)?, ActorRole::System.into(), EventType::Located.into()];
    Said::find_by_statement(sql(conn, &text, values)).all(conn).await
}

/// Removes bodies and salts, and keeps what remains of some of them; returns how many are gone.
pub async fn bodies(
    tx: &impl ConnectionTrait,
    events: &[EventId],
    remains: Vec<case_event_remains::ActiveModel>,
) -> Result<u64, DbErr> {
    bulk::insert(tx, remains, &[], &[]).await?;
    let text = format!("DELETE FROM case_event_payload WHERE event_id {}", is_listed(tx));
    Ok(tx.execute_raw(sql(tx, &text, [list(events)?])).await?.rows_affected())
}

/// Blanks what these cases hold of a person; state, grids, times and ratings stay.
pub async fn words(tx: &impl ConnectionTrait, ids: &[CaseId], blank: &Blank) -> Result<(), DbErr> {
    let none = || Expr::value(Option::<String>::None);
    cases::Entity::update_many()
        .col_expr(cases::Column::TextSealed, Expr::value(blank.text.clone()))
        .col_expr(cases::Column::PlaceSealed, Expr::value(blank.place.clone()))
        .col_expr(cases::Column::AddressSealed, none())
        .col_expr(cases::Column::PositionSealed, none())
        .col_expr(cases::Column::OnBehalfSealed, none())
        .col_expr(cases::Column::ContactPhoneSealed, none())
        .col_expr(cases::Column::ContactPhoneIndex, none())
        .filter(cases::Column::Id.is_in(ids.iter().copied()))
        .exec(tx)
        .await?;
    let text =
        format!("UPDATE address_correction SET text_sealed = $2 WHERE case_id {}", is_listed(tx));
    tx.execute_raw(sql(tx, &text, [list(ids)?, blank.words.clone().into()])).await?;
    Ok(())
}

/// What a row of the table must not be to go: a picture that a bulletin shows is the street's.
fn shown(table: &str) -> &'static str {
    match table {
        "photo" => "AND id NOT IN (SELECT photo_id FROM bulletin_photo)",
        _ => "",
    }
}

/// Dooms the files that a person uploaded and removes their rows, but for what bulletins show;
/// returns how many.
pub async fn files(
    tx: &impl ConnectionTrait,
    account: AccountId,
    erasure: i64,
    now: Timestamp,
) -> Result<u64, DbErr> {
    let mut gone = Vec::new();
    for table in ["photo", "voice"] {
        let text = format!(
            "DELETE FROM {table} WHERE owner_id = $1 {} RETURNING object, sha256",
            shown(table)
        );
        gone.extend(tx.query_all_raw(sql(tx, &text, [account.into()])).await?);
    }
    uploads(tx, &gone, Some(erasure), now).await
}

/// Dooms the files of `photo` or `voice` that a person uploaded until an instant and gave to no case, but
/// for what bulletins show; returns how many.
pub async fn unattached(
    tx: &impl ConnectionTrait,
    (table, account): (&str, AccountId),
    (until, now): (Timestamp, Timestamp),
) -> Result<u64, DbErr> {
    let text = format!(
        "DELETE FROM {table} WHERE owner_id = $1 AND case_id IS NULL AND created_at <= $2 {}
            RETURNING object, sha256",
        shown(table)
    );
    let gone = tx.query_all_raw(sql(tx, &text, [account.into(), until.into()])).await?;
    uploads(tx, &gone, None, now).await
}

/// Dooms at most `limit` photos and as many recordings that were uploaded before an instant and
/// never used; returns how many. One that is used at this moment is not taken.
pub async fn unused(
    tx: &impl ConnectionTrait,
    before: Timestamp,
    limit: i64,
) -> Result<u64, DbErr> {
    let mut gone = Vec::new();
    for table in ["photo", "voice"] {
        let text = format!(
            "DELETE FROM {table} WHERE case_id IS NULL AND id IN (SELECT id FROM {table}
                WHERE case_id IS NULL AND created_at < $1 {} ORDER BY created_at LIMIT $2)
                RETURNING object, sha256",
            shown(table)
        );
        gone.extend(tx.query_all_raw(sql(tx, &text, [before.into(), limit.into()])).await?);
    }
    uploads(tx, &gone, None, before).await
}

/// Dooms the files of at most `limit` exports that were made before an instant; returns how many.
pub async fn exports(
    tx: &impl ConnectionTrait,
    before: Timestamp,
    limit: u64,
) -> Result<u64, DbErr> {
    use figure_export::{Column, Entity};
    let old = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Object])
        .filter(Column::Object.is_not_null())
        .filter(Column::FinishedAt.lt(before))
        .order_by_asc(Column::FinishedAt)
        .limit(limit)
        .into_tuple::<(i64, String)>()
        .all(tx)
        .await?;
    let (ids, objects): (Vec<i64>, Vec<String>) = old.into_iter().unzip();
    Entity::update_many()
        .col_expr(Column::State, Expr::value(ExportState::Expired))
        .col_expr(Column::Object, Expr::value(Option::<String>::None))
        .filter(Column::Id.is_in(ids))
        .exec(tx)
        .await?;
    doom(tx, objects, None, before).await
}

/// Dooms the files of uploads whose rows were removed, and forgets what WeChat said of contents that
/// nobody else uploaded: a hash would tell whether somebody had a certain picture.
async fn uploads(
    tx: &impl ConnectionTrait,
    gone: &[QueryResult],
    erasure: Option<i64>,
    at: Timestamp,
) -> Result<u64, DbErr> {
    let column = |name: &'static str| gone.iter().map(move |row| row.try_get("", name));
    let objects = column("object").collect::<Result<Vec<String>, DbErr>>()?;
    let contents = column("sha256").collect::<Result<Vec<String>, DbErr>>()?;
    super::media_check::forget(tx, &contents).await?;
    doom(tx, objects, erasure, at).await
}

async fn doom(
    tx: &impl ConnectionTrait,
    objects: Vec<String>,
    erasure: Option<i64>,
    at: Timestamp,
) -> Result<u64, DbErr> {
    let many = u64::try_from(objects.len()).unwrap_or(u64::MAX);
    let rows = objects.into_iter().map(|object| doomed_file::ActiveModel {
        object: Set(object),
        erasure_id: Set(erasure),
        doomed_at: Set(at),
    });
    bulk::insert(tx, rows.collect(), &[], &[]).await?;
    Ok(many)
}

/// Ends an account: nobody signs in to it again, nothing of it leads to a person.
pub async fn account(
    tx: &impl ConnectionTrait,
    id: AccountId,
    inbox: &str,
    now: Timestamp,
) -> Result<(), DbErr> {
    for table in [
        "wechat_identity",
        "consent",
        "refresh_token",
        "idempotency",
        "profile",
        "bulletin_read",
        "follow_code",
    ] {
        let text = format!("DELETE FROM {table} WHERE account_id = $1");
        tx.execute_raw(sql(tx, &text, [id.into()])).await?;
    }
    let told = "DELETE FROM inbox WHERE recipient = $1";
    tx.execute_raw(sql(tx, told, [inbox.into()])).await?;
    let end = "UPDATE account SET phone_sealed = NULL, phone_index = NULL, phone_at = NULL,
        token_version = token_version + 1, blocked_at = $2 WHERE id = $1";
    tx.execute_raw(sql(tx, end, [id.into(), now.into()])).await?;
    Ok(())
}

/// Lists at most `limit` doomed files that were doomed until an instant, oldest first.
pub async fn doomed(
    conn: &impl ConnectionTrait,
    until: Timestamp,
    limit: u64,
) -> Result<Vec<String>, DbErr> {
    doomed_file::Entity::find()
        .select_only()
        .column(doomed_file::Column::Object)
        .filter(doomed_file::Column::DoomedAt.lte(until))
        .order_by_asc(doomed_file::Column::DoomedAt)
        .order_by_asc(doomed_file::Column::Object)
        .limit(limit)
        .into_tuple()
        .all(conn)
        .await
}

/// Notes that files are gone from the store, and which erasures are complete by that.
pub async fn set_gone(
    tx: &impl ConnectionTrait,
    objects: &[String],
    now: Timestamp,
) -> Result<(), DbErr> {
    doomed_file::Entity::delete_many()
        .filter(doomed_file::Column::Object.is_in(objects.iter().map(String::as_str)))
        .exec(tx)
        .await?;
    let text = "UPDATE erasure SET files_gone_at = $1 WHERE files_gone_at IS NULL AND NOT EXISTS
        (SELECT 1 FROM doomed_file d WHERE d.erasure_id = erasure.id)";
    tx.execute_raw(sql(tx, text, [now.into()])).await?;
    Ok(())
}
