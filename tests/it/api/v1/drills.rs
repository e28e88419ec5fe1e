//! Drills: everybody hears of them once, and nothing counts them.

use std::time::Duration;

use entity::kinds::JobKind;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use zhinan::app::drill::start::{self, Started};
use zhinan::cli::drill::{describe, follow};

use super::reach::sql;
use crate::kit::App;
use crate::kit::builders::report;

fn person<'v>(seen: &'v Value, grid: &str, staff_no: &str) -> &'v Value {
    let grids = seen["grids"].as_array().unwrap();
    let grid = grids.iter().find(|one| one["grid"]["id"] == grid).unwrap();
    grid["people"].as_array().unwrap().iter().find(|one| one["staff_no"] == staff_no).unwrap()
}

/// Messages are sent one after the other.
async fn all_sent(app: &App) {
    for _ in 0..4 {
        app.run_due().await;
        app.advance(Duration::from_secs(1));
    }
    app.run_due().await;
}

#[tokio::test]
async fn everybody_who_answers_hears_of_a_drill_once_and_the_report_says_whom_it_missed() {
    let app = App::start().await;
    sql(&app, "UPDATE wechat_identity SET dead_at = 1 WHERE openid LIKE '%backup-1'").await;
    app.wechat.post("/_sandbox/faults", json!({ "blocks": ["oa-primary-2"] })).await;
    app.declare_log("a test message was not accepted");
    let admin = app.as_person("system-admin").await;
    let (status, started) = admin.post("/api/v1/drills", json!({})).await;
    assert_eq!(status, 201, "{started}");
    let (status, again) = admin.post("/api/v1/drills", json!({})).await;
    assert_eq!((status, again["code"].as_str()), (409, Some("conflict")), "{again}");
    all_sent(&app).await;

    let messages = app.messages().await;
    assert!(messages.iter().all(|one| one.says("【演练】") && one.page.is_none()), "{messages:?}");
    let mut to: Vec<String> = messages.iter().map(|one| one.to.clone()).collect();
    let sent = to.len();
    to.sort();
    to.dedup();
    // Four grids with two, two communities with two, two desks, command, verifier; less two.
    assert_eq!((sent, to.len()), (14, 14), "{to:?}");
    app.ignore_messages().await;

    let (status, seen) =
        app.as_person("command").await.get(&format!("/api/v1/drills/{}", started["id"])).await;
    assert_eq!(status, 200);
    assert_eq!(
        (&seen["people"], &seen["reached"], &seen["waiting"]),
        (&json!(16), &json!(14), &json!(0)),
        "{seen}"
    );
    let good = person(&seen, "G00101", "primary-1");
    assert!(good["reached"].as_bool().unwrap() && good["seconds"].as_f64().is_some(), "{good}");
    assert_eq!(person(&seen, "G00101", "backup-1")["messages"][0]["why"], "没有可用的通知渠道");
    assert_eq!(
        person(&seen, "G00102", "primary-2")["messages"][0]["why"],
        "对方收不到（未关注、已拉黑或号码停用）"
    );
    let (_, channels) = app.as_person("primary-2").await.get("/api/v1/my/channels").await;
    assert_eq!(channels["channels"][1]["state"], "missing", "{channels}");
    for (who, want) in [("primary-1", 403), ("command", 403), ("resident-1", 403)] {
        assert_eq!(
            app.as_person(who).await.post("/api/v1/drills", json!({})).await.0,
            want,
            "{who}"
        );
    }
    assert_eq!(app.as_person("auditor").await.get("/api/v1/drills/1").await.0, 403);
    assert_eq!(admin.get("/api/v1/drills/99").await.0, 404);
}

#[tokio::test]
async fn a_drill_that_began_ahead_of_a_clock_that_was_put_back_keeps_nobody_from_the_next() {
    let app = App::start().await;
    app.advance(Duration::from_hours(24));
    let s = app.services();
    assert!(matches!(start::begin(s, None, false).await.unwrap(), Started::New(_)));
    crate::audit::proof::put_back(&app, 24);
    assert!(matches!(start::begin(s, None, false).await.unwrap(), Started::New(_)));
    app.run_due().await;
    app.ignore_messages().await;
}

#[tokio::test]
async fn a_drill_enters_no_figure_no_ledger_and_no_inbox_and_lets_notices_go_first() {
    let mut app = App::start().await;
    app.leave_jobs();
    let path = "/api/v1/audit/response-times?from=2026-11-24&to=2026-11-25&group_by=person";
    let auditor = app.as_person("auditor").await;
    let (_, figures) = auditor.get(path).await;
    let counted = |app: &App| {
        let all = app.services().metrics.render().unwrap();
        all.lines().filter(|line| line.contains("notice")).map(str::to_owned).collect::<Vec<_>>()
    };
    let before = counted(&app);
    start::begin(app.services(), None, true).await.unwrap();
    all_sent(&app).await;
    app.ignore_messages().await;
    assert_eq!(auditor.get(path).await.1["total"], figures["total"]);
    assert_eq!(counted(&app), before);
    let conn = app.connect().await;
    assert_eq!(entity::notice::Entity::find().all(&conn).await.unwrap().len(), 0);
    assert_eq!(entity::case_event::Entity::find().all(&conn).await.unwrap().len(), 0);
    assert_eq!(entity::inbox::Entity::find().all(&conn).await.unwrap().len(), 0);
    report(&app).await;
    let jobs = entity::job::Entity::find().all(&conn).await.unwrap();
    let of = |kind| jobs.iter().filter(move |job| job.kind == kind).map(|job| job.priority);
    let drill = of(JobKind::SendProbe).min().unwrap();
    assert!(of(JobKind::SendNotice).chain(of(JobKind::ContentCheck)).all(|first| first < drill));
    conn.close().await.unwrap();
}

#[tokio::test]
async fn a_process_that_dies_in_a_drill_neither_repeats_nor_forgets_anybody() {
    let mut app = App::start().await;
    let Started::New(id) = start::begin(app.services(), None, false).await.unwrap() else {
        panic!("nothing ran before");
    };
    app.run_due().await;
    app.restart().await;
    assert_eq!(start::begin(app.services(), None, false).await.unwrap(), Started::Running(id));
    all_sent(&app).await;
    let mut to: Vec<String> = app.messages().await.into_iter().map(|one| one.to).collect();
    let sent = to.len();
    to.sort();
    to.dedup();
    assert_eq!((sent, to.len()), (16, 16), "{to:?}");
    app.ignore_messages().await;

    // The stand-in tells nobody its templates.
    app.declare_log("the list of templates could not be read");
    let (report, running) = follow(app.services(), false, Duration::ZERO).await.unwrap();
    assert!(running, "the command follows the drill that runs");
    let text = describe(&report);
    assert!(
        text.contains("16 人，送达 16 人") && text.contains("G00101 双井第一网格：2/2"),
        "{text}"
    );

    // After half an hour nothing of it is sent, and another one may begin.
    app.advance(Duration::from_mins(31));
    let again = start::begin(app.services(), None, false).await.unwrap();
    assert!(matches!(again, Started::New(next) if next != id));
    app.advance(Duration::from_mins(31));
    app.run_due().await;
    assert_eq!(app.wechat.unaccounted().await.len(), 0, "a drill out of the blue");
    let (report, _) = follow(app.services(), false, Duration::ZERO).await.unwrap();
    assert!(report.waiting > 0, "a new one");
    all_sent(&app).await;
    app.ignore_messages().await;
}
