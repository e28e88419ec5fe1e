//! Who answers for the place where a resident lives.

use serde_json::{Value, json};

use crate::api::v1::cases::views::report;
use crate::kit::App;

const PATH: &str = "/api/v1/my/grid";

async fn seen(app: &App, who: &str) -> Value {
    let (status, seen) = app.as_person(who).await.get(PATH).await;
    assert_eq!(status, 200, "{seen}");
    seen
}

async fn asked(app: &App, who: &str, address: &str) -> (u16, Value) {
    app.as_person(who).await.post(PATH, json!({ "address": address })).await
}

async fn look_up(app: &App, who: &str, address: &str) -> Value {
    let (status, found) = asked(app, who, address).await;
    assert_eq!(status, 200, "{found}");
    found
}

/// Each as `role name`, with a star when he is there now.
fn people(seen: &Value) -> Vec<String> {
    let of = |one: &Value| {
        let text = |key: &str| one[key].as_str().unwrap().to_owned();
        let star = if one["on_duty"] == true { "*" } else { "" };
        format!("{} {}{star}", text("role"), text("name"))
    };
    seen["people"].as_array().unwrap().iter().map(of).collect()
}

#[tokio::test]
async fn a_resident_learns_who_his_grid_worker_is_and_from_what_it_is_known() {
    let mut app = App::start().await;
    app.leave_jobs();
    let none = seen(&app, "resident-1").await;
    assert_eq!((&none["basis"], &none["people"]), (&json!("unknown"), &json!([])), "{none}");
    assert!(none["how_to_find"].as_str().unwrap().contains("住址"));

    let resident = app.as_person("resident-1").await;
    let case = report(&resident, json!({ "text": "阳光花园1号楼没水了" })).await;
    let last = seen(&app, "resident-1").await;
    assert_eq!(last["basis"], "last_case");
    assert!(last["why"].as_str().unwrap().contains(case["number"].as_str().unwrap()), "{last}");
    assert_eq!(
        people(&last),
        ["grid_worker_primary primary-1*", "grid_worker_backup backup-1*", "cadre cadre-1*"]
    );
    assert_eq!(last["people"][0]["says"], "现在当班");
    assert!(last["people"][0]["office_phone"].as_str().unwrap().starts_with("0530-"));
    let community = &last["community"];
    assert_eq!((&community["name"], &last["how_to_find"]), (&json!("双井社区"), &Value::Null));
    assert!(community["office_phone"].as_str().unwrap().starts_with("0530-"), "{community}");

    let path = format!("/api/v1/cases/{}/acknowledgement", case["id"]);
    let body = json!({ "expected_version": case["version"] });
    assert_eq!(app.as_person("primary-1").await.post(&path, body).await.0, 200);
    assert_eq!(seen(&app, "resident-1").await["basis"], "home");
    assert_eq!(seen(&app, "resident-2").await["basis"], "unknown", "another's home");
    assert_eq!(seen(&app, "primary-1").await["basis"], "unknown");
}

#[tokio::test]
async fn an_address_is_read_and_nothing_of_it_is_kept() {
    let app = App::start().await;
    let found = look_up(&app, "resident-2", "阳光花园3号楼").await;
    assert_eq!(
        (&found["basis"], &found["grid"]["small"]["id"]),
        (&json!("address"), &json!("G00102"))
    );
    assert_eq!(people(&found)[0], "grid_worker_primary primary-2*");
    assert_eq!(seen(&app, "resident-2").await["basis"], "unknown");
    let open = look_up(&app, "resident-2", "1号楼").await;
    assert_eq!((&open["basis"], &open["people"]), (&json!("unknown"), &json!([])), "{open}");
    assert!(!open["how_to_find"].is_null());
    let away = look_up(&app, "resident-2", "北京市朝阳区建国路1号").await;
    assert_eq!(away["basis"], "unknown", "{away}");
    assert_eq!(asked(&app, "resident-2", &"楼".repeat(201)).await.0, 422);
    for nothing in ["", "  "] {
        assert_eq!(asked(&app, "resident-2", nothing).await.0, 422, "{nothing:?}");
    }
    // An address in a URL would stand in the logs of every server on the way.
    let path = format!("{PATH}?address=1");
    assert_eq!(app.as_person("resident-2").await.get(&path).await.1["basis"], "unknown");
}

#[tokio::test]
async fn who_is_away_is_named_with_his_return_and_his_substitute_before_him() {
    let mut app = App::start().await;
    app.leave_jobs();
    let worker = app.as_person("primary-1").await;
    let body = json!({ "from": "2026-11-24T09:00:00+08:00", "to": "2026-11-25T09:00:00+08:00",
        "substitute": app.person("primary-2").staff });
    assert_eq!(worker.post("/api/v1/leaves", body).await.0, 201);
    let found = look_up(&app, "resident-2", "阳光花园1号楼").await;
    assert_eq!(
        people(&found)[..2],
        ["grid_worker_primary primary-2*", "grid_worker_primary primary-1"]
    );
    let (now, later) = (&found["people"][0], &found["people"][1]);
    assert_eq!(now["instead_of"], "primary-1");
    assert_eq!(now["says"], "现在当班，至 2026-11-25 09:00（替primary-1）");
    assert_eq!(later["says"], "现在不当班，2026-11-25 09:00 起当班");
    assert_eq!(later["from"], "2026-11-25T01:00:00.000000Z");
    let keys: Vec<&String> = now.as_object().unwrap().keys().collect();
    let all = "from instead_of name office_phone on_duty role role_zh says until";
    assert_eq!(keys, all.split(' ').collect::<Vec<_>>(), "nothing else of a person");
}
