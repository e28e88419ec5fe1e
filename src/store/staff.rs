//! Staff one by one and in bulk: rows, street roles, and the bond to a WeChat account.

use entity::kinds::{AccountId, GridId, StaffId, StreetRole, Timestamp, WechatApp};
use entity::{account, responsibility, staff, staff_role, wechat_identity};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};

/// Rows per statement, well below the 32,766 parameters of SQLite.
const CHUNK: usize = 1_000;

/// Finds a member of staff who is in office.
pub async fn find(conn: &impl ConnectionTrait, id: StaffId) -> Result<Option<staff::Model>, DbErr> {
    staff::Entity::find_by_id(id).filter(staff::Column::EndedAt.is_null()).one(conn).await
}

/// Finds a member of staff by number, in office or not.
pub async fn find_by_no(
    conn: &impl ConnectionTrait,
    staff_no: &str,
) -> Result<Option<staff::Model>, DbErr> {
    staff::Entity::find().filter(staff::Column::StaffNo.eq(staff_no)).one(conn).await
}

/// Inserts a member of staff; `None` when the number is taken.
pub async fn insert(
    tx: &impl ConnectionTrait,
    row: staff::ActiveModel,
) -> Result<Option<StaffId>, DbErr> {
    let staff_no = row.staff_no.clone().take().unwrap_or_default();
    let once = OnConflict::column(staff::Column::StaffNo).do_nothing().to_owned();
    let written = staff::Entity::insert(row).on_conflict(once).exec_without_returning(tx).await?;
    if written == 0 {
        return Ok(None);
    }
    Ok(find_by_no(tx, &staff_no).await?.map(|row| row.id))
}

/// Inserts many members of staff; a taken number is an error of the database.
pub async fn insert_many(
    tx: &impl ConnectionTrait,
    rows: Vec<staff::ActiveModel>,
) -> Result<(), DbErr> {
    for chunk in rows.chunks(CHUNK) {
        staff::Entity::insert_many(chunk.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Lists those of the numbers that exist.
pub async fn by_numbers(
    conn: &impl ConnectionTrait,
    numbers: &[String],
) -> Result<Vec<staff::Model>, DbErr> {
    let mut found = Vec::new();
    for chunk in numbers.chunks(CHUNK) {
        let of = staff::Column::StaffNo.is_in(chunk.iter().map(String::as_str));
        found.extend(staff::Entity::find().filter(of).all(conn).await?);
    }
    Ok(found)
}

/// Lists staff in office after an id, in the order of ids; with grids, only who is responsible
/// for one of them now.
pub async fn list(
    conn: &impl ConnectionTrait,
    grids: Option<&[GridId]>,
    now: Timestamp,
    after: StaffId,
    most: u64,
) -> Result<Vec<staff::Model>, DbErr> {
    let mut query = staff::Entity::find()
        .filter(staff::Column::EndedAt.is_null())
        .filter(staff::Column::Id.gt(after));
    if let Some(grids) = grids {
        let on_duty = responsibility::Entity::find()
            .select_only()
            .column(responsibility::Column::StaffId)
            .filter(responsibility::Column::GridId.is_in(grids.iter().copied()))
            .filter(responsibility::Column::ValidFrom.lte(now))
            .filter(valid(responsibility::Column::ValidTo, now));
        query =
            query.filter(staff::Column::Id.in_subquery(sea_orm::QueryTrait::into_query(on_duty)));
    }
    query.order_by_asc(staff::Column::Id).limit(most).all(conn).await
}

fn valid(to: impl ColumnTrait, now: Timestamp) -> Condition {
    Condition::any().add(to.is_null()).add(to.gt(now))
}

/// Lists the present responsibilities of several people.
pub async fn duties(
    conn: &impl ConnectionTrait,
    people: &[StaffId],
    now: Timestamp,
) -> Result<Vec<responsibility::Model>, DbErr> {
    responsibility::Entity::find()
        .filter(responsibility::Column::StaffId.is_in(people.iter().copied()))
        .filter(responsibility::Column::ValidFrom.lte(now))
        .filter(valid(responsibility::Column::ValidTo, now))
        .order_by_asc(responsibility::Column::Id)
        .all(conn)
        .await
}

/// Lists the street roles of several people that are held now or later.
pub async fn roles(
    conn: &impl ConnectionTrait,
    people: &[StaffId],
    now: Timestamp,
) -> Result<Vec<staff_role::Model>, DbErr> {
    staff_role::Entity::find()
        .filter(staff_role::Column::StaffId.is_in(people.iter().copied()))
        .filter(valid(staff_role::Column::ValidTo, now))
        .order_by_asc(staff_role::Column::Id)
        .all(conn)
        .await
}

/// Gives people street roles from now on.
pub async fn insert_roles(
    tx: &impl ConnectionTrait,
    roles: &[(StaffId, StreetRole)],
    now: Timestamp,
) -> Result<(), DbErr> {
    let rows: Vec<_> = roles
        .iter()
        .map(|&(staff, role)| staff_role::ActiveModel {
            staff_id: Set(staff),
            role: Set(role),
            valid_from: Set(now),
            valid_to: Set(None),
            ..Default::default()
        })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        staff_role::Entity::insert_many(chunk.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Binds an unbound member of staff to an account; zero when he is bound or has left.
pub async fn bind(
    tx: &impl ConnectionTrait,
    id: StaffId,
    account: AccountId,
) -> Result<u64, DbErr> {
    let changed = staff::Entity::update_many()
        .col_expr(staff::Column::AccountId, Expr::value(account))
        .filter(staff::Column::Id.eq(id))
        .filter(staff::Column::AccountId.is_null())
        .filter(staff::Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    Ok(changed.rows_affected)
}

/// Unbinds a member of staff; zero when he was not bound.
pub async fn unbind(tx: &impl ConnectionTrait, id: StaffId) -> Result<u64, DbErr> {
    let changed = staff::Entity::update_many()
        .col_expr(staff::Column::AccountId, Expr::value(None::<i64>))
        .filter(staff::Column::Id.eq(id))
        .filter(staff::Column::AccountId.is_not_null())
        .exec(tx)
        .await?;
    Ok(changed.rows_affected)
}

/// Inserts so many empty accounts and returns their ids.
pub async fn insert_accounts(
    tx: &impl ConnectionTrait,
    count: usize,
    now: Timestamp,
) -> Result<Vec<AccountId>, DbErr> {
    let row = account::ActiveModel {
        token_version: Set(0),
        phone_sealed: Set(None),
        phone_index: Set(None),
        phone_at: Set(None),
        created_at: Set(now),
        blocked_at: Set(None),
        ..Default::default()
    };
    let rows = vec![row; count];
    let mut ids = Vec::with_capacity(count);
    for chunk in rows.chunks(CHUNK) {
        let written = account::Entity::insert_many(chunk.to_vec()).exec_with_returning(tx).await?;
        ids.extend(written.into_iter().map(|row| row.id));
    }
    Ok(ids)
}

/// Finds the identities of one app among these openids.
pub async fn identities_of(
    conn: &impl ConnectionTrait,
    app: WechatApp,
    openids: &[String],
) -> Result<Vec<wechat_identity::Model>, DbErr> {
    let mut found = Vec::new();
    for chunk in openids.chunks(CHUNK) {
        let query = wechat_identity::Entity::find()
            .filter(wechat_identity::Column::App.eq(app))
            .filter(wechat_identity::Column::Openid.is_in(chunk.iter().map(String::as_str)));
        found.extend(query.all(conn).await?);
    }
    Ok(found)
}

/// Inserts identities; one that exists stays with its account.
pub async fn insert_identities(
    tx: &impl ConnectionTrait,
    rows: Vec<wechat_identity::ActiveModel>,
) -> Result<u64, DbErr> {
    let mut written = 0;
    for chunk in rows.chunks(CHUNK) {
        let once =
            OnConflict::columns([wechat_identity::Column::App, wechat_identity::Column::Openid])
                .do_nothing()
                .to_owned();
        written += wechat_identity::Entity::insert_many(chunk.to_vec())
            .on_conflict(once)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(written)
}
