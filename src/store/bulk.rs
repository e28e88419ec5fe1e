//! Inserts or changes many rows with one statement.
//!
//! PostgreSQL gets them as one JSON text: the statement stays the same whatever their number, so
//! that it is prepared once, and is planned without thousands of parameters (measured with 64 rows
//! of 75 columns: a quarter of the time).

use sea_orm::sea_query::{OnConflict, Query, sea_value_to_json_value};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, DatabaseBackend, DbErr, EntityName,
    EntityTrait, IdenStatic, Iterable, QueryResult, QueryTrait,
};
use serde::ser::{Error, Serialize, SerializeMap, Serializer};

use super::sql;

/// Writes the JSON text `$1`, an array of objects, as a table named `one` with these columns, each
/// with its type on PostgreSQL.
pub(super) fn table(conn: &impl ConnectionTrait, columns: &[(&str, &str)]) -> String {
    if conn.get_database_backend() == DatabaseBackend::Postgres {
        let typed: Vec<String> =
            columns.iter().map(|(name, kind)| format!("{name} {kind}")).collect();
        return format!("json_to_recordset($1::json) AS one({})", typed.join(", "));
    }
    let read: Vec<String> =
        columns.iter().map(|(name, _)| format!("value->>'{name}' AS {name}")).collect();
    format!("(SELECT {} FROM json_each($1)) AS one", read.join(", "))
}

/// The columns of a row's table.
type ColumnOf<A> = <<A as ActiveModelTrait>::Entity as EntityTrait>::Column;

/// Inserts rows that set the same columns; those whose `key` is there already are left out, unless
/// `key` is empty. Returns `returning` of each row that was stored, in no certain order.
pub async fn insert<A>(
    tx: &impl ConnectionTrait,
    rows: Vec<A>,
    key: &[ColumnOf<A>],
    returning: &[ColumnOf<A>],
) -> Result<Vec<QueryResult>, DbErr>
where
    A: ActiveModelTrait,
    ColumnOf<A>: IdenStatic,
{
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        let (text, rows) = as_json(&rows, key, returning)?;
        return tx.query_all_raw(sql(tx, &text, [rows.into()])).await;
    }
    let mut insert = A::Entity::insert_many(rows).into_query();
    if !key.is_empty() {
        insert.on_conflict(OnConflict::columns(key.iter().copied()).do_nothing().to_owned());
    }
    if returning.is_empty() {
        tx.execute(&insert).await?;
        return Ok(Vec::new());
    }
    insert.returning(Query::returning().columns(returning.iter().copied()));
    tx.query_all(&insert).await
}

fn as_json<A>(
    rows: &[A],
    key: &[ColumnOf<A>],
    returning: &[ColumnOf<A>],
) -> Result<(String, String), DbErr>
where
    A: ActiveModelTrait,
    ColumnOf<A>: IdenStatic,
{
    let columns: Vec<ColumnOf<A>> = ColumnOf::<A>::iter()
        .filter(|column| rows.first().is_some_and(|row| set(row, *column).is_some()))
        .collect();
    let json: Vec<Row<'_, A>> = rows.iter().map(|row| Row { row, columns: &columns }).collect();
    let json = serde_json::to_string(&json).map_err(|why| DbErr::Type(why.to_string()))?;
    let table = A::Entity::default();
    let (table, names) = (table.table_name(), quoted(&columns));
    let once = clause(key, |names| format!("ON CONFLICT ({names}) DO NOTHING"));
    let returning = clause(returning, |names| format!("RETURNING {names}"));
    let text = format!(
        "INSERT INTO \"{table}\" ({names})
         SELECT {names} FROM json_populate_recordset(NULL::\"{table}\", $1::json) {once} {returning}"
    );
    Ok((text, json))
}

fn set<A: ActiveModelTrait>(row: &A, column: ColumnOf<A>) -> Option<sea_orm::Value> {
    match row.get(column) {
        ActiveValue::Set(value) | ActiveValue::Unchanged(value) => Some(value),
        ActiveValue::NotSet => None,
    }
}

/// A row as an object; what it does not name is NULL to PostgreSQL.
struct Row<'a, A: ActiveModelTrait> {
    row: &'a A,
    columns: &'a [ColumnOf<A>],
}

impl<A> Serialize for Row<'_, A>
where
    A: ActiveModelTrait,
    ColumnOf<A>: IdenStatic,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        for column in self.columns {
            let name = column.as_str();
            let value = set(self.row, *column)
                .ok_or_else(|| S::Error::custom(format!("one of the rows does not set {name}")))?;
            let value = sea_value_to_json_value(&value);
            if !value.is_null() {
                object.serialize_entry(name, &value)?;
            }
        }
        object.end()
    }
}

fn clause(columns: &[impl IdenStatic], of: impl FnOnce(String) -> String) -> String {
    if columns.is_empty() { String::new() } else { of(quoted(columns)) }
}

fn quoted(columns: &[impl IdenStatic]) -> String {
    let names: Vec<String> =
        columns.iter().map(|column| format!("\"{}\"", column.as_str())).collect();
    names.join(", ")
}
