//! Leaves, shifts and gaps over HTTP, and whom a case is told because of them.

use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::{Value, json};

use super::reach::{allow, sql};
use crate::kit::App;
use crate::kit::builders::report;

/// The kit's clock begins at 2026-11-24 10:00 in China, a Tuesday.
fn leave(app: &App, who: &str, (from, to): (&str, &str)) -> Value {
    json!({ "staff": app.person(who).staff.unwrap(), "from": format!("2026-11-{from}:00+08:00"),
        "to": format!("2026-11-{to}:00+08:00") })
}

async fn told(app: &App) -> Vec<String> {
    app.run_due().await;
    let mut told: Vec<String> = app.messages().await.into_iter().map(|one| one.to).collect();
    told.sort();
    app.ignore_messages().await;
    told
}

#[tokio::test]
async fn who_is_on_leave_is_not_told_and_his_substitute_may_act_in_his_place() {
    let mut app = App::start().await;
    app.leave_jobs();
    let worker = app.as_person("primary-1").await;
    let mut body = leave(&app, "primary-1", ("24T09:00", "25T09:00"));
    body["substitute"] = json!(app.person("primary-2").staff);
    let (status, entered) = worker.post("/api/v1/leaves", body.clone()).await;
    assert_eq!(status, 201, "{entered}");
    let (status, twice) = worker.post("/api/v1/leaves", body).await;
    assert_eq!((status, twice["code"].as_str()), (409, Some("conflict")));

    let case = report(&app).await;
    assert_eq!(told(&app).await, ["oa-cadre-1", "oa-primary-2"]);
    let path = format!("/api/v1/cases/{}/acknowledgement", case.id);
    let substitute = app.as_person("primary-2").await;
    let (status, taken) = substitute.post(&path, json!({ "expected_version": case.version })).await;
    assert_eq!(status, 200, "{taken}");

    let path = format!("/api/v1/leaves/{}", entered["id"]);
    assert_eq!(worker.send("DELETE", &path, None).await.0, 204);
    assert_eq!(worker.send("DELETE", &path, None).await.0, 404);
    let before = app.messages().await.len();
    report(&app).await;
    told(&app).await;
    let later = app.messages().await;
    let to: Vec<&str> = later[before..].iter().map(|one| one.to.as_str()).collect();
    assert!(to.contains(&"oa-primary-1") && !to.contains(&"oa-primary-2"), "{to:?}");
}

#[tokio::test]
async fn without_a_substitute_the_next_of_the_chain_is_told_and_without_anybody_the_desk() {
    let mut app = App::start().await;
    app.leave_jobs();
    let cadre = app.as_person("cadre-1").await;
    for who in ["primary-1", "cadre-1"] {
        let (status, _) =
            cadre.post("/api/v1/leaves", leave(&app, who, ("24T09:00", "25T09:00"))).await;
        assert_eq!(status, 201);
    }
    report(&app).await;
    assert_eq!(told(&app).await, ["oa-backup-1"]);
    for who in ["backup-1", "secretary-1"] {
        let (status, _) =
            cadre.post("/api/v1/leaves", leave(&app, who, ("24T09:00", "25T09:00"))).await;
        assert_eq!(status, 201);
    }
    let case = report(&app).await;
    assert_eq!(case.triage_reason, Some(entity::kinds::TriageReason::NobodyReachable));
}

#[tokio::test]
async fn a_shift_that_is_over_tells_nobody_and_one_that_nobody_defined_tells_everybody() {
    let mut app = App::start().await;
    app.leave_jobs();
    sql(&app, "UPDATE responsibility SET shift = '夜班' WHERE staff_id = (SELECT id FROM staff WHERE staff_no = 'primary-1')").await;
    report(&app).await;
    assert!(told(&app).await.contains(&"oa-primary-1".to_owned()));
    let admin = app.as_person("system-admin").await;
    let night = json!({ "from": "20:00", "to": "06:00" });
    let (status, set) = admin.send("PUT", "/api/v1/shifts/夜班", Some(night)).await;
    assert_eq!((status, set["version"].as_i64()), (200, Some(1)), "{set}");
    let before = app.messages().await.len();
    report(&app).await;
    told(&app).await;
    assert!(app.messages().await[before..].iter().all(|one| one.to != "oa-primary-1"));

    let all_day = json!({ "from": "00:00", "to": "24:00", "weekdays": [2] });
    let (_, set) = admin.send("PUT", "/api/v1/shifts/夜班", Some(all_day)).await;
    assert_eq!(
        (set["version"].as_i64(), &set["weekdays"], &set["to"]),
        (Some(2), &json!([2]), &json!("24:00"))
    );
    let (_, seen) = app.as_person("cadre-2").await.get("/api/v1/shifts").await;
    assert_eq!(seen["shifts"].as_array().unwrap().len(), 1, "only the newest version: {seen}");
    let before = app.messages().await.len();
    report(&app).await;
    told(&app).await;
    assert!(app.messages().await[before..].iter().any(|one| one.to == "oa-primary-1"));
    for (name, body) in [
        ("all", json!({ "from": "00:00", "to": "24:00" })),
        ("x", json!({ "from": "8", "to": "24:01", "weekdays": [0] })),
    ] {
        let (status, reply) =
            admin.send("PUT", &format!("/api/v1/shifts/{name}"), Some(body)).await;
        assert_eq!(status, 422, "{reply}");
    }
    let body = json!({ "from": "00:00", "to": "24:00" });
    assert_eq!(
        app.as_person("command").await.send("PUT", "/api/v1/shifts/x", Some(body)).await.0,
        403
    );
}

#[tokio::test]
async fn a_leave_that_opens_a_gap_says_so_at_once_in_chinese() {
    let app = App::start().await;
    for who in ["primary-1", "backup-1"] {
        allow(&app, who).await;
    }
    let cadre = app.as_person("cadre-1").await;
    let (_, none) =
        cadre.post("/api/v1/leaves", leave(&app, "backup-1", ("25T00:00", "27T00:00"))).await;
    assert_eq!((&none["gaps"], &none["warning"]), (&json!([]), &Value::Null), "{none}");
    let (status, some) =
        cadre.post("/api/v1/leaves", leave(&app, "primary-1", ("26T08:00", "26T12:00"))).await;
    assert_eq!(status, 201);
    assert_eq!(some["gaps"].as_array().unwrap().len(), 1, "{some}");
    assert_eq!(some["gaps"][0]["why"], "on_leave");
    let said = "双井第一网格（G00101）2026-11-26 08:00 至 2026-11-26 12:00 请假且无人替班";
    assert!(some["warning"].as_str().unwrap().ends_with(said), "{some}");

    let command = app.as_person("command").await;
    let (status, gaps) = command.get("/api/v1/readiness/gaps?days=14").await;
    let mine: Vec<&Value> = gaps["gaps"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|gap| gap["grid"]["id"] == "G00101")
        .collect();
    assert_eq!((status, mine.len()), (200, 1), "{gaps}");
    let others = gaps["gaps"].as_array().unwrap().iter().find(|gap| gap["grid"]["id"] == "G00102");
    assert_eq!(others.unwrap()["why"], "not_reachable");
    assert_eq!(cadre.get("/api/v1/readiness/gaps").await.0, 403);
    let checks = zhinan::app::doctor::run(app.services(), true).await;
    let duty = checks.iter().find(|check| check.name == "值班").unwrap();
    assert!(duty.found.contains(said), "{duty:?}");

    let (status, seen) =
        cadre.get("/api/v1/roster?from=2026-11-26&to=2026-11-26&grid=G00101").await;
    assert_eq!(status, 200, "{seen}");
    let day = &seen["days"][0];
    assert_eq!(day["away"].as_array().unwrap().len(), 2, "{day}");
    assert_eq!(day["turns"].as_array().unwrap().len(), 2, "before and after: {day}");
    let (status, _) = cadre.get("/api/v1/roster?from=2026-11-20&to=2026-11-30").await;
    assert_eq!(status, 422, "a week of the whole street is enough");
}

#[tokio::test]
async fn leaves_are_for_oneself_ones_people_and_the_administrator_and_who_did_it_is_on_record() {
    let app = App::start().await;
    let times = ("25T09:00", "25T10:00");
    for (by, whose, want) in [
        ("primary-2", "primary-1", 403),
        ("cadre-2", "primary-1", 403),
        ("command", "primary-1", 403),
        ("resident-1", "primary-1", 403),
        ("secretary-1", "primary-1", 201),
        ("system-admin", "primary-2", 201),
        ("auditor", "auditor", 201),
    ] {
        let (status, reply) =
            app.as_person(by).await.post("/api/v1/leaves", leave(&app, whose, times)).await;
        assert_eq!(status, want, "{by}: {reply}");
    }
    let admin = app.as_person("system-admin").await;
    let mut bad = leave(&app, "cadre-1", times);
    bad["substitute"] = json!(app.person("primary-1").staff);
    let (status, reply) = admin.post("/api/v1/leaves", bad.clone()).await;
    assert_eq!((status, reply["errors"][0]["code"].as_str()), (422, Some("away")), "{reply}");
    bad["substitute"] = json!(app.person("cadre-1").staff);
    let (_, reply) = admin.post("/api/v1/leaves", bad).await;
    assert_eq!(reply["errors"][0]["code"], "same");
    for times in [("25T10:00", "25T09:00"), ("23T09:00", "23T10:00")] {
        let (status, _) = admin.post("/api/v1/leaves", leave(&app, "cadre-2", times)).await;
        assert_eq!(status, 422);
    }
    let conn = app.connect().await;
    let record = entity::roster_change::Entity::find().all(&conn).await.unwrap();
    assert_eq!(record.len(), 3);
    assert_eq!(record[0].account_id, app.person("secretary-1").account);
    assert_eq!(record[0].staff_id, app.person("primary-1").staff);
    assert!(conn.execute_unprepared("UPDATE roster_change SET at = 0").await.is_err());
    assert!(conn.execute_unprepared("DELETE FROM roster_change").await.is_err());
    conn.close().await.unwrap();
}
