//! Inserts or changes many rows with one statement.
//!
//! SQLite gets all rows as one JSON text, PostgreSQL one array for each column: the statement stays
//! the same whatever the number of rows and whatever is empty in them, so that it is prepared once,
//! and is planned without thousands of parameters. (As
//! one JSON text, reading them was a third of an insert for PostgreSQL: each object becomes a table
//! of its names, and each column is looked up in it. With `array[i]` for each row, the array is read
//! anew for each: 64 rows of 44 columns took eight times as long.)

use sea_orm::sea_query::{ArrayType, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, ConnectionTrait, DatabaseBackend, DbErr,
    EntityName, EntityTrait, IdenStatic, Iterable, QueryResult, QueryTrait, Value,
};
use serde::{Serialize, Serializer};

/// How many rows one statement takes, so that its arrays stay small.
const CHUNK: usize = 256;

/// Writes rows as a table named `one` with these columns, each with its type on PostgreSQL; returns
/// it with its values, which are numbered from `first` on.
///
/// PostgreSQL gets one array for each column, SQLite all rows as one JSON text.
pub(super) fn table<const N: usize>(
    conn: &impl ConnectionTrait,
    columns: &[(&str, &str); N],
    rows: &[[Value; N]],
    first: usize,
) -> Result<(String, Vec<Value>), DbErr> {
    let numbered = || columns.iter().enumerate();
    if conn.get_database_backend() == DatabaseBackend::Postgres {
        let arrays = numbered().map(|(at, (_, kind))| format!("${}::text::{kind}[]", first + at));
        let (arrays, names) = (arrays.collect::<Vec<_>>(), columns.map(|(name, _)| name));
        let text = format!("unnest({}) AS one({})", arrays.join(", "), names.join(", "));
        let column = |at: usize| literal(rows.iter().filter_map(|row| row.get(at)));
        return Ok((text, (0..N).map(|at| column(at).into()).collect()));
    }
    // An element is not written out as text to be read again for each of its columns.
    let read: Vec<String> =
        numbered().map(|(at, (name, _))| format!("value->>{at} AS {name}")).collect();
    let text = format!("(SELECT {} FROM jsonb_each(${first})) AS one", read.join(", "));
    let rows: Vec<Vec<Json<'_>>> = rows.iter().map(|row| row.iter().map(Json).collect()).collect();
    Ok((text, vec![super::list(rows)?]))
}

/// A value as JSON has it.
struct Json<'a>(&'a Value);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Bool(one) => one.serialize(to),
            Value::Int(one) => one.serialize(to),
            Value::BigInt(one) => one.serialize(to),
            Value::Double(one) => one.serialize(to),
            Value::String(one) => one.serialize(to),
            other => Err(serde::ser::Error::custom(format!("{other:?} is no cell of a table"))),
        }
    }
}

/// The columns of a row's table.
pub(super) type ColumnOf<A> = <<A as ActiveModelTrait>::Entity as EntityTrait>::Column;

/// Inserts rows that set the same columns; those whose `key` is there already are left out, unless
/// `key` is empty. Returns `returning` of each row that was stored, in no certain order.
pub async fn insert<A>(
    tx: &impl ConnectionTrait,
    mut rows: Vec<A>,
    key: &[ColumnOf<A>],
    returning: &[ColumnOf<A>],
) -> Result<Vec<QueryResult>, DbErr>
where
    A: ActiveModelTrait,
    ColumnOf<A>: IdenStatic,
{
    if rows.len() > 1 {
        let returning = clause(returning, |names| format!("RETURNING {names}"));
        let mut stored = Vec::new();
        for chunk in rows.chunks_mut(CHUNK) {
            let (text, values) = insertion(tx.get_database_backend(), chunk, key, 1)?;
            let text = format!("{text} {returning}");
            stored.extend(tx.query_all_raw(super::sql(tx, &text, values)).await?);
        }
        return Ok(stored);
    }
    let Some(row) = rows.pop() else { return Ok(Vec::new()) };
    let mut insert = A::Entity::insert(row).into_query();
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

/// Writes an INSERT of rows that set the same columns, with its values, which are numbered from
/// `first` on; rows whose `key` is there already are left out, unless `key` is empty.
pub(super) fn insertion<A>(
    backend: DatabaseBackend,
    rows: &mut [A],
    key: &[ColumnOf<A>],
    first: usize,
) -> Result<(String, Vec<Value>), DbErr>
where
    A: ActiveModelTrait,
    ColumnOf<A>: IdenStatic,
{
    let columns: Vec<ColumnOf<A>> = ColumnOf::<A>::iter()
        .filter(|column| rows.first().is_some_and(|row| !row.get(*column).is_not_set()))
        .collect();
    let cells: Vec<Vec<Value>> =
        columns.iter().map(|column| cells(rows, *column)).collect::<Result<_, _>>()?;
    let (table, values) = match backend {
        DatabaseBackend::Postgres => as_arrays(&columns, cells, (rows.len(), first))?,
        _ => as_json(&cells, (rows.len(), first))?,
    };
    let (into, names) = (A::Entity::default(), quoted(&columns));
    let once = clause(key, |names| format!("ON CONFLICT ({names}) DO NOTHING"));
    // Without a condition SQLite would take the conflict's ON for that of a join.
    let text = format!("INSERT INTO \"{}\" ({names}) {table} WHERE true {once}", into.table_name());
    Ok((text, values))
}

fn as_arrays<C: ColumnTrait + IdenStatic>(
    columns: &[C],
    cells: Vec<Vec<Value>>,
    (count, first): (usize, usize),
) -> Result<(String, Vec<Value>), DbErr> {
    let (mut values, mut lists) = (vec![counted(count)?], Vec::with_capacity(columns.len()));
    for (column, cells) in columns.iter().zip(cells) {
        let typed = typed(&cells, column.as_str())?;
        let place = first + values.len();
        if column.def().is_null() {
            lists.push(format!("unnest(${place}::text::{typed}[])"));
            values.push(literal(cells.iter()).into());
        } else {
            lists.push(format!("unnest(${place}::{typed}[])"));
            values.push(array(cells, column.as_str())?);
        }
    }
    let (names, lists) = (quoted(columns), lists.join(", "));
    // Side by side, each list is read once; one where all is empty says nothing of how many there are.
    let text = format!(
        "SELECT {names} FROM ROWS FROM ({lists}, unnest(${first}::integer[])) AS one({names}, nth)"
    );
    Ok((text, values))
}

/// The numbers from one on, so many. PostgreSQL takes a series of unknown length for a thousand rows,
/// which it would rather plan anew each time, and a list of unknown length for ten.
pub(super) fn counted(count: usize) -> Result<Value, DbErr> {
    let most = i32::try_from(count).map_err(|why| DbErr::Type(why.to_string()))?;
    let numbers = (1..=most).map(Value::from).collect();
    Ok(Value::Array(ArrayType::Int, Some(Box::new(numbers))))
}

fn as_json(
    cells: &[Vec<Value>],
    (count, first): (usize, usize),
) -> Result<(String, Vec<Value>), DbErr> {
    let read: Vec<String> = (0..cells.len()).map(|at| format!("value->>{at}")).collect();
    let row = |nth: usize| -> Vec<Json<'_>> {
        cells.iter().filter_map(|column| column.get(nth).map(Json)).collect()
    };
    let rows: Vec<Vec<Json<'_>>> = (0..count).map(row).collect();
    let text = format!("SELECT {} FROM jsonb_each(${first})", read.join(", "));
    Ok((text, vec![super::list(rows)?]))
}

/// Takes one column out of the rows.
fn cells<A: ActiveModelTrait>(rows: &mut [A], column: ColumnOf<A>) -> Result<Vec<Value>, DbErr> {
    let cell = |row: &mut A| match row.take(column) {
        ActiveValue::Set(value) | ActiveValue::Unchanged(value) => Ok(value),
        ActiveValue::NotSet => {
            Err(DbErr::Type(format!("one of the rows does not set {}", column.as_str())))
        }
    };
    rows.iter_mut().map(cell).collect()
}

/// Names the type of a column as PostgreSQL does.
fn typed(cells: &[Value], name: &str) -> Result<&'static str, DbErr> {
    match cells.first().map(Value::array_type) {
        Some(ArrayType::Bool) => Ok("boolean"),
        Some(ArrayType::Int) => Ok("integer"),
        Some(ArrayType::BigInt) => Ok("bigint"),
        Some(ArrayType::Double) => Ok("double precision"),
        Some(ArrayType::String) => Ok("text"),
        other => Err(DbErr::Type(format!("{name} is {other:?}, which no array carries"))),
    }
}

/// A column in which nothing may be empty: the driver ends the program where something is.
fn array(cells: Vec<Value>, name: &str) -> Result<Value, DbErr> {
    match cells.first().map(Value::array_type) {
        Some(kind) if !cells.iter().any(is_empty) => Ok(Value::Array(kind, Some(Box::new(cells)))),
        _ => Err(DbErr::Type(format!("{name} is empty in one of the rows"))),
    }
}

/// A column in which something may be empty, as PostgreSQL writes arrays; `None` when all of it is.
fn literal<'a>(cells: impl Iterator<Item = &'a Value> + Clone) -> Option<String> {
    if cells.clone().all(is_empty) {
        return None;
    }
    let mut text = String::from("{");
    for cell in cells {
        if text.len() > 1 {
            text.push(',');
        }
        match cell {
            Value::String(Some(words)) => quote(&mut text, words),
            Value::Bool(Some(one)) => text.push_str(&one.to_string()),
            Value::Int(Some(one)) => text.push_str(&one.to_string()),
            Value::BigInt(Some(one)) => text.push_str(&one.to_string()),
            Value::Double(Some(one)) => text.push_str(&one.to_string()),
            _ => text.push_str("NULL"),
        }
    }
    text.push('}');
    Some(text)
}

/// Of the kinds that [`typed`] names.
const fn is_empty(cell: &Value) -> bool {
    use Value::{BigInt, Bool, Double, Int, String};
    matches!(cell, Bool(None) | Int(None) | BigInt(None) | Double(None) | String(None))
}

fn quote(text: &mut String, words: &str) {
    text.push('"');
    for one in words.chars() {
        if matches!(one, '"' | '\\') {
            text.push('\\');
        }
        text.push(one);
    }
    text.push('"');
}

fn clause(columns: &[impl IdenStatic], of: impl FnOnce(String) -> String) -> String {
    if columns.is_empty() { String::new() } else { of(quoted(columns)) }
}

fn quoted(columns: &[impl IdenStatic]) -> String {
    let names: Vec<String> =
        columns.iter().map(|column| format!("\"{}\"", column.as_str())).collect();
    names.join(", ")
}
