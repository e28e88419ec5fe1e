//! What everybody sees of a case: the resident, who handles it, and who only counts.

use serde_json::{Value, json};

use crate::kit::App;
use crate::kit::builders::ADDRESS;
use crate::kit::client::Client;
use crate::kit::clock::minutes;
use crate::kit::snap::matches_snapshot;

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
