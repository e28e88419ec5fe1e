//! Rate limits over HTTP: 429, when to come back, and whose address counts.

use std::time::Duration;

use serde_json::{Value, json};
use zhinan::config::Config;

use crate::kit::App;
use crate::kit::builders::{ADDRESS, report};
use crate::kit::client::{Client, Raw};

/// Nobody forwarded anything.
const DIRECT: &str = "";

async fn post(client: &Client, from: &str, path: &str, body: &Value) -> Raw {
    client.post_from(from, path, body).await
}

/// Tells whether the answer is a refusal that says to come back after so many seconds.
fn refused(answer: &Raw, seconds: &str) -> bool {
    let body: Value = serde_json::from_slice(&answer.bytes).unwrap();
    let wait = answer.headers.get("retry-after").map(|value| value.to_str().unwrap().to_owned());
    answer.status == 429 && body["code"] == "too_many_requests" && wait.as_deref() == Some(seconds)
}

fn sign_in() -> Value {
    json!({ "code": "no such code" })
}

fn case() -> Value {
    json!({ "text": "家里没水了", "address": ADDRESS })
}

fn two_sign_ins(config: &mut Config) {
    config.limits.sign_in_per_address = 2;
    config.limits.console_sign_in_per_address = 2;
}

fn behind_a_proxy(config: &mut Config) {
    two_sign_ins(config);
    config.server.trusted_proxies = vec!["127.0.0.0/8".into(), "10.0.0.0/8".into()];
}

#[tokio::test]
async fn sign_in_is_limited_per_address_and_says_when_to_come_back() {
    let app = App::start_with(two_sign_ins).await;
    let anonymous = app.anonymous();
    let console = json!({ "name": "nobody", "password": "wrong password" });
    let token = json!({ "refresh_token": "none" });
    for (path, body) in [("wechat", sign_in()), ("console", console)] {
        let path = format!("/api/v1/auth/{path}");
        for _ in 0..2 {
            assert_eq!(post(&anonymous, DIRECT, &path, &body).await.status, 401, "{path}");
        }
        assert!(refused(&post(&anonymous, DIRECT, &path, &body).await, "30"), "{path}");
    }
    // A refresh is a sign-in too, and shares its count.
    assert!(refused(&post(&anonymous, DIRECT, "/api/v1/auth/refresh", &token).await, "30"));
    app.advance(Duration::from_secs(29));
    assert!(refused(&post(&anonymous, DIRECT, "/api/v1/auth/wechat", &sign_in()).await, "1"));
    app.advance(Duration::from_secs(1));
    let again = post(&anonymous, DIRECT, "/api/v1/auth/wechat", &sign_in()).await;
    assert_eq!(again.status, 401);
}

#[tokio::test]
async fn a_forwarded_address_that_no_trusted_proxy_wrote_is_ignored() {
    let app = App::start_with(two_sign_ins).await;
    let anonymous = app.anonymous();
    for liar in ["1.1.1.1", "2.2.2.2"] {
        let answer = post(&anonymous, liar, "/api/v1/auth/wechat", &sign_in()).await;
        assert_eq!(answer.status, 401);
    }
    let third = post(&anonymous, "3.3.3.3", "/api/v1/auth/wechat", &sign_in()).await;
    assert!(refused(&third, "30"), "a new invented address is no new client");
}

#[tokio::test]
async fn behind_a_trusted_proxy_the_address_it_saw_counts_and_no_other() {
    let app = App::start_with(behind_a_proxy).await;
    let anonymous = app.anonymous();
    let from = async |forwarded: &str| {
        post(&anonymous, forwarded, "/api/v1/auth/wechat", &sign_in()).await
    };
    // The last address that is no proxy of ours is the client's; all before it he wrote himself.
    for forwarded in ["1.1.1.1", "9.9.9.9, 1.1.1.1, 10.0.0.2"] {
        assert_eq!(from(forwarded).await.status, 401, "{forwarded}");
    }
    assert!(refused(&from("8.8.8.8, 1.1.1.1").await, "30"));
    assert_eq!(from("2.2.2.2").await.status, 401, "another client");
}

#[tokio::test]
async fn posting_is_limited_per_account() {
    let mut app = App::start_with(|config| config.limits.post_per_account = 2).await;
    app.leave_jobs();
    let resident = app.as_person("resident-1").await;
    for _ in 0..2 {
        assert_eq!(post(&resident, DIRECT, "/api/v1/cases", &case()).await.status, 201);
    }
    assert!(refused(&post(&resident, DIRECT, "/api/v1/cases", &case()).await, "30"));
    let neighbour = app.as_person("resident-2").await;
    assert_eq!(post(&neighbour, DIRECT, "/api/v1/cases", &case()).await.status, 201);
    app.advance(Duration::from_secs(30));
    let resident = app.as_person("resident-1").await;
    assert_eq!(post(&resident, DIRECT, "/api/v1/cases", &case()).await.status, 201);
}

#[tokio::test]
async fn posting_is_limited_per_address_whoever_posts() {
    let tune = |config: &mut Config| {
        behind_a_proxy(config);
        config.limits.post_per_address = 2;
    };
    let mut app = App::start_with(tune).await;
    app.leave_jobs();
    for name in ["resident-1", "resident-2"] {
        let client = app.as_person(name).await;
        assert_eq!(post(&client, "1.1.1.1", "/api/v1/cases", &case()).await.status, 201, "{name}");
    }
    let worker = app.as_person("primary-3").await;
    assert!(refused(&post(&worker, "1.1.1.1", "/api/v1/cases", &case()).await, "30"));
    assert_eq!(post(&worker, "2.2.2.2", "/api/v1/cases", &case()).await.status, 201);
}

#[tokio::test]
async fn verbs_share_one_limit_per_account_and_a_refused_try_changes_nothing() {
    let mut app = App::start_with(|config| config.limits.act_per_account = 2).await;
    app.leave_jobs();
    let (case, worker) = (report(&app).await, app.as_person("primary-1").await);
    let path = |verb: &str| format!("/api/v1/cases/{}/{verb}", case.id);
    let body = |version: i32| json!({ "expected_version": version });
    let taken = post(&worker, DIRECT, &path("acknowledgement"), &body(case.version)).await;
    assert_eq!(taken.status, 200);
    assert_eq!(post(&worker, DIRECT, &path("reminder"), &body(2)).await.status, 409);
    let contact = json!({ "expected_version": 2, "method": "phone", "outcome": "reached" });
    assert!(refused(&post(&worker, DIRECT, &path("contacts"), &contact).await, "30"));
    let cadre = app.as_person("cadre-1").await;
    assert_eq!(post(&cadre, DIRECT, &path("contacts"), &contact).await.status, 200);
}
