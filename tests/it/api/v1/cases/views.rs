//! What everybody sees of a case: the resident, who handles it, and who only counts.

use serde_json::{Value, json};

use crate::kit::App;
use crate::kit::builders::ADDRESS;
use crate::kit::client::Client;
use crate::kit::clock::minutes;
use crate::kit::snap::matches_snapshot;
use crate::kit::street::GRIDS;

pub async fn report(resident: &Client, body: Value) -> Value {
    let (status, case) = resident.post("/api/v1/cases", body).await;
    assert_eq!(status, 201, "{case}");
    case
}

async fn post(client: &Client, verb: &str, mut body: Value) {
    let (_, case) = client.get("/api/v1/cases/1").await;
    body["expected_version"] = case["version"].clone();
    let (status, answer) = client.post(&format!("/api/v1/cases/1/{verb}"), body).await;
    assert_eq!(status, 200, "{verb}: {answer}");
}

/// From the report to the resident's thanks, a few minutes at a time.
async fn from_report_to_rating(app: &App) -> Value {
    let (resident, worker) = (app.as_person("resident-1").await, app.as_person("primary-1").await);
    let body = json!({ "text": "我是住阳光花园1号楼2单元101的，家里没水了，电话13800001234",
        "address": ADDRESS, "category": "utilities", "urgency": { "danger": false, "stuck": true },
        "contact_phone": "13800001234" });
    let reported = report(&resident, body).await;
    app.run_due().await;
    app.advance(minutes(2));
    post(&worker, "acknowledgement", json!({})).await;
    app.run_due().await;
    app.advance(minutes(5));
    let contact = json!({ "method": "phone", "outcome": "reached", "note": "十分钟内到" });
    post(&worker, "contacts", contact).await;
    app.advance(minutes(5));
    post(&worker, "updates", json!({ "text": "已联系物业，正在检修" })).await;
    post(&resident, "updates", json!({ "text": "楼上也没水" })).await;
    app.advance(minutes(5));
    post(&worker, "resolution", json!({ "result_type": "solved", "text": "已修好" })).await;
    app.run_due().await;
    app.advance(minutes(5));
    let thanks = json!({ "result": 5, "attitude": 4, "comment": "谢谢" });
    post(&resident, "confirmation", thanks).await;
    app.run_due().await;
    app.ignore_messages().await;
    reported
}

#[tokio::test]
async fn everybody_sees_the_case_as_his_office_allows() {
    let app = App::start().await;
    let reported = from_report_to_rating(&app).await;
    matches_snapshot!("case_just_reported", reported);
    for name in ["resident-1", "primary-1", "auditor"] {
        let (status, case) = app.as_person(name).await.get("/api/v1/cases/1").await;
        assert_eq!(status, 200, "{case}");
        let open = case.to_string().contains("13800001234");
        assert_eq!(open, name != "auditor", "{name}: who only counts sees no phone");
        matches_snapshot!(format!("case_seen_by_{name}"), case);
    }
    let (_, list) = app.as_person("cadre-1").await.get("/api/v1/cases?state=closed").await;
    matches_snapshot!("list_seen_by_a_cadre", list);
}

#[tokio::test]
async fn a_case_without_a_grid_shows_its_question_and_its_holder() {
    let mut app = App::start().await;
    app.leave_jobs();
    let resident = app.as_person("resident-1").await;
    let asked = report(&resident, json!({ "text": "家里没水了", "address": "阳光花园" })).await;
    let nowhere = report(&resident, json!({ "text": "家里没水了", "address": "老地方" })).await;
    matches_snapshot!("case_with_a_question", asked);
    matches_snapshot!("case_without_a_place", nowhere);
    let (_, waiting) = app.as_person("desk-1").await.get("/api/v1/triage").await;
    matches_snapshot!("triage_seen_by_the_desk", waiting);
}

#[tokio::test]
async fn whoever_writes_of_a_fire_is_told_whom_to_call_first() {
    let mut app = App::start().await;
    app.leave_jobs();
    let resident = app.as_person("resident-1").await;
    let burning = report(&resident, json!({ "text": "厨房着火了", "address": ADDRESS })).await;
    assert_eq!(burning["urgency"], "urgent");
    matches_snapshot!("case_of_a_fire", burning);
}

#[tokio::test]
async fn what_became_of_a_message_is_plain_to_the_resident_and_exact_for_staff() {
    let app = App::start().await;
    app.declare_log("a notice was not accepted");
    app.wechat.post("/_sandbox/faults", json!({ "blocks": ["oa-primary-1"] })).await;
    let resident = app.as_person("resident-1").await;
    report(&resident, json!({ "text": "家里没水了", "address": ADDRESS })).await;
    app.run_due().await;
    let refused = async |name: &str| {
        let (status, case) = app.as_person(name).await.get("/api/v1/cases/1").await;
        assert_eq!(status, 200, "{case}");
        let notices = case["notices"].as_array().unwrap().clone();
        notices.into_iter().find(|notice| notice["state"] == "dead").unwrap()
    };
    let (seen, known) = (refused("resident-1").await, refused("cadre-1").await);
    assert_eq!(seen["fate"], "未送达：对方没有关注或不接收");
    assert_eq!((&seen["reason"], &known["fate"]), (&Value::Null, &seen["fate"]));
    assert_eq!(known["reason"], "unreachable");
    app.ignore_messages().await;
}

#[tokio::test]
async fn a_worker_who_asks_for_help_elsewhere_is_a_resident_there() {
    let mut app = App::start().await;
    app.leave_jobs();
    let (asks, answers) = (app.as_person("primary-1").await, app.as_person("primary-2").await);
    let own = report(&asks, json!({ "text": "阳光花园3号楼没水了" })).await;
    let neighbour = json!({ "name": "王小明", "phone": "13900005678", "relation": "邻居" });
    let body = json!({ "text": "阳光花园3号楼2单元101漏水", "on_behalf_of": neighbour });
    let brought = report(&asks, body).await;
    let elsewhere = report(&app.as_person("resident-1").await, json!({ "text": ADDRESS })).await;

    let ids = |page: &Value| {
        let rows = page["cases"].as_array().unwrap().iter();
        rows.map(|row| row["id"].clone()).collect::<Vec<_>>()
    };
    let mine = asks.get("/api/v1/cases?reported_by_me=true").await.1;
    assert_eq!(ids(&mine), [brought["id"].clone(), own["id"].clone()]);
    let office = asks.get("/api/v1/cases?reported_by_me=false").await.1;
    assert_eq!(ids(&office), [elsewhere["id"].clone()]);
    assert_eq!(ids(&asks.get("/api/v1/cases").await.1).len(), 3);

    let path = format!("/api/v1/cases/{}", own["id"]);
    let (status, seen) = asks.get(&path).await;
    assert_eq!((status, &seen["reported_by_you"]), (200, &json!(true)), "{seen}");
    let kinds = |seen: &Value| {
        let all = seen["timeline"].as_array().unwrap().iter();
        all.map(|event| event["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(!kinds(&seen).contains(&"opened".to_owned()), "whoever asked opened nothing: {seen}");
    let theirs = answers.get(&path).await.1;
    assert_eq!(theirs["reported_by_you"], false);
    assert!(kinds(&theirs).contains(&"opened".to_owned()), "{theirs}");
    let version = json!({ "expected_version": theirs["version"] });
    assert_eq!(answers.post(&format!("{path}/acknowledgement"), version).await.0, 200);

    let told = asks.get("/api/v1/inbox").await.1;
    let of = |case: &Value| {
        let entries = told["entries"].as_array().unwrap().iter();
        let found: Vec<_> = entries.filter(|one| one["case_id"] == case["id"]).collect();
        found.iter().map(|one| one["as_resident"].clone()).collect::<Vec<_>>()
    };
    assert_eq!((of(&own), of(&elsewhere)), (vec![json!(true)], vec![json!(false)]), "{told}");

    // Written down for somebody whose grid is not his: he follows it, masked, and changes nothing.
    let path = format!("/api/v1/cases/{}", brought["id"]);
    let (status, seen) = asks.get(&path).await;
    assert_eq!((status, &seen["allowed"]), (200, &json!([])), "{seen}");
    assert!(!seen.to_string().contains("13900005678") && !seen.to_string().contains("2单元101"));
    let change = json!({ "expected_version": seen["version"], "text": "改" });
    assert_eq!(asks.post(&format!("{path}/updates"), change).await.0, 404);
    assert_eq!(app.as_person("resident-2").await.get(&path).await.0, 404);
}

#[tokio::test]
async fn an_opening_is_recorded_of_whoever_answers_for_the_case_once_its_message_arrived() {
    let mut app = App::start().await;
    app.leave_jobs();
    let resident = app.as_person("resident-1").await;
    let case = report(&resident, json!({ "text": "家里没水了", "address": "老地方" })).await;
    let path = format!("/api/v1/cases/{}", case["id"]);
    let opened = async |name: &str| {
        let (status, seen) = app.as_person(name).await.get(&path).await;
        assert_eq!(status, 200, "{seen}");
        let all = seen["timeline"].as_array().unwrap().iter();
        let openings = all.filter(|event| event["kind"] == "opened");
        openings.map(|event| event["role"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    assert_eq!(opened("desk-1").await, none, "who is to place it");
    let body =
        json!({ "expected_version": case["version"], "grid": GRIDS[0], "reason": "电话核实" });
    let assignment = format!("{path}/assignment");
    let (status, placed) = app.as_person("desk-1").await.post(&assignment, body).await;
    assert_eq!((status, &placed["state"]), (200, &json!("assigned")), "{placed}");
    for name in ["desk-1", "command"] {
        assert_eq!(opened(name).await, none, "{name} does not answer for it");
    }
    // Found in the list before the message arrived, and read again after it.
    let mut roles = vec!["grid_worker_primary"];
    for _again in 0..2 {
        assert_eq!(opened("primary-1").await, roles, "once");
    }
    app.advance(std::time::Duration::from_secs(1));
    app.run_due().await;
    app.advance(minutes(1));
    assert_eq!(opened("desk-1").await, roles);
    roles.push("cadre");
    for name in ["cadre-1", "primary-1"] {
        assert_eq!(opened(name).await, roles, "{name}: the first after it");
    }
    app.ignore_messages().await;
}
