//! A person's own channels over HTTP.

use serde_json::{Value, json};

use crate::kit::App;

fn words(seen: &Value) -> Vec<(&str, &str)> {
    let all = seen["channels"].as_array().unwrap().iter();
    all.map(|one| (one["channel"].as_str().unwrap(), one["state"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn a_worker_sets_his_order_and_proves_a_channel() {
    let app = App::start().await;
    let worker = app.as_person("primary-1").await;
    let (status, seen) = worker.get("/api/v1/my/channels").await;
    assert_eq!(status, 200);
    assert_eq!(words(&seen), [("oa_template", "untried"), ("mini_subscribe", "untried")]);

    let order = json!({ "order": ["mini_subscribe"] });
    let (status, seen) = worker.send("PUT", "/api/v1/my/channels", Some(order)).await;
    assert_eq!(status, 200, "{seen}");
    assert_eq!(words(&seen), [("mini_subscribe", "untried"), ("oa_template", "untried")]);
    assert_eq!(seen["channels"][0]["position"], 1);

    let (status, seen) = worker.post("/api/v1/my/channels/oa_template/test", json!({})).await;
    assert_eq!(status, 202, "{seen}");
    app.run_due().await;
    app.expect_notice("primary-1", "【测试】").await;
    let (_, seen) = worker.get("/api/v1/my/channels").await;
    assert_eq!(words(&seen), [("oa_template", "proven"), ("mini_subscribe", "untried")]);
    assert_eq!(seen["channels"][0]["advice"], Value::Null);

    let id = app.person("primary-1").staff.unwrap();
    let admin = app.as_person("system-admin").await;
    let (status, theirs) = admin.get(&format!("/api/v1/staff/{id}/channels")).await;
    assert_eq!((status, &theirs), (200, &seen));
    let (status, _) =
        app.as_person("cadre-1").await.get(&format!("/api/v1/staff/{id}/channels")).await;
    assert_eq!(status, 403);
    let (status, _) = admin.get("/api/v1/staff/999/channels").await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn a_worker_gets_a_code_to_follow_by_and_nobody_else_does() {
    let app = App::start().await;
    let path = "/api/v1/my/channels/oa_template/code";
    let worker = app.as_person("primary-1").await;
    let (status, made) = worker.post(path, json!({})).await;
    assert_eq!(status, 201, "{made}");
    let image = made["image_url"].as_str().unwrap();
    assert!(image.starts_with("https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket="), "{made}");
    assert!(made["url"].is_string() && made["expires_at"].is_string(), "{made}");
    for _more in 0..4 {
        assert_eq!(worker.post(path, json!({})).await.0, 201);
    }
    assert_eq!(worker.post(path, json!({})).await.0, 429, "one code at a time is enough");
    assert_eq!(app.as_person("resident-1").await.post(path, json!({})).await.0, 403);
    assert_eq!(app.as_person("system-admin").await.post(path, json!({})).await.0, 403);
}

#[tokio::test]
async fn what_is_no_way_is_refused_and_tests_are_few() {
    let app = App::start().await;
    let worker = app.as_person("primary-1").await;
    let order = json!({ "order": ["oa_template", "inbox", "oa_template"] });
    let (status, reply) = worker.send("PUT", "/api/v1/my/channels", Some(order)).await;
    assert_eq!(status, 422);
    let faults: Vec<_> =
        reply["errors"].as_array().unwrap().iter().map(|one| &one["pointer"]).collect();
    assert_eq!(faults, ["/order/1", "/order/2"], "{reply}");

    let path = |way: &str| format!("/api/v1/my/channels/{way}/test");
    let (status, reply) = worker.post(&path("pigeon"), json!({})).await;
    assert_eq!((status, reply["code"].as_str()), (404, Some("not_found")));
    for way in ["sms", "mini_subscribe"] {
        let (status, reply) = worker.post(&path(way), json!({})).await;
        assert_eq!((status, reply["code"].as_str()), (422, Some("rule_refused")), "{reply}");
    }
    let (status, _) = worker.post(&path("oa_template"), json!({})).await;
    assert_eq!(status, 202);
    let (status, reply) = worker.post(&path("oa_template"), json!({})).await;
    assert_eq!((status, reply["code"].as_str()), (429, Some("too_many_requests")));
    app.run_due().await;
    app.expect_notice("primary-1", "不是真实工单").await;
}

#[tokio::test]
async fn binding_sends_a_test_and_unbinding_forgets_what_was_proven() {
    let app = App::start().await;
    let (worker, admin) = (app.as_person("primary-1").await, app.as_person("system-admin").await);
    worker.post("/api/v1/my/channels/oa_template/test", json!({})).await;
    app.run_due().await;
    app.expect_notice("primary-1", "【测试】").await;
    let id = app.person("primary-1").staff.unwrap();
    assert_eq!(admin.send("DELETE", &format!("/api/v1/staff/{id}/binding"), None).await.0, 204);
    let (_, seen) = admin.get(&format!("/api/v1/staff/{id}/channels")).await;
    assert_eq!(words(&seen), [("oa_template", "missing"), ("mini_subscribe", "missing")]);
    assert_eq!(seen["channels"][0]["proven_at"], Value::Null, "{seen}");

    app.advance(std::time::Duration::from_secs(1));
    let (_, issued) = admin.post(&format!("/api/v1/staff/{id}/binding-code"), json!({})).await;
    let body = json!({ "code": issued["code"] });
    let (status, bound) = worker.post("/api/v1/staff/binding", body).await;
    assert_eq!(status, 200, "{bound}");
    app.run_due().await;
    app.expect_notice("primary-1", "【测试】").await;
    let (_, seen) = admin.get(&format!("/api/v1/staff/{id}/channels")).await;
    assert_eq!(words(&seen), [("oa_template", "proven"), ("mini_subscribe", "untried")]);
}

#[tokio::test]
async fn everybody_reads_what_he_still_allows_of_the_templates_that_concern_him() {
    let app = App::start().await;
    super::reach::allow(&app, "primary-1").await;
    let (status, seen) = app.as_person("primary-1").await.get("/api/v1/my/consents").await;
    assert_eq!(status, 200, "{seen}");
    let template = &app.services().settings.templates.staff_case_mini;
    assert_eq!(
        seen["consents"][0],
        json!({ "template_id": template, "purpose_zh": "工单通知", "staff": true, "long_term": false,
            "credits": 1, "before": true, "renew": true })
    );
    assert_eq!(seen["consents"].as_array().unwrap().len(), 4);
    let (_, theirs) = app.as_person("resident-1").await.get("/api/v1/my/consents").await;
    let theirs = theirs["consents"].as_array().unwrap();
    assert_eq!(theirs.len(), 3, "no template of staff: {theirs:?}");
    assert!(theirs.iter().all(|one| one["credits"] == 0
        && one["before"] == false
        && one["renew"] == true
        && one["staff"] == false));
}
