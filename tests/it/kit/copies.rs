//! Statements that multiply a real row, for tests and benches that need very many.

use sea_orm::{EntityTrait, IdenStatic, Iterable};

/// Counts `i` from 1; in front of an INSERT it works on both databases.
pub fn up_to(most: i64) -> String {
    format!(
        "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {most})"
    )
}

/// Copies rows of `E`: every column of `one`, except those that are written anew.
pub fn copies<E: EntityTrait>(from: &str, anew: &[(&str, &str)]) -> String {
    let columns: Vec<String> =
        E::Column::iter().map(|column| column.as_str().to_owned()).filter(|c| c != "id").collect();
    let value = |column: &String| {
        let new = anew.iter().find(|(name, _)| name == column);
        new.map_or_else(|| format!("one.{column}"), |(_, text)| (*text).to_owned())
    };
    let values: Vec<String> = columns.iter().map(value).collect();
    let table = E::default();
    let named: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
    let (named, values) = (named.join(", "), values.join(", "));
    format!("INSERT INTO {} ({named}) SELECT {values} FROM {from}", table.table_name())
}
