//! Where words lead, over HTTP.

use serde_json::{Value, json};

use crate::kit::App;
use crate::kit::street::{COMMUNITIES, GRIDS};

const RESOLVE: &str = "/api/v1/address/resolve";

#[tokio::test]
async fn a_resident_who_types_sees_the_grid_its_people_and_the_reason() {
    let app = App::start().await;
    let resident = app.as_person("resident-1").await;
    let (status, found) = resident.post(RESOLVE, json!({ "text": "阳光花圆3号楼没水了" })).await;
    assert_eq!(status, 200, "{found}");
    insta::assert_json_snapshot!("address_resolved", found);
    assert_eq!(found["grid"]["small"]["id"], GRIDS[1]);
}

#[tokio::test]
async fn an_open_place_is_asked_with_the_answers_that_separate() {
    let app = App::start().await;
    let resident = app.as_person("resident-1").await;
    let (_, found) = resident.post(RESOLVE, json!({ "text": "阳光花园没水了" })).await;
    assert_eq!(found["action"], "ask", "{found}");
    assert_eq!(found["grid"]["large"]["id"], COMMUNITIES[0]);
    assert_eq!(found["candidates"].as_array().unwrap().len(), 2);
    assert!(found["question"]["text"].as_str().unwrap().contains("1—2号楼还是3—4号楼"));
    let (_, found) = resident.post(RESOLVE, json!({ "text": "社保卡丢了怎么补办" })).await;
    assert_eq!(found["action"], "no_address", "{found}");
}

#[tokio::test]
async fn an_office_that_fears_wrong_grids_more_is_asked_where_another_is_sent() {
    let text = json!({ "text": "阳光花圆3号楼没水了" });
    let app = App::start().await;
    let (_, found) = app.as_person("resident-1").await.post(RESOLVE, text.clone()).await;
    assert_eq!(found["action"], "route", "{found}");
    let app = App::start_with(|config| config.address.cost_wrong = 200.0).await;
    let (_, found) = app.as_person("resident-1").await.post(RESOLVE, text.clone()).await;
    assert_eq!(found["action"], "ask", "{found}");
    let s = app.services();
    s.places.reload(&s.db, s.clock.now()).await.unwrap();
    let (_, found) = app.as_person("resident-1").await.post(RESOLVE, text).await;
    assert_eq!(found["action"], "ask", "a reload forgets the costs: {found}");
}

#[tokio::test]
async fn those_are_named_whom_a_report_of_the_words_would_tell() {
    let mut app = App::start_with(|config| {
        config.notices.quiet_from = "09:00".into();
        config.notices.quiet_to = "12:00".into();
    })
    .await;
    app.leave_jobs();
    let away = json!({ "from": "2026-11-24T11:00:00+08:00", "to": "2026-11-25T11:00:00+08:00",
        "substitute": app.person("primary-3").staff });
    assert_eq!(app.as_person("primary-2").await.post("/api/v1/leaves", away).await.0, 201);
    let resident = app.as_person("resident-1").await;
    let worker = |seen: &Value| {
        let mut named = seen["responsible"].as_array().unwrap().iter();
        named.find(|one| one["role"] == "grid_worker_primary").unwrap()["name"].clone()
    };
    for (text, who) in [("路灯坏了", "primary-3"), ("家里着火了", "primary-2")] {
        let words = json!({ "text": text, "address": "阳光花园3号楼2单元101" });
        let (status, found) = resident.post(RESOLVE, words.clone()).await;
        assert_eq!((status, worker(&found)), (200, json!(who)), "{found}");
        let (status, case) = resident.post("/api/v1/cases", words).await;
        assert_eq!((status, worker(&case)), (201, json!(who)), "{case}");
    }
}

#[tokio::test]
async fn a_resident_is_limited_while_typing_and_staff_are_not() {
    let app = App::start_with(|config| config.limits.resolve_per_account = 2).await;
    let resident = app.as_person("resident-1").await;
    let worker = app.as_person("primary-1").await;
    let body = json!({ "text": "曹州路3号" });
    for _ in 0..2 {
        assert_eq!(resident.post(RESOLVE, body.clone()).await.0, 200);
    }
    let (status, refused) = resident.post(RESOLVE, body.clone()).await;
    assert_eq!((status, refused["code"].as_str()), (429, Some("too_many_requests")));
    for _ in 0..4 {
        assert_eq!(worker.post(RESOLVE, body.clone()).await.0, 200);
    }
}

#[tokio::test]
async fn every_bad_field_is_named_at_once() {
    let app = App::start().await;
    let resident = app.as_person("resident-1").await;
    let at = json!({ "lon": 200.0, "lat": 35.2, "accuracy_m": 20.0, "datum": "gcj02" });
    let body = json!({ "text": "", "address": "长".repeat(201), "location": at });
    let (status, refused) = resident.post(RESOLVE, body).await;
    assert_eq!(status, 422, "{refused}");
    let mut pointers: Vec<&str> = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|e| e["pointer"].as_str())
        .collect();
    pointers.sort_unstable();
    assert_eq!(pointers, ["/address", "/location/lon", "/text"]);
}
