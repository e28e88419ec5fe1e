//! Notices of the street: written, read, counted.

use std::collections::HashMap;

use entity::bulletin::{ActiveModel, Column, Entity, Model};
use entity::kinds::{AccountId, BulletinState, GridId, PhotoId, Timestamp};
use entity::{bulletin_grid, bulletin_photo, bulletin_read};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
};

use super::{is_listed, list, sql};

/// For whom a list is: grids, or the whole street with everything in it.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    pub grids: Vec<GridId>,
    pub everything: bool,
}

/// A place in the list, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    pub at: Timestamp,
    pub id: i64,
}

const FOR_READER: &str = "(b.whole_street OR $2 OR EXISTS (SELECT 1 FROM bulletin_grid g
    WHERE g.bulletin_id = b.id AND g.grid_id";
const SHOWN: &str = "b.state = 'published' AND b.from_at <= $3 AND b.until_at > $3";

/// Inserts a notice with its grids and pictures.
pub async fn insert(
    tx: &impl ConnectionTrait,
    row: ActiveModel,
    (grids, photos): (&[GridId], &[PhotoId]),
) -> Result<Model, DbErr> {
    let stored = Entity::insert(row).exec_with_returning(tx).await?;
    for grid in grids {
        let row = bulletin_grid::ActiveModel { bulletin_id: Set(stored.id), grid_id: Set(*grid) };
        bulletin_grid::Entity::insert(row).exec_without_returning(tx).await?;
    }
    for (position, photo) in (0_i32..).zip(photos) {
        let row = bulletin_photo::ActiveModel {
            bulletin_id: Set(stored.id),
            photo_id: Set(*photo),
            position: Set(position),
        };
        bulletin_photo::Entity::insert(row).exec_without_returning(tx).await?;
    }
    Ok(stored)
}

/// Finds a notice.
pub async fn find(conn: &impl ConnectionTrait, id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(conn).await
}

/// Lists what is shown to a reader now, newest first.
pub async fn shown(
    conn: &impl ConnectionTrait,
    reader: &Reader,
    (before, now): (Option<Before>, Timestamp),
    most: i64,
) -> Result<Vec<Model>, DbErr> {
    let before = before.unwrap_or(Before { at: Timestamp(i64::MAX), id: i64::MAX });
    let listed = is_listed(conn);
    let text = format!(
        "SELECT b.* FROM bulletin b WHERE {SHOWN} AND {FOR_READER} {listed}))
            AND (b.published_at < $4 OR (b.published_at = $4 AND b.id < $5))
          ORDER BY b.published_at DESC, b.id DESC LIMIT $6"
    );
    let values = [
        list(&reader.grids)?,
        reader.everything.into(),
        now.into(),
        before.at.into(),
        before.id.into(),
        most.into(),
    ];
    Model::find_by_statement(sql(conn, &text, values)).all(conn).await
}

/// Tells whether a reader is shown a notice now.
pub async fn is_shown(
    conn: &impl ConnectionTrait,
    reader: &Reader,
    (id, now): (i64, Timestamp),
) -> Result<bool, DbErr> {
    let listed = is_listed(conn);
    let text = format!(
        "SELECT b.* FROM bulletin b WHERE {SHOWN} AND {FOR_READER} {listed})) AND b.id = $4"
    );
    let values = [list(&reader.grids)?, reader.everything.into(), now.into(), id.into()];
    Ok(Model::find_by_statement(sql(conn, &text, values)).one(conn).await?.is_some())
}

/// Counts what a reader is shown now and has not read.
pub async fn unread(
    conn: &impl ConnectionTrait,
    reader: &Reader,
    (account, now): (AccountId, Timestamp),
) -> Result<i64, DbErr> {
    let listed = is_listed(conn);
    let text = format!(
        "SELECT COUNT(*) FROM bulletin b WHERE {SHOWN} AND {FOR_READER} {listed}))
            AND NOT EXISTS (SELECT 1 FROM bulletin_read r
                WHERE r.bulletin_id = b.id AND r.account_id = $4)"
    );
    let values = [list(&reader.grids)?, reader.everything.into(), now.into(), account.into()];
    let row = conn.query_one_raw(sql(conn, &text, values)).await?;
    row.map_or(Ok(0), |row| row.try_get_by_index::<i64>(0))
}

/// Lists the newest of every state that concern these grids, for those who write them.
pub async fn all(
    conn: &impl ConnectionTrait,
    reader: &Reader,
    most: i64,
) -> Result<Vec<Model>, DbErr> {
    let listed = is_listed(conn);
    let text = format!(
        "SELECT b.* FROM bulletin b WHERE {FOR_READER} {listed})) ORDER BY b.id DESC LIMIT $3"
    );
    let values = [list(&reader.grids)?, reader.everything.into(), most.into()];
    Model::find_by_statement(sql(conn, &text, values)).all(conn).await
}

/// The grids and pictures of some notices.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    pub grids: HashMap<i64, Vec<GridId>>,
    pub photos: HashMap<i64, Vec<PhotoId>>,
}

/// Reads the grids and pictures of notices.
pub async fn parts(conn: &impl ConnectionTrait, ids: &[i64]) -> Result<Parts, DbErr> {
    let mut parts = Parts::default();
    let grids = bulletin_grid::Entity::find()
        .filter(bulletin_grid::Column::BulletinId.is_in(ids.iter().copied()))
        .order_by_asc(bulletin_grid::Column::GridId);
    for row in grids.all(conn).await? {
        parts.grids.entry(row.bulletin_id).or_default().push(row.grid_id);
    }
    let photos = bulletin_photo::Entity::find()
        .filter(bulletin_photo::Column::BulletinId.is_in(ids.iter().copied()))
        .order_by_asc(bulletin_photo::Column::Position);
    for row in photos.all(conn).await? {
        parts.photos.entry(row.bulletin_id).or_default().push(row.photo_id);
    }
    Ok(parts)
}

/// Finds the notices whose picture this is.
pub async fn of_photo(conn: &impl ConnectionTrait, id: PhotoId) -> Result<Vec<Model>, DbErr> {
    let of = bulletin_photo::Entity::find().filter(bulletin_photo::Column::PhotoId.eq(id));
    let ids: Vec<i64> = of.all(conn).await?.into_iter().map(|row| row.bulletin_id).collect();
    Entity::find().filter(Column::Id.is_in(ids)).all(conn).await
}

/// Publishes a draft in the name of a second person; `false`: it is no draft any more.
pub async fn approve(
    tx: &impl ConnectionTrait,
    id: i64,
    (by, now): (AccountId, Timestamp),
) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .col_expr(Column::State, Expr::value(BulletinState::Published))
        .col_expr(Column::ApprovedBy, Expr::value(by))
        .col_expr(Column::PublishedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(BulletinState::Draft))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Withdraws a notice; `false`: somebody did.
pub async fn withdraw(
    tx: &impl ConnectionTrait,
    id: i64,
    (by, now): (AccountId, Timestamp),
) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .col_expr(Column::State, Expr::value(BulletinState::Withdrawn))
        .col_expr(Column::WithdrawnBy, Expr::value(by))
        .col_expr(Column::WithdrawnAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::State.ne(BulletinState::Withdrawn))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Notes that somebody has read a notice; the first reading counts.
pub async fn set_read(tx: &impl ConnectionTrait, row: bulletin_read::Model) -> Result<(), DbErr> {
    let row = bulletin_read::ActiveModel {
        bulletin_id: Set(row.bulletin_id),
        account_id: Set(row.account_id),
        by_staff: Set(row.by_staff),
        read_at: Set(row.read_at),
    };
    let keys = [bulletin_read::Column::BulletinId, bulletin_read::Column::AccountId];
    bulletin_read::Entity::insert(row)
        .on_conflict(OnConflict::columns(keys).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Reads when somebody read notices.
pub async fn read_marks(
    conn: &impl ConnectionTrait,
    ids: &[i64],
    account: AccountId,
) -> Result<HashMap<i64, Timestamp>, DbErr> {
    let rows = bulletin_read::Entity::find()
        .filter(bulletin_read::Column::AccountId.eq(account))
        .filter(bulletin_read::Column::BulletinId.is_in(ids.iter().copied()));
    Ok(rows.all(conn).await?.into_iter().map(|row| (row.bulletin_id, row.read_at)).collect())
}

/// How many have read a notice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Reach {
    pub id: i64,
    pub residents: i64,
    pub staff: i64,
}

/// Counts the readers of notices.
pub async fn reach(conn: &impl ConnectionTrait, ids: &[i64]) -> Result<HashMap<i64, Reach>, DbErr> {
    let text = format!(
        "SELECT bulletin_id AS id,
            COUNT(CASE WHEN by_staff THEN NULL ELSE 1 END) AS residents,
            COUNT(CASE WHEN by_staff THEN 1 ELSE NULL END) AS staff
           FROM bulletin_read WHERE bulletin_id {} GROUP BY bulletin_id",
        is_listed(conn)
    );
    let rows = Reach::find_by_statement(sql(conn, &text, [list(ids)?])).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}
