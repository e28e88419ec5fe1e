//! The list of grids and the coverage proof over HTTP.

use entity::household;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::kit::App;
use crate::kit::clock::START;
use crate::kit::street::{COMMUNITIES, GRIDS};

const PATH: &str = "/api/v1/grids/coverage";

/// Adds a dwelling of a grid.
async fn dwelling(app: &App, id: &str, address: &str, grid: &str) {
    let home = household::ActiveModel {
        id: NotSet,
        external_id: Set(id.to_owned()),
        building_id: Set(None),
        village_group: Set(String::new()),
        unit: Set(String::new()),
        floor: Set(String::new()),
        room: Set(String::new()),
        address: Set(address.to_owned()),
        grid_id: Set(app.roster.grids[grid]),
        valid_from: Set(START),
        valid_to: Set(None),
    };
    household::Entity::insert(home).exec(&app.connect().await).await.unwrap();
}

#[tokio::test]
async fn auditors_and_system_administrators_see_which_addresses_stray_and_which_are_shared() {
    let app = App::start().await;
    let auditor = app.as_person("auditor").await;
    let (status, before) = auditor.get(PATH).await;
    assert_eq!(status, 200, "{before}");
    assert_eq!(before["checked"][1]["kind"], "building");
    assert!(before["checked"][1]["places"].as_u64().unwrap() > 0);

    dwelling(&app, "X1", "牡丹小区1号楼1单元9999", GRIDS[0]).await;
    dwelling(&app, "X2", "西北楼1单元101", GRIDS[0]).await;
    dwelling(&app, "X3", "西北楼1单元101", GRIDS[3]).await;
    let (_, after) = app.as_person("system-admin").await.get(PATH).await;
    let homes = |proof: &serde_json::Value| proof["checked"][0]["places"].as_u64().unwrap();
    assert_eq!(homes(&after), homes(&before) + 3);
    let shared = after["shared"].as_array().unwrap();
    let one = shared.iter().find(|one| one["address"] == "西北楼1单元101").unwrap();
    assert_eq!(one["grids"], serde_json::json!([GRIDS[0], GRIDS[3]]));
    let strays = after["strays"].as_array().unwrap();
    let one = strays.iter().find(|one| one["address"] == "牡丹小区1号楼1单元9999").unwrap();
    assert_eq!(one["kind"], "household");
    assert_eq!(one["expected"], serde_json::json!([GRIDS[0]]));
    assert_ne!(one["got"], one["expected"]);
}

#[tokio::test]
async fn a_dwelling_that_ended_is_not_checked() {
    let app = App::start().await;
    dwelling(&app, "X1", "牡丹小区1号楼1单元9999", GRIDS[0]).await;
    household::Entity::update_many()
        .col_expr(household::Column::ValidTo, sea_orm::sea_query::Expr::value(START.0 + 1))
        .filter(household::Column::ExternalId.eq("X1"))
        .exec(&app.connect().await)
        .await
        .unwrap();
    let (_, proof) = app.as_person("auditor").await.get(PATH).await;
    assert!(!proof["strays"].to_string().contains("9999"), "{proof}");
}

#[tokio::test]
async fn workers_cadres_and_the_desk_may_not_see_the_proof() {
    let app = App::start().await;
    for name in ["primary-1", "cadre-1", "desk-1", "command", "resident-1"] {
        let (status, refused) = app.as_person(name).await.get(PATH).await;
        assert_eq!((status, refused["code"].as_str()), (403, Some("forbidden")), "{name}");
    }
}

async fn listed(app: &App, who: &str, query: &str) -> Vec<String> {
    let (status, answer) = app.as_person(who).await.get(&format!("/api/v1/grids{query}")).await;
    assert_eq!(status, 200, "{who} {query}: {answer}");
    let grids = answer["grids"].as_array().unwrap().iter();
    grids.map(|grid| grid["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_cadre_lists_the_grids_of_his_community_and_of_any_other() {
    let app = App::start().await;
    assert_eq!(listed(&app, "cadre-1", "").await, GRIDS[..2]);
    assert_eq!(listed(&app, "primary-3", "").await, GRIDS[2..]);
    assert_eq!(listed(&app, "desk-1", "").await, GRIDS);
    assert_eq!(
        listed(&app, "cadre-1", &format!("?community={}", COMMUNITIES[1])).await,
        GRIDS[2..]
    );
    let cadre = app.as_person("cadre-1").await;
    let (_, answer) = cadre.get("/api/v1/grids").await;
    let first = &answer["grids"][0];
    let community = serde_json::json!({ "id": COMMUNITIES[0], "name": "双井社区" });
    assert_eq!((&first["name"], &first["community"]), (&"双井第一网格".into(), &community));
    assert_eq!(first["position"]["source"], "grid", "{first}");
    for unknown in [GRIDS[0], "999"] {
        let (status, refused) = cadre.get(&format!("/api/v1/grids?community={unknown}")).await;
        assert_eq!((status, &refused["errors"][0]["code"]), (422, &"unknown".into()), "{refused}");
    }
    let (status, _) = app.as_person("resident-1").await.get("/api/v1/grids").await;
    assert_eq!(status, 403);
}
