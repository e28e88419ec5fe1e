//! Test messages: planned once per key, moved only by compare-and-set, as notices are.

use entity::kinds::{NoticeState, Timestamp};
use entity::probe::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

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

/// Finds the test message that the platform knows by this number.
pub async fn find_msgid(conn: &impl ConnectionTrait, msgid: i64) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Msgid.eq(msgid)).one(conn).await
}

/// Marks a planned test message as being sent to this openid, before the call leaves the house.
/// `false`: somebody else has it, or it has ended.
pub async fn set_sending(
    tx: &impl ConnectionTrait,
    id: i64,
    openid: Option<&str>,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .col_expr(Column::State, Expr::value(NoticeState::Sending))
        .col_expr(Column::Openid, Expr::value(openid.map(str::to_owned)))
        .col_expr(Column::SendingAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(NoticeState::Planned))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Gives a test message back that was certainly not delivered.
pub async fn set_planned_again(tx: &impl ConnectionTrait, id: i64) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(NoticeState::Planned))
        .col_expr(Column::SendingAt, Expr::value(Option::<Timestamp>::None))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(NoticeState::Sending))
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends a test message; `false`: it had ended before.
pub async fn finish(
    tx: &impl ConnectionTrait,
    id: i64,
    ending: &super::notice::Ending,
) -> Result<bool, DbErr> {
    let accepted = (ending.state == NoticeState::Accepted).then_some(ending.at);
    let changed = Entity::update_many()
        .col_expr(Column::State, Expr::value(ending.state))
        .col_expr(Column::Msgid, Expr::value(ending.msgid))
        .col_expr(Column::Errcode, Expr::value(ending.errcode))
        .col_expr(Column::Reason, Expr::value(ending.reason.clone()))
        .col_expr(Column::AcceptedAt, Expr::value(accepted))
        .col_expr(Column::FinishedAt, Expr::value(ending.at))
        .filter(Column::Id.eq(id))
        .filter(Column::State.is_in([NoticeState::Planned, NoticeState::Sending]))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Records what the platform reported later about an accepted test message; `false`: nothing new.
pub async fn set_delivered(
    tx: &impl ConnectionTrait,
    id: i64,
    (delivered, status): (bool, &str),
    now: Timestamp,
) -> Result<bool, DbErr> {
    let state = if delivered { NoticeState::Delivered } else { NoticeState::Dead };
    let changed = Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::Reason, Expr::value(Some(status.to_owned())))
        .col_expr(Column::DeliveredAt, Expr::value(delivered.then_some(now)))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(NoticeState::Accepted))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}
