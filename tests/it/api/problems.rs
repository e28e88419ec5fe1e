//! Every error leaves in one shape: the whole table of codes, and what a person sees who sends
//! something that cannot be understood.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::ResponseError;
use serde_json::{Value, json};
use zhinan::api::problem::Problem;
use zhinan::error::{Code, Error, Fault};

use crate::kit::App;
use crate::kit::builders::case_in;
use crate::kit::client::{Client, Raw};
use crate::kit::snap::matches_snapshot;

/// A problem with everything that any of them can carry.
fn full(code: Code) -> Problem {
    let mut error = Error::new(code, "说明原因的一句话").retry_after(Duration::from_millis(4_200));
    error.faults = vec![Fault::new("/text", "length", "请用 1 至 500 个字说明情况")];
    error.allowed = vec!["contacts", "return"];
    Problem(error.caused_by(std::io::Error::other("password=secret")))
}

async fn sent(problem: &Problem) -> Value {
    let answer = problem.error_response();
    let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap());
    let (kind, retry, sign_in) =
        (header("content-type"), header("retry-after"), header("www-authenticate"));
    let head = json!({ "status": answer.status().as_u16(), "content-type": kind,
        "retry-after": retry, "www-authenticate": sign_in });
    let body = actix_web::body::to_bytes(answer.into_body()).await.unwrap();
    json!({ "head": head, "body": serde_json::from_slice::<Value>(&body).unwrap() })
}

#[tokio::test]
async fn every_code_has_its_body() {
    let mut all = BTreeMap::new();
    for &code in Code::ALL {
        let answer = sent(&full(code)).await;
        assert!(!answer.to_string().contains("secret"), "{answer}");
        assert_eq!(answer["body"].get("detail").is_some(), code.status() < 500, "{answer}");
        all.insert(code.word(), answer);
    }
    assert_eq!(all.len(), Code::ALL.len(), "a word stands for two codes");
    matches_snapshot!("codes", all);
}

fn shown(raw: &Raw) -> Value {
    json!({ "status": raw.status, "type": raw.headers["content-type"].to_str().unwrap(),
        "body": raw.json() })
}

struct Sent<'a> {
    name: &'static str,
    method: &'a str,
    path: &'a str,
    kind: &'a str,
    body: Vec<u8>,
}

fn post(name: &'static str, path: &'static str, body: impl Into<Vec<u8>>) -> Sent<'static> {
    Sent { name, method: "POST", path, kind: "application/json", body: body.into() }
}

fn get(name: &'static str, path: &'static str) -> Sent<'static> {
    Sent { method: "GET", ..post(name, path, "") }
}

const TAKE: &str = "/api/v1/cases/1/acknowledgement";

/// What a client with a fault in it sends.
fn nonsense() -> Vec<Sent<'static>> {
    let many = json!({ "text": " ", "location": { "lon": 200.0, "lat": -91.0, "accuracy_m": -1.0,
            "datum": "gcj02" }, "contact_phone": "123", "photos": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
            "on_behalf_of": { "name": "", "phone": "", "relation": "" } });
    vec![
        post("a body that ends too early", TAKE, r#"{"expected_version": "#),
        post("a body of another structure", TAKE, r#"{"expected_version": "one"}"#),
        post("a body with a field nobody knows", TAKE, r#"{"expected_version": 1, "force": true}"#),
        post("a report that ends too early", "/api/v1/cases", r#"{"text": "#),
        post("a body that is empty", TAKE, ""),
        post("every bad field of a report", "/api/v1/cases", many.to_string()),
        post("a number out of range", TAKE, r#"{"expected_version": 0}"#),
        post("a body that is too large", TAKE, vec![b' '; 70_000]),
        post("a report that is too large", "/api/v1/cases", vec![b' '; 70_000]),
        Sent { kind: "text/plain", ..post("a body that is no JSON", TAKE, "{}") },
        get("a path that leads nowhere", "/api/v1/casess"),
        get("an id that is none", "/api/v1/cases/abc"),
        get("a method that is not offered", TAKE),
        Sent { method: "PUT", ..get("a method that nobody offers", "/api/v1/cases") },
        get("a query with a parameter nobody knows", "/api/v1/cases?colour=red"),
        get("a query with a bad value", "/api/v1/cases?state=happy"),
        get("a cursor of another program", "/api/v1/cases?cursor=abc"),
        get("a case that does not exist", "/api/v1/cases/99"),
        post("a version that is over", TAKE, r#"{"expected_version": 77}"#),
        Sent { kind: "image/gif", ..post("a picture of another kind", "/api/v1/photos", "GIF89a") },
        Sent { kind: "image/jpeg", ..post("a picture that is none", "/api/v1/photos", "") },
        Sent {
            kind: "multipart/form-data; boundary=x",
            ..post("a form without a picture", "/api/v1/photos", "--x--\r\n")
        },
    ]
}

async fn answers(client: &Client, sent: Vec<Sent<'_>>) -> BTreeMap<&'static str, Value> {
    let mut all = BTreeMap::new();
    for Sent { name, method, path, kind, body } in sent {
        let raw = client.bytes(method, path, kind, body).await;
        assert!(raw.status >= 400, "{name}: {}", raw.status);
        assert_eq!(raw.headers["content-type"], "application/problem+json", "{name}");
        let trace = raw.json()["trace_id"].as_str().map(str::len);
        assert_eq!(trace, Some(16), "{name}: a trace id to name when asking for help");
        assert!(all.insert(name, shown(&raw)).is_none(), "{name} twice");
    }
    all
}

#[tokio::test]
async fn whatever_cannot_be_understood_is_answered_in_the_same_shape() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, entity::kinds::CaseState::Assigned).await;
    assert_eq!(case.id.0, 1, "the addresses of this test name the first case");
    let worker = app.as_person("primary-1").await;
    matches_snapshot!("nonsense", answers(&worker, nonsense()).await);
}

#[tokio::test]
async fn whoever_may_not_is_answered_in_the_same_shape() {
    let mut app = App::start().await;
    app.leave_jobs();
    case_in(&app, entity::kinds::CaseState::Acknowledged).await;
    let audit = "/api/v1/audit/response-times?from=2026-11-24&to=2026-11-25&group_by=grid";
    let resident = app.as_person("resident-1").await;
    let stranger = app.as_person("resident-2").await;
    let worker = app.as_person("primary-1").await;
    let take = || post("a move that is not allowed", TAKE, r#"{"expected_version": 2}"#);
    let mut all = answers(&resident.anonymous(), vec![get("nobody", "/api/v1/cases")]).await;
    all.extend(
        answers(&resident.bearing("x.y.z"), vec![get("a forged token", "/api/v1/cases")]).await,
    );
    all.extend(answers(&resident, vec![get("a resident at the figures", audit)]).await);
    all.extend(answers(&stranger, vec![get("another's case", "/api/v1/cases/1")]).await);
    all.extend(answers(&worker, vec![take()]).await);
    app.advance(Duration::from_mins(30));
    all.extend(answers(&worker, vec![get("a token that is over", "/api/v1/cases")]).await);
    matches_snapshot!("refusals", all);
}

#[tokio::test]
async fn a_report_without_a_key_or_with_a_used_one_is_refused() {
    let mut app = App::start().await;
    app.leave_jobs();
    let resident = app.as_person("resident-1").await;
    let report = |text: &str| json!({ "text": text, "address": "阳光花园1号楼2单元101" });
    let keyless = resident.post_with_key("/api/v1/cases", "", report("没水")).await;
    let first = resident.post_with_key("/api/v1/cases", "once", report("没水")).await;
    assert_eq!(first.0, 201, "{}", first.1);
    let again = resident.post_with_key("/api/v1/cases", "once", report("没水")).await;
    assert_eq!((again.0, &again.1["id"]), (201, &first.1["id"]));
    let other = resident.post_with_key("/api/v1/cases", "once", report("没电")).await;
    matches_snapshot!("keys", json!({ "no key": keyless, "a used key": other }));
}

#[tokio::test]
async fn methods_that_somebody_invents_are_counted_as_one() {
    let app = App::start().await;
    let anybody = app.as_person("resident-1").await.anonymous();
    for method in ["BREW", "WHEN"] {
        anybody.bytes(method, "/api/v1/nowhere", "text/plain", Vec::new()).await;
    }
    let all = app.services().metrics.render().unwrap();
    assert!(!all.contains("BREW") && !all.contains("WHEN"), "{all}");
    let other = all.lines().filter(|line| line.contains(r#"method="other""#));
    let other: Vec<_> = other.collect();
    assert!(other.len() == 1 && other[0].ends_with(" 2"), "{other:?}");
}
