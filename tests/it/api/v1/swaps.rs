//! Swaps of shifts, from the question to the roster, and the week in which they show.

use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::reach::{allow, sql};
use crate::kit::App;
use crate::kit::builders::report;
use crate::kit::clock::hours;

const PATH: &str = "/api/v1/swaps";

/// The workers of the first community have the day shift; the clock begins on Tuesday the 24th.
async fn start(tune: fn(&mut zhinan::config::Config)) -> App {
    let mut app = App::start_with(tune).await;
    app.leave_jobs();
    let admin = app.as_person("system-admin").await;
    let day = json!({ "from": "08:00", "to": "18:00" });
    assert_eq!(admin.send("PUT", "/api/v1/shifts/白班", Some(day)).await.0, 200);
    sql(&app, "UPDATE responsibility SET shift = '白班' WHERE staff_id IN (SELECT id FROM staff WHERE staff_no IN ('primary-1', 'primary-2'))").await;
    app
}

async fn ask(app: &App, (who, of): (&str, &str), days: (&str, Option<&str>)) -> (u16, Value) {
    let mut body = json!({ "colleague": app.person(of).staff, "mine": days.0 });
    if let Some(theirs) = days.1 {
        body["theirs"] = json!(theirs);
    }
    app.as_person(who).await.post(PATH, body).await
}

async fn act(app: &App, who: &str, swap: &Value, word: &str) -> (u16, Value) {
    let path = format!("{PATH}/{}/{word}", swap["id"]);
    app.as_person(who).await.post(&path, json!({})).await
}

async fn told(app: &App, who: &str) -> Vec<(String, String)> {
    let (_, page) = app.as_person(who).await.get("/api/v1/inbox").await;
    let all = page["entries"].as_array().unwrap().iter().filter(|one| one["kind"] == "roster");
    let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    all.map(|one| (text(one, "state_zh"), text(one, "note"))).collect()
}

/// Whom a case of the first grid is told.
async fn told_of_a_case(app: &App) -> Vec<String> {
    app.run_due().await;
    let before = app.messages().await.len();
    report(app).await;
    app.run_due().await;
    let told = app.messages().await[before..].iter().map(|one| one.to.clone()).collect();
    app.ignore_messages().await;
    told
}

#[tokio::test]
async fn a_swap_that_was_agreed_and_approved_is_two_substitutions() {
    let app = start(|_| {}).await;
    let days = ("2026-11-25", Some("2026-11-26"));
    let (status, asked) = ask(&app, ("primary-1", "primary-2"), days).await;
    assert_eq!((status, &asked["state"]), (201, &json!("asked")), "{asked}");
    assert_eq!(asked["allowed"], json!(["withdrawal"]));
    let said = "primary-1 2026-11-25 08:00 至 2026-11-25 18:00 的班由 primary-2 顶班；primary-2 2026-11-26 08:00 至 2026-11-26 18:00 的班由 primary-1 顶班";
    assert_eq!(asked["says"], said);
    assert_eq!(told(&app, "primary-2").await, [("待同事答复".to_owned(), said.to_owned())]);
    let (_, listed) = app.as_person("primary-2").await.get(PATH).await;
    assert_eq!(listed["swaps"][0]["allowed"], json!(["acceptance", "refusal"]));
    let (status, early) = act(&app, "cadre-1", &asked, "approval").await;
    assert_eq!((status, early["code"].as_str()), (409, Some("move_not_allowed")), "{early}");

    let (status, accepted) = act(&app, "primary-2", &asked, "acceptance").await;
    assert_eq!((status, &accepted["state"]), (200, &json!("accepted")), "{accepted}");
    for who in ["primary-1", "cadre-1", "secretary-1"] {
        assert_eq!(told(&app, who).await[0].0, "待社区批准", "{who}");
    }
    let conn = app.services().db.read.clone();
    assert!(entity::leave::Entity::find().all(&conn).await.unwrap().is_empty(), "not yet");
    let (status, approved) = act(&app, "cadre-1", &asked, "approval").await;
    assert_eq!((status, &approved["state"]), (200, &json!("in_force")), "{approved}");
    for who in ["primary-1", "primary-2"] {
        assert_eq!(told(&app, who).await[0].0, "已生效", "{who}");
    }
    let leaves = entity::leave::Entity::find().all(&conn).await.unwrap();
    assert_eq!(leaves.len(), 2);
    let path = format!("/api/v1/leaves/{}", leaves[0].id);
    assert_eq!(app.as_person("primary-1").await.send("DELETE", &path, None).await.0, 409);

    app.advance(hours(24));
    let on_wednesday = told_of_a_case(&app).await;
    assert!(on_wednesday.contains(&"oa-primary-2".to_owned()), "{on_wednesday:?}");
    assert!(!on_wednesday.contains(&"oa-primary-1".to_owned()));
    app.advance(hours(24));
    let on_thursday = told_of_a_case(&app).await;
    assert!(on_thursday.contains(&"oa-primary-1".to_owned()), "back in his grid: {on_thursday:?}");
}

#[tokio::test]
async fn a_swap_agreed_to_while_no_leader_is_on_duty_waits_in_the_inbox_of_who_may_approve() {
    let app = start(|_| {}).await;
    let leaders = "UPDATE responsibility SET shift = '白班' WHERE role IN ('cadre', 'secretary')";
    sql(&app, leaders).await;
    let (_, asked) = ask(&app, ("primary-1", "primary-2"), ("2026-11-26", None)).await;
    app.advance(hours(9));
    let (status, accepted) = act(&app, "primary-2", &asked, "acceptance").await;
    assert_eq!((status, &accepted["state"]), (200, &json!("accepted")), "19:00: {accepted}");
    let heard = async |state: &str| {
        let mut heard = Vec::new();
        for who in ["cadre-1", "secretary-1", "cadre-2", "command"] {
            if told(&app, who).await.iter().any(|(one, _)| one == state) {
                heard.push(who);
            }
        }
        heard
    };
    assert_eq!(heard("待社区批准").await, ["cadre-1", "secretary-1"]);
    app.run_due().await;
    let pushed: Vec<String> = app.messages().await.into_iter().map(|one| one.to).collect();
    assert!(!pushed.contains(&"oa-cadre-1".to_owned()), "after his shift: {pushed:?}");
    app.ignore_messages().await;
    assert_eq!(act(&app, "primary-1", &asked, "withdrawal").await.0, 200);
    assert_eq!(heard("已撤回").await, ["cadre-1", "secretary-1"]);
}

#[tokio::test]
async fn the_week_shows_swaps_and_leaves_to_whom_they_concern() {
    let app = start(|_| {}).await;
    let (_, asked) = ask(&app, ("primary-1", "primary-2"), ("2026-11-25", None)).await;
    act(&app, "primary-2", &asked, "acceptance").await;
    act(&app, "secretary-1", &asked, "approval").await;
    let leave = json!({ "from": "2026-11-26T08:00:00+08:00", "to": "2026-11-26T18:00:00+08:00" });
    assert_eq!(app.as_person("primary-1").await.post("/api/v1/leaves", leave).await.0, 201);
    let week = "/api/v1/roster/week?from=2026-11-25";
    let (status, seen) = app.as_person("primary-1").await.get(week).await;
    assert_eq!((status, seen["days"].as_array().unwrap().len()), (200, 7), "{seen}");
    let primary = |day: usize, part: &str| {
        let all = seen["days"][day][part].as_array().unwrap();
        all.iter().find(|one| one["role"] == "grid_worker_primary").cloned().unwrap()
    };
    let swapped = primary(0, "turns");
    assert_eq!((&swapped["name"], &swapped["because"]), (&json!("primary-2"), &json!("swap")));
    assert_eq!(swapped["instead_of"]["name"], "primary-1");
    let away = primary(1, "away");
    assert_eq!((&away["name"], &away["because"]), (&json!("primary-1"), &json!("leave")));
    assert_eq!(primary(2, "turns")["because"], Value::Null);
    assert!(!seen["gaps"].as_array().unwrap().is_empty(), "nobody has two channels");
    assert!(seen["gaps"].as_array().unwrap().iter().all(|gap| gap["grid"]["id"] == "G00101"));

    let (_, all) = app.as_person("cadre-1").await.get(week).await;
    assert_eq!(all["days"].as_array().unwrap().len(), 7 * 3, "two grids and the community");
    for (who, query, want) in [
        ("primary-1", "&grid=G00201", 403),
        ("cadre-1", "&grid=G00201", 403),
        ("cadre-1", "&grid=G00102", 200),
        ("cadre-1", "&grid=G9", 404),
        ("command", "&grid=G00201", 200),
        ("auditor", "", 403),
        ("resident-1", "", 403),
    ] {
        let (status, seen) = app.as_person(who).await.get(&format!("{week}{query}")).await;
        assert_eq!(status, want, "{who} {query}: {seen}");
    }
}

#[tokio::test]
async fn what_cannot_be_swapped_is_refused_with_a_reason() {
    let app = start(|_| {}).await;
    let leave = json!({ "from": "2026-11-29T00:00:00+08:00", "to": "2026-11-30T00:00:00+08:00" });
    assert_eq!(app.as_person("primary-2").await.post("/api/v1/leaves", leave).await.0, 201);
    let weekdays = json!({ "from": "08:00", "to": "18:00", "days": "workday" });
    let admin = app.as_person("system-admin").await;
    admin.send("PUT", "/api/v1/shifts/白班", Some(weekdays)).await;
    for (whom, days, want) in [
        ("primary-1", ("2026-11-25", None), "same"),
        ("primary-3", ("2026-11-25", None), "other_community"),
        ("cadre-1", ("2026-11-25", None), "other_community"),
        ("primary-2", ("2026-11-24", None), "begun"),
        ("primary-2", ("2026-11-28", None), "no_shift"),
        ("primary-2", ("2026-11-25", Some("2026-11-25")), "overlap"),
        ("backup-2", ("2026-11-25", Some("2026-11-25")), "overlap"),
        ("primary-2", ("25.11.2026", None), "day"),
    ] {
        let (status, refused) = ask(&app, ("primary-1", whom), days).await;
        assert_eq!((status, &refused["errors"][0]["code"]), (422, &json!(want)), "{refused}");
    }
    let (_, away) = ask(&app, ("backup-1", "primary-2"), ("2026-11-29", None)).await;
    assert_eq!(away["errors"][0]["code"], "away", "{away}");
    for who in ["cadre-1", "resident-1", "command"] {
        let (status, refused) = ask(&app, (who, "primary-2"), ("2026-11-25", None)).await;
        assert_eq!(status, 403, "{who}: {refused}");
    }
    let (status, asked) = ask(&app, ("primary-1", "primary-2"), ("2026-11-25", None)).await;
    assert_eq!(status, 201, "{asked}");
    let (status, again) = ask(&app, ("primary-1", "backup-1"), ("2026-11-25", None)).await;
    assert_eq!((status, again["code"].as_str()), (409, Some("conflict")), "{again}");
    let (status, own) = act(&app, "primary-1", &asked, "acceptance").await;
    assert_eq!((status, &own["allowed"]), (409, &json!(["withdrawal"])), "{own}");
    for (who, want) in [("primary-3", 404), ("cadre-2", 404), ("resident-1", 403)] {
        assert_eq!(act(&app, who, &asked, "acceptance").await.0, want, "{who}");
    }
    let (_, listed) = app.as_person("primary-1").await.get(PATH).await;
    let names: Vec<&str> = listed["colleagues"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), 3, "the workers of his community: {names:?}");
}

#[tokio::test]
async fn no_and_never_mind_are_told_and_change_nothing() {
    let app = start(|_| {}).await;
    let whom = ("primary-1", "primary-2");
    let (_, declined) = ask(&app, whom, ("2026-11-25", None)).await;
    let (_, after) = act(&app, "primary-2", &declined, "refusal").await;
    assert_eq!(after["state"], "declined");
    assert_eq!(told(&app, "primary-1").await[0].0, "同事未同意");
    let (status, asked) = ask(&app, whom, ("2026-11-25", None)).await;
    assert_eq!(status, 201, "he may ask again");
    act(&app, "primary-2", &asked, "acceptance").await;
    let (_, after) = act(&app, "cadre-1", &asked, "refusal").await;
    assert_eq!(after["state"], "refused");
    for who in ["primary-1", "primary-2"] {
        assert_eq!(told(&app, who).await[0].0, "社区未批准", "{who}");
    }
    let (_, taken_back) = ask(&app, whom, ("2026-11-25", None)).await;
    let (_, after) = act(&app, "primary-1", &taken_back, "withdrawal").await;
    assert_eq!(after["state"], "withdrawn");
    assert_eq!(told(&app, "primary-2").await[0].0, "已撤回");
    let conn = app.services().db.read.clone();
    assert!(entity::leave::Entity::find().all(&conn).await.unwrap().is_empty());
    let (_, undone) = ask(&app, whom, ("2026-11-25", None)).await;
    act(&app, "primary-2", &undone, "acceptance").await;
    act(&app, "cadre-1", &undone, "approval").await;
    assert_eq!(act(&app, "primary-1", &undone, "withdrawal").await.0, 409, "it counts now");
    assert_eq!(act(&app, "cadre-1", &undone, "withdrawal").await.0, 200);
    app.advance(hours(24));
    assert!(told_of_a_case(&app).await.contains(&"oa-primary-1".to_owned()));
    let record = entity::roster_change::Entity::find().all(&conn).await.unwrap();
    let asked = record.iter().filter(|one| one.what == entity::kinds::RosterChange::SwapAsked);
    assert_eq!(asked.count(), 4, "all is on record");
}

#[tokio::test]
async fn where_nobody_approves_the_cadre_is_told_and_gaps_are_said_at_once() {
    let app = start(|config| config.roster.swap_approval = false).await;
    allow(&app, "primary-1").await;
    let (_, asked) = ask(&app, ("primary-1", "primary-2"), ("2026-11-25", None)).await;
    let gap = "双井第一网格11月25日 08:00 到 18:00值班的人可能收不到微信通知";
    assert_eq!(asked["warning"], format!("这样换班以后，{gap}"), "{asked}");
    let (_, listed) = app.as_person("primary-2").await.get(PATH).await;
    assert_eq!(listed["swaps"][0]["warning"], asked["warning"], "before he agrees");
    assert!(told(&app, "primary-2").await[0].1.ends_with(gap));
    let (status, agreed) = act(&app, "primary-2", &asked, "acceptance").await;
    assert_eq!((status, &agreed["state"]), (200, &json!("in_force")), "{agreed}");
    assert_eq!(agreed["gaps"].as_array().unwrap().len(), 1);
    let cadre = told(&app, "cadre-1").await;
    assert!(cadre[0].0 == "已生效" && cadre[0].1.ends_with(gap), "{cadre:?}");
    app.advance(hours(24));
    assert!(told_of_a_case(&app).await.contains(&"oa-primary-2".to_owned()));
}

#[tokio::test]
async fn what_nobody_agreed_to_in_time_is_over_and_both_hear_of_it_once() {
    let app = start(|_| {}).await;
    let (_, asked) = ask(&app, ("primary-1", "primary-2"), ("2026-11-25", None)).await;
    app.advance(hours(22));
    let (status, late) = act(&app, "primary-2", &asked, "acceptance").await;
    assert_eq!((status, late["code"].as_str()), (409, Some("move_not_allowed")), "08:00: {late}");
    let (_, listed) = app.as_person("primary-1").await.get(PATH).await;
    assert_eq!(listed["swaps"][0]["state"], "expired", "before anybody wrote it");
    for _ in 0..2 {
        zhinan::app::roster::swap::expire::run(app.services()).await.unwrap();
    }
    assert_eq!(told(&app, "primary-1").await.len(), 1);
    assert_eq!(told(&app, "primary-2").await[0].0, "已过期");
    let conn = app.services().db.read.clone();
    let stored = entity::swap::Entity::find().one(&conn).await.unwrap().unwrap();
    assert_eq!(stored.state, entity::kinds::SwapState::Expired);
}
