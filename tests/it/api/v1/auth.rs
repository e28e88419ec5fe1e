//! Sign-in over HTTP: WeChat's codes, rotation, the console's two factors.

use std::time::Duration;

use serde_json::{Value, json};
use zhinan::cli::admin::{Verb, perform};

use crate::kit::App;
use crate::kit::client::Client;

pub const PASSWORD: &str = "a long enough passphrase";

/// Enrols somebody by the link that a command printed; returns what goes to the authenticator.
async fn enrol(app: &App, verb: Verb, name: &str) -> String {
    let printed = perform(app.services(), "https://street.example", verb).await.unwrap();
    let link = printed.lines().next().unwrap();
    let token = link.strip_prefix("https://street.example/console/first?token=").unwrap();
    let body = json!({"token": token, "name": name, "password": PASSWORD});
    let (status, reply) = app.anonymous().post("/api/v1/auth/console/enrolment", body).await;
    assert_eq!(status, 201, "{reply}");
    reply["otpauth_url"].as_str().unwrap().to_owned()
}

fn digits(app: &App, otpauth: &str) -> String {
    let seconds = u64::try_from(app.clock.now().0 / 1_000_000).unwrap();
    totp_rs::Totp::from_url(otpauth).unwrap().generate(seconds).to_string()
}

async fn console(app: &App, name: &str, password: &str, code: Option<&str>) -> (u16, Value) {
    let body = json!({"name": name, "password": password, "code": code});
    app.anonymous().post("/api/v1/auth/console", body).await
}

/// Enrols the first administrator and signs him in.
pub async fn administrator(app: &App) -> Client {
    let otpauth = enrol(app, Verb::FirstLink, "admin.one").await;
    let code = digits(app, &otpauth);
    let (status, reply) = console(app, "admin.one", PASSWORD, Some(&code)).await;
    assert_eq!(status, 200, "{reply}");
    app.anonymous().bearing(reply["access_token"].as_str().unwrap())
}

#[tokio::test]
async fn a_mini_program_signs_in_refreshes_and_signs_out() {
    let app = App::start().await;
    let code = app.wechat.login_code("o-new").await;
    let body = json!({"code": code});
    let (status, signed) = app.anonymous().post("/api/v1/auth/wechat", body.clone()).await;
    assert_eq!(status, 200, "{signed}");
    assert_eq!(
        (signed["staff"].clone(), signed["expires_in"].as_u64()),
        (Value::Null, Some(1_800))
    );
    assert!(!signed.to_string().contains("session_key"));
    let (status, again) = app.anonymous().post("/api/v1/auth/wechat", body).await;
    assert_eq!((status, again["code"].as_str()), (401, Some("wechat_code_refused")));

    let token = |reply: &Value| json!({"refresh_token": reply["refresh_token"]});
    let (status, next) = app.anonymous().post("/api/v1/auth/refresh", token(&signed)).await;
    assert_eq!(status, 200, "{next}");
    let me = app.anonymous().bearing(next["access_token"].as_str().unwrap());
    let (status, account) = me.get("/api/v1/account").await;
    assert_eq!((status, account["id"].clone()), (200, signed["account"]["id"].clone()));
    let (status, _) = me.send("DELETE", "/api/v1/auth/session", Some(token(&next))).await;
    assert_eq!(status, 204);
    let (status, over) = app.anonymous().post("/api/v1/auth/refresh", token(&next)).await;
    assert_eq!((status, over["code"].as_str()), (401, Some("refresh_refused")));
    app.advance(Duration::from_mins(30));
    let (status, late) = me.get("/api/v1/account").await;
    assert_eq!((status, late["code"].as_str()), (401, Some("token_expired")));
}

#[tokio::test]
async fn a_worker_learns_his_roles_and_grids_at_sign_in() {
    let app = App::start().await;
    let code = app.wechat.login_code(&app.person("primary-1").mini).await;
    let (_, signed) = app.anonymous().post("/api/v1/auth/wechat", json!({"code": code})).await;
    assert_eq!(signed["staff"]["staff_no"], "primary-1", "{signed}");
    let role = &signed["staff"]["roles"][0];
    assert_eq!(
        (role["role"].as_str(), role["grid"]["id"].as_str()),
        (Some("grid_worker_primary"), Some("G00101"))
    );
}

#[tokio::test]
async fn the_console_needs_both_factors_and_locks_after_five_failures() {
    let app = App::start().await;
    app.declare_log("request refused");
    let otpauth = enrol(&app, Verb::FirstLink, "admin.one").await;
    let (status, asked) = console(&app, "admin.one", PASSWORD, None).await;
    assert_eq!((status, asked["code"].as_str()), (401, Some("second_factor_required")));
    let code = digits(&app, &otpauth);
    assert_eq!(console(&app, "admin.one", PASSWORD, Some(&code)).await.0, 200);
    let (status, replayed) = console(&app, "admin.one", PASSWORD, Some(&code)).await;
    assert_eq!((status, replayed["code"].as_str()), (401, Some("sign_in_refused")));
    for _ in 0..4 {
        assert_eq!(console(&app, "admin.one", "wrong", None).await.0, 401);
    }
    let (status, locked) = console(&app, "admin.one", "wrong", None).await;
    assert_eq!((status, locked["code"].as_str()), (423, Some("account_locked")));
}

#[tokio::test]
async fn bodies_that_break_rules_name_every_bad_field() {
    let app = App::start().await;
    let body = json!({"token": "", "name": "A:b", "password": ""});
    let (status, reply) = app.anonymous().post("/api/v1/auth/console/enrolment", body).await;
    let pointers: Vec<_> =
        reply["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
    assert_eq!(
        (status, pointers),
        (422, vec![json!("/name"), json!("/password"), json!("/token")])
    );
    let (status, reply) = app.anonymous().get("/api/v1/account").await;
    assert_eq!((status, reply["code"].as_str()), (401, Some("unauthenticated")));
    let (status, _) = app.anonymous().get("/api/v1/auth/wechat").await;
    assert_eq!(status, 405);
}

#[tokio::test]
async fn a_verified_phone_is_shown_masked_and_stored_sealed() {
    let app = App::start().await;
    let me = app.sign_in("o-phone").await;
    let made =
        app.wechat.post("/_sandbox/phone", json!({"openid": "o-phone", "number": "13800001234"}));
    let code = made.await["code"].clone();
    let (status, reply) = me.post("/api/v1/account/phone", json!({"code": code})).await;
    assert_eq!((status, reply["phone"].as_str()), (200, Some("138****1234")), "{reply}");
    let (_, account) = me.get("/api/v1/account").await;
    assert_eq!(account["phone"], "138****1234");
    let id = entity::kinds::AccountId(account["id"].as_i64().unwrap());
    let row = zhinan::store::people::find_account(&app.services().db.read, id).await.unwrap();
    let row = row.unwrap();
    let index = app.services().vault.blind_index("phone", "13800001234");
    assert_eq!(row.phone_index, Some(index));
    assert!(!row.phone_sealed.unwrap().contains("13800001234"));
    let (status, reply) = me.post("/api/v1/account/phone", json!({"code": code})).await;
    assert_eq!((status, reply["code"].as_str()), (401, Some("wechat_code_refused")));
}

#[tokio::test]
async fn who_comes_at_the_same_instant_as_others_is_himself() {
    let app = App::start().await;
    let people = ["primary-2", "resident-1", "cadre-1", "primary-1"].map(|name| app.person(name));
    let accounts = people.map(|person| person.account);
    let unknown = entity::kinds::AccountId(i64::MAX);
    let (sign_ins, keep) = zhinan::app::actor::sign_ins(&app.services().db);
    // All of them wait before anybody is looked for: they share one query.
    let asking = accounts.into_iter().chain([unknown]).map(|account| sign_ins.hand_in(account));
    let found = tokio::select! {
        biased;
        found = futures::future::join_all(asking) => found,
        () = keep => panic!("nobody looks any more"),
    };
    let found: Vec<_> = found.into_iter().map(|one| one.unwrap().unwrap()).collect();
    for (at, person) in people.iter().enumerate() {
        let one = found[at].unwrap();
        assert_eq!((one.id, one.staff_id), (person.account, person.staff));
    }
    assert!(found[people.len()].is_none(), "{found:?}");
}
