//! Codes at doors: made once, printed by the compound, and what a scan is worth.

use entity::{building, building_code};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use zhinan::config::Config;

use crate::kit::App;
use crate::kit::font;

const CODE: &str = "/api/v1/buildings/B3/wxacode";
const SHEET: &str = "/api/v1/compounds/C1/code-sheet";
const WXACODE: &str = "/wxa/getwxacodeunlimit";
/// What the sheet of 阳光花园 writes.
const SIGNS: &str = "阳光花园0123456789号楼微信扫一扫，反映身边的问题";

fn refused(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["code"].as_str().unwrap_or_default())
}

/// Lets the sheet be written with a font of these characters.
fn configure(config: &mut Config, characters: &str) {
    let file = config.data.dir.join("test.ttf");
    std::fs::write(&file, font::with(characters)).unwrap();
    config.codes.font = file;
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
        for path in [CODE, SHEET] {
            assert_eq!(refused(&person.get(path).await), (403, "forbidden"), "{name} {path}");
        }
    }
    let anonymous = app.anonymous();
    assert_eq!(refused(&anonymous.post(CODE, Value::Null).await), (401, "unauthenticated"));
    assert_eq!(refused(&anonymous.get(SHEET).await), (401, "unauthenticated"));
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
    for path in ["/api/v1/compounds/C2/code-sheet", "/api/v1/compounds/B1/code-sheet"] {
        assert_eq!(refused(&admin.get(path).await), (404, "not_found"), "{path}");
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

#[tokio::test]
async fn a_compound_is_printed_on_a4_with_six_codes_on_a_page() {
    let app = App::start_with(|config| configure(config, SIGNS)).await;
    let admin = app.as_person("system-admin").await;
    admin.post(CODE, Value::Null).await;
    let small = admin.raw(SHEET, "application/pdf").await;
    assert_eq!(
        (small.status, &small.headers["content-type"]),
        (200, &"application/pdf".parse().unwrap())
    );
    assert_eq!(app.wechat.calls(WXACODE).await, 4, "only what was missing");
    let document = lopdf::Document::load_mem(&small.bytes).unwrap();
    assert_eq!(document.get_pages().len(), 1);
    let text = document.extract_text(&[1]).unwrap();
    for words in ["阳光花园", "1号楼", "2号楼", "3号楼", "4号楼", "微信扫一扫"] {
        assert!(text.contains(words), "{words} is not on the page: {text}");
    }
    assert_eq!(pictures(&document), 4);

    let known = building::Entity::find().filter(building::Column::ExternalId.eq("B1"));
    let known = known.one(&app.services().db.read).await.unwrap().unwrap();
    let more = [11, 10, 9].map(|no| {
        let no = no.to_string();
        let row = building::Model {
            external_id: format!("X{no}"),
            label: String::new(),
            no,
            ..known.clone()
        };
        building::ActiveModel { id: NotSet, ..row.into() }
    });
    building::Entity::insert_many(more).exec(&app.connect().await).await.unwrap();
    let large = admin.raw(SHEET, "application/pdf").await;
    let document = lopdf::Document::load_mem(&large.bytes).unwrap();
    assert_eq!(document.get_pages().len(), 2);
    assert!(document.extract_text(&[2]).unwrap().contains("11号楼"), "people count 9, 10, 11");
    assert_eq!(app.wechat.calls(WXACODE).await, 7);
}

#[tokio::test]
async fn a_code_that_wechat_drew_as_a_jpeg_is_printed_as_it_is() {
    let app =
        App::start_with(|config| configure(config, "牡丹小区1号楼微信扫一，反映身边的问题")).await;
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(64, 64, image::Rgb([7; 3]))
        .write_to(&mut jpeg, image::ImageFormat::Jpeg)
        .unwrap();
    let jpeg = jpeg.into_inner();
    app.services().storage.put("drawn-before", jpeg.clone()).await.unwrap();
    let row = building_code::ActiveModel {
        id: NotSet,
        scene: Set("b=1".to_owned()),
        building: Set("B5".to_owned()),
        object: Set(Some("drawn-before".to_owned())),
        media_type: Set(Some("image/jpeg".to_owned())),
        created_by: Set(app.person("system-admin").account),
        created_at: Set(app.clock.now()),
    };
    building_code::Entity::insert(row).exec(&app.connect().await).await.unwrap();
    let sheet =
        app.as_person("system-admin").await.raw("/api/v1/compounds/C2/code-sheet", "*/*").await;
    assert_eq!(sheet.status, 200);
    assert!(
        sheet.bytes.windows(jpeg.len()).any(|part| part == jpeg),
        "pixels drawn anew lose their edges"
    );
    assert_eq!(app.wechat.calls(WXACODE).await, 0);
}

/// Counts the pictures of a document.
fn pictures(document: &lopdf::Document) -> usize {
    let is_picture = |object: &lopdf::Object| {
        let subtype = object.as_stream().and_then(|stream| stream.dict.get(b"Subtype"));
        subtype.and_then(lopdf::Object::as_name).is_ok_and(|name| name == b"Image")
    };
    document.objects.values().filter(|object| is_picture(object)).count()
}

/// Prints with a font that does not do, and reads why not.
async fn unprinted(tune: fn(&mut Config)) -> String {
    let app = App::start_with(tune).await;
    app.declare_log("font_missing");
    let answer = app.as_person("system-admin").await.get(SHEET).await;
    assert_eq!(refused(&answer), (409, "font_missing"));
    assert_eq!(app.wechat.calls(WXACODE).await, 0);
    answer.1["detail"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn without_a_font_the_answer_names_the_cure_and_wechat_is_not_asked() {
    let gone = unprinted(|config| config.codes.font = "/nowhere/font.ttf".into()).await;
    assert!(gone.contains("/nowhere/font.ttf") && gone.contains("codes.font"), "{gone}");
    let lacking = unprinted(|config| {
        configure(config, "阳光花1234号楼微信扫一，反映身边的问题");
    });
    let lacking = lacking.await;
    assert!(lacking.contains("没有这些字：园") && lacking.contains("codes.font"), "{lacking}");
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

const RESOLVE: &str = "/api/v1/address/resolve";

#[tokio::test]
async fn a_scanned_code_tells_its_building_and_grid_before_a_word_is_written() {
    let app = App::start().await;
    let (_, made) = app.as_person("system-admin").await.post(CODE, Value::Null).await;
    let resident = app.as_person("resident-1").await;
    let code = &made["scene"];
    let (status, found) = resident.post(RESOLVE, json!({ "building_code": code })).await;
    assert_eq!(status, 200, "{found}");
    assert_eq!(found["building"], json!({ "id": "B3", "name": "阳光花园3号楼" }));
    assert_eq!(
        (&found["action"], &found["grid"]["small"]["id"]),
        (&json!("route"), &json!("G00102"))
    );
    let at = &found["candidates"][0]["position"];
    assert_eq!((&at["source"], &at["lon"]), (&json!("building"), &json!(115.415)), "{found}");
    // The code is surer than what somebody writes.
    let both = json!({ "building_code": code, "text": "曹州公园的灯坏了" });
    let (_, found) = resident.post(RESOLVE, both).await;
    assert_eq!(found["grid"]["small"]["id"], "G00102", "{found}");
    let (_, words) = resident.post(RESOLVE, json!({ "text": "曹州公园的灯坏了" })).await;
    assert_eq!(words["building"], Value::Null);
}

#[tokio::test]
async fn a_code_that_leads_nowhere_says_why() {
    let app = App::start().await;
    let (_, made) = app.as_person("system-admin").await.post(CODE, Value::Null).await;
    let gone = building::Entity::update_many()
        .col_expr(building::Column::ValidTo, sea_orm::sea_query::Expr::value(app.clock.now()))
        .filter(building::Column::ExternalId.eq("B3"));
    gone.exec(&app.connect().await).await.unwrap();
    let resident = app.as_person("resident-1").await;
    for (code, word, says) in [
        (made["scene"].clone(), "withdrawn", "已撤销"),
        (json!("b=000000000000000000000000"), "unknown", "没有这个楼栋码"),
        (json!("阳光花园"), "scene", "楼栋码内容有误"),
    ] {
        let answer = resident.post(RESOLVE, json!({ "building_code": code })).await;
        assert_eq!(refused(&answer), (422, "invalid_fields"), "{}", answer.1);
        let error = &answer.1["errors"][0];
        assert_eq!((&error["pointer"], &error["code"]), (&json!("/building_code"), &json!(word)));
        assert!(error["message"].as_str().unwrap().contains(says), "{error}");
    }
    let answer = resident.post(RESOLVE, json!({})).await;
    assert_eq!(answer.1["errors"][0]["pointer"], "/text", "{}", answer.1);
}
