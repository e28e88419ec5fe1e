//! A full disk and a database that cannot serve are a line when they begin and one when they end,
//! however many meet them.

use std::time::Duration;

use sea_orm::ConnectionTrait;
use serde_json::json;
use tracing::Level;
use zhinan::error::Error;

use crate::kit::App;
use crate::kit::builders::ADDRESS;

/// Refuses every case with this state of PostgreSQL: what a full disk says, or a shutdown.
fn refusing(state: &str) -> [String; 2] {
    [
        format!(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{state}'; END $$"
        ),
        "CREATE TRIGGER refuse BEFORE INSERT ON cases FOR EACH ROW EXECUTE FUNCTION refuse()"
            .to_owned(),
    ]
}

/// Runs statements on the connection that writes.
async fn run(app: &App, texts: Vec<String>) {
    let unit = app.services().writer.commit(move |tx| {
        Box::pin(async move {
            for text in texts {
                tx.execute_unprepared(&text).await?;
            }
            Ok::<_, Error>(())
        })
    });
    unit.await.unwrap();
}

/// Makes the database unable to take a case.
async fn break_it(app: &App, state: &str) {
    // As many pages as there are, all of them taken.
    let full = vec!["PRAGMA max_page_count = 1".to_owned()];
    let sqlite = app.services().db.is_sqlite();
    run(app, if sqlite { full } else { refusing(state).to_vec() }).await;
}

async fn mend_it(app: &App) {
    let sqlite = app.services().db.is_sqlite();
    let text =
        if sqlite { "PRAGMA max_page_count = 1000000" } else { "DROP FUNCTION refuse() CASCADE" };
    run(app, vec![text.to_owned()]).await;
}

async fn report(app: &App) -> (u16, serde_json::Value) {
    let words = "家里没水了".repeat(60);
    let body = json!({ "text": words, "address": ADDRESS, "category": "utilities" });
    app.as_person("resident-1").await.post("/api/v1/cases", body).await
}

fn lines(app: &App, code: &str) -> Vec<(Level, String)> {
    let mine = |text: &str| text.contains(&format!("code=\"{code}\""));
    let all = app.logs.lines().into_iter().filter(|line| mine(&line.text));
    all.map(|line| (line.level, line.text)).collect()
}

async fn begins_and_ends(state: &str, code: &str, level: Level) {
    let app = App::start().await;
    app.declare_log("others are counted");
    break_it(&app, state).await;
    let mut refused = 0;
    // SQLite may still find some room in the pages it has.
    for _ in 0..200 {
        let (status, problem) = report(&app).await;
        if status == 503 {
            assert_eq!(problem["code"], code, "{problem}");
            refused += 1;
        }
        if refused == 12 {
            break;
        }
    }
    assert_eq!(refused, 12);
    let begun = lines(&app, code);
    assert_eq!(begun.len(), 1, "{begun:?}");
    assert_eq!(begun[0].0, level);
    let counted = app.services().metrics.render().unwrap();
    let line = format!(r#"zhinan_refused_total{{code="{code}"}} 12"#);
    assert!(counted.contains(&line), "{counted}");
    mend_it(&app).await;
    assert_eq!(report(&app).await.0, 201);
    assert_eq!(lines(&app, code).len(), 1, "one write says little");
    app.advance(Duration::from_secs(10));
    for _ in 0..3 {
        assert_eq!(report(&app).await.0, 201);
    }
    let ended = lines(&app, code);
    assert_eq!(ended.len(), 2, "{ended:?}");
    assert!(ended[1].0 == Level::INFO && ended[1].1.contains("count=12"), "{ended:?}");
    app.run_due().await;
    app.ignore_messages().await;
}

#[tokio::test]
async fn a_full_disk_is_one_line_of_error_and_one_when_there_is_room() {
    begins_and_ends("53100", "storage_full", Level::ERROR).await;
}

#[tokio::test]
async fn a_database_that_goes_down_under_its_requests_is_one_warning() {
    if App::start().await.services().db.is_sqlite() {
        return;
    }
    begins_and_ends("57P01", "database_down", Level::WARN).await;
}
