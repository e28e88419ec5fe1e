//! Tables that are records: the database itself refuses to change or remove their rows.

use sea_orm::ConnectionTrait;

use crate::kit::App;
use crate::kit::builders::report;

#[tokio::test]
async fn what_is_on_record_is_neither_changed_nor_removed_by_anybody() {
    let app = App::start().await;
    report(&app).await;
    app.run_due().await;
    app.ignore_messages().await;
    let db = app.connect().await;
    let account = app.person("primary-1").account;
    let told = format!(
        "INSERT INTO roster_change (what, subject_id, account_id, at)
         VALUES ('leave_added', 1, {account}, 0)"
    );
    db.execute_unprepared(&told).await.unwrap();
    db.execute_unprepared(
        "INSERT INTO figure_snapshot (period, revision, figure, definition, dimension, from_at, to_at,
            as_of, body, created_at) VALUES ('2026-10', 0, 'R6', 1, 'none', 0, 1, 0, '{}', 0)",
    )
    .await
    .unwrap();
    let basis =
        "INSERT INTO figure_basis (period, revision, part, body) VALUES ('2026-10', 0, 0, '[]')";
    db.execute_unprepared(basis).await.unwrap();
    db.execute_unprepared(
        "INSERT INTO ledger_checkpoint (day, count, root, prev, signature, next_event, created_at)
            VALUES ('2026-11-23', 0, 'r', 'p', 's', 0, 0)",
    )
    .await
    .unwrap();
    db.execute_unprepared(
        "INSERT INTO ledger_head (day, case_id, first_seq, last_seq, marks, hash)
            SELECT '2026-11-23', MIN(id), 1, 1, 'm', 'h' FROM cases",
    )
    .await
    .unwrap();
    for (table, change) in [
        ("roster_change", "what = 'x'"),
        ("case_event", "server_time = 0"),
        ("figure_snapshot", "body = '{}'"),
        ("figure_basis", "body = '{}'"),
        ("ledger_checkpoint", "root = 'x'"),
        ("ledger_head", "hash = 'x'"),
    ] {
        for text in [format!("UPDATE {table} SET {change}"), format!("DELETE FROM {table}")] {
            let refused = db.execute_unprepared(&text).await.unwrap_err().to_string();
            assert!(refused.contains("append-only"), "{text}: {refused}");
        }
    }
    db.close().await.unwrap();
}
