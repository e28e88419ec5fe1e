//! The question about the place and what becomes of its answers.

use serde_json::{Value, json};

use super::views::report;
use crate::kit::App;
use crate::kit::street::{COMMUNITIES, GRIDS};

async fn asked(app: &App, body: Value) -> Value {
    let resident = app.as_person("resident-1").await;
    let case = report(&resident, body).await;
    assert_eq!(case["triage"]["reason"], "ask", "{case}");
    case
}

async fn answer(app: &App, case: &Value, mut body: Value) -> (u16, Value) {
    body["expected_version"] = case["version"].clone();
    let address = format!("/api/v1/cases/{}/answer", case["id"]);
    app.as_person("resident-1").await.post(&address, body).await
}

fn open_place() -> Value {
    json!({ "text": "家里没水了", "address": "阳光花园" })
}

#[tokio::test]
async fn a_certain_community_holds_the_case_while_its_question_is_open() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = asked(&app, open_place()).await;
    assert_eq!(case["grid"]["large"]["id"], COMMUNITIES[0]);
    assert_eq!(case["triage"]["held_by"], "cadre");
    let labels = case["triage"]["question"]["answers"].as_array().unwrap();
    let labels: Vec<&str> = labels.iter().filter_map(|a| a["label"].as_str()).collect();
    assert_eq!(labels, ["1—2号楼", "3—4号楼"]);
}

#[tokio::test]
async fn a_tapped_answer_routes_the_case_and_says_so() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = asked(&app, open_place()).await;
    let (status, after) = answer(&app, &case, json!({ "grid": GRIDS[1] })).await;
    assert_eq!(status, 200, "{after}");
    assert_eq!(
        (after["state"].as_str(), &after["grid"]["small"]["id"]),
        (Some("assigned"), &json!(GRIDS[1]))
    );
    assert_eq!(after["place_reason"], "居民选择“阳光花园3—4号楼” → 双井第二网格");
}

#[tokio::test]
async fn words_that_read_like_a_button_are_that_button() {
    let mut app = App::start().await;
    app.leave_jobs();
    for words in [" 1—2号楼 ", "我说的是1—2号楼这边", "不是3—4号楼"] {
        let case = asked(&app, open_place()).await;
        let (_, after) = answer(&app, &case, json!({ "text": words })).await;
        assert_eq!(after["grid"]["small"]["id"], GRIDS[0], "{words}: {after}");
    }
}

#[tokio::test]
async fn words_route_together_with_what_was_said_before() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = asked(&app, open_place()).await;
    let (status, after) = answer(&app, &case, json!({ "text": "4号楼" })).await;
    assert_eq!(status, 200, "{after}");
    assert_eq!(after["grid"]["small"]["id"], GRIDS[1], "{after}");
}

#[tokio::test]
async fn an_answer_that_was_not_offered_is_refused_with_what_to_do() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = asked(&app, open_place()).await;
    let (status, refused) = answer(&app, &case, json!({ "grid": GRIDS[3] })).await;
    assert_eq!((status, &refused["errors"][0]["code"]), (422, &json!("not_offered")), "{refused}");
}

#[tokio::test]
async fn words_that_do_not_help_keep_the_case_and_its_question() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = asked(&app, open_place()).await;
    let (status, after) = answer(&app, &case, json!({ "text": "就在大门里面" })).await;
    assert_eq!(status, 200, "{after}");
    assert_eq!(
        (after["state"].as_str(), after["triage"]["reason"].as_str()),
        (Some("triage"), Some("ask"))
    );
    assert!(after["triage"]["question"]["text"].is_string());
}

#[tokio::test]
async fn an_answer_after_somebody_assigned_the_case_changes_nothing() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = asked(&app, open_place()).await;
    let address = format!("/api/v1/cases/{}/assignment", case["id"]);
    let body =
        json!({ "expected_version": case["version"], "grid": GRIDS[0], "reason": "电话核实" });
    let (status, assigned) = app.as_person("desk-1").await.post(&address, body).await;
    assert_eq!(status, 200, "{assigned}");
    let (status, refused) = answer(&app, &assigned, json!({ "grid": GRIDS[1] })).await;
    assert_eq!((status, refused["code"].as_str()), (409, Some("move_not_allowed")), "{refused}");
}

/// Reports with the answer that was tapped to the question of the same words.
async fn report_with(app: &App, mut body: Value, grid: &str) -> (u16, Value) {
    body["grid"] = json!(grid);
    app.as_person("resident-1").await.post("/api/v1/cases", body).await
}

#[tokio::test]
async fn an_answer_that_was_tapped_while_typing_comes_with_the_report() {
    let mut app = App::start().await;
    app.leave_jobs();
    let (status, case) = report_with(&app, open_place(), GRIDS[1]).await;
    assert_eq!(status, 201, "{case}");
    assert_eq!(
        (&case["state"], &case["grid"]["small"]["id"], &case["triage"]),
        (&json!("assigned"), &json!(GRIDS[1]), &Value::Null)
    );
    assert_eq!(case["place_reason"], "居民选择“阳光花园3—4号楼” → 双井第二网格");
    let path = format!("/api/v1/cases/{}", case["id"]);
    let (status, seen) = app.as_person("primary-2").await.get(&path).await;
    assert_eq!(status, 200, "the worker of the chosen grid was told: {seen}");
    let kinds: Vec<&str> =
        seen["timeline"].as_array().unwrap().iter().filter_map(|e| e["kind"].as_str()).collect();
    assert_eq!(kinds[..3], ["reported", "located", "assigned"]);
    assert_eq!(seen["timeline"][0]["detail"]["tapped"], GRIDS[1]);
    // What is certain anyway may be named too.
    let certain = json!({ "text": "家里没水了", "address": "阳光花园1号楼" });
    let (status, case) = report_with(&app, certain, GRIDS[0]).await;
    assert_eq!((status, &case["grid"]["small"]["id"]), (201, &json!(GRIDS[0])), "{case}");
}

#[tokio::test]
async fn an_answer_that_nobody_offered_is_refused_with_the_report() {
    let mut app = App::start().await;
    app.leave_jobs();
    let nowhere = json!({ "text": "家里没水了", "address": "老地方" });
    let certain = json!({ "text": "家里没水了", "address": "阳光花园1号楼" });
    for (body, grid) in [
        (open_place(), GRIDS[2]),
        (open_place(), COMMUNITIES[0]),
        (open_place(), "G99999"),
        (nowhere, GRIDS[0]),
        (certain, GRIDS[1]),
    ] {
        let (status, refused) = report_with(&app, body.clone(), grid).await;
        assert_eq!(status, 422, "{body} {grid}: {refused}");
        let error = &refused["errors"][0];
        assert_eq!((&error["pointer"], &error["code"]), (&json!("/grid"), &json!("not_offered")));
    }
    let (_, page) = app.as_person("resident-1").await.get("/api/v1/cases").await;
    assert_eq!(page["cases"], json!([]), "nothing was reported");
}

#[tokio::test]
async fn a_complaint_about_staff_goes_to_the_desk_whatever_was_tapped() {
    let mut app = App::start().await;
    app.leave_jobs();
    let mut body = open_place();
    body["category"] = json!("staff_conduct");
    let (status, case) = report_with(&app, body, GRIDS[1]).await;
    assert_eq!((status, &case["state"]), (201, &json!("triage")), "{case}");
}
