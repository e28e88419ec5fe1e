//! From what the desk corrects to a name that counts.

use std::time::Duration;

use entity::address_alias;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::api::v1::cases::views::report;
use crate::kit::App;
use crate::kit::clock::until;
use crate::kit::street::GRIDS;

const ALIASES: &str = "/api/v1/address/aliases";

/// A resident writes a name nobody knows; the desk finds the compound behind it.
async fn corrected(app: &App, who: &str, text: &str) -> Value {
    corrected_to(app, who, text, (GRIDS[1], "C1")).await
}

async fn corrected_to(app: &App, who: &str, text: &str, (grid, place): (&str, &str)) -> Value {
    let case = report(&app.as_person(who).await, json!({ "text": text })).await;
    assert_eq!(case["state"], "triage", "{case}");
    let body = json!({
        "expected_version": case["version"], "grid": grid, "reason": "电话核实",
        "place": { "kind": "compound", "id": place },
    });
    let address = format!("/api/v1/cases/{}/assignment", case["id"]);
    let (status, after) = app.as_person("desk-1").await.post(&address, body).await;
    assert_eq!(status, 200, "{after}");
    after
}

/// What the list shows after the engine did what was due.
async fn proposed(app: &App) -> Vec<Value> {
    app.run_due().await;
    app.ignore_messages().await;
    listed(app).await
}

/// What the list shows; reading it changes nothing.
async fn listed(app: &App) -> Vec<Value> {
    let (status, page) =
        app.as_person("desk-1").await.get(&format!("{ALIASES}?state=proposed")).await;
    assert_eq!(status, 200, "{page}");
    page["aliases"].as_array().unwrap().clone()
}

#[tokio::test]
async fn two_residents_teach_a_name_the_office_approves_it_and_the_third_is_routed() {
    let mut app = App::start().await;
    app.leave_jobs();
    let one = corrected(&app, "resident-1", "老机床厂院3号楼停水了").await;
    assert_eq!(proposed(&app).await, Vec::<Value>::new(), "one resident teaches nothing");
    let two = corrected(&app, "resident-2", "老机床厂院4号楼漏水").await;
    let names = proposed(&app).await;
    assert_eq!(names.len(), 1, "{names:?}");
    assert_eq!((&names[0]["word"], &names[0]["target"]), (&json!("老机床厂院"), &json!("C1")));
    assert_eq!(names[0]["cases"], json!([one["id"], two["id"]]));
    let approval = format!("{ALIASES}/{}/approval", names[0]["id"]);
    let (status, decided) = app.as_person("desk-1").await.post(&approval, json!({})).await;
    assert_eq!((status, decided["state"].as_str()), (200, Some("approved")), "{decided}");
    let until = decided["valid_until"].as_str().unwrap();
    assert_eq!((names[0]["valid_until"].as_str(), &until[..4]), (None, "2028"), "{decided}");
    let text = json!({ "text": "老机床厂院3号楼又停水了" });
    let third = report(&app.as_person("resident-1").await, text).await;
    assert_eq!(third["grid"]["small"]["id"], GRIDS[1], "{third}");
    assert_eq!(proposed(&app).await, Vec::<Value>::new(), "what was decided is not proposed again");
}

#[tokio::test]
async fn the_office_names_a_place_itself_and_the_next_report_is_routed() {
    let mut app = App::start().await;
    app.leave_jobs();
    let desk = app.as_person("desk-1").await;
    let unknown = json!({ "word": "老机床厂院", "kind": "compound", "target": "nowhere" });
    let (status, refused) = desk.post(ALIASES, unknown).await;
    assert_eq!(
        (status, refused["errors"][0]["pointer"].as_str()),
        (422, Some("/target")),
        "{refused}"
    );
    let (status, _) =
        desk.post(ALIASES, json!({ "word": " 院 ", "kind": "compound", "target": "C1" })).await;
    assert_eq!(status, 422, "one character is no name");
    for (word, why) in
        [("停水", "everyday"), ("12", "no_name"), ("<b>院", "no_name"), ("牡丹小区", "taken")]
    {
        let body = json!({ "word": word, "kind": "compound", "target": "C1" });
        let (status, refused) = desk.post(ALIASES, body).await;
        assert_eq!(
            (status, &refused["errors"][0]["code"]),
            (422, &json!(why)),
            "{word}: {refused}"
        );
    }
    let named = json!({ "word": "老机床厂院", "kind": "compound", "target": "C1" });
    for _twice in 0..2 {
        let (status, added) = desk.post(ALIASES, named.clone()).await;
        assert_eq!((status, added["state"].as_str()), (201, Some("approved")), "{added}");
    }
    assert_eq!(stored(&app).await, [("老机床厂院".to_owned(), 0, 0)]);
    let text = json!({ "text": "老机床厂院3号楼停水了" });
    let case = report(&app.as_person("resident-1").await, text).await;
    assert_eq!(case["grid"]["small"]["id"], GRIDS[1], "{case}");
    let (_, page) = desk.get(&format!("{ALIASES}?limit=1")).await;
    assert_eq!(
        (page["aliases"].as_array().map(Vec::len), &page["next"]),
        (Some(1), &page["aliases"][0]["id"])
    );
    // C1 lies in two grids, its 1号楼 in one.
    let house = json!({ "word": "大黄楼", "kind": "building", "target": "B1" });
    assert_eq!(desk.post(ALIASES, house).await.0, 201);
    let text = json!({ "text": "大黄楼二单元没水" });
    let case = report(&app.as_person("resident-1").await, text).await;
    assert_eq!(case["grid"]["small"]["id"], GRIDS[0], "{case}");
}

/// The rows themselves: nobody opens the list.
async fn stored(app: &App) -> Vec<(String, i32, i32)> {
    let rows = address_alias::Entity::find().all(&app.services().db.read).await.unwrap();
    rows.into_iter().map(|row| (row.word, row.confirmations, row.uses)).collect()
}

#[tokio::test]
async fn names_are_learned_without_anybody_opening_the_list_and_withdrawn_when_they_are_contradicted()
 {
    let mut app = App::start().await;
    app.leave_jobs();
    corrected(&app, "resident-1", "老机床厂院3号楼停水了").await;
    corrected(&app, "resident-2", "老机床厂院4号楼漏水").await;
    assert_eq!(listed(&app).await, Vec::<Value>::new(), "reading the list learns nothing");
    app.run_due().await;
    assert_eq!(stored(&app).await, [("老机床厂院".to_owned(), 2, 2)]);
    corrected_to(&app, "resident-1", "老机床厂院1号楼停电", (GRIDS[2], "C2")).await;
    app.run_due().await;
    assert_eq!(stored(&app).await, [], "two of three are less than four fifths");
    app.ignore_messages().await;
}

#[tokio::test]
async fn what_the_office_decided_is_not_withdrawn() {
    let mut app = App::start().await;
    app.leave_jobs();
    corrected(&app, "resident-1", "老机床厂院3号楼停水了").await;
    corrected(&app, "resident-2", "老机床厂院4号楼漏水").await;
    let id = proposed(&app).await[0]["id"].clone();
    let refusal = format!("{ALIASES}/{id}/rejection");
    assert_eq!(app.as_person("desk-1").await.post(&refusal, json!({})).await.0, 200);
    corrected_to(&app, "resident-1", "老机床厂院1号楼停电", (GRIDS[2], "C2")).await;
    assert_eq!(proposed(&app).await, Vec::<Value>::new());
    assert_eq!(stored(&app).await.len(), 1);
}

#[tokio::test]
async fn an_approved_name_ends_after_two_years_without_a_restart_and_can_be_approved_again() {
    let mut app = App::start().await;
    app.leave_jobs();
    corrected(&app, "resident-1", "老机床厂院3号楼停水了").await;
    corrected(&app, "resident-2", "老机床厂院4号楼漏水").await;
    let id = proposed(&app).await[0]["id"].clone();
    let approval = format!("{ALIASES}/{id}/approval");
    assert_eq!(app.as_person("desk-1").await.post(&approval, json!({})).await.0, 200);
    let other = app.second_process().await;
    let grid = || {
        let query =
            zhinan::domain::address::Query { text: "老机床厂院3号楼", ..Default::default() };
        other.places.now().index.resolve(&query).grid
    };
    assert!(grid().is_some());
    app.advance(Duration::from_hours(2 * 365 * 24));
    until("the other process to drop the name", async || grid().is_none().then_some(())).await;
    assert_eq!(app.as_person("desk-1").await.post(&approval, json!({})).await.0, 200);
    until("the other process to see the name again", async || grid()).await;
    assert!(other.lifecycle.finish(Duration::from_secs(5)).await);
}

#[tokio::test]
async fn a_correction_that_names_no_place_speaks_neither_for_nor_against() {
    let mut app = App::start().await;
    app.leave_jobs();
    corrected(&app, "resident-1", "老机床厂院3号楼停水了").await;
    corrected(&app, "resident-2", "老机床厂院4号楼漏水").await;
    let text = json!({ "text": "老机床厂院5号楼停电" });
    let case = report(&app.as_person("resident-1").await, text).await;
    let body =
        json!({ "expected_version": case["version"], "grid": GRIDS[1], "reason": "电话核实" });
    let address = format!("/api/v1/cases/{}/assignment", case["id"]);
    assert_eq!(app.as_person("desk-1").await.post(&address, body).await.0, 200);
    assert_eq!(proposed(&app).await.len(), 1);
}

#[tokio::test]
async fn a_name_that_the_office_refused_stays_out_of_use() {
    let mut app = App::start().await;
    app.leave_jobs();
    corrected(&app, "resident-1", "老机床厂院3号楼停水了").await;
    corrected(&app, "resident-2", "老机床厂院4号楼漏水").await;
    let names = proposed(&app).await;
    let refusal = format!("{ALIASES}/{}/rejection", names[0]["id"]);
    assert_eq!(app.as_person("system-admin").await.post(&refusal, json!({})).await.0, 200);
    let text = json!({ "text": "老机床厂院3号楼又停水了" });
    let third = report(&app.as_person("resident-1").await, text).await;
    assert_eq!(third["state"], "triage", "{third}");
}

#[tokio::test]
async fn another_process_sees_an_approved_name_within_two_seconds() {
    let mut app = App::start().await;
    app.leave_jobs();
    corrected(&app, "resident-1", "老机床厂院3号楼停水了").await;
    corrected(&app, "resident-2", "老机床厂院4号楼漏水").await;
    let other = app.second_process().await;
    let id = proposed(&app).await[0]["id"].clone();
    let approval = format!("{ALIASES}/{id}/approval");
    assert_eq!(app.as_person("desk-1").await.post(&approval, json!({})).await.0, 200);
    let began = std::time::Instant::now();
    let query =
        zhinan::domain::address::Query { text: "老机床厂院3号楼", ..Default::default() };
    until("the other process to see the name", async || {
        other.places.now().index.resolve(&query).grid
    })
    .await;
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert!(other.lifecycle.finish(Duration::from_secs(5)).await);
}

#[tokio::test]
async fn workers_cadres_and_residents_may_not_decide_names() {
    let app = App::start().await;
    for name in ["primary-1", "cadre-1", "auditor", "resident-1"] {
        let (status, refused) = app.as_person(name).await.get(ALIASES).await;
        assert_eq!((status, refused["code"].as_str()), (403, Some("forbidden")), "{name}");
    }
    let desk = app.as_person("desk-1").await;
    let (status, unknown) = desk.post(&format!("{ALIASES}/99/approval"), json!({})).await;
    assert_eq!((status, unknown["code"].as_str()), (404, Some("not_found")));
    let (status, wrong) = desk.get(&format!("{ALIASES}?state=maybe")).await;
    assert_eq!((status, &wrong["errors"][0]["pointer"]), (422, &json!("/state")));
}

#[tokio::test]
async fn a_place_that_is_unknown_or_outside_the_chosen_grid_is_refused_with_its_field() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = report(&app.as_person("resident-1").await, json!({ "text": "老地方停水了" })).await;
    let address = format!("/api/v1/cases/{}/assignment", case["id"]);
    for (place, grid, why) in [("C9999", GRIDS[1], "unknown"), ("C1", GRIDS[2], "not_in_grid")] {
        let body = json!({
            "expected_version": case["version"], "grid": grid, "reason": "电话核实",
            "place": { "kind": "compound", "id": place },
        });
        let (status, refused) = app.as_person("desk-1").await.post(&address, body).await;
        let fault = &refused["errors"][0];
        assert_eq!(
            (status, &fault["pointer"], &fault["code"]),
            (422, &json!("/place/id"), &json!(why)),
            "{refused}"
        );
    }
}
