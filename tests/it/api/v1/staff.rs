//! Staff over HTTP: adding, listing, binding by a code.

use serde_json::{Value, json};

use super::auth::administrator;
use crate::kit::App;

fn person(staff_no: &str) -> Value {
    json!({
        "staff_no": staff_no, "name": "赵六", "office_phone": "0530-6282222",
        "duties": [{"grid": "G00101", "role": "grid_worker_backup"}],
        "street_roles": ["verifier"]
    })
}

#[tokio::test]
async fn an_administrator_adds_a_worker_who_binds_his_wechat_by_a_code() {
    let app = App::start().await;
    let admin = administrator(&app).await;
    let (status, added) = admin.post("/api/v1/staff", person("N-1")).await;
    assert_eq!((status, added["bound"].as_bool()), (201, Some(false)), "{added}");
    let path = format!("/api/v1/staff/{}", added["id"]);
    let (status, issued) = admin.post(&format!("{path}/binding-code"), json!({})).await;
    assert_eq!(status, 201, "{issued}");

    let worker = app.sign_in("o-worker").await;
    let body = json!({"code": issued["code"]});
    let (status, bound) = worker.post("/api/v1/staff/binding", body.clone()).await;
    assert_eq!(
        (status, bound["roles"][0]["grid"]["id"].as_str()),
        (200, Some("G00101")),
        "{bound}"
    );
    let (status, twice) = app.sign_in("o-thief").await.post("/api/v1/staff/binding", body).await;
    assert_eq!((status, twice["code"].as_str()), (422, Some("binding_code_refused")));
    let (_, me) = worker.get("/api/v1/account").await;
    assert_eq!(me["staff"]["staff_no"], "N-1");

    assert_eq!(admin.send("DELETE", &format!("{path}/binding"), None).await.0, 204);
    let (_, me) = worker.get("/api/v1/account").await;
    assert_eq!(me["staff"], Value::Null);
}

#[tokio::test]
async fn every_bad_field_of_a_new_member_of_staff_is_named_at_once() {
    let app = App::start().await;
    let admin = administrator(&app).await;
    let body = json!({
        "staff_no": "有空 格", "name": " ", "office_phone": "12",
        "duties": [{"grid": "", "role": "cadre", "from": "tomorrow"}]
    });
    let (status, reply) = admin.post("/api/v1/staff", body).await;
    let pointers: Vec<_> = reply["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(status, 422);
    assert_eq!(
        pointers,
        ["/duties/0/from", "/duties/0/grid", "/name", "/office_phone", "/staff_no"]
    );
    let mut two = person("N-1");
    two["street_roles"] = json!(["system_admin", "audit_admin"]);
    let (status, reply) = admin.post("/api/v1/staff", two).await;
    assert_eq!((status, reply["code"].as_str()), (422, Some("rule_refused")));
}

#[tokio::test]
async fn a_name_at_wecom_is_one_persons_and_is_shown_to_the_administrator() {
    let app = App::start().await;
    let admin = administrator(&app).await;
    let with = |staff_no: &str, userid: &str| {
        let mut body = person(staff_no);
        body["wecom_userid"] = userid.into();
        body
    };
    let (status, added) = admin.post("/api/v1/staff", with("N-1", "ZhaoLiu")).await;
    assert_eq!((status, added["wecom"].as_str()), (201, Some("active")), "{added}");
    for (userid, code) in [("zhaoLIU", "taken"), ("赵六", "wecom_userid"), ("", "wecom_userid")] {
        let (status, reply) = admin.post("/api/v1/staff", with("N-2", userid)).await;
        let error = &reply["errors"][0];
        assert_eq!((status, &error["code"]), (422, &json!(code)), "{reply}");
        assert_eq!(error["pointer"], "/wecom_userid");
    }
    let worker = app.as_person("primary-1").await;
    let (_, seen) = worker.get("/api/v1/staff?grid=G00101").await;
    let items = seen["items"].as_array().unwrap();
    assert!(items.iter().all(|one| one["wecom"].is_null()), "{seen}");
}

#[tokio::test]
async fn the_list_is_for_staff_and_masked_for_all_but_the_administrator() {
    let app = App::start().await;
    let path = "/api/v1/staff?grid=G00101";
    assert_eq!(app.anonymous().get(path).await.0, 401);
    let (status, refused) = app.sign_in("o-resident").await.get(path).await;
    assert_eq!((status, refused["code"].as_str()), (403, Some("forbidden")));
    let (status, seen) = app.as_person("primary-1").await.get(path).await;
    assert_eq!(status, 200);
    assert!(seen["items"][0]["name"].as_str().unwrap().contains('*'), "{seen}");
    let (_, whole) = administrator(&app).await.get(path).await;
    assert_eq!(whole["items"].as_array().unwrap().len(), 2);
    assert!(!whole["items"][0]["name"].as_str().unwrap().contains('*'), "{whole}");
    let worker = app.as_person("primary-1").await;
    for (verb, at) in
        [("POST", "/api/v1/staff/1/binding-code"), ("DELETE", "/api/v1/staff/1/binding")]
    {
        assert_eq!(worker.send(verb, at, None).await.0, 403, "{verb} {at}");
        assert_eq!(app.anonymous().send(verb, at, None).await.0, 401, "{verb} {at}");
    }
    assert_eq!(worker.post("/api/v1/staff", person("N-9")).await.0, 403);
}
