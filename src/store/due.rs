//! Open cases by when their result is due.

use entity::cases::{Column, Entity, Model};
use entity::kinds::{CaseId, CaseState, GridId, StaffId, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::scope::Scope;

/// Lists the open cases whose due times wait for a notice, by their ids.
pub async fn provisional(
    conn: &impl ConnectionTrait,
    after: CaseId,
    limit: u64,
) -> Result<Vec<CaseId>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::Id)
        // As the index says it; and no other one is tempting.
        .filter(Expr::col((Entity, Column::DueProvisional)))
        .filter(Column::NextCheckAt.is_not_null())
        .filter(Expr::col((Entity, Column::Id)).add(0).gt(after))
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple::<CaseId>()
        .all(conn)
        .await
}

/// Lists the cases at work whose time is not over, by their ids.
pub async fn at_work(
    conn: &impl ConnectionTrait,
    whose: Whose,
    now: Timestamp,
    (after, limit): (CaseId, u64),
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::State.eq(CaseState::InProgress))
        .filter(Column::ResolveDueAt.gt(now))
        .filter(of(whose))
        .filter(Column::Id.gt(after))
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(conn)
        .await
}

/// Lists the cases of these communities for which a rest was asked that can still be granted, the
/// one that is due first at the top.
pub async fn pauses(
    conn: &impl ConnectionTrait,
    large: &[GridId],
    now: Timestamp,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::LargeGridId.is_in(large.iter().copied()))
        .filter(Column::PauseUntil.gt(now))
        .filter(Column::ResolveDueAt.gt(now))
        .filter(Column::State.eq(CaseState::InProgress))
        .order_by_asc(Column::ResolveDueAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(conn)
        .await
}

fn of(whose: Whose) -> Condition {
    let all = Condition::all();
    match whose {
        Whose::Anybody => all,
        Whose::Person(staff) => all.add(Column::AcknowledgedBy.eq(staff)),
        Whose::SmallGrid(grid) => all.add(Column::SmallGridId.eq(grid)),
        Whose::LargeGrid(grid) => all.add(Column::LargeGridId.eq(grid)),
    }
}

/// Whose cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Anybody,
    /// Taken by this person.
    Person(StaffId),
    SmallGrid(GridId),
    LargeGrid(GridId),
}

/// Which of them: due in `[from, to)`; open ends do not filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within {
    pub from: Option<Timestamp>,
    pub to: Timestamp,
}

/// The place of a row in the list.
pub type Place = (Timestamp, CaseId);

/// Lists open cases of the scope whose result is missing, the one that is due first at the top,
/// after a place of the list. Cases at rest are among them: they fall due all the same.
pub async fn list(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    (whose, within): (Whose, Within),
    after: Option<Place>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut all = Condition::all()
        .add(Column::NextCheckAt.is_not_null())
        .add(Column::State.ne(CaseState::Resolved))
        .add(Column::ResolveDueAt.lt(within.to));
    if let Some(from) = within.from {
        all = all.add(Column::ResolveDueAt.gte(from));
    }
    all = all.add(of(whose));
    if let Some((at, id)) = after {
        let same = Condition::all().add(Column::ResolveDueAt.eq(at)).add(Column::Id.gt(id));
        // Said twice so that the index is entered at the place and not at its beginning.
        all = all
            .add(Column::ResolveDueAt.gte(at))
            .add(Condition::any().add(Column::ResolveDueAt.gt(at)).add(same));
    }
    Entity::find()
        .filter(scope.beside_an_index())
        .filter(all)
        .order_by_asc(Column::ResolveDueAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(conn)
        .await
}
