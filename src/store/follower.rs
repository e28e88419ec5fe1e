//! Followers of the official account: the codes by which a person joins himself, the identities that
//! come of it, and the runs that join those who followed before.

use std::collections::{HashMap, HashSet};

use entity::kinds::{AccountId, Timestamp, WechatApp};
use entity::{follow_code, follower_fill, wechat_identity};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
};

use super::{is_named, list, sql};

/// Puts a code in the place of the account's last one.
pub async fn set_code(
    tx: &impl ConnectionTrait,
    row: follow_code::ActiveModel,
) -> Result<(), DbErr> {
    use follow_code::Column;
    let newest = OnConflict::column(Column::AccountId)
        .update_columns([Column::CodeHash, Column::ExpiresAt, Column::UsedAt, Column::CreatedAt])
        .to_owned();
    follow_code::Entity::insert(row).on_conflict(newest).exec_without_returning(tx).await?;
    Ok(())
}

/// Finds a code that nobody used and that was good at that time.
pub async fn find_code(
    conn: &impl ConnectionTrait,
    hash: &str,
    at: Timestamp,
) -> Result<Option<follow_code::Model>, DbErr> {
    follow_code::Entity::find()
        .filter(follow_code::Column::CodeHash.eq(hash))
        .filter(follow_code::Column::UsedAt.is_null())
        .filter(follow_code::Column::ExpiresAt.gt(at))
        .one(conn)
        .await
}

/// Uses a code up; `false`: somebody was faster.
pub async fn use_code(tx: &impl ConnectionTrait, id: i64, now: Timestamp) -> Result<bool, DbErr> {
    let changed = follow_code::Entity::update_many()
        .col_expr(follow_code::Column::UsedAt, Expr::value(now))
        .filter(follow_code::Column::Id.eq(id))
        .filter(follow_code::Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// A follower and whose he is.
#[derive(Clone, Debug)]
pub struct Joined {
    pub account: AccountId,
    pub openid: String,
    pub unionid: Option<String>,
    /// When the platform said so.
    pub told_at: Timestamp,
}

/// Makes a follower this account's, whoever had him, and reachable, unless the platform said something
/// of him later; tells whether it did.
pub async fn join(tx: &impl ConnectionTrait, one: Joined, now: Timestamp) -> Result<bool, DbErr> {
    use wechat_identity::Column;
    let row = wechat_identity::ActiveModel {
        id: NotSet,
        account_id: Set(one.account),
        app: Set(WechatApp::Oa),
        openid: Set(one.openid),
        unionid: Set(one.unionid.clone()),
        dead_at: Set(None),
        created_at: Set(now),
        told_at: Set(Some(one.told_at)),
    };
    let mut known = OnConflict::columns([Column::App, Column::Openid]);
    known.update_columns([Column::AccountId, Column::DeadAt, Column::ToldAt]);
    if one.unionid.is_some() {
        known.update_column(Column::Unionid);
    }
    let last = Expr::col((wechat_identity::Entity, Column::ToldAt));
    known.action_and_where(last.clone().is_null().or(last.lte(one.told_at)));
    let joined = wechat_identity::Entity::insert(row).on_conflict(known);
    Ok(joined.exec_without_returning(tx).await? == 1)
}

/// Gives a person who signs in his follower, for whom an account was made because nobody knew yet
/// whose he is; nobody else uses that one. Tells whether there was one.
pub async fn adopt(
    tx: &impl ConnectionTrait,
    account: AccountId,
    unionid: &str,
) -> Result<bool, DbErr> {
    let text = "UPDATE wechat_identity SET account_id = $1
         WHERE app = 'oa' AND unionid = $2 AND account_id <> $1
           AND NOT EXISTS (SELECT 1 FROM wechat_identity m
                WHERE m.account_id = wechat_identity.account_id AND m.app <> 'oa')
           AND NOT EXISTS (SELECT 1 FROM staff s
                WHERE s.account_id = wechat_identity.account_id
                   OR s.wecom_account_id = wechat_identity.account_id)";
    let values = [account.into(), unionid.into()];
    Ok(tx.execute_raw(sql(tx, text, values)).await?.rows_affected() > 0)
}

/// Notes that somebody does not follow any more, unless the platform said something later. He is dead
/// since the platform said so, which tells him from a follower whom a message did not reach.
pub async fn leave(
    tx: &impl ConnectionTrait,
    openid: &str,
    told_at: Timestamp,
) -> Result<(), DbErr> {
    use wechat_identity::Column;
    wechat_identity::Entity::update_many()
        .col_expr(Column::DeadAt, Expr::value(told_at))
        .col_expr(Column::ToldAt, Expr::value(told_at))
        .filter(Column::App.eq(WechatApp::Oa))
        .filter(Column::Openid.eq(openid))
        .filter(Column::ToldAt.is_null().or(Column::ToldAt.lte(told_at)))
        .exec(tx)
        .await
        .map(|_done| ())
}

/// Closes the way to a follower who took his authorization back, and forgets the id by which he was known
/// in other apps; nothing where he followed again since. Whoever follows anew is who he was.
pub async fn forget(
    tx: &impl ConnectionTrait,
    id: i64,
    (at, now): (Timestamp, Timestamp),
) -> Result<(), DbErr> {
    use wechat_identity::Column;
    wechat_identity::Entity::update_many()
        // Never the instant of the push itself: by that who left is known, and looked at again.
        .col_expr(Column::DeadAt, Expr::value(std::cmp::max(now, Timestamp(at.0 + 1))))
        .col_expr(Column::ToldAt, Expr::value(at))
        .col_expr(Column::Unionid, Expr::value(Option::<String>::None))
        .filter(Column::Id.eq(id))
        .filter(Column::ToldAt.is_null().or(Column::ToldAt.lte(at)))
        .exec(tx)
        .await
        .map(|_done| ())
}

#[derive(FromQueryResult)]
struct Known {
    openid: String,
}

/// Returns those of the followers whose account is known, but for those who left. Whom a message did not
/// reach is among them: he follows all the while and lets the account say nothing.
pub async fn known(
    conn: &impl ConnectionTrait,
    openids: &[String],
) -> Result<HashSet<String>, DbErr> {
    let text = format!(
        "SELECT openid FROM wechat_identity WHERE app = 'oa' AND openid {}
            AND (dead_at IS NULL OR told_at IS NULL OR dead_at <> told_at)",
        is_named(conn)
    );
    let found = Known::find_by_statement(sql(conn, &text, [list(openids)?])).all(conn).await?;
    Ok(found.into_iter().map(|one| one.openid).collect())
}

#[derive(FromQueryResult)]
struct Left {
    openid: String,
    account_id: AccountId,
}

/// Returns whose those are who left, by the platform's own word.
pub async fn left(
    conn: &impl ConnectionTrait,
    openids: &[String],
) -> Result<HashMap<String, AccountId>, DbErr> {
    let text = format!(
        "SELECT openid, account_id FROM wechat_identity
          WHERE app = 'oa' AND openid {} AND dead_at = told_at",
        is_named(conn)
    );
    let found = Left::find_by_statement(sql(conn, &text, [list(openids)?])).all(conn).await?;
    Ok(found.into_iter().map(|one| (one.openid, one.account_id)).collect())
}

#[derive(FromQueryResult)]
struct Login {
    unionid: String,
    account_id: AccountId,
}

/// Returns whose the union ids are, as far as somebody signed in with one.
pub async fn logins(
    conn: &impl ConnectionTrait,
    unionids: &[&str],
) -> Result<HashMap<String, AccountId>, DbErr> {
    let text = format!(
        "SELECT unionid, account_id FROM wechat_identity WHERE unionid {} ORDER BY id DESC",
        is_named(conn)
    );
    let found = Login::find_by_statement(sql(conn, &text, [list(unionids)?])).all(conn).await?;
    // The oldest counts, as it does for a push.
    Ok(found.into_iter().map(|one| (one.unionid, one.account_id)).collect())
}

/// Begins a run; `false`: it is there.
pub async fn begin(tx: &impl ConnectionTrait, run: &str, now: Timestamp) -> Result<bool, DbErr> {
    let row = follower_fill::ActiveModel {
        id: NotSet,
        run: Set(run.to_owned()),
        after_openid: Set(String::new()),
        looked: Set(0),
        joined: Set(0),
        started_at: Set(now),
        finished_at: Set(None),
    };
    let once = OnConflict::column(follower_fill::Column::Run).do_nothing().to_owned();
    let begun = follower_fill::Entity::insert_many([row]).on_conflict(once);
    Ok(begun.exec_without_returning(tx).await? == 1)
}

/// Removes the runs that began before an instant.
pub async fn forget_runs(tx: &impl ConnectionTrait, before: Timestamp) -> Result<(), DbErr> {
    let old =
        follower_fill::Entity::delete_many().filter(follower_fill::Column::StartedAt.lt(before));
    old.exec(tx).await.map(|_gone| ())
}

/// Finds a run.
pub async fn find_run(
    conn: &impl ConnectionTrait,
    run: &str,
) -> Result<Option<follower_fill::Model>, DbErr> {
    follower_fill::Entity::find().filter(follower_fill::Column::Run.eq(run)).one(conn).await
}

/// Finds the newest run.
pub async fn last_run(conn: &impl ConnectionTrait) -> Result<Option<follower_fill::Model>, DbErr> {
    follower_fill::Entity::find().order_by_desc(follower_fill::Column::Id).one(conn).await
}

/// How far a run came.
#[derive(Clone, Debug)]
pub struct Progress {
    /// The last follower that was looked at.
    pub after: String,
    pub looked: i64,
    pub joined: i64,
    /// Whether nobody comes after him.
    pub last: bool,
}

/// Notes how far a run came, counted from where it stood before.
pub async fn advance(
    tx: &impl ConnectionTrait,
    id: i64,
    progress: Progress,
    now: Timestamp,
) -> Result<(), DbErr> {
    use follower_fill::Column;
    follower_fill::Entity::update_many()
        .col_expr(Column::AfterOpenid, Expr::value(progress.after))
        .col_expr(Column::Looked, Expr::col(Column::Looked).add(progress.looked))
        .col_expr(Column::Joined, Expr::col(Column::Joined).add(progress.joined))
        .col_expr(Column::FinishedAt, Expr::value(progress.last.then_some(now)))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await
        .map(|_done| ())
}
