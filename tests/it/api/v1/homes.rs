//! What a resident's confirmed requests say of where he lives.

use serde_json::{Value, json};

use crate::api::v1::cases::views::report;
use crate::kit::App;
use crate::kit::street::GRIDS;

const RESOLVE: &str = "/api/v1/address/resolve";
/// A number that 阳光花园 (G00101) and 牡丹小区 (G00201) both have.
const BARE: &str = "1号楼2单元501水管爆了";

async fn act(app: &App, name: &str, case: &Value, verb: &str, mut body: Value) -> Value {
    body["expected_version"] = case["version"].clone();
    let path = format!("/api/v1/cases/{}/{verb}", case["id"]);
    let (status, after) = app.as_person(name).await.post(&path, body).await;
    assert_eq!(status, 200, "{name} {verb}: {after}");
    after
}

/// A request of the resident that the worker of its grid took.
async fn confirmed(app: &App, text: &str, worker: &str) -> Value {
    let case = report(&app.as_person("resident-1").await, json!({ "text": text })).await;
    act(app, worker, &case, "acknowledgement", json!({})).await
}

async fn resolved(app: &App, name: &str, mut body: Value) -> Value {
    body["text"] = json!(BARE);
    let (status, found) = app.as_person(name).await.post(RESOLVE, body).await;
    assert_eq!(status, 200, "{found}");
    found
}

async fn leads(app: &App, name: &str) -> String {
    let found = resolved(app, name, json!({})).await;
    found["grid"]["small"]["id"].as_str().or(found["action"].as_str()).unwrap().to_owned()
}

#[tokio::test]
async fn a_bare_number_of_a_resident_with_a_confirmed_home_needs_no_question() {
    let mut app = App::start().await;
    app.leave_jobs();
    assert_eq!(leads(&app, "resident-1").await, "ask", "before anything was confirmed");
    let resident = app.as_person("resident-1").await;
    let case = report(&resident, json!({ "text": "阳光花园1号楼没水了" })).await;
    assert_eq!(leads(&app, "resident-1").await, "ask", "nobody has acknowledged it yet");
    act(&app, "primary-1", &case, "acknowledgement", json!({})).await;
    let found = resolved(&app, "resident-1", json!({})).await;
    assert_eq!(found["grid"]["small"]["id"], GRIDS[0], "{found}");
    let reason = found["reason"].as_str().unwrap();
    assert!(reason.contains("上次确认的住址"), "{reason}");
    let case = report(&resident, json!({ "text": BARE })).await;
    assert_eq!(
        (&case["state"], &case["grid"]["small"]["id"]),
        (&json!("assigned"), &json!(GRIDS[0]))
    );
    let stranger = report(&app.as_person("resident-2").await, json!({ "text": BARE })).await;
    assert_eq!(stranger["triage"]["reason"], "ask", "{stranger}");
}

#[tokio::test]
async fn whoever_asks_for_somebody_else_or_at_work_has_no_home() {
    let mut app = App::start().await;
    app.leave_jobs();
    confirmed(&app, "阳光花园1号楼没水了", "primary-1").await;
    let other = resolved(&app, "resident-1", json!({ "on_behalf": true })).await;
    assert_eq!(other["action"], "ask", "{other}");
    let body = json!({ "text": BARE, "on_behalf_of":
        { "name": "李梅", "phone": "13800001234", "relation": "母亲" } });
    let case = report(&app.as_person("resident-1").await, body).await;
    assert_eq!(case["triage"]["reason"], "ask", "{case}");
    let own =
        report(&app.as_person("backup-1").await, json!({ "text": "阳光花园1号楼漏水" })).await;
    act(&app, "primary-1", &own, "acknowledgement", json!({})).await;
    assert_eq!(leads(&app, "backup-1").await, "ask");
}

#[tokio::test]
async fn a_street_place_or_a_request_for_another_is_no_home() {
    let mut app = App::start().await;
    app.leave_jobs();
    confirmed(&app, "康复路1号门前井盖没了", "primary-1").await;
    assert_eq!(leads(&app, "resident-1").await, "ask");
    let body = json!({ "text": "阳光花园1号楼没水了", "on_behalf_of":
        { "name": "李梅", "phone": "13800001234", "relation": "母亲" } });
    let case = report(&app.as_person("resident-1").await, body).await;
    act(&app, "primary-1", &case, "acknowledgement", json!({})).await;
    assert_eq!(leads(&app, "resident-1").await, "ask");
}

#[tokio::test]
async fn homes_that_disagree_or_were_handed_over_are_none() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = confirmed(&app, "阳光花园1号楼没水了", "primary-1").await;
    assert_eq!(leads(&app, "resident-1").await, GRIDS[0]);
    let body = json!({ "grid": GRIDS[1], "reason": "属于另一网格" });
    act(&app, "primary-1", &case, "transfer", body).await;
    assert_eq!(leads(&app, "resident-1").await, "ask", "the new grid has not said yes");
    confirmed(&app, "阳光花园2号楼没水了", "primary-1").await;
    assert_eq!(leads(&app, "resident-1").await, GRIDS[0]);
    confirmed(&app, "牡丹小区1号楼没水了", "primary-3").await;
    assert_eq!(leads(&app, "resident-1").await, "ask", "he reports from two grids");
}

#[tokio::test]
async fn a_repeated_report_finds_its_case_although_its_grid_would_not_be_offered_any_more() {
    let mut app = App::start().await;
    app.leave_jobs();
    confirmed(&app, "阳光花园1号楼没水了", "primary-1").await;
    let resident = app.as_person("resident-1").await;
    let body = json!({ "text": BARE, "grid": GRIDS[0] });
    let (status, case) = resident.post_with_key("/api/v1/cases", "first", body.clone()).await;
    assert_eq!((status, &case["grid"]["small"]["id"]), (201, &json!(GRIDS[0])), "{case}");
    confirmed(&app, "牡丹小区1号楼没水了", "primary-3").await;
    // The answer was lost, and the phone sends the same again.
    let (status, again) = resident.post_with_key("/api/v1/cases", "first", body.clone()).await;
    assert_eq!((status, &again["id"]), (201, &case["id"]), "{again}");
    let (status, refused) = resident.post_with_key("/api/v1/cases", "second", body).await;
    assert_eq!((status, &refused["errors"][0]["code"]), (422, &json!("not_offered")), "{refused}");
    let other = json!({ "text": BARE, "grid": GRIDS[2] });
    let (_, refused) = resident.post_with_key("/api/v1/cases", "first", other).await;
    assert_eq!(refused["code"], "idempotency_key_reused", "{refused}");
}

#[tokio::test]
async fn a_place_that_the_desk_named_counts_as_what_it_is() {
    let mut app = App::start().await;
    app.leave_jobs();
    for (place, grid, worker, leads_to) in [
        (json!({ "kind": "poi", "id": "P1" }), GRIDS[3], "primary-4", "ask"),
        (json!({ "kind": "building", "id": "B1" }), GRIDS[0], "primary-1", GRIDS[0]),
    ] {
        let resident = app.as_person("resident-1").await;
        let case = report(&resident, json!({ "text": "老机床厂院停水了" })).await;
        let body = json!({ "grid": grid, "reason": "电话核实", "place": place });
        let case = act(&app, "desk-1", &case, "assignment", body).await;
        act(&app, worker, &case, "acknowledgement", json!({})).await;
        assert_eq!(leads(&app, "resident-1").await, leads_to);
    }
}
