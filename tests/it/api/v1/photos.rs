//! Photos over HTTP: who may see one, and that everybody else learns nothing.

use entity::kinds::CaseState;
use serde_json::json;
use zhinan::config::S3;

use crate::kit::App;
use crate::kit::builders::ADDRESS;
use crate::kit::client::Client;

fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let pixels = image::RgbImage::from_pixel(8, 6, image::Rgb([10, 120, 200]));
    pixels.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

async fn upload(client: &Client) -> i64 {
    let raw = client.bytes("POST", "/api/v1/photos", "image/png", picture()).await;
    assert_eq!(raw.status, 201, "{}", raw.json());
    raw.json()["id"].as_i64().unwrap()
}

/// Asks for the photo as each of these people; lists who saw it.
async fn seen_by<'a>(app: &App, photo: i64, people: &[&'a str]) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for &name in people {
        let raw = app.as_person(name).await.raw(&format!("/api/v1/photos/{photo}"), "*/*").await;
        match raw.status {
            200 => {
                assert_eq!(raw.headers["content-type"], "image/jpeg");
                assert_eq!(image::guess_format(&raw.bytes).unwrap(), image::ImageFormat::Jpeg);
                seen.push(name);
            }
            404 => assert_eq!(raw.json()["code"], "not_found", "{name}"),
            other => panic!("{name}: {other} {}", raw.json()),
        }
    }
    seen
}

const EVERYBODY: [&str; 15] = [
    "resident-1",
    "resident-2",
    "primary-1",
    "backup-1",
    "primary-2",
    "primary-3",
    "cadre-1",
    "cadre-2",
    "secretary-1",
    "secretary-2",
    "desk-1",
    "command",
    "verifier",
    "auditor",
    "system-admin",
];

#[tokio::test]
async fn a_photo_of_no_case_is_its_owners_alone() {
    let app = App::start().await;
    let photo = upload(&app.as_person("resident-1").await).await;
    assert_eq!(seen_by(&app, photo, &EVERYBODY).await, ["resident-1"]);
    let path = format!("/api/v1/photos/{photo}");
    let (status, answer) = app.anonymous().get(&path).await;
    assert_eq!((status, &answer["code"]), (401, &json!("unauthenticated")));
    let stranger = app.as_person("resident-2").await;
    let (existing, missing) = (stranger.get(&path).await, stranger.get("/api/v1/photos/99").await);
    let without_trace = |(status, mut body): (u16, serde_json::Value)| {
        body["trace_id"].take();
        (status, body)
    };
    assert_eq!(without_trace(existing), without_trace(missing), "existence is not revealed");
}

#[tokio::test]
async fn a_photo_of_a_case_is_seen_by_the_people_of_the_case() {
    let mut app = App::start().await;
    app.leave_jobs();
    let resident = app.as_person("resident-1").await;
    let photo = upload(&resident).await;
    let body = json!({ "text": "家里没水了", "address": ADDRESS, "photos": [photo] });
    let (status, case) = resident.post("/api/v1/cases", body).await;
    assert_eq!((status, &case["state"]), (201, &json!(CaseState::Assigned)), "{case}");
    let of_the_case =
        ["resident-1", "primary-1", "backup-1", "cadre-1", "secretary-1", "desk-1", "command"];
    assert_eq!(seen_by(&app, photo, &EVERYBODY).await, of_the_case);
    let (status, _) = app.anonymous().get(&format!("/api/v1/photos/{photo}")).await;
    assert_eq!(status, 401);
}

#[tokio::test]
async fn nobody_attaches_a_photo_that_is_not_his() {
    let mut app = App::start().await;
    app.leave_jobs();
    let photo = upload(&app.as_person("resident-1").await).await;
    let thief = app.as_person("resident-2").await;
    let body = json!({ "text": "家里没水了", "address": ADDRESS, "photos": [photo] });
    let (status, answer) = thief.post("/api/v1/cases", body).await;
    assert_eq!((status, &answer["code"]), (422, &json!("invalid_fields")), "{answer}");
    assert_eq!(seen_by(&app, photo, &EVERYBODY).await, ["resident-1"]);
}

/// A store that nobody serves any more.
fn closed() -> S3 {
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    S3 {
        endpoint: format!("http://{address}"),
        bucket: "photos".into(),
        access_key: "key".into(),
        secret_key: "s3cret".into(),
        ..S3::default()
    }
}

#[tokio::test]
async fn whoever_uploads_while_the_store_is_away_reads_that_he_comes_again() {
    let app = App::start_with(|config| config.photos.s3 = Some(closed())).await;
    app.declare_log("storage_away");
    let resident = app.as_person("resident-1").await;
    let raw = resident.bytes("POST", "/api/v1/photos", "image/png", picture()).await;
    let problem = raw.json();
    assert_eq!((raw.status, &problem["code"]), (503, &json!("storage_away")), "{problem}");
    assert_eq!(raw.headers["retry-after"], "5");
    assert_eq!(problem["title"], "照片、录音和文件暂时存取不了，请稍后再试");
}
