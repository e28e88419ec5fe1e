//! Codes at doors: made once, and what a scan is worth.

use entity::{building, building_code};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::kit::App;

const CODE: &str = "/api/v1/buildings/B3/wxacode";
const WXACODE: &str = "/wxa/getwxacodeunlimit";

fn refused(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["code"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn a_code_is_made_once_and_asked_of_wechat_once() {
    let app = App::start().await;
    let admin = app.as_person("system-admin").await;
    assert_eq!(refused(&admin.get(CODE).await), (404, "not_found"), "before it was made");
    let (status, made) = admin.post(CODE, Value::Null).await;
    assert_eq!(
        (status, &made["building"], &made["name"]),
        (201, &json!("B3"), &json!("阳光花园3号楼"))
    );
    let (status, again) = admin.post(CODE, Value::Null).await;
    assert_eq!((status, &again), (200, &made));
    assert_eq!(app.wechat.calls(WXACODE).await, 1);
    let image = admin.raw(made["image"].as_str().unwrap(), "*/*").await;
    assert_eq!(
        (image.status, &image.headers["content-type"]),
        (200, &"image/png".parse().unwrap())
    );
    assert_eq!(image::load_from_memory(&image.bytes).unwrap().width(), 1_280);
    let row = building_code::Entity::find().all(&app.services().db.read).await.unwrap();
    assert_eq!(row.len(), 1);
    assert_eq!(made["scene"], json!(row[0].scene));
    assert_eq!(row[0].created_by, app.person("system-admin").account);
}

#[tokio::test]
async fn two_who_make_a_code_at_once_get_the_same() {
    let app = App::start().await;
    let admin = app.as_person("system-admin").await;
    let tries = (0..4).map(|_| admin.post(CODE, Value::Null));
    let made = futures::future::join_all(tries).await;
    for (status, code) in &made {
        assert!(*status < 300, "{code}");
        assert_eq!(code["scene"], made[0].1["scene"]);
    }
}

#[tokio::test]
async fn only_a_system_administrator_makes_reads_or_prints_codes() {
    let app = App::start().await;
    for name in ["resident-1", "primary-1", "cadre-1", "desk-1", "command", "security-admin"] {
        let person = app.as_person(name).await;
        assert_eq!(refused(&person.post(CODE, Value::Null).await), (403, "forbidden"), "{name}");
        let read = person.get(CODE).await;
        assert_eq!(refused(&read), (403, "forbidden"), "{name}");
    }
    let anonymous = app.anonymous();
    assert_eq!(refused(&anonymous.post(CODE, Value::Null).await), (401, "unauthenticated"));
    assert_eq!(refused(&anonymous.get(CODE).await), (401, "unauthenticated"));
    assert_eq!(app.wechat.calls(WXACODE).await, 0);
}

#[tokio::test]
async fn what_is_not_there_has_no_code() {
    let app = App::start().await;
    let admin = app.as_person("system-admin").await;
    let gone = building::Entity::update_many()
        .col_expr(building::Column::ValidTo, sea_orm::sea_query::Expr::value(app.clock.now()))
        .filter(building::Column::ExternalId.eq("B5"));
    gone.exec(&app.connect().await).await.unwrap();
    for path in ["/api/v1/buildings/B5/wxacode", "/api/v1/buildings/C1/wxacode"] {
        assert_eq!(refused(&admin.post(path, Value::Null).await), (404, "not_found"), "{path}");
    }
    assert_eq!(app.wechat.calls(WXACODE).await, 0);
}

#[tokio::test]
async fn what_wechat_refuses_says_what_to_do_and_the_next_try_uses_the_same_scene() {
    let app = App::start().await;
    let admin = app.as_person("system-admin").await;
    app.declare_log("wxacode_refused");
    app.declare_log("wechat_unreachable");
    for (code, status, word, says) in [
        (41030, 409, "wxacode_refused", "codes.page"),
        (40097, 409, "wxacode_refused", "40097"),
        (45009, 503, "wechat_unreachable", ""),
        (-1, 503, "wechat_unreachable", ""),
    ] {
        let fault = json!({ "errcode": { "path": WXACODE, "code": code } });
        app.wechat.post("/_sandbox/faults", fault).await;
        let answer = admin.post(CODE, Value::Null).await;
        assert_eq!(refused(&answer), (status, word), "{code}: {}", answer.1);
        assert!(answer.1["detail"].as_str().unwrap_or_default().contains(says), "{}", answer.1);
    }
    let kept = building_code::Entity::find().all(&app.services().db.read).await.unwrap();
    assert_eq!((kept.len(), &kept[0].object), (1, &None));
    assert_eq!(refused(&admin.get(CODE).await), (404, "not_found"), "nothing was drawn");
    let (status, made) = admin.post(CODE, Value::Null).await;
    assert_eq!((status, &made["scene"]), (201, &json!(kept[0].scene)));
}

/// Reports without any place in the words.
async fn report(app: &App, code: Value) -> (u16, Value) {
    let body = json!({ "text": "楼道里的灯坏了", "building_code": code });
    app.as_person("resident-1").await.post("/api/v1/cases", body).await
}

/// What the record says of the report.
fn reported(case: &Value) -> Value {
    let timeline = case["timeline"].as_array().unwrap();
    timeline.iter().find(|event| event["kind"] == "reported").unwrap()["detail"].clone()
}

#[tokio::test]
async fn a_case_opened_through_a_code_is_routed_though_its_words_name_no_place() {
    let mut app = App::start().await;
    app.leave_jobs();
    let (_, made) = app.as_person("system-admin").await.post(CODE, Value::Null).await;
    let (status, case) = report(&app, made["scene"].clone()).await;
    assert_eq!((status, &case["state"]), (201, &json!("assigned")), "{case}");
    assert_eq!(case["grid"]["small"]["id"], "G00102");
    assert!(case["place_reason"].as_str().unwrap().contains("阳光花园3号楼"), "{case}");
    let path = format!("/api/v1/cases/{}", case["id"]);
    let (status, seen) = app.as_person("primary-2").await.get(&path).await;
    assert_eq!(status, 200, "the worker of the building's grid sees it");
    assert_eq!(reported(&seen)["building"], "B3");
}

#[tokio::test]
async fn a_code_that_nobody_printed_is_taken_for_none_and_a_malformed_one_is_refused() {
    let mut app = App::start().await;
    app.leave_jobs();
    for code in [Value::Null, json!("b=000000000000000000000000")] {
        let (status, case) = report(&app, code.clone()).await;
        assert_eq!((status, &case["state"]), (201, &json!("triage")), "{case}");
        let path = format!("/api/v1/cases/{}", case["id"]);
        let (_, seen) = app.as_person("desk-1").await.get(&path).await;
        // The record tells a foreign code from none.
        let noted = reported(&seen).get("building").cloned();
        assert_eq!(noted, (!code.is_null()).then_some(Value::Null), "{seen}");
    }
    for code in ["", "b%3D00", "阳光花园3号楼", "012345678901234567890123456789012"] {
        let answer = report(&app, json!(code)).await;
        assert_eq!(refused(&answer), (422, "invalid_fields"), "{code}");
        let error = &answer.1["errors"][0];
        assert_eq!(
            (&error["pointer"], &error["code"]),
            (&json!("/building_code"), &json!("scene"))
        );
    }
}
