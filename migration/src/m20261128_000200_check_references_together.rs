//! What a unit of new cases refers to is looked up once for all rows of a statement.
//!
//! On PostgreSQL a foreign key is a query and a row lock for each row, a fifth of what writing a case
//! costs. The rows that are referred to here are never removed and keep their ids, which the database
//! refuses from now on, so that there is nothing to lock: whoever is found stays. SQLite keeps its
//! foreign keys, which cost it nothing to speak of.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::sql::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DatabaseBackend::Postgres {
            return Ok(());
        }
        run(manager, &[STAYS]).await?;
        // An event stays already.
        for table in ["account", "staff", "grid", "cases"] {
            stays(manager, table).await?;
        }
        for (table, columns) in REFERENCES {
            together(manager, table, columns).await?;
        }
        Ok(())
    }
}

/// Columns and the tables of which they hold an id.
const REFERENCES: &[(&str, &[(&str, &str)])] = &[
    ("cases", &[("reporter_id", "account"), ("small_grid_id", "grid"), ("large_grid_id", "grid")]),
    ("case_event", &[("case_id", "cases"), ("actor_id", "account")]),
    ("case_event_payload", &[("event_id", "case_event")]),
    ("notice", &[("case_id", "cases"), ("staff_id", "staff"), ("account_id", "account")]),
    ("inbox", &[("case_id", "cases")]),
    ("idempotency", &[("account_id", "account")]),
];

const STAYS: &str = "CREATE FUNCTION others_refer_to_it() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE foreign_key_violation USING MESSAGE = 'a row of ' || TG_TABLE_NAME
        || ' stays and keeps its id, because others refer to it'; END $$";

async fn stays(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let statements = [
        format!(
            "CREATE TRIGGER {table}_stays BEFORE DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION others_refer_to_it()"
        ),
        format!(
            "CREATE TRIGGER {table}_stays_all BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION others_refer_to_it()"
        ),
        format!(
            "CREATE TRIGGER {table}_keeps_its_id BEFORE UPDATE OF id ON {table}
                FOR EACH ROW WHEN (NEW.id <> OLD.id) EXECUTE FUNCTION others_refer_to_it()"
        ),
    ];
    run(manager, &statements.each_ref().map(String::as_str)).await
}

/// Replaces the foreign keys of a table.
async fn together(
    manager: &SchemaManager<'_>,
    table: &str,
    columns: &[(&str, &str)],
) -> Result<(), DbErr> {
    let each = |of: &dyn Fn(&str, &str) -> String, between: &str| {
        columns.iter().map(|(column, to)| of(column, to)).collect::<Vec<_>>().join(between)
    };
    // A subquery that gives a value is looked up row by row through the index; one that only asks
    // whether there is a row may read the whole other table instead.
    let missing = |row: &'static str| {
        move |column: &str, to: &str| {
            format!(
                "{row}.{column} IS NOT NULL
                    AND (SELECT there.id FROM {to} there WHERE there.id = {row}.{column}) IS NULL"
            )
        }
    };
    let fresh = each(&missing("fresh"), " OR ");
    let changed = each(&missing("NEW"), " OR ");
    let moved = each(&|column, _| format!("NEW.{column} IS DISTINCT FROM OLD.{column}"), " OR ");
    let dropped = each(&|column, _| format!("DROP CONSTRAINT {table}_{column}_fkey"), ", ");
    let refused =
        format!("RAISE foreign_key_violation USING MESSAGE = 'a row of {table} refers to nothing'");
    let statements = [
        format!("ALTER TABLE {table} {dropped}"),
        format!(
            "CREATE FUNCTION {table}_refers_to_something() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN IF EXISTS (SELECT FROM fresh WHERE {fresh}) THEN {refused}; END IF;
                RETURN NULL; END $$"
        ),
        format!(
            "CREATE FUNCTION {table}_refers_on() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN IF {changed} THEN {refused}; END IF; RETURN NULL; END $$"
        ),
        format!(
            "CREATE TRIGGER {table}_refers_to_something AFTER INSERT ON {table}
                REFERENCING NEW TABLE AS fresh
                FOR EACH STATEMENT EXECUTE FUNCTION {table}_refers_to_something()"
        ),
        format!(
            "CREATE TRIGGER {table}_refers_on AFTER UPDATE ON {table}
                FOR EACH ROW WHEN ({moved}) EXECUTE FUNCTION {table}_refers_on()"
        ),
    ];
    run(manager, &statements.each_ref().map(String::as_str)).await
}
