//! What a unit of new cases refers to exists and stays, on PostgreSQL without foreign keys as well.

use entity::{case_event, case_event_payload, cases, idempotency, inbox, notice};
use sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::kit::App;
use crate::kit::builders::report;
use crate::kit::copies::copies;

const NOBODY: &str = "987654321";

async fn refused(db: &DatabaseConnection, text: &str) {
    let done = db.execute_unprepared(text).await;
    let why = done.unwrap_err().to_string();
    let said = ["FOREIGN KEY constraint failed", "refers to nothing", "others refer to it"];
    assert!(said.iter().any(|one| why.contains(one)), "{text}: {why}");
}

/// A copy of the first row of each table, whose column refers to nothing.
fn orphans() -> Vec<String> {
    let of =
        |copy: fn(&str, &[(&str, &str)]) -> String, anew: &[(&str, &str)], columns: &[&str]| {
            let each = columns.iter().map(|column| {
                let mut anew = anew.to_vec();
                anew.retain(|(name, _)| name != column);
                anew.push((column, NOBODY));
                anew
            });
            each.map(|anew| copy("SOURCE one LIMIT 1", &anew)).collect::<Vec<_>>()
        };
    let (new, key) = ("'new'", ("dedup_key", "'new'"));
    [
        (
            "cases",
            of(
                copies::<cases::Entity>,
                &[("number", new)],
                &["reporter_id", "small_grid_id", "large_grid_id"],
            ),
        ),
        (
            "case_event",
            of(copies::<case_event::Entity>, &[("seq", "99")], &["case_id", "actor_id"]),
        ),
        ("case_event_payload", of(copies::<case_event_payload::Entity>, &[], &["event_id"])),
        ("notice", of(copies::<notice::Entity>, &[key], &["case_id", "staff_id", "account_id"])),
        ("inbox", of(copies::<inbox::Entity>, &[key], &["case_id"])),
        ("idempotency", of(copies::<idempotency::Entity>, &[("key", new)], &["account_id"])),
    ]
    .into_iter()
    .flat_map(|(table, all)| all.into_iter().map(move |text| text.replace("SOURCE", table)))
    .collect()
}

#[tokio::test]
async fn a_row_that_refers_to_nothing_is_refused_and_what_is_referred_to_stays() {
    let app = App::start().await;
    report(&app).await;
    app.run_due().await;
    app.ignore_messages().await;
    let db = app.connect().await;
    let orphans = orphans();
    assert_eq!(orphans.len(), 11);
    for text in &orphans {
        refused(&db, text).await;
    }
    for (table, column) in [
        ("cases", "reporter_id"),
        ("cases", "small_grid_id"),
        ("cases", "large_grid_id"),
        ("case_event_payload", "event_id"),
        ("notice", "case_id"),
        ("notice", "staff_id"),
        ("notice", "account_id"),
        ("inbox", "case_id"),
        ("idempotency", "account_id"),
    ] {
        let one = format!("SELECT MIN({column}) FROM {table}");
        let text = format!("UPDATE {table} SET {column} = {NOBODY} WHERE {column} = ({one})");
        refused(&db, &text).await;
    }
    for (table, one) in [
        ("account", "SELECT MIN(reporter_id) FROM cases"),
        ("staff", "SELECT MIN(staff_id) FROM notice"),
        ("grid", "SELECT MIN(small_grid_id) FROM cases"),
        ("grid", "SELECT MIN(large_grid_id) FROM cases"),
        ("cases", "SELECT MIN(id) FROM cases"),
    ] {
        refused(&db, &format!("DELETE FROM {table} WHERE id = ({one})")).await;
        refused(&db, &format!("UPDATE {table} SET id = {NOBODY} WHERE id = ({one})")).await;
    }
    db.close().await.unwrap();
}
