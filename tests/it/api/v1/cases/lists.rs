//! What a list is asked for: several states at once, page by page.

use entity::kinds::{CaseId, CaseState};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use zhinan::domain::calendar::rfc3339;

use super::effects::act;
use crate::kit::App;
use crate::kit::builders::{ADDRESS, allow, case_in};
use crate::kit::clock::hours;

#[tokio::test]
async fn several_states_are_one_list_newest_first_page_by_page() {
    let mut app = App::start().await;
    app.leave_jobs();
    let mut made = Vec::new();
    for state in [
        CaseState::Assigned,
        CaseState::Acknowledged,
        CaseState::InProgress,
        CaseState::Assigned,
        CaseState::Acknowledged,
    ] {
        made.push((case_in(&app, state).await.id.0, state.word()));
    }
    let cadre = app.as_person("cadre-1").await;
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/cases?state=acknowledged,assigned&limit=2{cursor}");
        let (status, page) = cadre.get(&path).await;
        assert_eq!(status, 200, "{page}");
        let rows = page["cases"].as_array().unwrap().iter();
        seen.extend(rows.map(|row| (row["id"].as_i64().unwrap(), row["state"].clone())));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let wanted: Vec<_> = made.iter().rev().filter(|(_, state)| *state != "in_progress").collect();
    assert_eq!(seen.len(), wanted.len(), "{seen:?}");
    for (seen, wanted) in seen.iter().zip(wanted) {
        assert_eq!((seen.0, seen.1.as_str()), (wanted.0, Some(wanted.1)));
    }
    let (status, refused) = cadre.get("/api/v1/cases?state=assigned,happy").await;
    assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &"/state".into()), "{refused}");
}

/// Pages of the list of whoever this is, three rows each: the ids and what each row says of waiting.
async fn own_list(app: &App, who: &str) -> Vec<(i64, bool)> {
    let person = app.as_person(who).await;
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/cases?waiting_first=true&limit=3{cursor}");
        let (status, page) = person.get(&path).await;
        assert_eq!(status, 200, "{page}");
        let rows = page["cases"].as_array().unwrap();
        assert!((1..=3).contains(&rows.len()), "{page}");
        let row = |row: &Value| (row["id"].as_i64().unwrap(), row["awaits_you"] == true);
        seen.extend(rows.iter().map(row));
        let Some(next) = page["next"].as_str() else { return seen };
        cursor = format!("&cursor={next}");
    }
}

#[tokio::test]
async fn what_waits_for_the_resident_comes_first_however_old_it_is() {
    use CaseState::{Acknowledged, Assigned, InProgress, OnHold, Resolved, Triage};
    let mut app = App::start().await;
    app.leave_jobs();
    // The last column: whether it waits for him, when the row says this beside the state.
    let all = [
        (Resolved, "", true),
        (OnHold, "hold_reason = 'awaiting_material'", true),
        (OnHold, "hold_reason = 'awaiting_material', papers_added_at = 1", false),
        (Assigned, "", false),
        (OnHold, "appointment_agreed = FALSE", true),
        (Triage, "", true),
        (Acknowledged, "", false),
        (OnHold, "appointment_agreed = TRUE", false),
        (OnHold, "hold_reason = 'weather'", false),
        // A reason that is missing loses no row.
        (OnHold, "hold_reason = NULL", false),
        (Triage, "triage_reason = 'returned'", false),
        (InProgress, "", false),
        (Assigned, "", false),
        (Resolved, "", true),
        (Assigned, "", false),
        (Resolved, "", true),
    ];
    let mut made = Vec::new();
    for (state, set, waits) in all {
        let id = case_in(&app, state).await.id.0;
        if !set.is_empty() {
            let text = format!("UPDATE cases SET {set} WHERE id = {id}");
            app.connect().await.execute_unprepared(&text).await.unwrap();
        }
        made.push((id, waits));
    }
    let mut wanted = made.clone();
    wanted.sort_by_key(|&(id, waits)| (!waits, -id));
    // Six wait: the first two pages are full, and the third begins the rest.
    assert_eq!(wanted.iter().filter(|(_, waits)| *waits).count() % 3, 0);
    assert_eq!(own_list(&app, "resident-1").await, wanted);
    // For whoever works on them nothing of it waits: he reads them as before.
    let mut newest: Vec<_> = made.iter().map(|&(id, _)| (id, false)).collect();
    newest.reverse();
    assert_eq!(own_list(&app, "cadre-1").await, newest);
}

#[tokio::test]
async fn a_place_in_one_list_is_none_in_another() {
    let mut app = App::start().await;
    app.leave_jobs();
    for _ in 0..2 {
        case_in(&app, CaseState::Resolved).await;
    }
    let resident = app.as_person("resident-1").await;
    let (_, page) = resident.get("/api/v1/cases?waiting_first=true&limit=1").await;
    let cursor = page["next"].as_str().unwrap();
    let (status, refused) = resident.get(&format!("/api/v1/inbox?cursor={cursor}")).await;
    assert_eq!(status, 400, "{refused}");
}

#[tokio::test]
async fn a_worker_finds_what_he_finished_and_nobody_elses() {
    let mut app = App::start().await;
    app.leave_jobs();
    let since = rfc3339(app.clock.now());
    let old = case_in(&app, CaseState::Resolved).await.id;
    app.clock.advance(hours(2));
    let later = rfc3339(app.clock.now());
    let again = case_in(&app, CaseState::Resolved).await.id;
    let new = case_in(&app, CaseState::Closed).await.id;
    case_in(&app, CaseState::InProgress).await;
    let finished = async |who: &str, since: &str| {
        let since = since.replace('+', "%2B");
        let path = format!("/api/v1/cases?finished_since={since}");
        let (status, page) = app.as_person(who).await.get(&path).await;
        assert_eq!(status, 200, "{page}");
        let rows = page["cases"].as_array().unwrap().iter();
        rows.map(|row| row["id"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(finished("primary-1", &since).await, [new.0, again.0, old.0]);
    assert_eq!(finished("primary-1", &later).await, [new.0, again.0]);
    for who in ["backup-1", "cadre-1", "resident-1"] {
        assert_eq!(finished(who, &since).await, [0; 0], "{who} finished none of them");
    }
    // Whoever is not content has it open again: it is not finished.
    let (status, answer) =
        act(&app, "resident-1", again, "reopening", json!({ "reason": "又坏了" })).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(finished("primary-1", &later).await, [new.0]);
    let (status, refused) =
        app.as_person("primary-1").await.get("/api/v1/cases?finished_since=today").await;
    assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &"/finished_since".into()));
}

#[tokio::test]
async fn what_waits_for_the_resident_says_so_to_him_and_a_result_says_when_it_closes() {
    let mut app = App::start().await;
    app.leave_jobs();
    let asked = json!({ "text": "家里没水了", "address": "阳光花园" });
    let (status, asked) = app.as_person("resident-1").await.post("/api/v1/cases", asked).await;
    assert_eq!(
        (status, &asked["state_zh"], &asked["closes_at"]),
        (201, &json!("等您回答"), &Value::Null)
    );
    let path = format!("/api/v1/cases/{}", asked["id"]);
    let (_, seen) = app.as_person("desk-1").await.get(&path).await;
    assert_eq!(seen["state_zh"], CaseState::Triage.zh());
    let done = case_in(&app, CaseState::Resolved).await;
    let (_, shown) =
        app.as_person("resident-1").await.get(&format!("/api/v1/cases/{}", done.id)).await;
    let promised = done.next_check_at.map(rfc3339);
    assert_eq!(shown["closes_at"].as_str(), promised.as_deref(), "when the engine looks again");
}

/// The row of this case in the list of whoever this is.
async fn row(app: &App, who: &str, case: CaseId) -> Value {
    let (_, page) = app.as_person(who).await.get("/api/v1/cases").await;
    let rows = page["cases"].as_array().unwrap();
    rows.iter().find(|row| row["id"] == case.0).unwrap_or_else(|| panic!("{page}")).clone()
}

#[tokio::test]
async fn a_row_says_that_a_case_came_back_when_and_to_the_resident_in_his_words() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::Resolved).await.id;
    let before = row(&app, "cadre-1", case).await;
    assert_eq!((&before["reopens"], &before["reopened_at"]), (&json!(0), &Value::Null));
    assert_eq!(row(&app, "resident-1", case).await["state_zh"], "等您确认");
    app.advance(hours(1));
    let silence = json!({ "reason": " ", "photos": [], "voices": [] });
    let (status, refused) = act(&app, "resident-1", case, "reopening", silence).await;
    assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &"/reason".into()), "{refused}");
    let why = json!({ "reason": "还是没水" });
    assert_eq!(act(&app, "resident-1", case, "reopening", why).await.0, 200);
    let at = json!(rfc3339(app.clock.now()));
    for who in ["cadre-1", "primary-1", "resident-1"] {
        let seen = row(&app, who, case).await;
        assert_eq!((&seen["reopens"], &seen["reopened_at"]), (&json!(1), &at), "{who}");
        let zh = if who == "resident-1" { "重新处理" } else { "处理中" };
        assert_eq!(seen["state_zh"], zh, "{who}");
    }
}

#[tokio::test]
async fn whoever_took_the_case_is_named_first_and_alone_has_it() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::Assigned).await.id;
    let people = async |who| {
        let seen = row(&app, who, case).await;
        let all = seen["responsible"].as_array().unwrap().clone();
        let one = |one: &Value| (one["role"].as_str().unwrap().to_owned(), one["taken"] == true);
        all.iter().map(one).collect::<Vec<_>>()
    };
    let waits = people("resident-1").await;
    assert_eq!(waits.first().map(|one| one.0.as_str()), Some("grid_worker_primary"));
    assert!(waits.iter().all(|(_, taken)| !taken), "{waits:?}");
    for (taker, office) in [("cadre-1", "cadre"), ("secretary-1", "secretary")] {
        let case = case_in(&app, CaseState::Assigned).await.id;
        assert_eq!(act(&app, taker, case, "acknowledgement", json!({})).await.0, 200, "{taker}");
        let seen = row(&app, "resident-1", case).await;
        let all = seen["responsible"].as_array().unwrap();
        assert_eq!((&all[0]["role"], &all[0]["taken"]), (&json!(office), &json!(true)), "{seen}");
        let others = all.iter().skip(1);
        assert!(others.clone().all(|one| one["taken"] == false && one["role"] != office), "{seen}");
        assert!(others.clone().any(|one| one["role"] == "grid_worker_primary"), "{seen}");
    }
}

/// A street with one case, of which everybody was told who is to hear of it.
async fn one_case() -> App {
    let app = App::start().await;
    let resident = app.as_person("resident-1").await;
    let body = json!({ "text": "家里没水了", "address": ADDRESS });
    let (status, made) = resident.post("/api/v1/cases", body).await;
    assert_eq!(status, 201, "{made}");
    app.run_due().await;
    app
}

#[tokio::test]
async fn whoever_was_told_is_named_with_his_office() {
    let app = one_case().await;
    app.ignore_messages().await;
    let (_, seen) = app.as_person("cadre-1").await.get("/api/v1/cases/1").await;
    let told = seen["notices"].as_array().unwrap();
    let office = |one: &Value| one["role_zh"].as_str().map(str::to_owned);
    let offices: std::collections::BTreeSet<_> = told.iter().map(office).collect();
    let wanted = ["网格员", "社区干部"].map(|one| Some(one.to_owned()));
    assert_eq!(offices, wanted.into(), "{seen}");
    // Nobody promises that his phone rings who never asked for messages, or asked for one and had it.
    assert_eq!(seen["resident_hears"], false);
    allow(&app, "resident-1", "T-acknowledged", 1).await;
    let (_, seen) = app.as_person("cadre-1").await.get("/api/v1/cases/1").await;
    assert_eq!(seen["resident_hears"], true, "{seen}");
}

#[tokio::test]
async fn nobody_promises_a_message_by_a_consent_that_another_one_takes() {
    let app = one_case().await;
    let cadre = app.as_person("cadre-1").await;
    let hears = async || cadre.get("/api/v1/cases/1").await.1["resident_hears"].clone();
    allow(&app, "resident-1", "T-acknowledged", 1).await;
    assert_eq!(hears().await, true);
    let (status, seen) = act(&app, "primary-1", CaseId(1), "acknowledgement", json!({})).await;
    assert_eq!(status, 200, "{seen}");
    // The news of who took it waits, and goes by the only consent there is; a second one is left.
    assert_eq!(hears().await, false);
    allow(&app, "resident-1", "T-acknowledged", 1).await;
    assert_eq!(hears().await, true);
    app.run_due().await;
    assert_eq!(hears().await, true);
    app.ignore_messages().await;
}
