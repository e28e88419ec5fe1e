//! Where to go: a point on the map for those who handle a case, and for nobody else.

use entity::kinds::{CaseId, Datum};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use zhinan::domain::gazetteer::Point;
use zhinan::domain::geo::{distance_m, to_gcj02};

use super::effects::act;
use crate::kit::App;

const HANDLES: [&str; 6] = ["primary-1", "backup-1", "cadre-1", "secretary-1", "desk-1", "command"];
/// Of the kit's street.
const B1: Point = Point { lon: 115.405, lat: 35.205 };
/// The middle of buildings 3 and 4.
const EAST: Point = Point { lon: 115.4155, lat: 35.205 };

async fn report(app: &App, body: Value) -> CaseId {
    let (status, made) = app.as_person("resident-1").await.post("/api/v1/cases", body).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(made.get("position"), None, "the answer to a report is no view of those who handle");
    CaseId(made["id"].as_i64().unwrap())
}

fn phone(at: Point, accuracy_m: f64, datum: &str) -> Value {
    json!({ "lon": at.lon, "lat": at.lat, "accuracy_m": accuracy_m, "datum": datum })
}

async fn show(app: &App, who: &str, case: CaseId) -> Value {
    let (status, seen) = app.as_person(who).await.get(&format!("/api/v1/cases/{case}")).await;
    assert_eq!(status, 200, "{who}: {seen}");
    seen
}

/// Checks a point and what it is the point of.
#[track_caller]
fn stands(position: &Value, at: Point, source: &str) {
    let seen = Point {
        lon: position["lon"].as_f64().unwrap_or_default(),
        lat: position["lat"].as_f64().unwrap_or_default(),
    };
    assert!(distance_m(seen, at) < 1.0, "{position} instead of {at:?}");
    assert_eq!((&position["source"], &position["datum"]), (&json!(source), &json!("gcj02")));
}

#[tokio::test]
async fn whoever_handles_a_case_sees_where_the_phone_was_and_nobody_else_does() {
    let mut app = App::start().await;
    app.leave_jobs();
    let at = Point { lon: 115.4001, lat: 35.2052 };
    let address = "阳光花园1号楼2单元101";
    let location = phone(at, 20.0, "wgs84");
    let body = json!({ "text": "家里没水了", "address": address, "location": location });
    let case = report(&app, body).await;
    for who in HANDLES {
        let seen = show(&app, who, case).await;
        stands(&seen["position"], to_gcj02(at, Datum::Wgs84), "reported");
        assert_eq!(seen["position"]["accuracy_m"], 20.0, "{who}");
        assert_eq!(seen["candidates"], json!([]), "{who}: it is placed");
        let (_, page) = app.as_person(who).await.get("/api/v1/cases").await;
        assert_eq!(page["cases"][0].get("position"), None, "{who}: a list is masked");
    }
    let read = &app.services().db.read;
    let looks = entity::access_log::Entity::find().count(read).await.unwrap();
    assert_eq!(looks, 6, "who sees where somebody is leaves a row");
    for who in ["resident-1", "auditor", "verifier"] {
        let seen = show(&app, who, case).await;
        assert_eq!(seen["position"], Value::Null, "{who}");
    }
    for who in ["resident-2", "primary-2", "cadre-2"] {
        let (status, _) = app.as_person(who).await.get(&format!("/api/v1/cases/{case}")).await;
        assert_eq!(status, 404, "{who}");
    }
}

#[tokio::test]
async fn without_a_good_position_it_is_the_place_of_the_words() {
    let mut app = App::start().await;
    app.leave_jobs();
    let far = Point { lon: 115.45, lat: 35.25 };
    let neighbour = json!({ "name": "王小明", "phone": "13900005678", "relation": "邻居" });
    for (what, more) in [
        ("none", json!({})),
        ("vague", json!({ "location": phone(far, 3_000.0, "gcj02") })),
        ("another's", json!({ "location": phone(far, 20.0, "gcj02"), "on_behalf_of": neighbour })),
    ] {
        let mut body = json!({ "text": "家里没水了", "address": "阳光花园1号楼2单元101" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let case = report(&app, body).await;
        let seen = show(&app, "primary-1", case).await;
        println!("{what}");
        stands(&seen["position"], B1, "building");
    }
    let only = json!({ "text": "家里没水了", "location": phone(far, 3_000.0, "gcj02") });
    let case = report(&app, only).await;
    stands(&show(&app, "desk-1", case).await["position"], far, "reported");
}

#[tokio::test]
async fn the_desk_sees_on_a_map_what_may_be_meant_and_the_worker_what_was_chosen() {
    let mut app = App::start().await;
    app.leave_jobs();
    let ask = || report(&app, json!({ "text": "路灯坏了", "address": "阳光花园" }));
    let case = ask().await;
    let seen = show(&app, "desk-1", case).await;
    assert_eq!(seen["position"], Value::Null, "nobody knows yet");
    let of = |grid: &str| {
        let all = seen["candidates"].as_array().unwrap();
        all.iter().find(|one| one["grid"]["id"] == grid).unwrap_or(&Value::Null)["position"].clone()
    };
    stands(&of("G00102"), EAST, "compound");
    stands(&of("G00101"), Point { lon: 115.4055, lat: 35.205 }, "compound");
    assert_eq!(show(&app, "resident-1", case).await["candidates"], json!([]));

    let chosen = json!({ "grid": "G00102", "reason": "电话核实" });
    let (status, placed) = act(&app, "desk-1", case, "assignment", chosen).await;
    assert_eq!(status, 200, "{placed}");
    let seen = show(&app, "primary-2", case).await;
    stands(&seen["position"], EAST, "compound");
    assert_eq!(seen["candidates"], json!([]));

    let case = ask().await;
    let place = json!({ "kind": "building", "id": "B4" });
    let exact = json!({ "grid": "G00102", "reason": "电话核实", "place": place });
    assert_eq!(act(&app, "desk-1", case, "assignment", exact).await.0, 200);
    let seen = show(&app, "primary-2", case).await;
    stands(&seen["position"], Point { lon: 115.416, lat: 35.205 }, "building");
}

#[tokio::test]
async fn whoever_takes_a_case_over_still_sees_where_it_is() {
    let mut app = App::start().await;
    app.leave_jobs();
    let body = json!({ "text": "家里没水了", "address": "阳光花园1号楼2单元101" });
    let case = report(&app, body).await;
    let to = json!({ "grid": "G00102", "reason": "位置不对" });
    assert_eq!(act(&app, "primary-1", case, "acknowledgement", json!({})).await.0, 200);
    assert_eq!(act(&app, "primary-1", case, "transfer", to).await.0, 200);
    stands(&show(&app, "primary-2", case).await["position"], B1, "building");
}

#[tokio::test]
async fn what_a_resident_types_is_answered_with_points_for_a_map() {
    let app = App::start().await;
    let resident = app.as_person("resident-1").await;
    let (_, found) =
        resident.post("/api/v1/address/resolve", json!({ "text": "阳光花园停水" })).await;
    for candidate in found["candidates"].as_array().unwrap() {
        assert_eq!(candidate["position"]["source"], "compound", "{candidate}");
    }
    // Of a community's grids only the ground is known.
    let (_, found) =
        resident.post("/api/v1/address/resolve", json!({ "text": "双井社区停水" })).await;
    let first = &found["candidates"][0];
    assert_eq!(first["position"]["source"], "grid", "{found}");
}
