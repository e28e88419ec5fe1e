//! Sign-in: login codes seen before, and refresh tokens by their hash.
//!
//! A token row is changed by compare-and-set only; whoever finds zero rows changed lost a race.

use entity::kinds::{AccountId, StaffId, Timestamp};
use entity::{account, refresh_token, seen_code};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Value,
};

use super::sql;

/// Notes a login code; false when it was presented before.
pub async fn note_code(
    tx: &impl ConnectionTrait,
    code_hash: &str,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let row = seen_code::ActiveModel { code_hash: Set(code_hash.to_owned()), seen_at: Set(now) };
    let once = OnConflict::column(seen_code::Column::CodeHash).do_nothing().to_owned();
    let written = seen_code::Entity::insert(row).on_conflict(once).exec_without_returning(tx);
    Ok(written.await? == 1)
}

/// Inserts a refresh token; returns its id.
pub async fn insert_token(
    tx: &impl ConnectionTrait,
    row: refresh_token::ActiveModel,
) -> Result<i64, DbErr> {
    Ok(refresh_token::Entity::insert(row).exec(tx).await?.last_insert_id)
}

/// Finds a refresh token by the hash of its text.
pub async fn find_token(
    conn: &impl ConnectionTrait,
    token_hash: &str,
) -> Result<Option<refresh_token::Model>, DbErr> {
    refresh_token::Entity::find()
        .filter(refresh_token::Column::TokenHash.eq(token_hash))
        .one(conn)
        .await
}

/// Marks an unused token used; zero when somebody was faster or the family was revoked.
pub async fn use_token(tx: &impl ConnectionTrait, id: i64, now: Timestamp) -> Result<u64, DbErr> {
    let changed = refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::UsedAt, Expr::value(now))
        .filter(refresh_token::Column::Id.eq(id))
        .filter(refresh_token::Column::UsedAt.is_null())
        .filter(refresh_token::Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    Ok(changed.rows_affected)
}

/// Revokes every token of a family; returns how many were still good.
pub async fn revoke_family(
    tx: &impl ConnectionTrait,
    family: &str,
    now: Timestamp,
) -> Result<u64, DbErr> {
    let changed = refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::RevokedAt, Expr::value(now))
        .filter(refresh_token::Column::Family.eq(family))
        .filter(refresh_token::Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    Ok(changed.rows_affected)
}

/// Ends every session of a member of staff, by WeChat, by cards and at the console.
pub async fn end_all(tx: &impl ConnectionTrait, id: StaffId, now: Timestamp) -> Result<(), DbErr> {
    let accounts = "SELECT account_id FROM staff WHERE id = $1 AND account_id IS NOT NULL
        UNION SELECT wecom_account_id FROM staff WHERE id = $1 AND wecom_account_id IS NOT NULL
        UNION SELECT account_id FROM console_account WHERE staff_id = $1";
    outdate(tx, accounts, id.into()).await?;
    let revoke = format!(
        "UPDATE refresh_token SET revoked_at = $2
          WHERE revoked_at IS NULL AND account_id IN ({accounts})"
    );
    tx.execute_raw(sql(tx, &revoke, [id.into(), now.into()])).await?;
    Ok(())
}

/// Ends the sessions of an account that began until an instant; tells whether he signed in again since.
/// A refresh of an older session is no sign-in.
pub async fn end_of(
    tx: &impl ConnectionTrait,
    id: AccountId,
    (began_until, now): (Timestamp, Timestamp),
) -> Result<bool, DbErr> {
    use refresh_token::Column::{AccountId as Whose, Family, IssuedAt, RevokedAt};
    outdate(tx, "$1", id.into()).await?;
    let old = Query::select()
        .column(Family)
        .from(refresh_token::Entity)
        .and_where(Whose.eq(id))
        .and_where(IssuedAt.lte(began_until))
        .to_owned();
    refresh_token::Entity::update_many()
        .col_expr(RevokedAt, Expr::value(now))
        .filter(Whose.eq(id))
        .filter(RevokedAt.is_null())
        .filter(Family.in_subquery(old.clone()))
        .exec(tx)
        .await?;
    let since = refresh_token::Entity::find()
        .filter(Whose.eq(id))
        .filter(Family.not_in_subquery(old))
        .one(tx)
        .await?;
    Ok(since.is_some())
}

/// Makes the access tokens of accounts worthless.
async fn outdate(tx: &impl ConnectionTrait, accounts: &str, whose: Value) -> Result<(), DbErr> {
    let text =
        format!("UPDATE account SET token_version = token_version + 1 WHERE id IN ({accounts})");
    tx.execute_raw(sql(tx, &text, [whose])).await.map(|_done| ())
}

/// Removes the tokens of families that ended before an instant.
pub async fn forget(tx: &impl ConnectionTrait, before: Timestamp) -> Result<u64, DbErr> {
    let gone = refresh_token::Entity::delete_many()
        .filter(refresh_token::Column::FamilyEndsAt.lt(before))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected)
}

/// Holds the account's row until the unit ends; false when there is no such living account.
///
/// Two units about one account then run one after the other on both databases.
pub async fn hold_account(tx: &impl ConnectionTrait, id: AccountId) -> Result<bool, DbErr> {
    let version = account::Column::TokenVersion;
    let held = account::Entity::update_many()
        .col_expr(version, Expr::col(version))
        .filter(account::Column::Id.eq(id))
        .filter(account::Column::BlockedAt.is_null())
        .exec(tx)
        .await?;
    Ok(held.rows_affected == 1)
}

/// Sets the verified phone of an account, sealed and indexed.
pub async fn set_phone(
    tx: &impl ConnectionTrait,
    id: AccountId,
    (sealed, index): (String, String),
    now: Timestamp,
) -> Result<(), DbErr> {
    account::Entity::update_many()
        .col_expr(account::Column::PhoneSealed, Expr::value(sealed))
        .col_expr(account::Column::PhoneIndex, Expr::value(index))
        .col_expr(account::Column::PhoneAt, Expr::value(now))
        .filter(account::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Tells whether the session that a refresh token belongs to has not been revoked. A row that was
/// removed belonged to one that ended long ago.
pub async fn is_living(conn: &impl ConnectionTrait, id: i64) -> Result<bool, DbErr> {
    let row = refresh_token::Entity::find_by_id(id).one(conn).await?;
    Ok(row.is_some_and(|row| row.revoked_at.is_none()))
}
