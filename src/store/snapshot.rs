//! Figures as they were printed: added, never changed.

use std::collections::BTreeSet;

use entity::figure_basis;
use entity::figure_snapshot::{ActiveModel, Column, Entity, Model};
use entity::kinds::{CaseId, Timestamp};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

/// The last revision of a month and the instant that it speaks of; `None` when it was never printed.
pub async fn last_revision(
    conn: &impl ConnectionTrait,
    period: &str,
) -> Result<Option<(i32, Timestamp)>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::Revision)
        .column(Column::AsOf)
        .filter(Column::Period.eq(period))
        .order_by_desc(Column::Revision)
        .limit(1)
        .into_tuple::<(i32, Timestamp)>()
        .one(conn)
        .await
}

/// Adds the figures of a printing; those that are there stay.
pub async fn insert(tx: &impl ConnectionTrait, rows: Vec<ActiveModel>) -> Result<(), DbErr> {
    let key = [Column::Period, Column::Revision, Column::Dimension, Column::Figure];
    let there = OnConflict::columns(key).do_nothing().to_owned();
    Entity::insert_many(rows).on_conflict(there).exec_without_returning(tx).await?;
    Ok(())
}

/// Adds the parts of a printing's basis; those that are there stay.
pub async fn insert_basis(
    tx: &impl ConnectionTrait,
    rows: Vec<figure_basis::ActiveModel>,
) -> Result<(), DbErr> {
    use figure_basis::{Column, Entity};
    let key = [Column::Period, Column::Revision, Column::Part];
    let there = OnConflict::columns(key).do_nothing().to_owned();
    // The bodies are large: one in a statement.
    for row in rows {
        Entity::insert(row).on_conflict(there.clone()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Reads the parts of a printing's basis; none where it was printed before they were kept.
pub async fn basis(
    conn: &impl ConnectionTrait,
    (period, revision): (&str, i32),
) -> Result<Vec<figure_basis::Model>, DbErr> {
    use figure_basis::{Column, Entity};
    Entity::find()
        .filter(Column::Period.eq(period))
        .filter(Column::Revision.eq(revision))
        .order_by_asc(Column::Part)
        .all(conn)
        .await
}

/// Lists the figures of a printing in one division, in the order they were printed.
pub async fn list(
    conn: &impl ConnectionTrait,
    (period, revision): (&str, i32),
    dimension: &str,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::Period.eq(period))
        .filter(Column::Revision.eq(revision))
        .filter(Column::Dimension.eq(dimension))
        .order_by_asc(Column::Id)
        .all(conn)
        .await
}

/// One row of every printing, the latest month first.
pub async fn printings(conn: &impl ConnectionTrait, limit: u64) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::Figure.eq("R6"))
        .filter(Column::Dimension.eq("none"))
        .order_by_desc(Column::Period)
        .order_by_desc(Column::Revision)
        .limit(limit)
        .all(conn)
        .await
}

/// Lists the months that were printed.
pub async fn months(conn: &impl ConnectionTrait) -> Result<BTreeSet<String>, DbErr> {
    let printed = Entity::find()
        .select_only()
        .column(Column::Period)
        .filter(Column::Revision.eq(0))
        .filter(Column::Figure.eq("R6"))
        .filter(Column::Dimension.eq("none"));
    Ok(printed.into_tuple::<String>().all(conn).await?.into_iter().collect())
}

/// When the first case was reported.
pub async fn began(conn: &impl ConnectionTrait) -> Result<Option<Timestamp>, DbErr> {
    use entity::cases::{Column, Entity};
    let first = Entity::find().select_only().columns([Column::Id, Column::ReportedAt]);
    let first = first.order_by_asc(Column::Id).limit(1).into_tuple::<(CaseId, Timestamp)>();
    Ok(first.one(conn).await?.map(|(_, at)| at))
}

/// Lists every figure that was printed of what had happened until an instant, in the order of the
/// printings.
pub async fn all(conn: &impl ConnectionTrait, until: Timestamp) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::AsOf.lte(until))
        .order_by_asc(Column::Period)
        .order_by_asc(Column::Revision)
        .order_by_asc(Column::Id)
        .all(conn)
        .await
}

/// Lists the printings of what had happened by an instant, each once: month and revision.
pub async fn printed(
    conn: &impl ConnectionTrait,
    until: Timestamp,
) -> Result<Vec<(String, i32)>, DbErr> {
    Entity::find()
        .select_only()
        .columns([Column::Period, Column::Revision])
        .filter(Column::AsOf.lte(until))
        .distinct()
        .into_tuple()
        .all(conn)
        .await
}

/// Lists all figures of a printing.
pub async fn of(
    conn: &impl ConnectionTrait,
    (period, revision): (&str, i32),
) -> Result<Vec<Model>, DbErr> {
    let of = Entity::find().filter(Column::Period.eq(period));
    of.filter(Column::Revision.eq(revision)).order_by_asc(Column::Id).all(conn).await
}
