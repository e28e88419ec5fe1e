//! Figures, the cases behind them and the seals find their rows by an index after years.

use entity::kinds::{CaseId, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection};
use zhinan::store::{checkpoint, figures, rolled};

use super::crowd::{Crowd, gather};
use super::plans::{Planner, check};
use crate::kit::App;
use crate::kit::copies::up_to;

/// Nearly all cases are counted in cells of three years, and sealed.
async fn roll_up(conn: &DatabaseConnection, crowd: &Crowd) {
    for text in [
        "DELETE FROM case_beside WHERE case_id % 200 <> 0".to_owned(),
        // Of hardly any case anything was said after the instant that is asked for.
        "UPDATE cases SET last_event_at = reported_at".to_owned(),
        format!(
            "{} INSERT INTO figure_cell (key, slice, anchor, day, other, grid, community, category,
                urgency, source, month, body, listed)
             SELECT 'k' || i, CASE i % 2 WHEN 0 THEN 'days' ELSE 'grid' END,
                CASE i % 3 WHEN 0 THEN 'asked' WHEN 1 THEN 'carried' ELSE 'reported' END,
                20000 + i % 1000, 20000 + i % 1000 + (i % 3), 'G' || i % 40, '', '', '', '', '', '',
                '' FROM n",
            up_to(60_000)
        ),
        "INSERT INTO ledger_checkpoint (day, count, root, prev, signature, next_event, created_at)
         VALUES ('2026-11-20', 1, '', '', '', 0, 0)"
            .to_owned(),
        "INSERT INTO ledger_head (day, case_id, first_seq, last_seq, marks, hash)
         SELECT '2026-11-20', id, 1, 1, '', '' FROM cases"
            .to_owned(),
    ] {
        let done = conn.execute_unprepared(&text).await;
        assert!(done.is_ok(), "{text}: {:?}", done.err());
    }
    if conn.get_database_backend() == DatabaseBackend::Postgres {
        conn.execute_unprepared("VACUUM ANALYZE").await.unwrap();
    }
    assert!(crowd.case > 0);
}

fn wanted(now: i64) -> rolled::Wanted {
    rolled::Wanted {
        edition: 1,
        until: Timestamp(now),
        as_of: Timestamp(now),
        period: (Timestamp(now - 86_400_000_000 * 40), Timestamp(now)),
        anchors: vec!["reported", "asked"],
        second: rolled::Second::Either,
        by: "grid",
        filter: vec![("grid", "G7".to_owned())],
        months: Some(("grid", (20_500, 20_530))),
        days: vec![(20_530, 20_533)],
        whole: (20_500, 20_533),
        edges: [(20_500, 20_499), (20_533, 20_530)],
    }
}

async fn plans(conn: &Planner<'_>, crowd: &Crowd) -> Vec<String> {
    let mut wrong = Vec::new();
    let wanted = wanted(crowd.now);
    let carried =
        rolled::Wanted { anchors: vec!["carried"], second: rolled::Second::Both, ..wanted.clone() };
    for (what, wanted) in [
        ("figures", &wanted),
        ("what is carried", &carried),
        ("the cases behind one", &wanted),
        ("the cases behind what is carried", &carried),
    ] {
        if what.starts_with("the cases") {
            rolled::listed(conn, wanted).await.unwrap();
        } else {
            rolled::read(conn, wanted).await.unwrap();
        }
        let plan = conn.take();
        for index in ["figure_cell_day", "figure_cell_other", "cases_open"] {
            check(&mut wrong, what, &plan, &[index]);
        }
        let whole =
            ["SCAN c\n", "SCAN figure_cell\n", "Seq Scan on cases", "Seq Scan on figure_cell"];
        if whole.iter().any(|scan| format!("{plan}\n").contains(scan)) {
            wrong.push(format!("--- {what} reads a whole table:\n{plan}"));
        }
        if what.starts_with("the cases") {
            check(&mut wrong, what, &plan, &["cases_over"]);
        }
        // Of one long row after the other three numbers would be wanted.
        let alone = ["COVERING INDEX cases_open", "Index Only Scan using cases_open"];
        check(&mut wrong, what, &plan, &alone);
    }
    let by_key = ["cases_pkey", "INTEGER PRIMARY KEY"];
    figures::numbered(conn, &[CaseId(crowd.case)]).await.unwrap();
    check(&mut wrong, "the numbers of cases", &conn.take(), &by_key);
    let days = ("2026-11-01", "2026-11-26");
    checkpoint::sealed(conn, days, CaseId(crowd.case), 500).await.unwrap();
    let plan = conn.take();
    check(&mut wrong, "what is exported", &plan, &["ledger_head_case"]);
    if plan.contains("SCAN h") || plan.contains("Seq Scan") {
        wrong.push(format!("--- what is exported reads all heads:\n{plan}"));
    }
    let at = Timestamp(crowd.now);
    checkpoint::waiting(conn, &[CaseId(crowd.case)], at).await.unwrap();
    check(&mut wrong, "what is to be sealed", &conn.take(), &["ledger_head_case"]);
    wrong
}

#[tokio::test]
async fn figures_and_seals_use_their_indexes_on_a_big_street_explain() {
    let mut app = App::start().await;
    app.leave_jobs();
    let conn = app.connect().await;
    let crowd = gather(&app, &conn).await;
    roll_up(&conn, &crowd).await;
    let planner = Planner::new(&conn);
    let wrong = plans(&planner, &crowd).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    conn.close().await.unwrap();
}
