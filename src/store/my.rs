//! What is stored about one person, read on his own behalf.
//!
//! His cases are those he reported for himself or as a neighbour; what he reported in office for
//! others is theirs.

use entity::kinds::{AccountId, ActorRole, CaseId, Timestamp};
use entity::{account, cases, consent, photo, profile};
use sea_orm::sea_query::{Expr, LockType, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait,
    FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};

use super::sql;

/// Finds the account and keeps everybody from adding to what is its own until the unit ends: a row
/// that refers to it waits.
pub async fn lock_account(
    tx: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Option<account::Model>, DbErr> {
    let mut query = account::Entity::find_by_id(id);
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        query = query.lock(LockType::Update);
    }
    query.one(tx).await
}

/// Lists a person's cases, oldest first; locked, nobody changes them until the unit ends.
pub async fn cases(
    conn: &impl ConnectionTrait,
    account: AccountId,
    locked: bool,
) -> Result<Vec<cases::Model>, DbErr> {
    let mut query = cases::Entity::find()
        .filter(cases::Column::ReporterId.eq(account))
        .filter(cases::Column::ReportedByStaff.is_null())
        .order_by_asc(cases::Column::Id);
    if locked && conn.get_database_backend() == DatabaseBackend::Postgres {
        query = query.lock(LockType::Update);
    }
    query.all(conn).await
}

/// Lists the photos that a person uploaded, oldest first.
pub async fn photos(
    conn: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<photo::Model>, DbErr> {
    photo::Entity::find()
        .filter(photo::Column::OwnerId.eq(account))
        .order_by_asc(photo::Column::Id)
        .all(conn)
        .await
}

/// Lists the subscribe messages that a person still allows.
pub async fn consents(
    conn: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<consent::Model>, DbErr> {
    consent::Entity::find()
        .filter(consent::Column::AccountId.eq(account))
        .filter(consent::Column::Credits.gt(0))
        .order_by_asc(consent::Column::Id)
        .all(conn)
        .await
}

/// Finds what a person says of himself.
pub async fn profile(
    conn: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<profile::Model>, DbErr> {
    profile::Entity::find_by_id(account).one(conn).await
}

/// Writes what a person says of himself in place of what he said before.
pub async fn set_profile(tx: &impl ConnectionTrait, row: profile::Model) -> Result<(), DbErr> {
    let row = profile::ActiveModel {
        account_id: Set(row.account_id),
        name_sealed: Set(row.name_sealed),
        home_sealed: Set(row.home_sealed),
        updated_at: Set(row.updated_at),
    };
    let replace = OnConflict::column(profile::Column::AccountId)
        .update_columns([
            profile::Column::NameSealed,
            profile::Column::HomeSealed,
            profile::Column::UpdatedAt,
        ])
        .to_owned();
    profile::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
    Ok(())
}

/// Removes what a person says of himself.
pub async fn erase_profile(tx: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    profile::Entity::delete_by_id(account).exec(tx).await.map(|_done| ())
}

/// Removes what a person said of himself until an instant.
pub async fn forget_profile(
    tx: &impl ConnectionTrait,
    account: AccountId,
    until: Timestamp,
) -> Result<(), DbErr> {
    profile::Entity::delete_many()
        .filter(profile::Column::AccountId.eq(account))
        .filter(profile::Column::UpdatedAt.lte(until))
        .exec(tx)
        .await
        .map(|_done| ())
}

/// Removes where a person said until an instant that he lives.
pub async fn forget_home(
    tx: &impl ConnectionTrait,
    account: AccountId,
    until: Timestamp,
) -> Result<(), DbErr> {
    profile::Entity::update_many()
        .col_expr(profile::Column::HomeSealed, Expr::value(Option::<String>::None))
        .filter(profile::Column::AccountId.eq(account))
        .filter(profile::Column::UpdatedAt.lte(until))
        .exec(tx)
        .await
        .map(|_done| ())
}

/// A sign-in that still counts.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Session {
    /// `wechat` or `console`.
    pub kind: String,
    pub since: Timestamp,
    pub until: Timestamp,
}

/// Lists the sign-ins of an account that still count, oldest first.
pub async fn sessions(
    conn: &impl ConnectionTrait,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<Session>, DbErr> {
    let text = "SELECT kind, MIN(issued_at) AS since, MAX(expires_at) AS until
        FROM refresh_token WHERE account_id = $1 GROUP BY family, kind
        HAVING COUNT(revoked_at) = 0 AND MAX(expires_at) > $2 ORDER BY MIN(issued_at)";
    let text = sql(conn, text, [account.into(), now.into()]);
    Session::find_by_statement(text).all(conn).await
}

/// Somebody looked at one of the person's cases.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Look {
    pub id: i64,
    /// Who looked.
    pub account_id: AccountId,
    pub case_id: CaseId,
    pub number: String,
    pub role: ActorRole,
    pub field: String,
    pub purpose: String,
    pub at: Timestamp,
    /// Of the member of staff; none when the account belongs to nobody any more.
    pub name_sealed: Option<String>,
}

/// Looks at the cases of account `$1`, with the name of whoever looked.
const LOOKS: &str =
    "SELECT l.id, l.account_id, l.case_id, c.number, l.role, l.field, l.purpose, l.at,
        COALESCE(
            (SELECT MIN(s.name_sealed) FROM staff s WHERE s.account_id = l.account_id),
            (SELECT MIN(s.name_sealed) FROM staff s WHERE s.wecom_account_id = l.account_id),
            (SELECT s.name_sealed FROM console_account k JOIN staff s ON s.id = k.staff_id
                WHERE k.account_id = l.account_id)) AS name_sealed
    FROM access_log l JOIN cases c ON c.id = l.case_id
    WHERE c.reporter_id = $1 AND c.reported_by_staff IS NULL";

/// Lists at most `limit` looks with ids below `before`, newest first.
pub async fn looks(
    conn: &impl ConnectionTrait,
    account: AccountId,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Look>, DbErr> {
    let text = format!("{LOOKS} AND l.id < $2 ORDER BY l.id DESC LIMIT $3");
    let values = [account.into(), before.unwrap_or(i64::MAX).into(), limit.into()];
    Look::find_by_statement(sql(conn, &text, values)).all(conn).await
}

/// Lists the looks from the id `from` on that are no later than `until`, newest first.
pub async fn looks_until(
    conn: &impl ConnectionTrait,
    account: AccountId,
    (from, until): (i64, Timestamp),
) -> Result<Vec<Look>, DbErr> {
    let text = format!("{LOOKS} AND l.id >= $2 AND l.at <= $3 ORDER BY l.id DESC");
    let values = [account.into(), from.into(), until.into()];
    Look::find_by_statement(sql(conn, &text, values)).all(conn).await
}

#[derive(FromQueryResult)]
struct Count {
    n: i64,
}

/// Counts the rows of the access log about a person's cases, each reading of a page one.
pub async fn count_looks(conn: &impl ConnectionTrait, account: AccountId) -> Result<i64, DbErr> {
    let text = "SELECT COUNT(*) AS n FROM access_log l JOIN cases c ON c.id = l.case_id
        WHERE c.reporter_id = $1 AND c.reported_by_staff IS NULL";
    let row = Count::find_by_statement(sql(conn, text, [account.into()])).one(conn).await?;
    Ok(row.map_or(0, |row| row.n))
}
