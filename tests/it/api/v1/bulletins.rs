//! Notices of the street: who writes, who approves, who reads.

use entity::kinds::PhotoId;
use serde_json::{Value, json};
use zhinan::store::erase;

use crate::api::v1::cases::views::report;
use crate::kit::App;
use crate::kit::clock::hours;

const PATH: &str = "/api/v1/bulletins";

fn notice(title: &str, grids: &[&str]) -> Value {
    json!({ "title": title, "text": "明天停水", "until": "2026-11-30T00:00:00+08:00", "grids": grids })
}

async fn write(app: &App, who: &str, body: Value) -> Value {
    let (status, stored) = app.as_person(who).await.post(PATH, body).await;
    assert_eq!(status, 201, "{stored}");
    stored
}

async fn act(app: &App, who: &str, one: &Value, word: &str) -> (u16, Value) {
    let path = format!("{PATH}/{}/{word}", one["id"]);
    app.as_person(who).await.post(&path, json!({})).await
}

async fn page(app: &App, who: &str, query: &str) -> Value {
    let (status, page) = app.as_person(who).await.get(&format!("{PATH}{query}")).await;
    assert_eq!(status, 200, "{page}");
    page
}

fn titles(page: &Value) -> Vec<&str> {
    page["bulletins"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect()
}

/// `resident-1` lives in the first grid.
async fn start() -> App {
    let mut app = App::start().await;
    app.leave_jobs();
    report(&app.as_person("resident-1").await, json!({ "text": "阳光花园1号楼没水了" })).await;
    app
}

#[tokio::test]
async fn residents_read_what_is_for_their_grid_and_whoever_wrote_it_sees_how_many_did() {
    let app = start().await;
    let first = write(&app, "cadre-1", notice("一网格停水", &["G00101"])).await;
    assert_eq!(first["state"], "published");
    app.advance(hours(1));
    write(&app, "cadre-1", notice("二网格停水", &["G00102"])).await;
    let second = write(&app, "secretary-1", notice("双井停水", &["371702003001"])).await;
    write(&app, "cadre-2", notice("中山停水", &["371702003002"])).await;

    let seen = page(&app, "resident-1", "").await;
    assert_eq!((titles(&seen), &seen["unread"]), (vec!["双井停水", "一网格停水"], &json!(2)));
    let one = &seen["bulletins"][0];
    assert_eq!((&one["issuer"], &one["author"]), (&json!("双井社区"), &Value::Null), "{one}");
    assert_eq!((&one["reach"], &one["allowed"]), (&Value::Null, &json!([])));
    assert_eq!(titles(&page(&app, "resident-2", "").await), Vec::<&str>::new());
    let asked = page(&app, "resident-2", "?grid=G00102").await;
    assert_eq!(titles(&asked), ["双井停水", "二网格停水"], "what hangs there is public");

    for _ in 0..2 {
        let (status, read) = act(&app, "resident-1", &first, "reading").await;
        assert_eq!((status, read["read_at"].is_string()), (200, true), "{read}");
    }
    let seen = page(&app, "resident-1", "").await;
    assert_eq!((&seen["unread"], &seen["bulletins"][0]["read_at"]), (&json!(1), &Value::Null));
    assert_eq!(act(&app, "resident-2", &first, "reading").await.0, 404, "not shown to him");
    let path = format!("{PATH}/{}/reading?grid=G00101", first["id"]);
    assert_eq!(app.as_person("resident-2").await.post(&path, json!({})).await.0, 200);
    act(&app, "primary-1", &first, "reading").await;
    let (status, theirs) = app.as_person("cadre-1").await.get(&format!("{PATH}?all=true")).await;
    assert_eq!(status, 200, "{theirs}");
    assert_eq!(titles(&theirs), ["双井停水", "二网格停水", "一网格停水"]);
    let mine = &theirs["bulletins"][2];
    assert_eq!(mine["reach"], json!({ "residents": 2, "staff": 1 }));
    assert_eq!(mine["author"], "cadre-1");
    let worker = page(&app, "primary-1", "").await;
    assert_eq!(titles(&worker), ["双井停水", "一网格停水"]);
    let of = &worker["bulletins"][0];
    assert_eq!((&of["author"], &of["reach"]), (&json!("secretary-1"), &Value::Null));

    let next = page(&app, "resident-1", "?limit=1").await;
    let cursor = format!("?limit=1&cursor={}", next["next"].as_str().unwrap());
    let last = page(&app, "resident-1", &cursor).await;
    assert_eq!((titles(&last), &last["next"]), (vec!["一网格停水"], &Value::Null));
    assert_eq!(act(&app, "cadre-2", &second, "withdrawal").await.0, 404, "another community's");
    let (status, gone) = act(&app, "cadre-1", &second, "withdrawal").await;
    assert_eq!((status, &gone["state"]), (200, &json!("withdrawn")), "{gone}");
    assert_eq!(act(&app, "cadre-1", &second, "withdrawal").await.0, 409);
    assert_eq!(titles(&page(&app, "resident-1", "").await), ["一网格停水"]);
}

#[tokio::test]
async fn what_is_for_the_whole_street_needs_a_second_person() {
    let app = start().await;
    let draft = write(&app, "command", notice("全街道停水", &[])).await;
    assert_eq!((&draft["state"], &draft["whole_street"]), (&json!("draft"), &json!(true)));
    assert_eq!(titles(&page(&app, "resident-1", "").await), Vec::<&str>::new());
    let (status, own) = act(&app, "command", &draft, "approval").await;
    assert_eq!((status, own["code"].as_str()), (409, Some("move_not_allowed")), "{own}");
    assert_eq!(act(&app, "cadre-1", &draft, "approval").await.0, 404, "cadres decide on theirs");
    assert_eq!(act(&app, "resident-1", &draft, "approval").await.0, 403);
    let seen = page(&app, "secretary-2", "?all=true").await;
    assert_eq!(seen["bulletins"][0]["allowed"], json!(["approval"]));
    let (status, approved) = act(&app, "secretary-2", &draft, "approval").await;
    assert_eq!((status, &approved["approver"]), (200, &json!("secretary-2")), "{approved}");
    assert_eq!(act(&app, "secretary-1", &draft, "approval").await.0, 409, "it is published");
    for who in ["resident-1", "resident-2", "primary-4", "auditor"] {
        assert_eq!(titles(&page(&app, who, "").await), ["全街道停水"], "{who}");
    }
    assert_eq!(page(&app, "resident-2", "").await["bulletins"][0]["issuer"], "街道");
}

async fn picture(app: &App, who: &str, shade: u8) -> Value {
    let mut png = Vec::new();
    let picture = image::RgbImage::from_pixel(8, 8, image::Rgb([shade; 3]));
    let picture = image::DynamicImage::ImageRgb8(picture);
    picture.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    app.as_person(who).await.bytes("POST", "/api/v1/photos", "image/png", png).await.json()
}

/// It belongs to no case; what belongs to none and to no notice goes after a week.
#[tokio::test]
async fn the_picture_of_a_notice_outlives_the_week_and_whoever_put_it_up() {
    let mut app = start().await;
    app.leave_jobs();
    app.declare_log("sweep: this should be zero");
    let (shown, unused) = (picture(&app, "cadre-1", 9).await, picture(&app, "cadre-1", 90).await);
    let mut body = notice("停水", &["G00101"]);
    body["photos"] = json!([shown["id"]]);
    body["until"] = json!("2026-12-20T00:00:00+08:00");
    write(&app, "cadre-1", body).await;
    let gone = async || {
        let (id, now) = (app.person("cadre-1").account, app.clock.now());
        let unit = app.services().writer.commit(move |tx| {
            Box::pin(async move {
                let entry = erase::register(tx, id, now).await?;
                Ok::<_, zhinan::error::Error>(erase::files(tx, id, entry.id, now).await?)
            })
        });
        unit.await.unwrap()
    };
    let read = async |photo: &Value| {
        let path = format!("/api/v1/photos/{}", photo["id"]);
        app.as_person("resident-1").await.raw(&path, "image/jpeg").await.status
    };
    app.advance(hours(8 * 24));
    zhinan::engine::sweep::run(app.services()).await.unwrap();
    let left = zhinan::store::photo::find(
        &app.services().db.read,
        PhotoId(unused["id"].as_i64().unwrap()),
    )
    .await
    .unwrap();
    assert!(left.is_none(), "nobody used it");
    assert_eq!((gone().await, read(&shown).await), (0, 200), "the street shows it still");
}

#[tokio::test]
async fn it_is_shown_from_and_until_and_its_picture_with_it() {
    let app = start().await;
    let photo = picture(&app, "cadre-1", 9).await;
    let mut body = notice("停水", &["G00101"]);
    body["photos"] = json!([photo["id"]]);
    body["from"] = json!("2026-11-24T12:00:00+08:00");
    body["until"] = json!("2026-11-24T14:00:00+08:00");
    let one = write(&app, "cadre-1", body.clone()).await;
    assert_eq!(one["photos"], json!([photo["id"]]));
    let path = format!("/api/v1/photos/{}", photo["id"]);
    for (passed, shown) in [(0, false), (2, true), (2, false)] {
        app.advance(hours(passed));
        let seen = page(&app, "resident-1", "").await;
        assert_eq!(titles(&seen).len(), usize::from(shown), "{seen}");
        assert_eq!(seen["unread"], json!(i32::from(shown)));
        let status = app.as_person("resident-2").await.raw(&path, "image/jpeg").await.status;
        assert_eq!(status, if shown { 200 } else { 404 });
    }
    body["until"] = json!("2026-11-25T14:00:00+08:00");
    let (_, other) = app.as_person("secretary-1").await.post(PATH, body).await;
    assert_eq!(other["errors"][0]["pointer"], "/photos", "somebody else's picture: {other}");
}

#[tokio::test]
async fn who_may_not_and_what_cannot_be_is_refused_and_text_is_plain() {
    let app = start().await;
    for (who, grids, want) in [
        ("resident-1", vec!["G00101"], "forbidden"),
        ("primary-1", vec!["G00101"], "forbidden"),
        ("auditor", vec![], "forbidden"),
        ("cadre-1", vec![], "not_yours"),
        ("cadre-1", vec!["G00101", "G00201"], "not_yours"),
        ("cadre-1", vec!["G9"], "unknown_grid"),
    ] {
        let (_, refused) = app.as_person(who).await.post(PATH, notice("停水", &grids)).await;
        let code = refused["errors"][0]["code"].as_str().or(refused["code"].as_str());
        assert_eq!(code, Some(want), "{who}: {refused}");
    }
    let mut bad = notice("<b></b>", &["G00101"]);
    bad["until"] = json!("2026-11-24T09:00:00+08:00");
    bad["text"] = json!("长".repeat(5_001));
    let (status, refused) = app.as_person("cadre-1").await.post(PATH, bad).await;
    let faults = refused["errors"].as_array().unwrap();
    let at: Vec<&str> = faults.iter().map(|one| one["pointer"].as_str().unwrap()).collect();
    assert_eq!((status, at), (422, vec!["/title", "/text", "/until"]), "{refused}");
    let mut pasted = notice("<h1>停水\n通知</h1>", &["G00101"]);
    pasted["text"] = json!("<p>明天\u{202e}停水</p>\r\n\r\n\r\n请接水");
    let stored = write(&app, "cadre-1", pasted).await;
    assert_eq!(
        (&stored["title"], &stored["text"]),
        (&json!("停水 通知"), &json!("明天停水\n\n请接水"))
    );
    let (status, _) = app.as_person("primary-1").await.get(&format!("{PATH}?all=true")).await;
    assert_eq!(status, 403);
}
