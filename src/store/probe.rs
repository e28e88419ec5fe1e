//! Test messages: planned once per key, moved only by compare-and-set, as notices are.

use entity::kinds::{Channel, Timestamp};
use entity::probe::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, LockType, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, QueryFilter, QuerySelect,
};

use super::message::{self, Ending, message};

message!(probe);

/// Inserts test messages whose key is new; returns the rows that were stored.
pub async fn insert_new(
    tx: &impl ConnectionTrait,
    rows: Vec<ActiveModel>,
) -> Result<Vec<Model>, DbErr> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    Entity::insert_many(rows)
        .on_conflict(OnConflict::column(Column::DedupKey).do_nothing().to_owned())
        .exec_with_returning(tx)
        .await
}

/// Finds one test message.
pub async fn find(conn: &impl ConnectionTrait, id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(conn).await
}

/// Counts the test messages that have one of these keys.
pub async fn count_keys(conn: &impl ConnectionTrait, keys: &[&str]) -> Result<usize, DbErr> {
    let known = Column::DedupKey.is_in(keys.iter().copied());
    Ok(Entity::find().filter(known).all(conn).await?.len())
}

/// Finds one test message, and keeps others from changing it until the unit ends.
pub async fn find_locked(tx: &impl ConnectionTrait, id: i64) -> Result<Option<Model>, DbErr> {
    let mut query = Entity::find_by_id(id);
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        query = query.lock(LockType::Update);
    }
    query.one(tx).await
}

/// Finds the test message that the platform knows by this number; every channel counts for itself.
pub async fn find_msgid(
    conn: &impl ConnectionTrait,
    number: (Channel, i64),
) -> Result<Option<Model>, DbErr> {
    message::find_numbered::<Entity>(conn, number).await
}

/// Marks a planned test message as being sent to this openid, before the call leaves the house.
/// `false`: somebody else has it, or it has ended.
pub async fn set_sending(
    tx: &impl ConnectionTrait,
    id: i64,
    openid: Option<&str>,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let changed = message::sending::<Entity>(now)
        .col_expr(Column::Openid, Expr::value(openid.map(str::to_owned)))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Gives a test message back that was certainly not delivered.
pub async fn set_planned_again(tx: &impl ConnectionTrait, id: i64) -> Result<bool, DbErr> {
    message::set_planned_again::<Entity>(tx, id).await
}

/// Ends a test message; `false`: it had ended before.
pub async fn finish(tx: &impl ConnectionTrait, id: i64, ending: &Ending) -> Result<bool, DbErr> {
    message::finish::<Entity>(tx, id, ending).await
}

/// Tells whether a test by text message that was accepted after an instant has no report yet.
pub async fn awaits_text_report(
    conn: &impl ConnectionTrait,
    after: Timestamp,
) -> Result<bool, DbErr> {
    message::awaits_text_report::<Entity>(conn, after).await
}

/// Records what the platform reported later about an accepted test message; `false`: nothing new.
pub async fn set_delivered(
    tx: &impl ConnectionTrait,
    id: i64,
    (delivered, status): (bool, &str),
    now: Timestamp,
) -> Result<bool, DbErr> {
    let reported = message::delivered::<Entity>(delivered, status, now);
    Ok(reported.filter(Column::Id.eq(id)).exec(tx).await?.rows_affected == 1)
}
