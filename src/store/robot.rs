//! Group robots and what they are to say.

use entity::kinds::{CaseId, Timestamp};
use entity::{robot, robot_line};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

/// Plans that a robot tells of a case; `None` when that is planned already.
pub async fn plan(
    tx: &impl ConnectionTrait,
    (robot, case): (&str, CaseId),
    dedup_key: &str,
    now: Timestamp,
) -> Result<Option<i64>, DbErr> {
    let known = robot::ActiveModel {
        name: Set(robot.to_owned()),
        turn: Set(0),
        off_at: Set(None),
        off_code: Set(None),
        rests_until: Set(None),
    };
    let once = OnConflict::column(robot::Column::Name).do_nothing().to_owned();
    robot::Entity::insert_many([known]).on_conflict(once).exec_without_returning(tx).await?;
    let row = robot_line::ActiveModel {
        id: NotSet,
        robot: Set(robot.to_owned()),
        case_id: Set(case),
        dedup_key: Set(dedup_key.to_owned()),
        planned_at: Set(now),
        message: Set(None),
        taken_at: Set(None),
        done_at: Set(None),
    };
    let once = OnConflict::column(robot_line::Column::DedupKey).do_nothing().to_owned();
    let stored =
        robot_line::Entity::insert_many([row]).on_conflict(once).exec_with_returning(tx).await?;
    Ok(stored.first().map(|line| line.id))
}

/// Finds a line.
pub async fn find(
    conn: &impl ConnectionTrait,
    id: i64,
) -> Result<Option<robot_line::Model>, DbErr> {
    robot_line::Entity::find_by_id(id).one(conn).await
}

/// Holds a robot until the end of the unit, so that one at a time decides what it says.
pub async fn hold(tx: &impl ConnectionTrait, name: &str) -> Result<Option<robot::Model>, DbErr> {
    robot::Entity::update_many()
        .col_expr(robot::Column::Turn, Expr::col(robot::Column::Turn).add(1))
        .filter(robot::Column::Name.eq(name))
        .exec(tx)
        .await?;
    robot::Entity::find_by_id(name).one(tx).await
}

/// Lists when a robot began each of its messages since an instant.
pub async fn spoken(
    tx: &impl ConnectionTrait,
    name: &str,
    since: Timestamp,
) -> Result<Vec<Timestamp>, DbErr> {
    let rows: Vec<(Option<i64>, Option<Timestamp>)> = robot_line::Entity::find()
        .select_only()
        .column(robot_line::Column::Message)
        .column(robot_line::Column::TakenAt)
        .filter(robot_line::Column::Robot.eq(name))
        .filter(robot_line::Column::TakenAt.gt(since))
        .distinct()
        .into_tuple()
        .all(tx)
        .await?;
    Ok(rows.into_iter().filter_map(|(_, at)| at).collect())
}

/// Takes lines into the message of the line `id`: itself and what was in it before, or everything
/// that waits. Returns them, oldest first.
pub async fn take(
    tx: &impl ConnectionTrait,
    line: &robot_line::Model,
    everything: bool,
    now: Timestamp,
) -> Result<Vec<robot_line::Model>, DbErr> {
    let mut wanted = Condition::any()
        .add(robot_line::Column::Id.eq(line.id))
        .add(robot_line::Column::Message.eq(line.id));
    if everything {
        wanted = wanted.add(robot_line::Column::Message.is_null());
    }
    let mut taken = robot_line::Entity::update_many()
        .col_expr(robot_line::Column::Message, Expr::value(line.id))
        .col_expr(robot_line::Column::TakenAt, Expr::value(now))
        .filter(robot_line::Column::Robot.eq(line.robot.as_str()))
        .filter(robot_line::Column::DoneAt.is_null())
        .filter(wanted)
        .exec_with_returning(tx)
        .await?;
    taken.sort_by_key(|one| one.id);
    Ok(taken)
}

/// Gives a message back that was certainly not said.
pub async fn untake(tx: &impl ConnectionTrait, message: i64) -> Result<(), DbErr> {
    robot_line::Entity::update_many()
        .col_expr(robot_line::Column::TakenAt, Expr::value(Option::<Timestamp>::None))
        .filter(robot_line::Column::Message.eq(message))
        .filter(robot_line::Column::DoneAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends a line and its message, however it went.
pub async fn finish(tx: &impl ConnectionTrait, line: i64, now: Timestamp) -> Result<(), DbErr> {
    let ended = Condition::any()
        .add(robot_line::Column::Id.eq(line))
        .add(robot_line::Column::Message.eq(line));
    robot_line::Entity::update_many()
        .col_expr(robot_line::Column::DoneAt, Expr::value(now))
        .filter(ended)
        .filter(robot_line::Column::DoneAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Notes until when a robot is silent.
pub async fn rest(tx: &impl ConnectionTrait, name: &str, until: Timestamp) -> Result<(), DbErr> {
    robot::Entity::update_many()
        .col_expr(robot::Column::RestsUntil, Expr::value(until))
        .filter(robot::Column::Name.eq(name))
        .exec(tx)
        .await?;
    Ok(())
}

/// Notes that nobody hears a robot any more.
pub async fn set_off(
    tx: &impl ConnectionTrait,
    name: &str,
    code: Option<i64>,
    now: Timestamp,
) -> Result<(), DbErr> {
    robot::Entity::update_many()
        .col_expr(robot::Column::OffAt, Expr::value(now))
        .col_expr(robot::Column::OffCode, Expr::value(code))
        .filter(robot::Column::Name.eq(name))
        .exec(tx)
        .await?;
    Ok(())
}

/// Lists the robots that were noted as off since an instant.
pub async fn off_since(
    conn: &impl ConnectionTrait,
    since: Timestamp,
) -> Result<Vec<robot::Model>, DbErr> {
    robot::Entity::find()
        .filter(robot::Column::OffAt.gt(since))
        .order_by_asc(robot::Column::Name)
        .all(conn)
        .await
}
