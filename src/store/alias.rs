//! Corrections of places, the names proposed from them, and the number that tells of a change.

use std::collections::BTreeSet;

use entity::kinds::{AccountId, AliasKind, AliasState, Timestamp};
use entity::{address_alias, address_correction, places_version};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

/// Keeps what an operator confirmed.
pub async fn correct(
    tx: &impl ConnectionTrait,
    row: address_correction::ActiveModel,
) -> Result<(), DbErr> {
    address_correction::Entity::insert(row).exec_without_returning(tx).await.map(|_rows| ())
}

/// Lists the latest corrections since an instant, oldest first.
pub async fn corrections(
    conn: &impl ConnectionTrait,
    since: Timestamp,
    limit: u64,
) -> Result<Vec<address_correction::Model>, DbErr> {
    let mut rows = address_correction::Entity::find()
        .filter(address_correction::Column::CreatedAt.gte(since))
        .order_by_desc(address_correction::Column::CreatedAt)
        .order_by_desc(address_correction::Column::Id)
        .limit(limit)
        .all(conn)
        .await?;
    rows.reverse();
    Ok(rows)
}

/// Counts all corrections. They only grow in number, so a count names one state of them.
pub async fn count_corrections(conn: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let count = address_correction::Entity::find().count(conn).await?;
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Withdraws proposals that are no longer learned; what was decided stays. Returns how many.
pub async fn withdraw(
    tx: &impl ConnectionTrait,
    learned: &BTreeSet<(String, AliasKind, String)>,
) -> Result<u64, DbErr> {
    let proposed = address_alias::Column::State.eq(AliasState::Proposed);
    let rows = address_alias::Entity::find().filter(proposed.clone()).all(tx).await?;
    let stale = rows.into_iter().filter_map(|row| {
        let name = (row.word, row.target_kind, row.target);
        (!learned.contains(&name)).then_some(row.id)
    });
    let stale = address_alias::Column::Id.is_in(stale.collect::<Vec<_>>());
    let gone = address_alias::Entity::delete_many().filter(stale).filter(proposed).exec(tx).await?;
    Ok(gone.rows_affected)
}

/// Proposes a name, or renews what speaks for one that is still undecided.
pub async fn propose(
    tx: &impl ConnectionTrait,
    row: address_alias::ActiveModel,
) -> Result<(), DbErr> {
    use address_alias::Column;
    let renew = OnConflict::columns([Column::Word, Column::TargetKind, Column::Target])
        .update_columns([Column::Confirmations, Column::Uses, Column::Cases])
        .action_and_where(
            Expr::col((address_alias::Entity, Column::State)).eq(AliasState::Proposed.word()),
        )
        .to_owned();
    address_alias::Entity::insert(row)
        .on_conflict(renew)
        .exec_without_returning(tx)
        .await
        .map(|_rows| ())
}

/// Adds a name that nobody taught, unless it is known; returns its id.
pub async fn name(
    tx: &impl ConnectionTrait,
    word: &str,
    (kind, target): (AliasKind, &str),
    now: Timestamp,
) -> Result<i64, DbErr> {
    use address_alias::Column;
    let row = proposal(word.to_owned(), (kind, target.to_owned()), (0, 0), "[]".to_owned(), now);
    let mut same = OnConflict::columns([Column::Word, Column::TargetKind, Column::Target]);
    address_alias::Entity::insert(row)
        .on_conflict(same.do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    let known = address_alias::Entity::find()
        .filter(Column::Word.eq(word))
        .filter(Column::TargetKind.eq(kind))
        .filter(Column::Target.eq(target));
    let row = known.one(tx).await?;
    row.map(|row| row.id).ok_or_else(|| DbErr::RecordNotFound("address_alias".to_owned()))
}

/// Lists names after an id, smallest first.
pub async fn list(
    conn: &impl ConnectionTrait,
    state: Option<AliasState>,
    after: i64,
    limit: u64,
) -> Result<Vec<address_alias::Model>, DbErr> {
    let mut query = address_alias::Entity::find().filter(address_alias::Column::Id.gt(after));
    if let Some(state) = state {
        query = query.filter(address_alias::Column::State.eq(state));
    }
    query.order_by_asc(address_alias::Column::Id).limit(limit).all(conn).await
}

/// Finds one name.
pub async fn find(
    conn: &impl ConnectionTrait,
    id: i64,
) -> Result<Option<address_alias::Model>, DbErr> {
    address_alias::Entity::find_by_id(id).one(conn).await
}

/// Lists the names that are in use at an instant.
pub async fn in_use(
    conn: &impl ConnectionTrait,
    now: Timestamp,
) -> Result<Vec<address_alias::Model>, DbErr> {
    address_alias::Entity::find()
        .filter(address_alias::Column::State.eq(AliasState::Approved))
        .filter(address_alias::Column::ValidUntil.gt(now))
        .order_by_asc(address_alias::Column::Id)
        .all(conn)
        .await
}

/// Writes the office's decision.
pub async fn decide(
    tx: &impl ConnectionTrait,
    id: i64,
    state: AliasState,
    (by, at): (AccountId, Timestamp),
    valid_until: Option<Timestamp>,
) -> Result<(), DbErr> {
    use address_alias::Column;
    address_alias::Entity::update_many()
        .col_expr(Column::State, Expr::value(state.word()))
        .col_expr(Column::DecidedBy, Expr::value(by))
        .col_expr(Column::DecidedAt, Expr::value(at))
        .col_expr(Column::ValidUntil, Expr::value(valid_until))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await
        .map(|_done| ())
}

/// Reads the number that grows with every change of the places.
pub async fn places_version(conn: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let row = places_version::Entity::find_by_id(1).one(conn).await?;
    Ok(row.map_or(0, |row| row.version))
}

/// Tells every process that the places changed.
pub async fn places_changed(tx: &impl ConnectionTrait) -> Result<(), DbErr> {
    use places_version::Column;
    places_version::Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(1))
        .exec(tx)
        .await
        .map(|_done| ())
}

/// A row for a name that was just learned.
pub fn proposal(
    word: String,
    (kind, target): (AliasKind, String),
    (confirmations, uses): (usize, usize),
    cases: String,
    now: Timestamp,
) -> address_alias::ActiveModel {
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    address_alias::ActiveModel {
        id: NotSet,
        word: Set(word),
        target_kind: Set(kind),
        target: Set(target),
        state: Set(AliasState::Proposed),
        confirmations: Set(count(confirmations)),
        uses: Set(count(uses)),
        cases: Set(cases),
        created_at: Set(now),
        decided_by: Set(None),
        decided_at: Set(None),
        valid_until: Set(None),
    }
}
