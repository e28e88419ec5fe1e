//! The frequent queries find their rows by an index, on a street that has worked for years.
//!
//! The store's own functions run against a connection that asks the database how it would find the
//! rows instead of finding them, so that the plan is that of the statement the program sends.

use std::sync::Mutex;

use entity::kinds::{AccountId, CaseId, CaseState, Channel, EventId, GridId, StaffId, Timestamp};
use migration::async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, DbErr, ExecResult, QueryResult, Statement,
};
use zhinan::store::case::{self, Filter, Part};
use zhinan::store::due::{self, Whose, Within};
use zhinan::store::inbox::{self, Mark};
use zhinan::store::retention::{self, Over};
use zhinan::store::scope::Scope;
use zhinan::store::{audit, console, erase, event, idempotency, job, notice, photo, sweep};

use super::crowd::{CASES, Crowd, gather};
use super::{lists, people};
use crate::kit::App;

/// Answers every query with no row, and keeps its plan.
pub struct Planner<'a> {
    pub conn: &'a DatabaseConnection,
    word: &'static str,
    plans: Mutex<Vec<String>>,
}

impl<'a> Planner<'a> {
    pub fn new(conn: &'a DatabaseConnection) -> Self {
        let sqlite = conn.get_database_backend() == DatabaseBackend::Sqlite;
        let word = if sqlite { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" };
        Self { conn, word, plans: Mutex::default() }
    }

    /// Runs what it plans, and notes the blocks that were read; PostgreSQL alone counts them.
    pub fn running(conn: &'a DatabaseConnection) -> Self {
        Self { conn, word: "EXPLAIN (ANALYZE, BUFFERS)", plans: Mutex::default() }
    }

    async fn plan(&self, mut statement: Statement) {
        let sqlite = self.get_database_backend() == DatabaseBackend::Sqlite;
        let column = if sqlite { "detail" } else { "QUERY PLAN" };
        statement.sql = format!("{} {}", self.word, statement.sql);
        let rows = self.conn.query_all_raw(statement).await.unwrap();
        let lines = rows.iter().map(|row| row.try_get::<String>("", column).unwrap());
        self.plans.lock().unwrap().push(lines.collect::<Vec<_>>().join("\n"));
    }

    pub fn take(&self) -> String {
        std::mem::take(&mut *self.plans.lock().unwrap()).join("\n")
    }
}

#[async_trait]
impl ConnectionTrait for Planner<'_> {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.conn.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.plan(statement.clone()).await;
        self.conn.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, text: &str) -> Result<ExecResult, DbErr> {
        panic!("a statement without a plan: {text}")
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.plan(statement).await;
        Ok(None)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.plan(statement).await;
        Ok(Vec::new())
    }
}

/// Big tables, and the names that statements give them.
const BIG: [&str; 8] = ["cases", "case_event", "notice", "n", "job", "j", "idempotency", "inbox"];
/// Tables of people that grow with the years, and the names that statements give them.
const LONG: [&str; 17] = [
    "address_alias",
    "address_correction",
    "chain_version",
    "console_account",
    "drill",
    "wecom_card",
    "console_failure",
    "responsibility",
    "r",
    "leave",
    "l",
    "m",
    "wechat_identity",
    "w",
    "robot_line",
    "probe",
    "wechat_event",
];

/// Whether a line of a plan reads a whole big table.
fn reads_all(line: &str) -> bool {
    let line = line.trim().trim_start_matches("->").trim();
    let named = |prefix: &str| {
        let table = line.strip_prefix(prefix).and_then(|rest| rest.split(' ').next());
        table.is_some_and(|table| BIG.contains(&table) || LONG.contains(&table))
    };
    let parallel = named("Parallel Seq Scan on ") || named("Seq Scan on ");
    parallel || (named("SCAN ") && !line.contains(" USING "))
}

/// Remembers what is wrong with the plan of a query that should use one of these indexes.
pub fn check(wrong: &mut Vec<String>, name: &str, plan: &str, indexes: &[&str]) {
    let good = indexes.iter().any(|index| plan.contains(index));
    if !good || plan.lines().any(reads_all) {
        wrong.push(format!("--- {name} should use {indexes:?} and does:\n{plan}"));
    }
}

async fn of_cases(conn: &Planner<'_>, crowd: &Crowd) -> Vec<String> {
    let mut wrong = Vec::new();
    let person = |reporter: i64, small: Vec<i64>, large: Vec<i64>| Scope::Person {
        reporter: AccountId(reporter),
        small: small.into_iter().map(GridId).collect(),
        large: large.into_iter().map(GridId).collect(),
    };
    let resident = person(crowd.resident, vec![], vec![]);
    let worker = person(crowd.resident, vec![crowd.small, crowd.small + 1], vec![]);
    let cadre = person(crowd.resident, vec![], vec![crowd.large]);
    let by_primary_key = ["cases_pkey", "INTEGER PRIMARY KEY"];
    let (any, triage) = (Filter::default(), Filter { triage_only: true, ..Filter::default() });
    let open = Filter { states: vec![CaseState::Assigned], ..Filter::default() };
    let of_grid = Filter { small_grid: Some(GridId(crowd.small)), ..Filter::default() };
    // Newest first: who sees many cases may walk back along the primary key, which stops early.
    let account = AccountId(crowd.resident);
    let waits = Filter { part: Part::Waiting(account), ..Filter::default() };
    let rest = Filter { part: Part::Rest(account), ..Filter::default() };
    let lists: [(&str, &Scope, &Filter, &[&str]); 13] = [
        ("what waits for a resident", &resident, &waits, &["cases_reporter"]),
        ("a resident's other cases", &resident, &rest, &["cases_reporter"]),
        ("what waits for a worker as a resident", &worker, &waits, &["cases_reporter"]),
        ("a cadre's other cases", &cadre, &rest, &["cases_large_grid", "cases_pkey"]),
        ("a resident's cases", &resident, &any, &["cases_reporter"]),
        ("a worker's cases", &worker, &any, &["cases_small_grid", "cases_pkey"]),
        ("a worker's open cases", &worker, &open, &["cases_small_grid", "cases_state"]),
        ("a cadre's cases", &cadre, &any, &["cases_large_grid", "cases_pkey"]),
        ("a cadre's triage", &cadre, &triage, &["cases_large_grid", "cases_state"]),
        ("the street's cases", &Scope::Street, &any, &by_primary_key),
        ("the street's triage", &Scope::Street, &triage, &["cases_state"]),
        ("the street's open cases", &Scope::Street, &open, &["cases_state"]),
        ("a grid's cases", &Scope::Street, &of_grid, &["cases_small_grid"]),
    ];
    for (name, scope, filter, indexes) in lists {
        for before in [None, Some(CaseId(crowd.case + 20_000))] {
            case::list(conn, scope, filter, before, 21).await.unwrap();
            let plan = conn.take();
            // Without a filter the first page is the end of the table itself: SQLite calls it a
            // scan, and reads 21 rows.
            let end = name == "the street's cases" && before.is_none() && plan == "SCAN cases";
            if !end {
                check(&mut wrong, &format!("{name}, before {before:?}"), &plan, indexes);
            }
        }
    }
    case::find(conn, &worker, CaseId(crowd.case)).await.unwrap();
    check(&mut wrong, "one case", &conn.take(), &by_primary_key);
    case::confirmed(conn, AccountId(crowd.resident), Timestamp(0), 10).await.unwrap();
    check(&mut wrong, "a resident's confirmed cases", &conn.take(), &["cases_reporter"]);
    // After an absence all that is open is due.
    case::find_due(conn, Timestamp(crowd.now + CASES * 1_000)).await.unwrap();
    let plan = conn.take();
    for index in ["cases_pressing", "cases_next_check"] {
        check(&mut wrong, "find_due", &plan, &[index]);
    }
    case::earliest_check(conn).await.unwrap();
    check(&mut wrong, "earliest_check", &conn.take(), &["cases_next_check"]);
    wrong.extend(of_dues(conn, crowd, [&worker, &cadre]).await);
    let day = Timestamp(crowd.now - 86_400_000_000);
    audit::cases(conn, &Scope::Street, day, Timestamp(crowd.now)).await.unwrap();
    check(&mut wrong, "the cases of a day", &conn.take(), &["cases_reported"]);
    wrong
}

/// What falls due, for everybody who may ask: only open cases are read, whatever the street has
/// seen before. Which of the four indexes of open cases (`cases_due…`) it is depends on how many are
/// overdue: PostgreSQL reads few of them in the order of the whole street.
async fn of_dues(conn: &Planner<'_>, crowd: &Crowd, [worker, cadre]: [&Scope; 2]) -> Vec<String> {
    let mut wrong = Vec::new();
    let now = Timestamp(crowd.now);
    let day = Timestamp(now.0 + 86_400_000_000);
    let (overdue, soon) = (Within { from: None, to: now }, Within { from: Some(now), to: day });
    let (small, large) = (GridId(crowd.small), GridId(crowd.large));
    let lists: [(&str, &Scope, Whose, &[&str]); 6] = [
        ("the street's", &Scope::Street, Whose::Anybody, &["cases_due"]),
        ("a small grid's", &Scope::Street, Whose::SmallGrid(small), &["cases_due"]),
        ("a community's", &Scope::Street, Whose::LargeGrid(large), &["cases_due"]),
        ("a person's", &Scope::Street, Whose::Person(StaffId(7)), &["cases_due"]),
        ("a worker's", worker, Whose::Anybody, &["cases_due"]),
        ("a cadre's", cadre, Whose::Anybody, &["cases_due"]),
    ];
    for (name, scope, whose, indexes) in lists {
        for (within, after) in
            [(overdue, None), (soon, None), (soon, Some((now, CaseId(crowd.case))))]
        {
            due::list(conn, scope, (whose, within), after, 21).await.unwrap();
            let what = format!("{name} dues, {within:?} after {after:?}");
            check(&mut wrong, &what, &conn.take(), indexes);
        }
    }
    due::provisional(conn, CaseId(0), 100).await.unwrap();
    check(&mut wrong, "what waits for a calendar", &conn.take(), &["cases_provisional"]);
    wrong
}

async fn of_the_rest(conn: &Planner<'_>, crowd: &Crowd) -> Vec<String> {
    let mut wrong = Vec::new();
    let now = Timestamp(crowd.now + 5_000_000);
    let (fresh, suspect) = (job::Which::Fresh((11, 50), 20), job::Which::Suspect);
    // PostgreSQL sorts few due jobs rather than walking the order.
    let turn: &[&str] = &["job_turn", "job_due"];
    for (which, indexes) in [(fresh, turn), (suspect, &["job_suspect"])] {
        let (owner, until) = ("me", Timestamp(now.0 + 60_000_000));
        job::claim(conn, &job::Claim { owner, now, until, which }).await.unwrap();
        check(&mut wrong, &format!("claim by {indexes:?}"), &conn.take(), indexes);
    }
    job::earliest_due(conn).await.unwrap();
    check(&mut wrong, "earliest_due", &conn.take(), &["job_due"]);
    job::suspect_due(conn, now).await.unwrap();
    check(&mut wrong, "suspect_due", &conn.take(), &["job_suspect"]);
    let case = CaseId(crowd.case);
    notice::of_case(conn, case).await.unwrap();
    check(&mut wrong, "the notices of a case", &conn.take(), &["notice_case"]);
    notice::planned(conn, case).await.unwrap();
    check(&mut wrong, "the planned notices of a case", &conn.take(), &["notice_case"]);
    notice::find_msgid(conn, (Channel::OaTemplate, case.0)).await.unwrap();
    check(&mut wrong, "a notice by its number", &conn.take(), &["notice_msgid"]);
    let account = AccountId(crowd.resident);
    idempotency::find(conn, account, "key-7").await.unwrap();
    let unique = ["idempotency_account_id_key_key", "sqlite_autoindex_idempotency_1"];
    check(&mut wrong, "an answered request", &conn.take(), &unique);
    idempotency::forget(conn, Timestamp(0)).await.unwrap();
    check(&mut wrong, "forgetting answers", &conn.take(), &["idempotency_created"]);
    of_the_sweep(conn, crowd, &mut wrong).await;
    for (over, index) in [
        (Over::Jobs, "job_finished"),
        (Over::Probes, "probe_finished"),
        (Over::Lines, "robot_line_done"),
        (Over::Pushes, "wechat_event_handled"),
        (Over::Cards, "wecom_card_created"),
    ] {
        retention::forget(conn, over, Timestamp(0)).await.unwrap();
        check(&mut wrong, &format!("forgetting {over:?}"), &conn.take(), &[index]);
    }
    erase::exports(conn, Timestamp(0), 200).await.unwrap();
    check(&mut wrong, "exports that expire", &conn.take(), &["figure_export_kept"]);
    console::forget(conn, Timestamp(0)).await.unwrap();
    check(&mut wrong, "forgetting failures", &conn.take(), &["console_failure_at"]);
    event::list(conn, case).await.unwrap();
    photo::of_case(conn, case).await.unwrap();
    let few = conn.take();
    assert!(!few.is_empty(), "small tables may be read as they are");
    wrong
}

/// What is asked every minute.
async fn of_the_sweep(conn: &Planner<'_>, crowd: &Crowd, wrong: &mut Vec<String>) {
    sweep::count(conn, Timestamp(crowd.now)).await.unwrap();
    let plan = conn.take();
    let found = ["cases_next_check", "cases_put_off", "cases_state", "notice_unsent", "job_due"];
    for index in found {
        check(wrong, "the sweep", &plan, &[index]);
    }
    sweep::failed_steps(conn, Timestamp(crowd.now)).await.unwrap();
    let plan = conn.take();
    for index in ["cases_state", "notice_case"] {
        check(wrong, "steps that failed", &plan, &[index]);
    }
    sweep::untold(conn, Timestamp(crowd.now)).await.unwrap();
    let plan = conn.take();
    for index in ["cases_state", "notice_case"] {
        check(wrong, "chains that told nobody", &plan, &[index]);
    }
}

/// What open pages ask after every commit.
async fn of_changes(conn: &Planner<'_>, crowd: &Crowd) -> Vec<String> {
    let mut wrong = Vec::new();
    case::open_belongs(conn, 20_000).await.unwrap();
    let open = ["cases_due", "cases_next_check"];
    check(&mut wrong, "whom open cases belong to", &conn.take(), &open);
    let keys = ["case_event_pkey", "INTEGER PRIMARY KEY"];
    event::newest(conn, 50).await.unwrap();
    let plan = conn.take();
    // SQLite calls walking a table backwards a scan.
    if plan != "SCAN case_event" {
        check(&mut wrong, "the newest events", &plan, &keys);
    }
    let (reached, missing) = (EventId(crowd.event - 20), [crowd.event - 40, crowd.event - 30]);
    event::passed(conn, (reached, &missing), 1_000).await.unwrap();
    let plan = conn.take();
    check(&mut wrong, "what happened since", &plan, &keys);
    assert!(!plan.to_uppercase().contains("SORT") && !plan.contains("TEMP B-TREE"), "{plan}");
    wrong
}

async fn of_inboxes(conn: &Planner<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    let sqlite = conn.get_database_backend() == DatabaseBackend::Sqlite;
    let position = if sqlite { 0 } else { 20_000 };
    let (mine, mark) = (["s1007".to_owned()], Mark { position, id: 20_000 });
    for before in [None, Some(mark)] {
        inbox::page(conn, &mine, before, 21).await.unwrap();
        let plan = conn.take();
        check(&mut wrong, "a page of an inbox", &plan, &["inbox_recipient"]);
        assert!(!plan.contains("SORT") && !plan.contains("TEMP B-TREE"), "{plan}");
    }
    inbox::unread(conn, &mine).await.unwrap();
    check(&mut wrong, "what is unread", &conn.take(), &["inbox_recipient"]);
    inbox::after(conn, &mine, mark, 100).await.unwrap();
    let plan = conn.take();
    check(&mut wrong, "what came after an event", &plan, &["inbox_recipient"]);
    assert!(!sqlite || plan.contains("position=? AND id>?"), "seeks by the id too: {plan}");
    inbox::passed(conn, mark, 1_000).await.unwrap();
    let keys = ["inbox_position", "inbox_pkey", "INTEGER PRIMARY KEY"];
    check(&mut wrong, "who got something", &conn.take(), &keys);
    inbox::head(conn).await.unwrap();
    let plan = conn.take();
    // SQLite calls reading the last row of a table a scan.
    if plan != "SCAN inbox" {
        check(&mut wrong, "the newest entry", &plan, &keys);
    }
    wrong
}

#[tokio::test]
async fn the_frequent_queries_use_their_indexes_on_a_big_street() {
    let mut app = App::start().await;
    app.leave_jobs();
    let conn = app.connect().await;
    let crowd = gather(&app, &conn).await;
    people::gather(&conn, &crowd).await;
    lists::gather(&conn, &crowd).await;
    // As in production: PostgreSQL gathers statistics by itself, SQLite has none, because nothing
    // here ever asks it to.
    if conn.get_database_backend() == DatabaseBackend::Postgres {
        conn.execute_unprepared("ANALYZE").await.unwrap();
    }
    let planner = Planner::new(&conn);
    let mut wrong = of_cases(&planner, &crowd).await;
    wrong.extend(of_the_rest(&planner, &crowd).await);
    wrong.extend(of_changes(&planner, &crowd).await);
    wrong.extend(of_inboxes(&planner).await);
    wrong.extend(people::plans(&planner, &crowd).await);
    wrong.extend(lists::plans(&planner, &crowd).await);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    conn.close().await.unwrap();
}

#[test]
fn a_plan_that_reads_a_whole_table_is_noticed() {
    for bad in ["SCAN cases", "  ->  Seq Scan on job  (cost=0", "Parallel Seq Scan on notice x"] {
        assert!(reads_all(bad), "{bad}");
    }
    for good in [
        "SCAN cases USING COVERING INDEX cases_next_check",
        "SEARCH job USING INDEX job_due (run_at<?)",
        "Seq Scan on photo  (cost=0.00..1.00 rows=1 width=8)",
        "SCAN CONSTANT ROW",
    ] {
        assert!(!reads_all(good), "{good}");
    }
}
