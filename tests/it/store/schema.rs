//! The models against the migrated schema: the same tables, the same columns, the same NULLs.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, FromQueryResult, IdenStatic,
    Iterable, QuerySelect, Statement, TransactionTrait,
};
use zhinan::store::db::{Db, Limits};

use crate::kit::clock::until;
use crate::kit::{App, TestDb, connect};

/// Column to whether it may be NULL.
type Columns = BTreeMap<String, bool>;

#[derive(FromQueryResult)]
struct Row {
    table_name: String,
    column_name: String,
    is_nullable: String,
}

/// A primary key is never NULL, whatever SQLite's `notnull` says of it.
const SQLITE: &str = "SELECT m.name AS table_name, p.name AS column_name,
        CASE WHEN p.\"notnull\" = 1 OR p.pk > 0 THEN 'NO' ELSE 'YES' END AS is_nullable
    FROM sqlite_master m JOIN pragma_table_info(m.name) p
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";

const POSTGRES: &str = "SELECT table_name::text, column_name::text, is_nullable::text
    FROM information_schema.columns WHERE table_schema = current_schema()";

async fn stored(conn: &impl ConnectionTrait) -> BTreeMap<String, Columns> {
    let backend = conn.get_database_backend();
    let text = if backend == DatabaseBackend::Postgres { POSTGRES } else { SQLITE };
    let rows = Row::find_by_statement(Statement::from_string(backend, text)).all(conn).await;
    let mut tables: BTreeMap<String, Columns> = BTreeMap::new();
    for row in rows.unwrap() {
        let nullable = row.is_nullable == "YES";
        tables.entry(row.table_name).or_default().insert(row.column_name, nullable);
    }
    tables.remove("seaql_migrations");
    tables
}

async fn modelled<E: EntityTrait>(conn: &impl ConnectionTrait) -> (String, Columns) {
    let table = E::default().table_name().to_owned();
    let empty = E::find().limit(0).all(conn).await;
    assert!(empty.is_ok(), "{table}: {:?}", empty.err());
    let columns = E::Column::iter().map(|it| (it.as_str().to_owned(), it.def().is_null()));
    (table, columns.collect())
}

macro_rules! models {
    ($conn:expr; $($name:ident),+ $(,)?) => {
        BTreeMap::from([$(modelled::<entity::$name::Entity>($conn).await),+])
    };
}

#[tokio::test]
async fn every_model_is_its_table_column_by_column() {
    let app = App::start().await;
    let conn = &app.services().db.read;
    let models = models![conn;
        access_log, account, agreement, address_alias, address_correction, binding_code, building,
        building_code, calendar_version, target_version, case_beside, case_counter, case_event,
        case_event_payload, case_event_remains, cases, chain_version, compound, compound_gate, consent, console_account,
        console_failure, drill, engine_pulse, grid, household, idempotency, inbox, job, leave, neighbour, notice, photo,
        places_version, poi, probe, refresh_token, responsibility, road, road_exception, road_range, roster_change, seen_code, shared_note, shift,
        shop, staff, staff_channel, staff_role, village_group, village_lane, wechat_event, wechat_identity, wecom_card, robot, robot_line, doomed_file, erasure, profile, voice, swap, bulletin, bulletin_grid, bulletin_photo, bulletin_read, figure_snapshot, figure_basis, figure_export, hint_list, ledger_checkpoint, ledger_head, ledger_annex, figure_cell, figure_rolled, follow_code, follower_fill, media_check,
    ];
    let tables = stored(conn).await;
    let names = |of: &BTreeMap<String, Columns>| of.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&models), names(&tables), "a table without a model, or the other way round");
    for (name, columns) in &tables {
        assert_eq!(&models[name], columns, "{name}: the model (left) is not the table (right)");
    }
}

/// As if a change read a whole table: somebody else has made the first one's table and not committed.
#[tokio::test(flavor = "multi_thread")]
async fn the_schema_is_changed_by_one_process_at_a_time_for_as_long_as_it_takes() {
    let Some(test) = TestDb::empty_postgres() else {
        eprintln!("TEST_DATABASE_URL is not set: PostgreSQL is not tested");
        return;
    };
    let within = Duration::from_millis(400);
    let limits = Limits { answer_within: within, ..Limits::default() };
    let first = Db::open(&test.url, 1, limits).await.unwrap();
    let second = Db::open(&test.url, 1, limits).await.unwrap();
    let outside = connect(&test.url).await;
    let taken = connect(&test.url).await.begin().await.unwrap();
    taken.execute_unprepared("CREATE TABLE seaql_migrations (n INT)").await.unwrap();
    let waiting = Statement::from_string(
        DatabaseBackend::Postgres,
        "SELECT COUNT(*) AS n FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'
            AND clock_timestamp() - query_start > INTERVAL '1 second'",
    );
    let look = async || {
        let row = outside.query_one_raw(waiting.clone()).await.unwrap().unwrap();
        (row.try_get::<i64>("", "n").unwrap() == 2).then_some(())
    };
    let free = async {
        until("both to wait", look).await;
        taken.rollback().await.unwrap();
    };
    let (one, other, ()) = tokio::join!(first.migrate(), second.migrate(), free);
    one.unwrap();
    other.unwrap();
    assert!(first.pending().await.unwrap().is_empty());
    first.close().await.unwrap();
    second.close().await.unwrap();
}
