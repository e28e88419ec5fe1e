//! What people said about their channels, and what test messages showed of them.

use entity::kinds::{AccountId, Channel, StaffId, Timestamp};
use entity::staff_channel::{ActiveModel, Column, Entity};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter,
};

use super::reach::{HAS_MOBILE, IN_WECOM};
use super::{is_listed, list, sql};

/// What leads to a person, beside one thing known of a channel; `channel` is empty for whom nothing
/// is known of any.
#[derive(Clone, Debug, FromQueryResult)]
#[expect(clippy::struct_excessive_bools, reason = "each is a way of its own")]
pub struct Known {
    pub staff_id: StaffId,
    pub account_id: Option<AccountId>,
    /// He follows the official account.
    pub follows: bool,
    /// He is in the mini-program.
    pub in_mini: bool,
    /// He allows a message of the template that was asked about.
    pub allows: bool,
    pub has_mobile: bool,
    pub in_wecom: bool,
    /// When WeChat said last that he is no employee.
    pub employee_dead_at: Option<Timestamp>,
    pub channel: Option<Channel>,
    pub position: Option<i32>,
    pub proven_at: Option<Timestamp>,
    pub failed_at: Option<Timestamp>,
    pub failed_reason: Option<String>,
}

/// Reads what leads to members of staff and what is known of it, in one query: this is on the way of
/// every report.
pub async fn known(
    conn: &impl ConnectionTrait,
    staff: &[StaffId],
    template: &str,
) -> Result<Vec<Known>, DbErr> {
    if staff.is_empty() {
        return Ok(Vec::new());
    }
    let identity = "s.ended_at IS NULL AND EXISTS (SELECT 1 FROM wechat_identity w
        WHERE w.account_id = s.account_id AND w.dead_at IS NULL AND w.app = ";
    let text = format!(
        "SELECT s.id AS staff_id, s.account_id, {identity} 'oa') AS follows,
                {identity} 'mini') AS in_mini,
                EXISTS (SELECT 1 FROM consent n WHERE n.account_id = s.account_id
                    AND n.template = $2 AND n.credits > 0) AS allows,
                s.ended_at IS NULL AND {HAS_MOBILE} AS has_mobile,
                s.ended_at IS NULL AND {IN_WECOM} AS in_wecom,
                s.employee_dead_at, c.channel, c.position, c.proven_at, c.failed_at, c.failed_reason
           FROM staff s LEFT JOIN staff_channel c ON c.staff_id = s.id
          WHERE s.id {} ORDER BY s.id, c.id",
        is_listed(conn)
    );
    let values = [list(staff)?, template.into()];
    Known::find_by_statement(sql(conn, &text, values)).all(conn).await
}

fn row(staff: StaffId, channel: Channel, now: Timestamp) -> ActiveModel {
    ActiveModel {
        id: NotSet,
        staff_id: Set(staff),
        channel: Set(channel),
        position: Set(None),
        proven_at: Set(None),
        failed_at: Set(None),
        failed_reason: Set(None),
        updated_at: Set(now),
    }
}

fn or_else(columns: impl IntoIterator<Item = Column>) -> OnConflict {
    let mut same = OnConflict::columns([Column::StaffId, Column::Channel]);
    same.update_columns(columns).update_column(Column::UpdatedAt).to_owned()
}

/// Replaces a person's order; channels that are not named have no place in it any more.
pub async fn set_order(
    tx: &impl ConnectionTrait,
    staff: StaffId,
    order: &[Channel],
    now: Timestamp,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Position, Expr::value(Option::<i32>::None))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::StaffId.eq(staff))
        .exec(tx)
        .await?;
    for (position, channel) in (0..).zip(order) {
        let row = ActiveModel { position: Set(Some(position)), ..row(staff, *channel, now) };
        let same = or_else([Column::Position]);
        Entity::insert(row).on_conflict(same).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Notes that a test message went through.
pub async fn set_proven(
    tx: &impl ConnectionTrait,
    staff: StaffId,
    channel: Channel,
    now: Timestamp,
) -> Result<(), DbErr> {
    let row = ActiveModel { proven_at: Set(Some(now)), ..row(staff, channel, now) };
    let same = or_else([Column::ProvenAt, Column::FailedAt, Column::FailedReason]);
    Entity::insert(row).on_conflict(same).exec_without_returning(tx).await?;
    Ok(())
}

/// Notes that a test message did not reach the person, and why in a word.
pub async fn set_failed(
    tx: &impl ConnectionTrait,
    staff: StaffId,
    channel: Channel,
    reason: &str,
    now: Timestamp,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        failed_at: Set(Some(now)),
        failed_reason: Set(Some(reason.to_owned())),
        ..row(staff, channel, now)
    };
    let same = or_else([Column::FailedAt, Column::FailedReason]);
    Entity::insert(row).on_conflict(same).exec_without_returning(tx).await?;
    Ok(())
}

/// Forgets what tests showed of these channels: they lead elsewhere now. His order stays.
pub async fn forget_proofs(
    tx: &impl ConnectionTrait,
    staff: StaffId,
    channels: &[Channel],
    now: Timestamp,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::ProvenAt, Expr::value(Option::<Timestamp>::None))
        .col_expr(Column::FailedAt, Expr::value(Option::<Timestamp>::None))
        .col_expr(Column::FailedReason, Expr::value(Option::<String>::None))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::StaffId.eq(staff))
        .filter(Column::Channel.is_in(channels.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}
