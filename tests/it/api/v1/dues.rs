//! What falls due soon and what is overdue, for a person, a grid and a community.

use entity::kinds::{CaseState, Category};
use serde_json::{Value, json};

use super::clocks::go_to;
use crate::kit::App;
use crate::kit::builders::{ADDRESS, case_in, report_as};
use crate::kit::client::Client;
use crate::kit::street::GRIDS;

async fn ids(client: &Client, query: &str) -> Vec<i64> {
    let (status, page) = client.get(&format!("/api/v1/dues?{query}")).await;
    assert_eq!(status, 200, "{query}: {page}");
    page["cases"].as_array().unwrap().iter().map(|case| case["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn what_falls_due_is_listed_first_due_first_within_the_scope_of_whoever_asks() {
    let mut app = App::start().await;
    app.leave_jobs();
    let taken = case_in(&app, CaseState::InProgress).await.id.0;
    go_to(&app, "2026-11-25 10:00");
    let waits = report_as(&app, "resident-2", ADDRESS, Category::Housing).await.id.0;
    let done = case_in(&app, CaseState::Resolved).await.id.0;
    let closed = case_in(&app, CaseState::Closed).await.id.0;
    go_to(&app, "2026-12-01 10:00");
    let command = app.as_person("command").await;
    assert_eq!(ids(&command, "which=overdue").await, Vec::<i64>::new());
    assert_eq!(ids(&command, "which=soon").await, [taken], "due today; the other one tomorrow");
    assert_eq!(ids(&command, "which=soon&within_minutes=2880").await, [taken, waits]);
    go_to(&app, "2026-12-02 18:00");
    let command = app.as_person("command").await;
    assert_eq!(ids(&command, "which=overdue").await, [taken, waits], "without {done} and {closed}");
    let of = |who: &'static str| app.as_person(who);
    let (own, other) = (of("primary-1").await, of("primary-2").await);
    assert_eq!(ids(&own, "which=overdue").await, [taken, waits]);
    assert_eq!(ids(&own, "which=overdue&person=me").await, [taken], "what he took");
    assert_eq!(ids(&other, "which=overdue").await, Vec::<i64>::new());
    assert_eq!(ids(&of("cadre-1").await, "which=overdue").await, [taken, waits]);
    let grid = |id: &str| format!("which=overdue&grid={id}");
    assert_eq!(ids(&command, &grid(GRIDS[0])).await, [taken, waits]);
    assert_eq!(ids(&command, &grid(GRIDS[1])).await, Vec::<i64>::new());
    let (_, shown) = command.get(&format!("/api/v1/cases/{taken}")).await;
    let large = shown["grid"]["large"]["id"].as_str().unwrap();
    assert_eq!(ids(&command, &grid(large)).await, [taken, waits]);
    let row = json!({ "id": taken, "overdue": true });
    let (_, page) = command.get("/api/v1/dues?which=overdue&limit=1").await;
    assert_eq!(
        (&page["cases"][0]["id"], &page["cases"][0]["overdue"]),
        (&row["id"], &row["overdue"])
    );
    let next = page["next"].as_str().expect("more");
    assert_eq!(ids(&command, &format!("which=overdue&limit=1&cursor={next}")).await, [waits]);
}

#[tokio::test]
async fn cases_due_at_one_instant_are_each_listed_once_across_pages() {
    let mut app = App::start().await;
    app.leave_jobs();
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(report_as(&app, "resident-1", ADDRESS, Category::Other).await.id.0);
    }
    go_to(&app, "2026-12-02 10:00");
    let client = app.as_person("command").await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    for _page in 0..4 {
        let query = format!("/api/v1/dues?which=overdue&limit=2{cursor}");
        let (_, page) = client.get(&query).await;
        seen.extend(
            page["cases"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()),
        );
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, made);
}

#[tokio::test]
async fn a_question_that_makes_no_sense_is_refused_and_nobody_learns_who_works_here() {
    let app = App::start().await;
    let command = app.as_person("command").await;
    for (query, pointer) in [
        ("which=late", "/which"),
        ("which=soon&within_minutes=0", "/within_minutes"),
        ("which=soon&within_minutes=86401", "/within_minutes"),
        ("which=overdue&grid=G99999", "/grid"),
        ("which=overdue&grid=G00101&person=me", "/person"),
    ] {
        let (status, refused) = command.get(&format!("/api/v1/dues?{query}")).await;
        assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!(pointer)), "{query}");
    }
    let (status, unknown) = command.get("/api/v1/dues?which=overdue&person=nobody").await;
    assert_eq!((status, &unknown["code"]), (404, &json!("not_found")), "{unknown}");
    let resident = app.as_person("resident-1").await;
    let mut answers: Vec<(u16, Value)> = Vec::new();
    for person in ["primary-1", "nobody", "me"] {
        answers.push(resident.get(&format!("/api/v1/dues?which=overdue&person={person}")).await);
    }
    let said = |answer: &(u16, Value)| (answer.0, answer.1["detail"].clone());
    assert!(answers.iter().all(|one| said(one) == said(&answers[0])), "{answers:?}");
    assert_eq!(answers[0].0, 404);
}
