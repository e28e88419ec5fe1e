//! Leaves, shifts and gaps over HTTP, and whom a case is told because of them.

use entity::kinds::{CaseId, CaseState, Category, LeaveKind};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ConnectionTrait, DatabaseBackend, EntityTrait, TransactionTrait};
use serde_json::{Value, json};

use zhinan::domain::calendar::parse_rfc3339;

use super::cases::effects::act;
use super::reach::{allow, sql};
use crate::kit::builders::{find, report, report_as};
use crate::kit::client::Client;
use crate::kit::clock::until;
use crate::kit::street::{COMMUNITIES, GRIDS};
use crate::kit::{App, waiting};

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

/// What was written of a case, and to whom its last placing went.
async fn written(app: &App, case: CaseId) -> (Vec<String>, Value) {
    let (_, seen) = app.as_person("command").await.get(&format!("/api/v1/cases/{case}")).await;
    let timeline = seen["timeline"].as_array().unwrap();
    let kinds = timeline.iter().map(|one| one["kind"].as_str().unwrap().to_owned());
    let last = timeline.iter().rev().find(|one| one["kind"] == "sent_to_triage");
    (kinds.collect(), last.map_or(Value::Null, |one| one["detail"].clone()))
}

/// Whoever was never told of a case is not measured by it.
#[tokio::test]
async fn a_case_that_is_placed_where_nobody_can_be_reached_was_assigned_to_nobody() {
    let mut app = App::start().await;
    app.leave_jobs();
    let unplaced = report_as(&app, "resident-1", "老地方", Category::Utilities).await;
    let elsewhere = report_as(&app, "resident-1", "牡丹小区1号楼", Category::Utilities).await;
    assert_eq!(elsewhere.state, CaseState::Assigned);
    let cadre = app.as_person("cadre-1").await;
    for who in ["primary-1", "backup-1", "cadre-1", "secretary-1"] {
        let away = leave(&app, who, ("24T09:00", "25T09:00"));
        assert_eq!(cadre.post("/api/v1/leaves", away).await.0, 201);
    }
    let to = json!({ "grid": GRIDS[0], "reason": "居民说在双井" });
    let ways = [(&unplaced, "desk-1", "assignment"), (&elsewhere, "command", "transfer")];
    for (case, who, verb) in ways {
        let (status, answer) = act(&app, who, case.id, verb, to.clone()).await;
        assert_eq!((status, &answer["state"]), (200, &json!("triage")), "{answer}");
        let triage = (&answer["triage"]["reason"], &answer["triage"]["held_by"]);
        assert_eq!(triage, (&json!("nobody_reachable"), &json!("triage_desk")), "{answer}");
        let small = (&answer["grid"]["small"], &answer["grid"]["large"]["id"]);
        assert_eq!(small, (&Value::Null, &json!(COMMUNITIES[0])), "{answer}");
        let (kinds, sent) = written(&app, case.id).await;
        let assigned = kinds.iter().filter(|kind| *kind == "assigned").count();
        assert_eq!(assigned, usize::from(verb == "transfer"), "where it was before: {kinds:?}");
        assert_eq!(kinds.last().map(String::as_str), Some("sent_to_triage"), "{kinds:?}");
        let why = (&sent["reason"], &sent["held_by"], &sent["grid_code"]);
        assert_eq!(why, (&json!("nobody_reachable"), &json!("triage_desk"), &Value::Null));
        let row = find(&app, case.id).await;
        assert_eq!(row.assigned_at, case.assigned_at, "nobody was told");
    }
    let placed = written(&app, unplaced.id).await.1;
    assert_eq!(
        (&placed["note"], &placed["by"]),
        (&to["reason"], &json!(app.person("desk-1").account))
    );
    let (_, inbox) = app.as_person("desk-1").await.get("/api/v1/inbox").await;
    let told = |number: &str| {
        let all = inbox["entries"].as_array().unwrap().iter();
        all.filter(|one| one["kind"] == "triage" && one["number"] == number).count()
    };
    assert_eq!((told(&unplaced.number), told(&elsewhere.number)), (2, 1), "{inbox}");
    let (_, inbox) = app.as_person("primary-1").await.get("/api/v1/inbox").await;
    for case in [&unplaced, &elsewhere] {
        assert!(!inbox.to_string().contains(&case.number), "{inbox}");
    }
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
    // Where nobody was reached by two channels before, somebody was there all the same.
    let cadre = app.as_person("cadre-2").await;
    let away = |who: &str| leave(&app, who, ("26T08:00", "26T12:00"));
    let (_, one) = cadre.post("/api/v1/leaves", away("backup-3")).await;
    assert_eq!(one["gaps"], json!([]), "{one}");
    let (status, bare) = cadre.post("/api/v1/leaves", away("primary-3")).await;
    assert_eq!((status, &bare["gaps"][0]["why"]), (201, &json!("on_leave")), "{bare}");

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
async fn who_leaves_a_desk_of_the_street_to_nobody_reads_it_at_once() {
    let app = App::start().await;
    let admin = app.as_person("system-admin").await;
    let away = |who: &str| leave(&app, who, ("26T08:00", "26T12:00"));
    let (status, one) = admin.post("/api/v1/leaves", away("desk-1")).await;
    assert_eq!((status, &one["gaps"]), (201, &json!([])), "the other one is there: {one}");
    let (_, both) = admin.post("/api/v1/leaves", away("desk-2")).await;
    let desk = json!({ "id": "triage_desk", "name": "分拣员" });
    assert_eq!((&both["gaps"][0]["grid"], &both["gaps"][0]["why"]), (&desk, &json!("on_leave")));

    let command = app.as_person("command").await;
    let mut body = leave(&app, "command", ("25T08:00", "25T12:00"));
    body["substitute"] = json!(app.person("cadre-1").staff);
    let (status, covered) = command.post("/api/v1/leaves", body).await;
    assert_eq!((status, &covered["warning"]), (201, &Value::Null), "{covered}");
    let (_, alone) = command.post("/api/v1/leaves", away("command")).await;
    let said = "街道指挥中心 2026-11-26 08:00 至 2026-11-26 12:00 请假且无人替班";
    assert!(alone["warning"].as_str().is_some_and(|text| text.ends_with(said)), "{alone}");
    let (_, seen) = command.get("/api/v1/readiness/gaps").await;
    let mut listed = seen["gaps"].as_array().unwrap().iter();
    assert!(listed.any(|gap| gap["sentence"] == said), "{seen}");
}

#[tokio::test]
async fn a_substitute_who_has_left_covers_no_hour() {
    let app = App::start().await;
    for who in ["primary-1", "backup-1", "primary-2"] {
        allow(&app, who).await;
    }
    let cadre = app.as_person("cadre-1").await;
    cadre.post("/api/v1/leaves", leave(&app, "backup-1", ("25T00:00", "27T00:00"))).await;
    let mut body = leave(&app, "primary-1", ("26T08:00", "26T12:00"));
    body["substitute"] = json!(app.person("primary-2").staff);
    let (_, covered) = cadre.post("/api/v1/leaves", body).await;
    assert_eq!(covered["gaps"], json!([]), "{covered}");
    let gaps = async || {
        let command = app.as_person("command").await;
        let (_, seen) = command.get("/api/v1/readiness/gaps?days=14").await;
        let all = seen["gaps"].as_array().unwrap().iter();
        all.filter(|gap| gap["grid"]["id"] == "G00101").count()
    };
    assert_eq!(gaps().await, 0);
    sql(&app, "UPDATE staff SET ended_at = created_at WHERE staff_no = 'primary-2'").await;
    assert_eq!(gaps().await, 1);
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

/// The leaves on a page: whose, and their masked or whole names.
fn listed(page: &Value) -> Vec<(i64, &str)> {
    let all = page["leaves"].as_array().unwrap().iter();
    all.map(|one| (one["staff"].as_i64().unwrap(), one["name"].as_str().unwrap())).collect()
}

/// Every leave, read on pages of one.
async fn one_by_one(admin: &Client) -> Vec<Value> {
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let (_, page) = admin.get(&format!("/api/v1/leaves?limit=1{cursor}")).await;
        paged.extend(page["leaves"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next"].as_str() else { return paged };
        cursor = format!("&cursor={next}");
    }
}

#[tokio::test]
async fn leaves_are_listed_for_those_who_may_enter_them_page_by_page_and_by_time() {
    let app = App::start().await;
    let id = |who: &str| app.person(who).staff.unwrap().0;
    let admin = app.as_person("system-admin").await;
    for (who, times) in [
        ("primary-1", ("25T09:00", "25T10:00")),
        ("primary-2", ("26T09:00", "26T10:00")),
        ("primary-1", ("27T09:00", "27T10:00")),
        ("auditor", ("28T09:00", "28T10:00")),
    ] {
        let mut body = leave(&app, who, times);
        body["reason"] = json!("家里有事");
        assert_eq!(admin.post("/api/v1/leaves", body).await.0, 201);
    }
    let (status, all) = admin.get("/api/v1/leaves").await;
    assert_eq!(status, 200, "{all}");
    let whose: Vec<i64> = listed(&all).into_iter().map(|one| one.0).collect();
    assert_eq!(whose, [id("auditor"), id("primary-1"), id("primary-2"), id("primary-1")]);
    assert_eq!(listed(&all)[1].1, "primary-1");
    assert!(all["leaves"].as_array().unwrap().iter().all(|one| one["reason"].is_null()));

    let worker = app.as_person("primary-1").await;
    let (_, own) = worker.get("/api/v1/leaves").await;
    assert_eq!(listed(&own), [(id("primary-1"), "primary-1"), (id("primary-1"), "primary-1")]);
    assert_eq!(own["leaves"][0]["reason"], "家里有事");
    let cadre = app.as_person("cadre-1").await;
    let (_, led) = cadre.get("/api/v1/leaves").await;
    let theirs = listed(&led);
    assert!(theirs.iter().all(|(_, name)| !name.contains('*')), "his own people: {led}");
    assert!(theirs.iter().any(|one| one.0 == id("primary-1")), "{led}");
    assert!(theirs.iter().all(|one| one.0 != id("auditor")), "{led}");

    for (query, want) in [
        (
            "?from=2026-11-26T00:00:00%2B08:00&to=2026-11-28T00:00:00%2B08:00",
            vec!["primary-1", "primary-2"],
        ),
        ("?from=2026-11-25T09:30:00%2B08:00&to=2026-11-25T09:31:00%2B08:00", vec!["primary-1"]),
        ("?from=2026-11-25T10:00:00%2B08:00&to=2026-11-26T09:00:00%2B08:00", vec![]),
    ] {
        let (status, some) = admin.get(&format!("/api/v1/leaves{query}")).await;
        assert_eq!(status, 200, "{some}");
        let want: Vec<i64> = want.into_iter().map(id).collect();
        assert_eq!(listed(&some).into_iter().map(|one| one.0).collect::<Vec<_>>(), want, "{query}");
    }
    let (_, first) = admin.get("/api/v1/leaves?limit=3").await;
    assert_eq!(listed(&first).len(), 3);
    let next = first["next"].as_str().unwrap();
    let (_, rest) = admin.get(&format!("/api/v1/leaves?limit=3&cursor={next}")).await;
    assert_eq!((listed(&rest).len(), &rest["next"]), (1, &Value::Null), "{rest}");
    assert_eq!(admin.get("/api/v1/leaves?cursor=x").await.0, 400);
    let paged = one_by_one(&admin).await;
    assert_eq!(json!(paged), all["leaves"], "page by page none is missing and none comes twice");

    let of = |who: &str| format!("/api/v1/leaves?staff={}", id(who));
    assert_eq!(listed(&admin.get(&of("primary-2")).await.1).len(), 1);
    assert_eq!(cadre.get(&of("auditor")).await.0, 403);
    assert_eq!(worker.get(&of("primary-2")).await.0, 403);
    assert_eq!(admin.get("/api/v1/leaves?staff=999").await.0, 404);
    assert_eq!(admin.get("/api/v1/leaves?from=tomorrow").await.0, 422);
    assert_eq!(app.as_person("resident-1").await.get("/api/v1/leaves").await.0, 403);

    let path = format!("/api/v1/leaves/{}", all["leaves"][0]["id"]);
    assert_eq!(admin.send("DELETE", &path, None).await.0, 204);
    assert_eq!(listed(&admin.get("/api/v1/leaves").await.1).len(), 3, "taken back");
}

#[tokio::test]
async fn of_two_leaves_of_one_person_at_the_same_moment_one_is_refused() {
    let app = App::start().await;
    let (staff, substitute) =
        (app.person("primary-1").staff.unwrap(), app.person("primary-2").staff.unwrap());
    let conn = app.connect().await;
    if conn.get_database_backend() != DatabaseBackend::Postgres {
        // The one writer enters one after the other.
        return conn.close().await.unwrap();
    }
    for (away, who) in [(staff, "his own"), (substitute, "his substitute's")] {
        // Another process is about to commit a leave that it has checked and inserted.
        let other = conn.begin().await.unwrap();
        zhinan::store::people::lock_staff(&other, &[away], true).await.unwrap();
        let from = parse_rfc3339("2026-11-26T09:00:00+08:00").unwrap();
        let to = parse_rfc3339("2026-11-26T10:00:00+08:00").unwrap();
        let row = entity::leave::ActiveModel {
            id: NotSet,
            staff_id: Set(away),
            from_at: Set(from),
            to_at: Set(to),
            reason_sealed: Set(None),
            substitute_id: Set(None),
            created_at: Set(from),
            cancelled_at: Set(None),
            kind: Set(LeaveKind::Leave),
            swap_id: Set(None),
        };
        let stored = zhinan::store::roster::insert_leave(&other, row).await.unwrap();
        let worker = app.as_person("primary-1").await;
        let mut body = leave(&app, "primary-1", ("26T09:30", "26T11:00"));
        body["substitute"] = json!(substitute);
        let commit = async {
            let waits = async || (waiting(&app.services().db.read).await > 0).then_some(());
            until("the request waits", waits).await;
            other.commit().await.unwrap();
        };
        let ((status, reply), ()) = tokio::join!(worker.post("/api/v1/leaves", body), commit);
        assert!(matches!(status, 409 | 422), "{who}: {status} {reply}");
        sql(&app, &format!("UPDATE leave SET cancelled_at = 1 WHERE id = {}", stored.id)).await;
    }
    conn.close().await.unwrap();
}

#[tokio::test]
async fn of_many_leaves_through_two_servers_at_once_exactly_one_is_entered() {
    let app = App::start().await;
    let (worker, other) = (app.as_person("primary-1").await, app.second_server().await);
    let there = Client::new(other.base(), Some(worker.token().to_owned()));
    for day in 25..29 {
        let body = || leave(&app, "primary-1", (&format!("{day}T09:00"), &format!("{day}T10:00")));
        let bodies: Vec<Value> = (0..6).map(|_| body()).collect();
        let posts = bodies.into_iter().enumerate().map(|(at, body)| {
            let client = if at % 2 == 0 { &worker } else { &there };
            client.post("/api/v1/leaves", body)
        });
        let answers = futures::future::join_all(posts).await;
        let mut status: Vec<u16> = answers.into_iter().map(|one| one.0).collect();
        status.sort_unstable();
        assert_eq!(status, [201, 409, 409, 409, 409, 409]);
    }
    other.end().await;
}
