//! Rows for several tables that the database gets in one step.
//!
//! Each statement of a unit is a way to the database and back, on which two threads or processes wake
//! each other, and everybody else waits meanwhile. Rows that know each other's ids before they are
//! written need only one: the ids are taken first.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseBackend, DbErr, FromQueryResult,
    IdenStatic, Value,
};

use super::bulk::{self, ColumnOf};
use super::sql;

/// Inserts that are gathered; nothing is written before [`Batch::execute`].
#[derive(Debug)]
pub struct Batch {
    backend: DatabaseBackend,
    inserts: Vec<String>,
    values: Vec<Value>,
}

impl Batch {
    /// Begins a batch in the dialect of a connection.
    pub fn of(conn: &impl ConnectionTrait) -> Self {
        Self { backend: conn.get_database_backend(), inserts: Vec::new(), values: Vec::new() }
    }

    /// Adds rows that set the same columns; those whose `key` is there already are left out, unless
    /// `key` is empty.
    pub(super) fn insert<A>(&mut self, mut rows: Vec<A>, key: &[ColumnOf<A>]) -> Result<(), DbErr>
    where
        A: ActiveModelTrait,
        ColumnOf<A>: ColumnTrait + IdenStatic,
    {
        if rows.is_empty() {
            return Ok(());
        }
        let first = self.values.len() + 1;
        let (text, values) = bulk::insertion(self.backend, &mut rows, key, first)?;
        self.inserts.push(text);
        self.values.extend(values);
        Ok(())
    }

    /// Writes what was gathered, in its order; all of it or nothing.
    pub async fn execute(self, tx: &impl ConnectionTrait) -> Result<(), DbErr> {
        if self.inserts.is_empty() {
            return Ok(());
        }
        let text = match self.backend {
            // What they refer to is looked up after the last of them.
            DatabaseBackend::Postgres => {
                let named = self.inserts.iter().enumerate();
                let named: Vec<_> = named.map(|(at, one)| format!("i{at} AS ({one})")).collect();
                format!("WITH {} SELECT 1", named.join(", "))
            }
            _ => self.inserts.join("; "),
        };
        tx.execute_raw(sql(tx, &text, self.values)).await.map(|_done| ())
    }
}

/// Takes the next ids of tables, so many of each, in rising order. Rows are written under them before
/// the unit takes more; they are nobody else's until its end, and on PostgreSQL for ever.
pub async fn take_ids<const N: usize>(
    tx: &impl ConnectionTrait,
    wanted: [(&str, usize); N],
) -> Result<[Vec<i64>; N], DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        nth: i32,
        id: i64,
    }
    let postgres = tx.get_database_backend() == DatabaseBackend::Postgres;
    let of = |(nth, (table, _)): (i32, &(&str, usize))| {
        if postgres {
            let place = nth + 1;
            return format!(
                "SELECT {nth} AS nth, nextval('{table}_id_seq') AS id
                   FROM unnest(${place}::integer[])"
            );
        }
        // As the database itself would: whichever is higher.
        format!(
            "SELECT {nth} AS nth, MAX(COALESCE((SELECT MAX(id) FROM {table}), 0),
                COALESCE((SELECT seq FROM sqlite_sequence WHERE name = '{table}'), 0)) AS id"
        )
    };
    let text: Vec<String> = (0..).zip(&wanted).map(of).collect();
    let counted = wanted.iter().filter(|_| postgres).map(|(_, count)| bulk::counted(*count));
    let counts: Vec<Value> = counted.collect::<Result<_, _>>()?;
    let rows = Row::find_by_statement(sql(tx, &text.join(" UNION ALL "), counts)).all(tx).await?;
    let mut ids = [const { Vec::new() }; N];
    for (nth, (mine, (_, count))) in (0..).zip(ids.iter_mut().zip(wanted)) {
        let given = rows.iter().filter(|row| row.nth == nth).map(|row| row.id);
        if postgres {
            mine.extend(given);
            mine.sort_unstable();
        } else {
            let last = given.max().unwrap_or(0);
            mine.extend((last + 1..).take(count));
        }
        if mine.len() != count {
            return Err(DbErr::Custom(format!("{} ids of {count} were given", mine.len())));
        }
    }
    Ok(ids)
}
