//! Staff and accounts: who is who, and where a message reaches them.

use entity::kinds::{AccountId, StaffId, Timestamp, WechatApp};
use entity::{account, cases, staff, wechat_identity};
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, FromQueryResult,
    QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::{is_listed, list, sql};

/// Finds the member of staff in office that the account is bound to.
pub async fn staff_of_account(
    conn: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<StaffId>, DbErr> {
    let row = staff::Entity::find()
        .filter(acts_as(&[account]))
        .filter(staff::Column::EndedAt.is_null())
        .one(conn)
        .await?;
    if let Some(row) = row {
        return Ok(Some(row.id));
    }
    let console = entity::console_account::Entity::find()
        .filter(entity::console_account::Column::AccountId.eq(account))
        .one(conn)
        .await?;
    let Some(id) = console.and_then(|row| row.staff_id) else { return Ok(None) };
    Ok(super::staff::find(conn, id).await?.map(|row| row.id))
}

/// A signed-in account.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct SignedIn {
    pub id: AccountId,
    pub token_version: i32,
    /// The member of staff in office behind it, by WeChat or by the console.
    pub staff_id: Option<StaffId>,
}

/// Finds those of the accounts that may still act, and who of the staff each belongs to.
pub async fn signed_in(
    conn: &impl ConnectionTrait,
    accounts: &[AccountId],
) -> Result<Vec<SignedIn>, DbErr> {
    let text = format!(
        "SELECT a.id, a.token_version, COALESCE(
            (SELECT s.id FROM staff s WHERE s.account_id = a.id AND s.ended_at IS NULL),
            (SELECT s.id FROM console_account c JOIN staff s ON s.id = c.staff_id
              WHERE c.account_id = a.id AND s.ended_at IS NULL)) AS staff_id
       FROM account a WHERE a.id {} AND a.blocked_at IS NULL",
        is_listed(conn)
    );
    SignedIn::find_by_statement(sql(conn, &text, [list(accounts)?])).all(conn).await
}

/// Lets nobody else decide about these people until the unit ends; on SQLite nobody can anyway.
/// Returns whom it got: with `wait` everybody, else whoever no other unit holds.
pub async fn lock_staff(
    tx: &impl ConnectionTrait,
    ids: &[StaffId],
    wait: bool,
) -> Result<Vec<StaffId>, DbErr> {
    if tx.get_database_backend() != DatabaseBackend::Postgres {
        return Ok(ids.to_vec());
    }
    // Not FOR UPDATE: rows that name these people may be written meanwhile.
    let behaviour = (!wait).then_some(LockBehavior::SkipLocked);
    let mut rows = staff::Entity::find()
        .select_only()
        .column(staff::Column::Id)
        .filter(staff::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(staff::Column::Id);
    let query = QuerySelect::query(&mut rows);
    match behaviour {
        Some(behaviour) => query.lock_with_behavior(LockType::NoKeyUpdate, behaviour),
        None => query.lock(LockType::NoKeyUpdate),
    };
    rows.into_tuple().all(tx).await
}

/// Lists staff by id.
pub async fn staff(
    conn: &impl ConnectionTrait,
    ids: &[StaffId],
) -> Result<Vec<staff::Model>, DbErr> {
    staff::Entity::find().filter(staff::Column::Id.is_in(ids.iter().copied())).all(conn).await
}

/// Lists the accounts that staff in office are bound to.
pub async fn bound(
    conn: &impl ConnectionTrait,
    ids: &[StaffId],
) -> Result<Vec<(StaffId, AccountId)>, DbErr> {
    staff::Entity::find()
        .select_only()
        .columns([staff::Column::Id, staff::Column::AccountId])
        .filter(staff::Column::Id.is_in(ids.iter().copied()))
        .filter(staff::Column::AccountId.is_not_null())
        .filter(staff::Column::EndedAt.is_null())
        .into_tuple()
        .all(conn)
        .await
}

/// The condition that one of the accounts is somebody's, by binding or by a card of WeCom.
fn acts_as(accounts: &[AccountId]) -> Condition {
    let one_of = |column: staff::Column| column.is_in(accounts.iter().copied());
    Condition::any()
        .add(one_of(staff::Column::AccountId))
        .add(one_of(staff::Column::WecomAccountId))
}

/// Lists staff that act as any of the accounts.
pub async fn staff_of_accounts(
    conn: &impl ConnectionTrait,
    accounts: &[AccountId],
) -> Result<Vec<staff::Model>, DbErr> {
    staff::Entity::find().filter(acts_as(accounts)).all(conn).await
}

/// Finds an account that may still act.
pub async fn find_account(
    conn: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find_by_id(id).filter(account::Column::BlockedAt.is_null()).one(conn).await
}

/// Inserts an empty account.
pub async fn insert_account(
    tx: &impl ConnectionTrait,
    now: Timestamp,
) -> Result<account::Model, DbErr> {
    let row = account::ActiveModel {
        id: NotSet,
        token_version: Set(0),
        phone_sealed: Set(None),
        phone_index: Set(None),
        phone_at: Set(None),
        created_at: Set(now),
        blocked_at: Set(None),
    };
    account::Entity::insert(row).exec_with_returning(tx).await
}

/// Lists the living identities of accounts, oldest first.
pub async fn identities(
    conn: &impl ConnectionTrait,
    accounts: &[AccountId],
) -> Result<Vec<wechat_identity::Model>, DbErr> {
    wechat_identity::Entity::find()
        .filter(wechat_identity::Column::AccountId.is_in(accounts.iter().copied()))
        .filter(wechat_identity::Column::DeadAt.is_null())
        .order_by_asc(wechat_identity::Column::Id)
        .all(conn)
        .await
}

/// Finds the living identity of an account in one app.
pub async fn identity(
    conn: &impl ConnectionTrait,
    account: AccountId,
    app: WechatApp,
) -> Result<Option<wechat_identity::Model>, DbErr> {
    wechat_identity::Entity::find()
        .filter(wechat_identity::Column::AccountId.eq(account))
        .filter(wechat_identity::Column::App.eq(app))
        .filter(wechat_identity::Column::DeadAt.is_null())
        .order_by_desc(wechat_identity::Column::Id)
        .one(conn)
        .await
}

/// Finds an identity by its openid, dead or alive.
pub async fn find_openid(
    conn: &impl ConnectionTrait,
    app: WechatApp,
    openid: &str,
) -> Result<Option<wechat_identity::Model>, DbErr> {
    of_openid(app, openid).one(conn).await
}

/// The same, and whoever asks in this way waits for the end of the unit.
pub async fn find_openid_locked(
    tx: &impl ConnectionTrait,
    app: WechatApp,
    openid: &str,
) -> Result<Option<wechat_identity::Model>, DbErr> {
    let mut query = of_openid(app, openid);
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        query = query.lock(LockType::NoKeyUpdate);
    }
    query.one(tx).await
}

fn of_openid(app: WechatApp, openid: &str) -> Select<wechat_identity::Entity> {
    wechat_identity::Entity::find()
        .filter(wechat_identity::Column::App.eq(app))
        .filter(wechat_identity::Column::Openid.eq(openid))
}

/// Finds any identity of the same person across apps.
pub async fn find_unionid(
    conn: &impl ConnectionTrait,
    unionid: &str,
) -> Result<Option<wechat_identity::Model>, DbErr> {
    wechat_identity::Entity::find()
        .filter(wechat_identity::Column::Unionid.eq(unionid))
        .order_by_asc(wechat_identity::Column::Id)
        .one(conn)
        .await
}

/// Finds the identity in one app of the same person, dead or alive.
pub async fn find_unionid_at(
    conn: &impl ConnectionTrait,
    app: WechatApp,
    unionid: &str,
) -> Result<Option<wechat_identity::Model>, DbErr> {
    wechat_identity::Entity::find()
        .filter(wechat_identity::Column::App.eq(app))
        .filter(wechat_identity::Column::Unionid.eq(unionid))
        .order_by_asc(wechat_identity::Column::Id)
        .one(conn)
        .await
}

/// Inserts an identity.
pub async fn insert_identity(
    tx: &impl ConnectionTrait,
    row: wechat_identity::ActiveModel,
) -> Result<(), DbErr> {
    wechat_identity::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Marks an identity as unreachable, or alive again.
pub async fn set_identity_dead(
    tx: &impl ConnectionTrait,
    app: WechatApp,
    openid: &str,
    dead_at: Option<Timestamp>,
) -> Result<u64, DbErr> {
    let changed = wechat_identity::Entity::update_many()
        .col_expr(wechat_identity::Column::DeadAt, Expr::value(dead_at))
        .filter(wechat_identity::Column::App.eq(app))
        .filter(wechat_identity::Column::Openid.eq(openid))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected)
}

/// Marks what an account has in an app as reachable again: its owner was there just now.
pub async fn revive_identity(
    tx: &impl ConnectionTrait,
    account: AccountId,
    app: WechatApp,
) -> Result<(), DbErr> {
    wechat_identity::Entity::update_many()
        .col_expr(wechat_identity::Column::DeadAt, Expr::value(Option::<Timestamp>::None))
        .filter(wechat_identity::Column::AccountId.eq(account))
        .filter(wechat_identity::Column::App.eq(app))
        .filter(wechat_identity::Column::DeadAt.is_not_null())
        .exec(tx)
        .await
        .map(|_done| ())
}

/// Finds the newest identity of an account in one app that is marked as unreachable, unless it has a
/// living one.
pub async fn dead_identity(
    conn: &impl ConnectionTrait,
    account: AccountId,
    app: WechatApp,
) -> Result<Option<wechat_identity::Model>, DbErr> {
    let newest = wechat_identity::Entity::find()
        .filter(wechat_identity::Column::AccountId.eq(account))
        .filter(wechat_identity::Column::App.eq(app))
        .order_by_desc(wechat_identity::Column::DeadAt.is_null())
        .order_by_desc(wechat_identity::Column::Id)
        .one(conn)
        .await?;
    Ok(newest.filter(|identity| identity.dead_at.is_some()))
}

/// Notes the union id of an identity that had none.
pub async fn set_unionid(tx: &impl ConnectionTrait, id: i64, unionid: &str) -> Result<(), DbErr> {
    wechat_identity::Entity::update_many()
        .col_expr(wechat_identity::Column::Unionid, Expr::value(unionid))
        .filter(wechat_identity::Column::Id.eq(id))
        .filter(wechat_identity::Column::Unionid.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Notes that the mobile of a member of staff reaches nobody.
pub async fn set_mobile_dead(
    tx: &impl ConnectionTrait,
    id: StaffId,
    now: Timestamp,
) -> Result<u64, DbErr> {
    let changed = staff::Entity::update_many()
        .col_expr(staff::Column::PhoneDeadAt, Expr::value(now))
        .filter(staff::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected)
}

/// Notes that WeChat knows a member of staff as nobody's employee.
pub async fn set_employee_dead(
    tx: &impl ConnectionTrait,
    id: StaffId,
    now: Timestamp,
) -> Result<u64, DbErr> {
    let changed = staff::Entity::update_many()
        .col_expr(staff::Column::EmployeeDeadAt, Expr::value(now))
        .filter(staff::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected)
}

/// Forgets that the mobile of the staff behind an account was dead: he proved one just now. One of the
/// staff list goes with it, for it would be taken first, and nobody could ever change that.
pub async fn revive_mobile(tx: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    let living =
        Expr::case(staff::Column::PhoneDeadAt.is_null(), Expr::col(staff::Column::PhoneSealed));
    staff::Entity::update_many()
        .col_expr(staff::Column::PhoneSealed, living.into())
        .col_expr(staff::Column::PhoneDeadAt, Expr::value(Option::<Timestamp>::None))
        .filter(staff::Column::AccountId.eq(account))
        .exec(tx)
        .await?;
    Ok(())
}

/// Erases the phone of an account: its owner withdrew it, whenever he gave it, or as long as he gave it no
/// later than `given_until`.
pub async fn erase_phone(
    tx: &impl ConnectionTrait,
    account: AccountId,
    given_until: Option<Timestamp>,
) -> Result<u64, DbErr> {
    use account::Column::{Id, PhoneAt, PhoneIndex, PhoneSealed};
    let mut erased = account::Entity::update_many()
        .col_expr(PhoneSealed, Expr::value(Option::<String>::None))
        .col_expr(PhoneIndex, Expr::value(Option::<String>::None))
        .col_expr(PhoneAt, Expr::value(Option::<Timestamp>::None))
        .filter(Id.eq(account));
    if let Some(until) = given_until {
        erased = erased.filter(Condition::any().add(PhoneAt.is_null()).add(PhoneAt.lte(until)));
    }
    Ok(erased.exec(tx).await?.rows_affected)
}

/// Erases the positions that a resident sent with his requests, all of them or those he sent no later
/// than `given_until`; the grids they led to stay.
pub async fn erase_positions(
    tx: &impl ConnectionTrait,
    account: AccountId,
    given_until: Option<Timestamp>,
) -> Result<u64, DbErr> {
    use cases::Column::{PositionSealed, ReportedAt, ReporterId};
    let mut erased = cases::Entity::update_many()
        .col_expr(PositionSealed, Expr::value(Option::<String>::None))
        .filter(ReporterId.eq(account))
        .filter(PositionSealed.is_not_null());
    if let Some(until) = given_until {
        erased = erased.filter(ReportedAt.lte(until));
    }
    Ok(erased.exec(tx).await?.rows_affected)
}

/// Closes an identity whose owner closed his account at the platform at `told_at`, unless he is back.
pub async fn close_identity(
    tx: &impl ConnectionTrait,
    identity: &wechat_identity::Model,
    told_at: Timestamp,
    (is_back, now): (bool, Timestamp),
) -> Result<(), DbErr> {
    use wechat_identity::Column::{DeadAt, Id, ToldAt};
    let last = identity.told_at.map_or(told_at, |before| before.max(told_at));
    let mut closed = wechat_identity::Entity::update_many()
        .col_expr(ToldAt, Expr::value(last))
        .filter(Id.eq(identity.id));
    if !is_back {
        closed = closed.col_expr(DeadAt, Expr::value(now));
    }
    closed.exec(tx).await.map(|_done| ())
}
