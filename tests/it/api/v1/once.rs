//! The optional `Idempotency-Key` of changes: a repeat is answered as the first request was, and
//! changes nothing.

use std::time::Duration;

use entity::kinds::{CaseState, EventType};
use entity::{idempotency, leave, swap};
use futures::future::join_all;
use sea_orm::{ConnectionTrait, DatabaseBackend, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use super::reach::{allow, sql};
use crate::kit::App;
use crate::kit::builders::{case_in, find};
use crate::kit::clock::hours;

/// The timeline's entries of a kind.
async fn events(app: &App, case: entity::kinds::CaseId, kind: EventType) -> usize {
    let events = zhinan::store::event::list(&app.services().db.read, case).await.unwrap();
    events.iter().filter(|(event, _)| event.kind == kind).count()
}

#[tokio::test]
async fn a_verb_that_comes_twice_under_one_key_happens_once_and_is_answered_alike() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::Assigned).await;
    let worker = app.as_person("primary-1").await;
    let path = format!("/api/v1/cases/{}/acknowledgement", case.id);
    let body = json!({ "expected_version": case.version });
    let first = worker.post_with_key(&path, "ack-1", body.clone()).await;
    assert_eq!((first.0, &first.1["state"]), (200, &json!("acknowledged")), "{}", first.1);
    // Meanwhile somebody goes on: the repeat still says what the first one said.
    let contact =
        json!({ "expected_version": first.1["version"], "method": "phone", "outcome": "reached" });
    let contacts = format!("/api/v1/cases/{}/contacts", case.id);
    let went_on = worker.post_with_key(&contacts, "contact-1", contact.clone()).await;
    assert_eq!(went_on.0, 200, "{}", went_on.1);
    assert_eq!(worker.post_with_key(&path, "ack-1", body.clone()).await, first);
    assert_eq!(worker.post_with_key(&contacts, "contact-1", contact.clone()).await, went_on);
    assert_eq!(events(&app, case.id, EventType::Acknowledged).await, 1);
    assert_eq!(events(&app, case.id, EventType::Contacted).await, 1);
    assert_eq!(find(&app, case.id).await.version, case.version + 2);
    // The key belongs to this request: another body, another verb and another person are others.
    let mut other = contact.clone();
    other["note"] = json!("改口");
    for (path, body) in [(&contacts, other), (&path, contact)] {
        let (status, refused) = worker.post_with_key(path, "contact-1", body).await;
        assert_eq!((status, refused["code"].as_str()), (422, Some("idempotency_key_reused")));
    }
    let backup = app.as_person("backup-1").await;
    let (status, refused) = backup.post_with_key(&path, "ack-1", body.clone()).await;
    assert_eq!((status, refused["code"].as_str()), (409, Some("version_conflict")));
    app.advance(hours(24) + Duration::from_mins(1));
    app.run_due().await;
    zhinan::engine::sweep::run(app.services()).await.unwrap();
    let worker = app.as_person("primary-1").await;
    let (status, _) = worker.post_with_key(&path, "ack-1", body).await;
    assert_eq!(status, 409, "after a day it is a new request");
    app.ignore_messages().await;
}

#[tokio::test]
async fn what_was_refused_may_be_tried_again_under_its_key_and_who_gave_a_case_back_is_answered() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::Acknowledged).await;
    let worker = app.as_person("primary-1").await;
    let path = format!("/api/v1/cases/{}/return", case.id);
    let body = |version: i32| json!({ "expected_version": version, "reason": "不属于本网格", "proposed_unit": "第二网格" });
    let (status, early) = worker.post_with_key(&path, "back", body(case.version - 1)).await;
    assert_eq!((status, early["code"].as_str()), (409, Some("version_conflict")));
    let done = worker.post_with_key(&path, "back", body(case.version)).await;
    assert_eq!(done.0, 200, "{}", done.1);
    let (status, _) = worker.get(&format!("/api/v1/cases/{}", case.id)).await;
    assert_eq!(status, 404, "the case left his grid");
    assert_eq!(worker.post_with_key(&path, "back", body(case.version)).await, done);
    // Without a key nothing is kept.
    let kept = idempotency::Entity::find().all(&app.services().db.read).await.unwrap();
    assert!(kept.iter().all(|row| row.reply_sealed.starts_with("v1")), "answers are sealed");
    let malformed = worker.post_with_key(&path, "b k", body(case.version)).await;
    assert_eq!(
        (malformed.0, malformed.1["code"].as_str()),
        (400, Some("idempotency_key_required"))
    );
    let anonymous = app.anonymous().post_with_key(&path, "back", body(case.version)).await;
    assert_eq!(anonymous.0, 401, "a key is no bearer");
}

#[tokio::test]
async fn many_at_once_under_one_key_are_one() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::Assigned).await;
    let worker = app.as_person("primary-1").await;
    let path = format!("/api/v1/cases/{}/acknowledgement", case.id);
    let body = json!({ "expected_version": case.version });
    let tries = (0..6).map(|_| worker.post_with_key(&path, "crowd", body.clone()));
    for (status, answer) in join_all(tries).await {
        assert_eq!((status, &answer["version"]), (200, &json!(case.version + 1)), "{answer}");
    }
    assert_eq!(events(&app, case.id, EventType::Acknowledged).await, 1);
}

/// Lets the database refuse to keep answers.
async fn keep_none(app: &App) {
    let conn = app.connect().await;
    let text = match conn.get_database_backend() {
        DatabaseBackend::Postgres => {
            "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'full'; END $$
                LANGUAGE plpgsql;
             CREATE TRIGGER refuse BEFORE INSERT ON idempotency FOR EACH ROW EXECUTE FUNCTION refuse()"
        }
        _ => {
            "CREATE TRIGGER refuse BEFORE INSERT ON idempotency
                BEGIN SELECT RAISE(ABORT, 'full'); END"
        }
    };
    conn.execute_unprepared(text).await.unwrap();
}

#[tokio::test]
async fn a_change_whose_answer_cannot_be_kept_did_not_happen() {
    let mut app = App::start().await;
    app.leave_jobs();
    app.declare_log("request failed");
    app.declare_log("database");
    let case = case_in(&app, CaseState::Assigned).await;
    keep_none(&app).await;
    let worker = app.as_person("primary-1").await;
    let path = format!("/api/v1/cases/{}/acknowledgement", case.id);
    let body = json!({ "expected_version": case.version });
    let (status, failed) = worker.post_with_key(&path, "lost", body.clone()).await;
    assert!(status >= 500, "{failed}");
    assert_eq!(find(&app, case.id).await.state, CaseState::Assigned, "together, or neither");
    sql(
        &app,
        if cfg_postgres(&app).await {
            "DROP TRIGGER refuse ON idempotency"
        } else {
            "DROP TRIGGER refuse"
        },
    )
    .await;
    let (status, done) = worker.post_with_key(&path, "lost", body).await;
    assert_eq!((status, &done["state"]), (200, &json!("acknowledged")), "{done}");
}

async fn cfg_postgres(app: &App) -> bool {
    app.connect().await.get_database_backend() == DatabaseBackend::Postgres
}

#[tokio::test]
async fn a_notice_of_the_street_that_comes_twice_is_one_notice() {
    let mut app = App::start().await;
    app.leave_jobs();
    let cadre = app.as_person("cadre-1").await;
    let body = json!({ "title": "停水", "text": "明天停水", "until": "2026-11-30T00:00:00+08:00", "grids": ["G00101"] });
    let first = cadre.post_with_key("/api/v1/bulletins", "notice", body.clone()).await;
    assert_eq!((first.0, &first.1["title"]), (201, &json!("停水")), "{}", first.1);
    assert_eq!(first.1["grids"][0]["id"], "G00101", "what the running unit wrote is in the answer");
    assert_eq!(cadre.post_with_key("/api/v1/bulletins", "notice", body).await, first);
    let count = entity::bulletin::Entity::find().count(&app.services().db.read).await.unwrap();
    assert_eq!(count, 1);
}

#[tokio::test]
async fn a_leave_that_comes_twice_is_one_leave_and_taking_it_back_as_well() {
    let mut app = App::start().await;
    app.leave_jobs();
    allow(&app, "primary-1").await;
    let worker = app.as_person("primary-1").await;
    let body = json!({ "from": "2026-11-25T09:00:00+08:00", "to": "2026-11-25T18:00:00+08:00" });
    let first = worker.post_with_key("/api/v1/leaves", "leave", body.clone()).await;
    assert_eq!(first.0, 201, "{}", first.1);
    assert!(first.1["warning"].is_string(), "the warning is part of the answer: {}", first.1);
    assert_eq!(worker.post_with_key("/api/v1/leaves", "leave", body).await, first);
    let count = async || leave::Entity::find().count(&app.services().db.read).await.unwrap();
    assert_eq!(count().await, 1);
    let path = format!("/api/v1/leaves/{}", first.1["id"]);
    for _ in 0..2 {
        let gone = worker.send_with_key("DELETE", &path, "no leave", None).await;
        assert_eq!(gone.0, 400, "a key without spaces");
        let gone = worker.send_with_key("DELETE", &path, "no-leave", None).await;
        assert_eq!(gone, (204, Value::Null));
    }
    let (status, _) = worker.send("DELETE", &path, None).await;
    assert_eq!(status, 404, "without the key it is asked anew");
}

#[tokio::test]
async fn a_swap_that_is_asked_or_accepted_twice_is_one() {
    let mut app = App::start().await;
    app.leave_jobs();
    let admin = app.as_person("system-admin").await;
    let day = json!({ "from": "08:00", "to": "18:00" });
    assert_eq!(admin.send("PUT", "/api/v1/shifts/白班", Some(day)).await.0, 200);
    sql(&app, "UPDATE responsibility SET shift = '白班' WHERE staff_id IN (SELECT id FROM staff WHERE staff_no IN ('primary-1', 'primary-2'))").await;
    let (asker, partner) = (app.as_person("primary-1").await, app.as_person("primary-2").await);
    let body = json!({ "colleague": app.person("primary-2").staff, "mine": "2026-11-25" });
    let first = asker.post_with_key("/api/v1/swaps", "swap", body.clone()).await;
    assert_eq!((first.0, &first.1["state"]), (201, &json!("asked")), "{}", first.1);
    assert!(first.1["id"].as_i64().unwrap() > 0);
    assert_eq!(asker.post_with_key("/api/v1/swaps", "swap", body.clone()).await, first);
    let swaps = swap::Entity::find().count(&app.services().db.read).await.unwrap();
    assert_eq!(swaps, 1);
    let (status, _) = asker.post_with_key("/api/v1/swaps", "swap-2", body).await;
    assert_eq!(status, 409, "another key is another wish");
    let path = format!("/api/v1/swaps/{}/acceptance", first.1["id"]);
    let accepted = partner.post_with_key(&path, "yes", json!({})).await;
    assert_eq!((accepted.0, &accepted.1["state"]), (200, &json!("accepted")), "{}", accepted.1);
    assert_eq!(partner.post_with_key(&path, "yes", json!({})).await, accepted);
    let (status, _) = partner.post_with_key(&path, "yes-2", json!({})).await;
    assert_eq!(status, 409);
    // What was answered is what is so.
    let (_, listed) = partner.get("/api/v1/swaps").await;
    for field in ["state", "allowed", "says", "changed_at"] {
        assert_eq!(listed["swaps"][0][field], accepted.1[field], "{field}");
    }
    let (_, page) = partner.get("/api/v1/inbox").await;
    let told = page["entries"].as_array().unwrap().iter().filter(|one| one["kind"] == "roster");
    assert_eq!(told.count(), 1, "the colleague was asked once");
    app.ignore_messages().await;
}

#[tokio::test]
async fn signing_off_twice_under_one_key_warns_twice_and_tells_once() {
    let mut app = App::start().await;
    app.leave_jobs();
    allow(&app, "primary-1").await;
    let backup = app.as_person("backup-1").await;
    assert_eq!(backup.send("PUT", "/api/v1/my/duty", Some(json!({ "on": false }))).await.0, 200);
    let worker = app.as_person("primary-1").await;
    let sign = async |key: &str, on: bool| {
        let (status, seen) =
            worker.send_with_key("PUT", "/api/v1/my/duty", key, Some(json!({ "on": on }))).await;
        assert_eq!(status, 200, "{seen}");
        let (_, now) = worker.get("/api/v1/my/duty").await;
        for field in ["state", "signed_on_at", "signed_off_at", "says"] {
            assert_eq!(seen[field], now[field], "{key}: {field} is not what is so");
        }
        seen
    };
    sign("on", true).await;
    let off = sign("off", false).await;
    assert!(off["warning"].is_string(), "{off}");
    assert_eq!(off["gaps"].as_array().unwrap().len(), 1, "the grid is left alone: {off}");
    assert_eq!(sign("off", false).await, off, "the gaps are part of the answer");
    assert_eq!(sign("off-2", false).await["warning"], Value::Null, "he is off already");
    sign("back", true).await;
    let (_, page) = app.as_person("cadre-1").await.get("/api/v1/inbox").await;
    let told = page["entries"].as_array().unwrap().iter().filter(|one| one["kind"] == "roster");
    assert_eq!(told.count(), 1);
    app.ignore_messages().await;
}
