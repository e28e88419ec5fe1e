//! Signing on and off, and who is told because of it.

use entity::kinds::{Category, Channel, NoticeState};
use entity::probe;
use sea_orm::{ConnectionTrait, DatabaseBackend, EntityTrait, QueryOrder, TransactionTrait};
use serde_json::{Value, json};

use super::reach::sql;
use crate::kit::builders::{ADDRESS, allow, report, report_as};
use crate::kit::clock::{hours, minutes, until};
use crate::kit::{App, waiting};

const PATH: &str = "/api/v1/my/duty";

async fn sign(app: &App, who: &str, body: Value) -> (u16, Value) {
    app.as_person(who).await.send("PUT", PATH, Some(body)).await
}

async fn state(app: &App, who: &str) -> String {
    let (status, seen) = app.as_person(who).await.get(PATH).await;
    assert_eq!(status, 200, "{seen}");
    seen["state"].as_str().unwrap().to_owned()
}

/// Gives somebody the day shift; the kit's clock begins on a Tuesday at 10:00.
async fn day_shift(app: &App, who: &str) {
    let admin = app.as_person("system-admin").await;
    let day = json!({ "from": "08:00", "to": "18:00" });
    assert_eq!(admin.send("PUT", "/api/v1/shifts/白班", Some(day)).await.0, 200);
    sql(app, &format!("UPDATE responsibility SET shift = '白班' WHERE staff_id = (SELECT id FROM staff WHERE staff_no = '{who}')")).await;
}

/// Whom a new case is told at once.
async fn told(app: &App) -> Vec<String> {
    app.run_due().await;
    let before = app.messages().await.len();
    report(app).await;
    app.run_due().await;
    let mut told: Vec<String> =
        app.messages().await[before..].iter().map(|one| one.to.clone()).collect();
    told.sort();
    app.ignore_messages().await;
    told
}

async fn entries(app: &App, who: &str) -> Vec<Value> {
    let (_, page) = app.as_person(who).await.get("/api/v1/inbox").await;
    let all = page["entries"].as_array().unwrap().iter();
    all.filter(|one| one["kind"] == "roster").cloned().collect()
}

#[tokio::test]
async fn who_signed_off_is_away_until_his_shift_ends_and_who_never_signed_on_is_told() {
    let mut app = App::start().await;
    app.leave_jobs();
    day_shift(&app, "primary-1").await;
    assert_eq!(state(&app, "primary-1").await, "not_signed_on");
    assert_eq!(told(&app).await, ["oa-cadre-1", "oa-primary-1"]);

    let (status, on) = sign(&app, "primary-1", json!({ "on": true })).await;
    assert_eq!((status, on["state"].as_str()), (200, Some("on")), "{on}");
    let ten = "2026-11-24T10:00:00.000000Z";
    assert_eq!(on["shift"]["to"], ten, "18:00 in China");
    app.advance(minutes(5));
    let (_, again) = sign(&app, "primary-1", json!({ "on": true })).await;
    assert_eq!(again["signed_on_at"], on["signed_on_at"], "the first signing counts");

    let (status, off) = sign(&app, "primary-1", json!({ "on": false })).await;
    assert_eq!((status, off["state"].as_str()), (200, Some("off")), "{off}");
    assert_eq!(off["gaps"], json!([]), "his backup is there");
    assert_eq!(told(&app).await, ["oa-cadre-1"]);
    let leave = app.services().db.read.clone();
    let leave = entity::leave::Entity::find().one(&leave).await.unwrap().unwrap();
    let cadre = app.as_person("cadre-1").await;
    let path = format!("/api/v1/leaves/{}", leave.id);
    assert_eq!(cadre.send("DELETE", &path, None).await.0, 409, "he signs on himself");

    sign(&app, "primary-1", json!({ "on": true })).await;
    assert_eq!(state(&app, "primary-1").await, "on");
    assert!(told(&app).await.contains(&"oa-primary-1".to_owned()), "he is back");
    sign(&app, "primary-1", json!({ "on": false })).await;
    app.advance(hours(8));
    assert_eq!(state(&app, "primary-1").await, "no_shift");
    let (status, refused) = sign(&app, "primary-1", json!({ "on": true })).await;
    assert_eq!((status, refused["errors"][0]["code"].as_str()), (422, Some("no_shift")));
    app.advance(hours(13));
    let (status, early) = sign(&app, "primary-1", json!({ "on": true })).await;
    assert_eq!((status, early["state"].as_str()), (200, Some("no_shift")), "07:05: {early}");
    app.advance(hours(1));
    assert_eq!(state(&app, "primary-1").await, "on", "he had come early");
    assert!(told(&app).await.contains(&"oa-primary-1".to_owned()), "a new day");
}

/// He signed off by a clock that was put back an hour since.
#[tokio::test]
async fn who_signs_on_again_is_there_also_when_the_clock_comes_to_where_he_signed_off() {
    let mut app = App::start().await;
    app.leave_jobs();
    day_shift(&app, "primary-1").await;
    assert_eq!(sign(&app, "primary-1", json!({ "on": false })).await.0, 200);
    sql(&app, "UPDATE leave SET from_at = from_at + 3600000000").await;
    let (status, on) = sign(&app, "primary-1", json!({ "on": true })).await;
    assert_eq!((status, on["state"].as_str()), (200, Some("on")), "{on}");
    app.advance(hours(2));
    assert_eq!(state(&app, "primary-1").await, "on");
    assert!(told(&app).await.contains(&"oa-primary-1".to_owned()), "he is there");
    // Until then he is not away, and may say that he goes.
    assert_eq!(sign(&app, "primary-1", json!({ "on": false })).await.0, 200);
    sql(&app, "UPDATE leave SET from_at = from_at + 3600000000 WHERE cancelled_at IS NULL").await;
    assert_eq!(sign(&app, "primary-1", json!({ "on": false })).await.0, 200);
    assert_eq!(told(&app).await, ["oa-cadre-1"]);
    sign(&app, "primary-1", json!({ "on": true })).await;
    app.advance(hours(2));
    assert!(told(&app).await.contains(&"oa-primary-1".to_owned()), "both are over");
}

#[tokio::test]
async fn who_goes_while_an_urgent_case_is_open_must_say_so_and_his_cadre_hears_of_it() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = report_as(&app, "resident-1", ADDRESS, Category::Utilities).await;
    assert_eq!(sign(&app, "primary-2", json!({ "on": false })).await.0, 200, "not his case");
    sql(&app, &format!("UPDATE cases SET urgency = 'urgent' WHERE id = {}", case.id)).await;
    let (status, refused) = sign(&app, "primary-1", json!({ "on": false })).await;
    assert_eq!((status, refused["code"].as_str()), (422, Some("rule_refused")), "{refused}");
    let fault = &refused["errors"][0];
    assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/confirm"), &json!("open_urgent")));
    assert!(refused["detail"].as_str().unwrap().contains(&case.number));
    assert_eq!(state(&app, "primary-1").await, "not_signed_on", "nothing happened");
    assert!(entries(&app, "cadre-1").await.is_empty());

    let (status, off) = sign(&app, "primary-1", json!({ "on": false, "confirm": true })).await;
    assert_eq!((status, &off["open_urgent"][0]["number"]), (200, &json!(case.number)), "{off}");
    let told = entries(&app, "cadre-1").await;
    assert_eq!(told.len(), 1);
    assert!(told[0]["note"].as_str().unwrap().contains(&case.number), "{told:?}");
    assert_eq!((&told[0]["case_id"], &told[0]["urgent"]), (&Value::Null, &json!(true)));
    assert!(entries(&app, "cadre-2").await.is_empty(), "another community");
    app.run_due().await;
    app.expect_notice("cadre-1", "【值班】").await;
    app.ignore_messages().await;
}

#[tokio::test]
async fn a_grid_that_is_left_alone_is_told_to_its_community_at_once() {
    let mut app = App::start().await;
    app.leave_jobs();
    let (_, first) = sign(&app, "primary-1", json!({ "on": false })).await;
    assert_eq!(first["warning"], Value::Null, "{first}");
    let (_, last) = sign(&app, "backup-1", json!({ "on": false })).await;
    let said = "双井第一网格（G00101）2026-11-24 10:00 至 2026-11-25 00:00 请假且无人替班";
    assert!(last["warning"].as_str().unwrap().ends_with(said), "{last}");
    assert_eq!(last["gaps"].as_array().unwrap().len(), 1);
    for leader in ["cadre-1", "secretary-1"] {
        let told = entries(&app, leader).await;
        assert_eq!(told.len(), 1, "{leader}");
        assert!(told[0]["note"].as_str().unwrap().contains(said), "{told:?}");
    }
    let (_, again) = sign(&app, "backup-1", json!({ "on": false })).await;
    assert_eq!((&again["state"], &again["gaps"]), (&json!("off"), &json!([])));
    for leader in ["cadre-1", "secretary-1"] {
        sign(&app, leader, json!({ "on": false })).await;
    }
    assert_eq!(entries(&app, "cadre-1").await.len(), 1, "what he causes himself he knows");
    let command = entries(&app, "command").await;
    assert_eq!(command.len(), 1, "the last of the community goes: {command:?}");
}

/// Both of a grid sign off; nothing was sent yet.
async fn left_alone(faults: Value) -> App {
    let mut app = App::start().await;
    app.leave_jobs();
    app.declare_log("a test message was not accepted");
    allow(&app, "cadre-1", "T-staff", 1).await;
    app.wechat.post("/_sandbox/faults", faults).await;
    for who in ["primary-1", "backup-1"] {
        sign(&app, who, json!({ "on": false })).await;
    }
    app
}

async fn readers(app: &App) -> Vec<String> {
    app.run_due().await;
    let mut readers: Vec<String> = app.messages().await.into_iter().map(|one| one.to).collect();
    readers.sort();
    app.ignore_messages().await;
    readers
}

#[tokio::test]
async fn the_word_that_a_grid_is_left_alone_takes_the_next_way_where_the_first_fails() {
    let app = left_alone(json!({ "blocks": ["oa-cadre-1"] })).await;
    assert_eq!(readers(&app).await, [app.person("cadre-1").mini.as_str(), "oa-secretary-1"]);
    // What leads to nobody any more when it is to leave is as good as refused.
    let app = left_alone(json!({})).await;
    sql(&app, "UPDATE wechat_identity SET dead_at = 1 WHERE openid = 'oa-cadre-1'").await;
    assert_eq!(readers(&app).await, [app.person("cadre-1").mini.as_str(), "oa-secretary-1"]);
}

/// It would be over before the day's quota opens again.
#[tokio::test]
async fn the_word_that_a_grid_is_left_alone_takes_the_next_way_where_the_quota_of_the_first_is_used_up()
 {
    let used_up = json!({ "path": "/cgi-bin/message/template/send", "code": 45_009, "times": 99 });
    let app = left_alone(json!({ "errcode": used_up })).await;
    assert_eq!(readers(&app).await, [app.person("cadre-1").mini.as_str()]);
    let cadre = app.person("cadre-1").staff.unwrap();
    let all = probe::Entity::find().order_by_asc(probe::Column::Id);
    let all = all.all(&app.services().db.read).await.unwrap();
    let fates = |of_cadre: bool| -> Vec<_> {
        let his = all.iter().filter(|one| (one.staff_id == cadre) == of_cadre);
        his.map(|one| (one.channel, one.state, one.reason.as_deref())).collect()
    };
    let first = (Channel::OaTemplate, NoticeState::Dead, Some("rate_limited"));
    assert_eq!(fates(true), [first, (Channel::MiniSubscribe, NoticeState::Accepted, None)]);
    let waits = (Channel::OaTemplate, NoticeState::Planned, None);
    assert_eq!(fates(false), [waits], "nothing else leads to the secretary");
}

#[tokio::test]
async fn the_word_that_a_grid_is_left_alone_outlasts_an_outage() {
    let app = left_alone(json!({ "busy": 12 })).await;
    assert!(readers(&app).await.is_empty());
    for _ in 0..10 {
        app.advance(minutes(2));
        app.run_due().await;
    }
    assert_eq!(readers(&app).await, ["oa-cadre-1", "oa-secretary-1"]);
}

/// Two phones, or a finger that taps twice.
#[tokio::test]
async fn who_signs_off_twice_at_once_is_there_again_when_he_signs_on() {
    let mut app = App::start().await;
    app.leave_jobs();
    day_shift(&app, "primary-1").await;
    let staff = app.person("primary-1").staff.unwrap();
    for _ in 0..5 {
        let off = || sign(&app, "primary-1", json!({ "on": false }));
        let (one, two) = tokio::join!(off(), off());
        assert_eq!((one.0, two.0), (200, 200), "{one:?} {two:?}");
        assert_eq!(sign(&app, "primary-1", json!({ "on": true })).await.0, 200);
        let (read, now) = (&app.services().db.read, app.clock.now());
        let away = zhinan::store::roster::away(read, &[staff], now).await.unwrap();
        assert!(away.is_empty(), "{away:?}");
        app.advance(minutes(1));
    }
}

/// He would not see what the other one is about to write. SQLite has one writer.
#[tokio::test]
async fn whoever_signs_off_waits_for_another_who_does_it_for_the_same_person() {
    let mut app = App::start().await;
    app.leave_jobs();
    let conn = app.connect().await;
    if conn.get_database_backend() == DatabaseBackend::Sqlite {
        return conn.close().await.unwrap();
    }
    day_shift(&app, "primary-1").await;
    let (staff, now) = (app.person("primary-1").staff.unwrap(), app.clock.now().0);
    let other = conn.begin().await.unwrap();
    for text in [
        format!("SELECT id FROM staff WHERE id = {staff} FOR NO KEY UPDATE"),
        format!(
            "INSERT INTO leave (staff_id, from_at, to_at, created_at, kind)
             VALUES ({staff}, {now}, {now} + 3600000000, {now}, 'off_duty')"
        ),
    ] {
        other.execute_unprepared(&text).await.unwrap();
    }
    let mut signing = std::pin::pin!(sign(&app, "primary-1", json!({ "on": false })));
    let waits = async || (waiting(&app.services().db.read).await > 0).then_some(());
    tokio::select! {
        done = &mut signing => panic!("it did not wait: {done:?}"),
        () = until("it to wait", waits) => {}
    }
    other.commit().await.unwrap();
    assert_eq!(signing.await.0, 200);
    let off = entity::leave::Entity::find().all(&conn).await.unwrap();
    assert_eq!(off.len(), 1, "{off:?}");
    conn.close().await.unwrap();
}

#[tokio::test]
async fn a_running_chain_passes_over_who_signed_off() {
    let mut app = App::start().await;
    app.leave_jobs();
    report(&app).await;
    app.run_due().await;
    sign(&app, "backup-1", json!({ "on": false })).await;
    app.advance(minutes(31));
    app.run_due().await;
    let all = app.messages().await;
    assert!(all.iter().all(|one| one.to != "oa-backup-1"), "{all:?}");
    let escalated = |page: &Option<String>| page.as_deref().unwrap_or("").ends_with("escalated");
    let next = all.iter().any(|one| one.to == "oa-cadre-1" && escalated(&one.page));
    assert!(next, "the next was told at once: {all:?}");
    app.ignore_messages().await;
}

#[tokio::test]
async fn every_signing_is_on_record_and_only_who_has_a_shift_signs() {
    let app = App::start().await;
    assert_eq!(sign(&app, "resident-1", json!({ "on": true })).await.0, 403);
    assert_eq!(app.as_person("resident-1").await.get(PATH).await.0, 403);
    assert_eq!(state(&app, "auditor").await, "no_shift");
    for on in [true, true, false, false, true] {
        assert_eq!(sign(&app, "primary-3", json!({ "on": on })).await.0, 200);
    }
    let conn = app.connect().await;
    let record = entity::roster_change::Entity::find().all(&conn).await.unwrap();
    let words: Vec<&str> = record.iter().map(|one| one.what.word()).collect();
    assert_eq!(words, ["signed_on", "signed_off", "signed_on"]);
    assert!(record.iter().all(|one| one.staff_id == app.person("primary-3").staff));
    assert!(conn.execute_unprepared("DELETE FROM roster_change").await.is_err());
    conn.close().await.unwrap();
    let worker = app.as_person("primary-3").await;
    let leave = json!({ "from": "2026-11-24T08:00:00+08:00", "to": "2026-11-24T20:00:00+08:00" });
    sign(&app, "primary-3", json!({ "on": false })).await;
    assert_eq!(
        worker.post("/api/v1/leaves", leave).await.0,
        201,
        "a leave is entered all the same"
    );
}
