//! A street after years: tens of thousands of cases, notices, jobs and answered requests, written
//! by SQL alone. The rows are copies of one real case with other people, grids and times.

use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection};

use crate::kit::App;
use crate::kit::builders::report;
use crate::kit::copies::{copies, up_to};

pub const CASES: i64 = 40_000;
const RESIDENTS: i64 = 4_000;
const GRIDS: i64 = 40;
const COMMUNITIES: i64 = 14;

/// Somebody and some place of the crowd to ask for.
pub struct Crowd {
    pub resident: i64,
    pub small: i64,
    pub large: i64,
    pub case: i64,
    /// The newest event.
    pub event: i64,
    pub now: i64,
}

async fn number(conn: &DatabaseConnection, text: &str) -> i64 {
    let backend = conn.get_database_backend();
    let row = conn.query_one_raw(sea_orm::Statement::from_string(backend, text)).await;
    row.unwrap().unwrap().try_get("", "n").unwrap()
}

/// Fills the database of the app through a connection of its own.
pub async fn gather(app: &App, conn: &DatabaseConnection) -> Crowd {
    let case = report(app).await;
    let (id, now) = (case.id.0, case.reported_at.0);
    let run = async |text: String| {
        let done = conn.execute_unprepared(&text).await;
        assert!(done.is_ok(), "{text}: {:?}", done.err());
    };
    run(format!("{} INSERT INTO account (created_at) SELECT 1 FROM n", up_to(RESIDENTS))).await;
    run(format!(
        "{} INSERT INTO figure_export (account_id, what, format, purpose, question, state,
                cases_read, rows_written, object, created_at, finished_at)
            SELECT (SELECT MIN(id) FROM account), 'figures', 'csv', '', '{{}}', 'done', 0, 0,
                'exports/' || i, i, i FROM n",
        up_to(5_000)
    ))
    .await;
    let anew = [("external_id", "'X' || i"), ("code", "NULL")];
    let grids = format!("n, grid one WHERE one.id = {}", case.small_grid_id.unwrap());
    run(format!("{} {}", up_to(GRIDS), copies::<entity::grid::Entity>(&grids, &anew))).await;
    let resident = number(conn, "SELECT MAX(id) AS n FROM account").await - RESIDENTS + 1;
    let small = number(conn, "SELECT MAX(id) AS n FROM grid").await - GRIDS + 1;
    run(format!("{} {}", up_to(CASES), cases(id, (resident, small, now)))).await;
    run(events(id)).await;
    run(notices(id)).await;
    run(inboxes(id, conn.get_database_backend())).await;
    run(format!("{} {}", up_to(CASES), jobs(now))).await;
    run(format!(
        "{} INSERT INTO idempotency (account_id, \"key\", fingerprint, status, reply_sealed, created_at)
         SELECT {resident} + i % {RESIDENTS}, 'key-' || i, '', 201, '', 1 FROM n",
        up_to(CASES)
    ))
    .await;
    let event = number(conn, "SELECT MAX(id) AS n FROM case_event").await;
    Crowd { resident: resident + 7, small: small + 7, large: small + 5, case: id + 77, event, now }
}

/// One case of twenty is open, half of those wait in triage.
fn cases(id: i64, (resident, small, now): (i64, i64, i64)) -> String {
    let anew = [
        ("number", "'NC-OLD-' || i".to_owned()),
        (
            "state",
            "CASE i % 40 WHEN 0 THEN 'assigned' WHEN 1 THEN 'triage' ELSE 'closed' END".to_owned(),
        ),
        ("triage_reason", "'ask'".to_owned()),
        ("held_by", "'cadre'".to_owned()),
        ("next_check_at", format!("CASE WHEN i % 40 < 2 THEN {now} + i * 1000 END")),
        ("reporter_id", format!("{resident} + i % {RESIDENTS}")),
        ("small_grid_id", format!("{small} + i % {GRIDS}")),
        ("large_grid_id", format!("{small} + i % {COMMUNITIES}")),
        ("reported_at", format!("{now} - i * 600000000")),
    ];
    let anew: Vec<(&str, &str)> = anew.iter().map(|(name, text)| (*name, text.as_str())).collect();
    copies::<entity::cases::Entity>(&format!("n, cases one WHERE one.id = {id}"), &anew)
}

/// Every case has one event on record.
fn events(id: i64) -> String {
    let from = format!(
        "cases c, case_event one WHERE c.id > {id} AND one.id =
            (SELECT MIN(id) FROM case_event WHERE case_id = {id})"
    );
    copies::<entity::case_event::Entity>(&from, &[("case_id", "c.id")])
}

/// Every case was told of once; a few messages are still to be sent.
fn notices(id: i64) -> String {
    let anew = [
        ("case_id", "c.id"),
        ("dedup_key", "'old-' || c.id"),
        ("state", "CASE c.id % 400 WHEN 0 THEN 'planned' ELSE 'accepted' END"),
        ("finished_at", "CASE c.id % 400 WHEN 0 THEN NULL ELSE one.created_at END"),
        ("msgid", "c.id"),
    ];
    let from = format!(
        "cases c, notice one WHERE c.id > {id} AND one.id =
            (SELECT MIN(id) FROM notice WHERE case_id = {id})"
    );
    copies::<entity::notice::Entity>(&from, &anew)
}

/// Fifty people were told of all of it.
fn inboxes(id: i64, backend: DatabaseBackend) -> String {
    // One transaction would be one position.
    let position = if backend == DatabaseBackend::Postgres { "c.id" } else { "0" };
    let anew = [
        ("position", position),
        ("case_id", "c.id"),
        ("dedup_key", "'old-' || c.id"),
        ("recipient", "'s' || (1000 + c.id % 50)"),
    ];
    let from =
        format!("cases c, inbox one WHERE c.id > {id} AND one.id = (SELECT MIN(id) FROM inbox)");
    copies::<entity::inbox::Entity>(&from, &anew)
}

/// Nearly every job is done; some wait, some run.
fn jobs(now: i64) -> String {
    let run_at = format!("{now} + i * 1000");
    let anew = [
        ("dedup_key", "'old-' || i"),
        ("state", "CASE i % 400 WHEN 0 THEN 'ready' WHEN 1 THEN 'running' ELSE 'done' END"),
        ("lease_owner", "CASE i % 400 WHEN 1 THEN 'somebody' END"),
        ("finished_at", "CASE WHEN i % 400 < 2 THEN NULL ELSE 1 + i END"),
        ("run_at", run_at.as_str()),
    ];
    copies::<entity::job::Entity>("n, job one WHERE one.id = (SELECT MIN(id) FROM job)", &anew)
}
