//! The inbox over HTTP: everybody's own, whatever channels lead to him.

use entity::inbox;
use entity::kinds::Category;
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::kit::App;
use crate::kit::builders::{self, ADDRESS};

const PATH: &str = "/api/v1/inbox";

async fn inbox(app: &App, name: &str) -> Value {
    let (status, page) = app.as_person(name).await.get(PATH).await;
    assert_eq!(status, 200, "{page}");
    page
}

fn kinds(page: &Value) -> Vec<&str> {
    page["entries"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn everybody_reads_what_he_was_told_and_nothing_else() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = builders::report(&app).await;
    let page = inbox(&app, "primary-1").await;
    assert_eq!((kinds(&page), &page["unread"]), (vec!["new_case"], &json!(1)));
    let entry = &page["entries"][0];
    assert_eq!(entry["number"], case.number.as_str());
    assert_eq!(entry["place"], "双井第一网格");
    let text = page.to_string();
    assert!(!text.contains("家里没水了") && !text.contains(ADDRESS), "personal data: {text}");
    assert_eq!(kinds(&inbox(&app, "cadre-1").await), ["new_case"]);
    for other in ["primary-2", "backup-1", "resident-1", "resident-2", "command"] {
        assert_eq!(kinds(&inbox(&app, other).await), Vec::<&str>::new(), "{other}");
    }
    let worker = app.as_person("primary-1").await;
    let body = json!({ "expected_version": case.version });
    let (status, _) =
        worker.post(&format!("/api/v1/cases/{}/acknowledgement", case.id), body).await;
    assert_eq!(status, 200);
    // He consented to no message, and still learns of it here.
    assert_eq!(kinds(&inbox(&app, "resident-1").await), ["acknowledged"]);
}

#[tokio::test]
async fn who_has_no_channel_at_all_has_an_inbox() {
    let mut app = App::start().await;
    app.leave_jobs();
    let s = app.services();
    for app_of in [entity::kinds::WechatApp::Mini, entity::kinds::WechatApp::Oa] {
        let openid = format!("{}-cadre-1", app_of.word());
        let now = app.clock.now();
        let dead = s.writer.commit(move |tx| {
            Box::pin(async move {
                let dead = zhinan::store::people::set_identity_dead(tx, app_of, &openid, Some(now));
                Ok::<_, zhinan::error::Error>(dead.await?)
            })
        });
        assert_eq!(dead.await.unwrap(), 1);
    }
    builders::report(&app).await;
    assert_eq!(kinds(&inbox(&app, "cadre-1").await), ["new_case"]);
    assert_eq!(kinds(&inbox(&app, "primary-1").await), ["new_case"]);
    let notices = entity::notice::Entity::find().all(&s.db.read).await.unwrap();
    let told: Vec<_> = notices.iter().filter_map(|one| one.staff_id).collect();
    assert_eq!(told, [app.person("primary-1").staff.unwrap()], "the chain waits for nobody else");
}

#[tokio::test]
async fn who_left_office_reads_nothing_of_it_though_his_token_of_the_console_lives() {
    let mut app = App::start().await;
    app.leave_jobs();
    builders::report(&app).await;
    let (account, staff) =
        (app.person("primary-1").account, app.person("primary-1").staff.unwrap());
    let conn = app.connect().await;
    let write = async |text: String| conn.execute_unprepared(&text).await.unwrap();
    write(format!("UPDATE staff SET account_id = NULL WHERE id = {staff}")).await;
    write(format!(
        "INSERT INTO console_account (account_id, staff_id, name, password_hash, created_at)
            VALUES ({account}, {staff}, 'worker', '', 1)"
    ))
    .await;
    assert_eq!(kinds(&inbox(&app, "primary-1").await), ["new_case"]);
    write(format!("UPDATE staff SET ended_at = created_at WHERE id = {staff}")).await;
    assert_eq!(kinds(&inbox(&app, "primary-1").await), Vec::<&str>::new());
    assert_eq!(builders::actor(&app, "primary-1").await.staff, None);
}

#[tokio::test]
async fn a_first_reading_counts_and_a_repeat_is_free() {
    let mut app = App::start().await;
    app.leave_jobs();
    builders::report(&app).await;
    let worker = app.as_person("primary-1").await;
    let (_, page) = worker.get(PATH).await;
    let id = page["entries"][0]["id"].as_i64().unwrap();
    let path = format!("{PATH}/{id}/reading");
    let (status, first) = worker.post(&path, json!({})).await;
    assert_eq!((status, first["read_at"].is_string()), (200, true), "{first}");
    app.advance(crate::kit::clock::seconds(30));
    let (status, again) = worker.post(&path, json!({})).await;
    assert_eq!((status, &again), (200, &first));
    assert_eq!(inbox(&app, "primary-1").await["unread"], 0);
    for other in ["cadre-1", "primary-2", "resident-1"] {
        let (status, answer) = app.as_person(other).await.post(&path, json!({})).await;
        assert_eq!((status, &answer["code"]), (404, &json!("not_found")), "{other}");
    }
}

#[tokio::test]
async fn who_opened_a_case_or_acted_on_it_has_read_what_he_was_told_of_it() {
    let mut app = App::start().await;
    app.leave_jobs();
    let (case, other) = (builders::report(&app).await, builders::report(&app).await);
    let worker = app.as_person("primary-1").await;
    let unread = async |who: &str| inbox(&app, who).await["unread"].clone();
    let path = format!("/api/v1/cases/{}", case.id);
    // From the list, without opening it.
    let body = json!({ "expected_version": case.version });
    assert_eq!(worker.post(&format!("{path}/acknowledgement"), body).await.0, 200);
    assert_eq!(unread("primary-1").await, 1, "of the other case");
    assert_eq!(unread("cadre-1").await, 2, "nobody reads for a colleague");
    assert_eq!(worker.get(&format!("/api/v1/cases/{}", other.id)).await.0, 200);
    assert_eq!(unread("primary-1").await, 0);
    let resident = app.as_person("resident-1").await;
    assert_eq!(unread("resident-1").await, 1);
    let (_, seen) = resident.get(&path).await;
    assert_eq!(unread("resident-1").await, 0);
    // What the resident adds stands in the worker's inbox, and rings nobody.
    let notices = entity::notice::Entity::find();
    let before = notices.clone().count(&app.services().db.read).await.unwrap();
    let body = json!({ "expected_version": seen["version"], "text": "楼下也漏了" });
    assert_eq!(resident.post(&format!("{path}/updates"), body).await.0, 200);
    assert_eq!(kinds(&inbox(&app, "primary-1").await)[0], "added");
    assert_eq!(unread("primary-1").await, 1);
    assert_eq!(notices.count(&app.services().db.read).await.unwrap(), before);
}

#[tokio::test]
async fn whom_a_case_without_a_grid_is_refused_reads_no_word_of_the_desk() {
    let mut app = App::start().await;
    app.leave_jobs();
    let nowhere = json!({ "text": "请问怎么办理", "address": null });
    let (_, made) = app.as_person("resident-1").await.post("/api/v1/cases", nowhere).await;
    assert_eq!(made["grid"]["large"], Value::Null, "{made}");
    let body = json!({ "expected_version": made["version"], "code": "outside_duty", "explanation": "请联系镇政府" });
    let path = format!("/api/v1/cases/{}/rejection", made["id"]);
    let (status, refused) = app.as_person("desk-1").await.post(&path, body).await;
    assert_eq!(status, 200, "{refused}");
    let page = inbox(&app, "resident-1").await;
    assert_eq!(
        (kinds(&page)[0], &page["entries"][0]["place"]),
        ("rejected", &json!("您反映的地点"))
    );
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_double() {
    let mut app = App::start().await;
    app.leave_jobs();
    for _ in 0..7 {
        builders::report_as(&app, "resident-1", ADDRESS, Category::Utilities).await;
    }
    let worker = app.as_person("primary-1").await;
    let (mut seen, mut next) = (Vec::new(), None::<String>);
    loop {
        let cursor = next.map(|next| format!("&cursor={next}")).unwrap_or_default();
        let (status, page) = worker.get(&format!("{PATH}?limit=3{cursor}")).await;
        assert_eq!((status, &page["unread"]), (200, &json!(7)), "{page}");
        let entries = page["entries"].as_array().unwrap();
        seen.extend(entries.iter().map(|one| one["id"].as_i64().unwrap()));
        match page["next"].as_str() {
            Some(more) => next = Some(more.to_owned()),
            None => break,
        }
    }
    let mut sorted = seen.clone();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    sorted.dedup();
    assert_eq!((seen.len(), &seen), (7, &sorted));
    // A cursor of another list, and one of another person, open nothing.
    let (status, _) = worker.get(&format!("{PATH}?cursor=abc")).await;
    assert_eq!(status, 400);
    let (_, page) = worker.get(&format!("{PATH}?limit=1")).await;
    let foreign = format!("{PATH}?cursor={}", page["next"].as_str().unwrap());
    let (status, answer) = app.as_person("primary-2").await.get(&foreign).await;
    assert_eq!((status, &answer["code"]), (400, &json!("malformed_query")));
}

#[tokio::test]
async fn what_is_planned_twice_is_told_once() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = builders::report(&app).await;
    let s = app.services().clone();
    let before = inbox::Entity::find().count(&s.db.read).await.unwrap();
    let rows = inbox::Entity::find().all(&s.db.read).await.unwrap();
    let again = s.writer.commit(move |tx| {
        Box::pin(async move {
            let rows = rows.into_iter().map(|row| {
                let mut row: inbox::ActiveModel = row.into();
                row.id = sea_orm::ActiveValue::NotSet;
                row
            });
            Ok::<_, zhinan::error::Error>(
                zhinan::store::inbox::insert_new(tx, rows.collect()).await?,
            )
        })
    });
    again.await.unwrap();
    assert!(before >= 2, "{}", case.number);
    assert_eq!(inbox::Entity::find().count(&app.services().db.read).await.unwrap(), before);
}
