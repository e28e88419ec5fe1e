//! Brings a table of places to what a delivery says: insert, change by key, end what is missing.
//!
//! Rows are never deleted, so a case of last year still finds its grid. Unchanged rows are not
//! written, which makes the second import of the same folder cheap.

use std::collections::HashMap;

use entity::kinds::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, Value,
};
use serde::Serialize;

/// Rows per statement: far below the 32,766 bound values SQLite allows.
const CHUNK: usize = 1_000;

/// A table whose rows end instead of being deleted.
pub trait Place: EntityTrait {
    /// The surrogate id.
    const ID: Self::Column;
    /// The column that ends a row.
    const VALID_TO: Self::Column;

    /// Returns the natural key; unique among valid rows.
    fn key(row: &Self::Model) -> String;

    /// Takes over what the delivery does not know: id and begin of validity.
    fn adopt(fresh: &mut Self::Model, old: &Self::Model);

    /// Returns the id as a bound value.
    fn id(row: &Self::Model) -> Value;
}

/// How many rows of a table an import touched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Change {
    pub inserted: usize,
    pub updated: usize,
    pub ended: usize,
    pub unchanged: usize,
}

/// Reads the valid rows of a table in the order in which they came.
pub async fn valid<E: Place>(conn: &impl ConnectionTrait) -> Result<Vec<E::Model>, DbErr> {
    E::find().filter(E::VALID_TO.is_null()).order_by_asc(E::ID).all(conn).await
}

/// Makes `fresh` the valid rows. `old` are the rows valid until now (of the part that is replaced).
///
/// Ends come first: a key is unique among valid rows only.
pub async fn replace<E>(
    conn: &impl ConnectionTrait,
    old: Vec<E::Model>,
    fresh: Vec<E::Model>,
    now: Timestamp,
) -> Result<Change, DbErr>
where
    E: Place,
    E::Model: PartialEq + IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    let mut before: HashMap<String, E::Model> =
        old.into_iter().map(|row| (E::key(&row), row)).collect();
    let mut change = Change::default();
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for mut row in fresh {
        match before.remove(&E::key(&row)) {
            None => new.push(row),
            Some(known) => {
                E::adopt(&mut row, &known);
                if row == known { change.unchanged += 1 } else { changed.push(row) }
            }
        }
    }
    change.ended = before.len();
    change.updated = changed.len();
    change.inserted = new.len();
    end::<E>(conn, before.values().map(E::id).collect(), now).await?;
    for row in changed {
        E::update(row.into_active_model().reset_all()).exec(conn).await?;
    }
    insert::<E>(conn, new).await?;
    Ok(change)
}

async fn end<E: Place>(
    conn: &impl ConnectionTrait,
    ids: Vec<Value>,
    now: Timestamp,
) -> Result<(), DbErr> {
    for chunk in ids.chunks(CHUNK) {
        E::update_many()
            .col_expr(E::VALID_TO, Expr::value(now))
            .filter(E::ID.is_in(chunk.iter().cloned()))
            .exec(conn)
            .await?;
    }
    Ok(())
}

/// Inserts rows, many per statement; the database gives the ids.
pub async fn insert<E>(conn: &impl ConnectionTrait, rows: Vec<E::Model>) -> Result<(), DbErr>
where
    E: Place,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    let mut rows = rows.into_iter().map(|row| {
        let mut row = row.into_active_model();
        row.not_set(E::ID);
        row
    });
    loop {
        let chunk: Vec<_> = rows.by_ref().take(CHUNK).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        E::insert_many(chunk).exec_without_returning(conn).await?;
    }
}

macro_rules! places {
    ($($table:ident by $($field:ident),+;)+) => {$(
        impl Place for entity::$table::Entity {
            const ID: Self::Column = entity::$table::Column::Id;
            const VALID_TO: Self::Column = entity::$table::Column::ValidTo;

            fn key(row: &Self::Model) -> String {
                let parts = [$(row.$field.to_string()),+];
                parts.join("\u{1f}")
            }

            fn adopt(fresh: &mut Self::Model, old: &Self::Model) {
                fresh.id = old.id;
                fresh.valid_from = old.valid_from;
            }

            fn id(row: &Self::Model) -> Value {
                row.id.into()
            }
        }
    )+};
}

places! {
    grid by external_id;
    road by name;
    road_range by road_id, parity, from_no;
    road_exception by road_id, no;
    compound by external_id;
    compound_gate by compound_id, gate;
    building by external_id;
    household by external_id;
    village_group by village, group_no;
    village_lane by village, lane, group_no;
    poi by external_id;
    shop by external_id;
    neighbour by street, community;
}
