//! What notices and test messages have in common: rows that lead outside, moved only by
//! compare-and-set.

use entity::kinds::{Channel, NoticeState, Timestamp};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, UpdateMany, Value};

use super::sql;

/// The columns of a table of messages.
pub(super) trait Message: EntityTrait {
    const ID: Self::Column;
    const STATE: Self::Column;
    const CHANNEL: Self::Column;
    const MSGID: Self::Column;
    const ERRCODE: Self::Column;
    const REASON: Self::Column;
    const SENDING_AT: Self::Column;
    const ACCEPTED_AT: Self::Column;
    const DELIVERED_AT: Self::Column;
    const FINISHED_AT: Self::Column;
}

/// Gives a table of messages the columns that all of them have.
macro_rules! message {
    ($table:ident) => {
        impl super::message::Message for entity::$table::Entity {
            const ID: Self::Column = entity::$table::Column::Id;
            const STATE: Self::Column = entity::$table::Column::State;
            const CHANNEL: Self::Column = entity::$table::Column::Channel;
            const MSGID: Self::Column = entity::$table::Column::Msgid;
            const ERRCODE: Self::Column = entity::$table::Column::Errcode;
            const REASON: Self::Column = entity::$table::Column::Reason;
            const SENDING_AT: Self::Column = entity::$table::Column::SendingAt;
            const ACCEPTED_AT: Self::Column = entity::$table::Column::AcceptedAt;
            const DELIVERED_AT: Self::Column = entity::$table::Column::DeliveredAt;
            const FINISHED_AT: Self::Column = entity::$table::Column::FinishedAt;
        }
    };
}
pub(super) use message;

/// How a try to send ended.
#[derive(Clone, Debug)]
pub struct Ending {
    pub state: NoticeState,
    pub msgid: Option<i64>,
    pub errcode: Option<i64>,
    pub reason: Option<String>,
    pub at: Timestamp,
}

/// Finds the message that a platform knows by this number.
pub(super) async fn find_numbered<E: Message>(
    conn: &impl ConnectionTrait,
    (channel, msgid): (Channel, i64),
) -> Result<Option<E::Model>, DbErr> {
    E::find().filter(E::MSGID.eq(msgid)).filter(E::CHANNEL.eq(channel)).one(conn).await
}

/// Tells whether one by text message that was accepted after an instant has no report yet.
pub(super) async fn awaits_text_report<E: Message>(
    conn: &impl ConnectionTrait,
    after: Timestamp,
) -> Result<bool, DbErr> {
    // The words stand in the text: SQLite takes the partial index only when it can read them.
    let text = format!(
        "SELECT id FROM {} WHERE channel = 'sms' AND state IN ('accepted', 'unknown')
            AND finished_at > $1 LIMIT 1",
        E::default().table_name()
    );
    Ok(conn.query_one_raw(sql(conn, &text, [after.into()])).await?.is_some())
}

/// Marks planned messages as being sent, before the call leaves the house; the caller says which.
pub(super) fn sending<E: Message>(now: Timestamp) -> UpdateMany<E> {
    E::update_many()
        .col_expr(E::STATE, Expr::value(NoticeState::Sending))
        .col_expr(E::SENDING_AT, Expr::value(now))
        .filter(E::STATE.eq(NoticeState::Planned))
}

/// Gives a message back that was certainly not delivered, so that a later try may send it.
pub(super) async fn set_planned_again<E: Message>(
    tx: &impl ConnectionTrait,
    id: impl Into<Value>,
) -> Result<bool, DbErr> {
    let nothing: SimpleExpr = Expr::value(Option::<Timestamp>::None);
    let changed = E::update_many()
        .col_expr(E::STATE, Expr::value(NoticeState::Planned))
        .col_expr(E::SENDING_AT, nothing)
        .filter(E::ID.eq(id))
        .filter(E::STATE.eq(NoticeState::Sending))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Ends a message that is being sent (or, in doubt, planned). `false`: it had ended before.
pub(super) async fn finish<E: Message>(
    tx: &impl ConnectionTrait,
    id: impl Into<Value>,
    ending: &Ending,
) -> Result<bool, DbErr> {
    let accepted = (ending.state == NoticeState::Accepted).then_some(ending.at);
    let changed = E::update_many()
        .col_expr(E::STATE, Expr::value(ending.state))
        .col_expr(E::MSGID, Expr::value(ending.msgid))
        .col_expr(E::ERRCODE, Expr::value(ending.errcode))
        .col_expr(E::REASON, Expr::value(ending.reason.clone()))
        .col_expr(E::ACCEPTED_AT, Expr::value(accepted))
        .col_expr(E::FINISHED_AT, Expr::value(ending.at))
        .filter(E::ID.eq(id))
        .filter(E::STATE.is_in([NoticeState::Planned, NoticeState::Sending]))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Records what the platform reported later about accepted messages; the caller says which.
pub(super) fn delivered<E: Message>(
    delivered: bool,
    status: &str,
    now: Timestamp,
) -> UpdateMany<E> {
    let state = if delivered { NoticeState::Delivered } else { NoticeState::Dead };
    E::update_many()
        .col_expr(E::STATE, Expr::value(state))
        .col_expr(E::REASON, Expr::value(Some(status.to_owned())))
        .col_expr(E::DELIVERED_AT, Expr::value(delivered.then_some(now)))
        .filter(E::STATE.is_in([NoticeState::Accepted, NoticeState::Unknown]))
}
