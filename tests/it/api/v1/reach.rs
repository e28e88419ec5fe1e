//! Who can be reached, over HTTP.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::kit::App;

fn row<'v>(seen: &'v Value, staff_no: &str) -> Option<&'v Value> {
    seen["missing"].as_array().unwrap().iter().find(|one| one["staff_no"] == staff_no)
}

fn count(seen: &Value, grid: &str) -> Value {
    let all = seen["grids"].as_array().unwrap();
    let mut found = all.iter().find(|one| one["grid"]["id"] == grid).unwrap().clone();
    found.as_object_mut().unwrap().remove("grid");
    found
}

/// Arranges what only SQL can.
pub async fn sql(app: &App, text: &str) {
    let conn = app.connect().await;
    conn.execute_unprepared(text).await.unwrap();
    conn.close().await.unwrap();
}

/// Gives somebody one consent for the messages of staff.
pub async fn allow(app: &App, who: &str) {
    let account = app.person(who).account;
    let template = &app.services().settings.templates.staff_case;
    sql(app, &format!(
        "INSERT INTO consent (account_id, template, credits, updated_at) VALUES ({account}, '{template}', 1, 0)"
    ))
    .await;
}

#[tokio::test]
async fn the_list_names_who_lacks_a_second_channel_and_what_he_should_do() {
    let app = App::start().await;
    let admin = app.as_person("system-admin").await;
    let (status, seen) = admin.get("/api/v1/readiness").await;
    assert_eq!(status, 200, "{seen}");
    let one = row(&seen, "primary-1").unwrap();
    assert_eq!(
        (one["working"].as_u64(), &one["todo"]),
        (Some(1), &json!(["请在小程序里重新允许通知"]))
    );
    assert_eq!(one["roles"][0]["grid"]["id"], "G00101");
    assert_eq!(one["name"], "primary-1");
    assert!(row(&seen, "auditor").is_none(), "nobody tells an auditor of a case");
    assert!(row(&seen, "command").is_some());
    assert_eq!(count(&seen, "G00101"), json!({ "people": 2, "ready": 0, "one": 2, "none": 0 }));

    allow(&app, "primary-1").await;
    sql(&app, "UPDATE wechat_identity SET dead_at = 1 WHERE openid LIKE '%backup-1'").await;
    let (_, seen) = app.as_person("command").await.get("/api/v1/readiness").await;
    assert!(row(&seen, "primary-1").is_none(), "{seen}");
    let none = row(&seen, "backup-1").unwrap();
    assert_eq!(none["todo"], json!(["请扫码关注服务号", "请在小程序里绑定并允许通知"]));
    assert!(none["name"].as_str().unwrap().contains('*'), "{none}");
    assert_eq!(count(&seen, "G00101"), json!({ "people": 2, "ready": 1, "one": 0, "none": 1 }));
    let missing = u64::try_from(seen["missing"].as_array().unwrap().len()).unwrap();
    assert_eq!(seen["people"].as_u64().unwrap(), 1 + missing);

    for (who, want) in [("primary-1", 403), ("cadre-1", 403), ("auditor", 403), ("resident-1", 403)]
    {
        assert_eq!(app.as_person(who).await.get("/api/v1/readiness").await.0, want, "{who}");
    }
    let checks = zhinan::app::doctor::run(app.services(), true).await;
    let reach = checks.iter().find(|check| check.name == "触达").unwrap();
    assert!(reach.cure.contains("backup-1（请扫码关注服务号；"), "{reach:?}");
}

/// Tells the stand-in our templates, all but those of staff: the platform deleted them.
pub async fn close_staff_templates(app: &App) {
    let told = json!({ "character_string1": "a", "thing2": "b", "phrase3": "c", "time4": "d", "thing5": "e" });
    let asked = json!({ "character_string1": "a", "thing2": "b", "time3": "c" });
    let ids = &app.services().settings.templates;
    for (id, labels) in [
        (&ids.resident_acknowledged, &told),
        (&ids.resident_resolved, &told),
        (&ids.resident_question, &asked),
    ] {
        let row = json!({ "template_id": id, "title": "", "labels": labels });
        app.wechat.post("/_sandbox/templates", row).await;
    }
    app.declare_log("a template was deleted or changed");
    zhinan::app::templates::check(app.services()).await;
}

#[tokio::test]
async fn whose_channels_are_all_closed_by_their_templates_is_not_reachable_anywhere() {
    let app = App::start().await;
    for who in ["primary-1", "backup-1", "cadre-1", "secretary-1"] {
        allow(&app, who).await;
    }
    let admin = app.as_person("system-admin").await;
    let (_, before) = admin.get("/api/v1/readiness").await;
    assert!(row(&before, "primary-1").is_none(), "{before}");
    close_staff_templates(&app).await;

    let (_, seen) = admin.get("/api/v1/readiness").await;
    let one = row(&seen, "primary-1").unwrap();
    assert_eq!(
        (one["working"].as_u64(), &one["todo"]),
        (Some(0), &json!(["消息模板已失效，请管理员更正"])),
    );
    assert_eq!(count(&seen, "G00101"), json!({ "people": 2, "ready": 0, "one": 0, "none": 2 }));
    let (_, gaps) = admin.get("/api/v1/readiness/gaps?days=1").await;
    let mine = gaps["gaps"].as_array().unwrap().iter().find(|gap| gap["grid"]["id"] == "G00101");
    assert_eq!(mine.unwrap()["why"], "not_reachable", "{gaps}");
    let checks = zhinan::app::doctor::run(app.services(), true).await;
    assert!(checks.iter().any(|check| check.found.contains("G00101")), "{checks:?}");

    let case = crate::kit::builders::report(&app).await;
    assert_eq!(case.triage_reason, Some(entity::kinds::TriageReason::NobodyReachable));
    app.run_due().await;
    assert!(app.messages().await.is_empty());
}
