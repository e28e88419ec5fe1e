//! The street's public face and the privacy policy: recorded, asked again, taken back, and never in
//! the way of a report.

use std::sync::atomic::{AtomicBool, Ordering};

use entity::agreement;
use entity::kinds::CaseId;
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};
use zhinan::config::{Config, ServicePhone};
use zhinan::domain::calendar::rfc3339;

use crate::kit::App;
use crate::kit::builders::{ADDRESS, find};
use crate::kit::clock::hours;

const PATH: &str = "/api/v1/my/privacy";

#[tokio::test]
async fn everybody_reads_the_streets_telephones_and_policy_before_he_signs_in() {
    let app = App::start_with(|config: &mut Config| {
        config.street.name = "曹州街道".into();
        config.street.privacy_version = "2026-11".into();
        config.street.privacy_url = "https://a.example/privacy".into();
        let (number, purpose) = ("0530-5621234".into(), "街道便民服务中心".into());
        config.street.phones.push(ServicePhone { number, purpose });
    })
    .await;
    let (status, street) = app.anonymous().get("/api/v1/street").await;
    assert_eq!((status, &street["name"]), (200, &json!("曹州街道")), "{street}");
    let numbers = |key: &str| {
        let lines = street[key].as_array().unwrap().iter();
        lines.map(|line| line["number"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(numbers("emergency"), ["110", "119", "120", "122"]);
    assert_eq!(numbers("phones"), ["12345", "0530-5621234"]);
    let policy = json!({ "version": "2026-11", "url": "https://a.example/privacy" });
    assert_eq!(street["privacy"], policy);
}

#[tokio::test]
async fn an_agreement_keeps_its_first_time_and_only_the_version_in_force_counts() {
    let app = App::start().await;
    let client = app.as_person("resident-1").await;
    let (_, before) = client.get(PATH).await;
    assert_eq!((&before["must_ask"], &before["agreed"]), (&json!(true), &Value::Null));
    let (status, answer) = client.send("PUT", PATH, Some(json!({ "version": "0" }))).await;
    assert_eq!((status, &answer["code"]), (409, &json!("conflict")), "{answer}");
    let first = rfc3339(app.clock.now());
    for _ in 0..2 {
        let client = app.as_person("resident-1").await;
        let (status, answer) = client.send("PUT", PATH, Some(json!({ "version": "1" }))).await;
        assert_eq!((status, &answer["must_ask"]), (200, &json!(false)), "{answer}");
        assert_eq!(answer["agreed"], json!({ "version": "1", "at": first }));
        app.advance(hours(1));
    }
    let (_, other) = app.as_person("resident-2").await.get(PATH).await;
    assert_eq!(other["must_ask"], true, "it is nobody else's");
}

static RENEWED: AtomicBool = AtomicBool::new(false);

#[tokio::test]
async fn a_new_version_is_asked_for_again_and_the_old_agreement_stays_on_record() {
    let mut app = App::start_with(|config: &mut Config| {
        if RENEWED.load(Ordering::SeqCst) {
            config.street.privacy_version = "2".into();
        }
    })
    .await;
    let agree = async |app: &App, version: &str| {
        let client = app.as_person("resident-1").await;
        client.send("PUT", PATH, Some(json!({ "version": version }))).await.0
    };
    assert_eq!(agree(&app, "1").await, 200);
    RENEWED.store(true, Ordering::SeqCst);
    app.restart().await;
    let (_, standing) = app.as_person("resident-1").await.get(PATH).await;
    assert_eq!(
        (&standing["must_ask"], &standing["agreed"]["version"]),
        (&json!(true), &json!("1"))
    );
    assert_eq!((agree(&app, "1").await, agree(&app, "2").await), (409, 200));
    let (_, standing) = app.as_person("resident-1").await.get(PATH).await;
    assert_eq!(standing["must_ask"], false);
    let rows = agreement::Entity::find().order_by_asc(agreement::Column::Id);
    let rows = rows.all(&app.services().db.read).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.version.as_str()).collect::<Vec<_>>(), ["1", "2"]);
}

#[tokio::test]
async fn whoever_takes_it_back_loses_what_rested_on_it_and_is_helped_all_the_same() {
    let mut app = App::start().await;
    app.leave_jobs();
    let client = app.as_person("resident-1").await;
    let report = json!({ "text": "家里没水了", "address": ADDRESS,
        "location": { "lon": 115.405, "lat": 35.205, "accuracy_m": 10.0, "datum": "gcj02" } });
    let (status, case) = client.post("/api/v1/cases", report.clone()).await;
    assert_eq!(status, 201, "no agreement, and help all the same: {case}");
    client.send("PUT", PATH, Some(json!({ "version": "1" }))).await;
    client.send("PUT", "/api/v1/my/data", Some(json!({ "name": "张大爷", "home": "家" }))).await;
    let (status, standing) = client.send("DELETE", PATH, None).await;
    assert_eq!(
        (status, &standing["must_ask"], &standing["agreed"]),
        (200, &json!(true), &Value::Null)
    );
    assert_eq!(standing["withdrawn_at"], json!(rfc3339(app.clock.now())));
    let (_, data) = client.get("/api/v1/my/data").await;
    assert_eq!((&data["name"], &data["home"]), (&Value::Null, &Value::Null));
    let kept = find(&app, CaseId(case["id"].as_i64().unwrap())).await;
    assert_eq!((kept.position_sealed, kept.address_sealed.is_some()), (None, true));
    assert_eq!(client.post("/api/v1/cases", report).await.0, 201);
    let (status, again) = client.send("PUT", PATH, Some(json!({ "version": "1" }))).await;
    assert_eq!(
        (status, &again["must_ask"], &again["withdrawn_at"]),
        (200, &json!(false), &Value::Null)
    );
}
