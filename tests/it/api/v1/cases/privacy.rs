//! Personal data: masked in every list of others' cases, in clear for whoever works on the case, and
//! then on record.

use entity::access_log;
use entity::cases;
use entity::kinds::{ActorRole, CaseId, CaseState};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

use super::effects::act;
use crate::kit::App;
use crate::kit::builders::{find, step};

const PHONE: &str = "13800001234";
const EVERYBODY: [&str; 9] = [
    "resident-1",
    "primary-1",
    "backup-1",
    "cadre-1",
    "secretary-1",
    "desk-1",
    "command",
    "verifier",
    "auditor",
];

/// A neighbour's request with everything personal in it.
async fn personal(app: &App) -> cases::Model {
    let body = json!({
        "text": "阳光花园1号楼2单元101没水了，打13800001234",
        "address": "阳光花园1号楼2单元101", "contact_phone": PHONE,
        "on_behalf_of": { "name": "王小明", "phone": "13900005678", "relation": "邻居" },
    });
    let (status, made) = app.as_person("resident-1").await.post("/api/v1/cases", body).await;
    assert_eq!(status, 201, "{made}");
    find(app, CaseId(made["id"].as_i64().unwrap())).await
}

async fn looks(app: &App) -> Vec<access_log::Model> {
    let all = access_log::Entity::find().order_by_asc(access_log::Column::Id);
    all.all(&app.services().db.read).await.unwrap()
}

async fn show(app: &App, who: &str, case: CaseId) -> Value {
    let (status, seen) = app.as_person(who).await.get(&format!("/api/v1/cases/{case}")).await;
    assert_eq!(status, 200, "{who}: {seen}");
    seen
}

#[tokio::test]
async fn lists_of_others_cases_are_masked_and_still_tell_the_cases_apart() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = personal(&app).await;
    for triage in [false, true] {
        if triage {
            let to_desk = |case: &mut cases::Model| {
                case.state = CaseState::Triage;
                case.triage_reason = Some(entity::kinds::TriageReason::Ask);
                case.held_by = Some(ActorRole::TriageDesk);
            };
            let event = entity::kinds::EventType::SentToTriage;
            step(&app, case.id, "command", event, to_desk).await;
        }
        let path = if triage { "/api/v1/triage" } else { "/api/v1/cases" };
        for who in EVERYBODY {
            let (_, page) = app.as_person(who).await.get(path).await;
            let row = &page["cases"][0];
            names_are_whole_for_colleagues(who, row);
            if who == "resident-1" {
                own_words_are_whole(row);
                continue;
            }
            assert_eq!(row["contact_phone"], "138****1234", "{who} {path}: {page}");
            assert_eq!(row["address"], "阳光花园1号楼…", "{who}");
            for hidden in [PHONE, "13900005678", "元101", "王小明"] {
                assert!(!row.to_string().contains(hidden), "{who} reads {hidden} in {row}");
            }
            // Whoever goes there plans his way by the unit.
            let goes = ["primary-1", "backup-1"].contains(&who);
            assert_eq!(row.to_string().contains("2单元"), goes, "{who} reads {row}");
            let words = row["text"].as_str().unwrap();
            assert_eq!(
                words.contains("没水了"),
                !["verifier", "auditor"].contains(&who),
                "{words}"
            );
        }
    }
}

/// Who works in the community knows his colleagues; a resident, the street and its auditors read
/// masked names.
fn names_are_whole_for_colleagues(who: &str, row: &Value) {
    let colleague = ["primary-1", "backup-1", "cadre-1", "secretary-1"].contains(&who);
    let people = row["responsible"].as_array().unwrap();
    for person in people {
        let name = person["name"].as_str().unwrap();
        assert_eq!(!name.contains('*'), colleague, "{who} reads {person}");
    }
}

/// What he wrote himself, and not what the list says of others.
fn own_words_are_whole(row: &Value) {
    assert_eq!(row["contact_phone"], PHONE, "{row}");
    assert_eq!(row["address"], "阳光花园1号楼2单元101");
    assert_eq!(row["text"], "阳光花园1号楼2单元101没水了，打13800001234");
    assert!(!row.to_string().contains("王小明"), "whose request it is stands in no list: {row}");
}

#[tokio::test]
async fn what_staff_reported_for_somebody_is_not_their_own_in_a_list() {
    let mut app = App::start().await;
    app.leave_jobs();
    let body = json!({ "text": "阳光花园1号楼2单元101没水了", "contact_phone": PHONE,
        "address": "阳光花园1号楼2单元101",
        "on_behalf_of": { "name": "王小明", "phone": "13900005678", "relation": "电话" } });
    let (status, made) = app.as_person("primary-1").await.post("/api/v1/cases", body.clone()).await;
    assert_eq!(status, 201, "{made}");
    let (_, page) = app.as_person("primary-1").await.get("/api/v1/cases").await;
    assert_eq!(page["cases"][0]["contact_phone"], "138****1234", "{page}");
    // A worker who asks as a resident for another community reads his words, not their names.
    let own =
        json!({ "text": "曹州路5号门前没灯", "address": "曹州路5号", "contact_phone": PHONE });
    let (status, made) = app.as_person("primary-1").await.post("/api/v1/cases", own).await;
    assert_eq!(status, 201, "{made}");
    let (_, page) = app.as_person("primary-1").await.get("/api/v1/cases").await;
    let row = &page["cases"][0];
    assert_eq!((&row["contact_phone"], &row["text"]), (&json!(PHONE), &json!("曹州路5号门前没灯")));
    let names = row["responsible"].as_array().unwrap();
    assert!(
        !names.is_empty() && names.iter().all(|one| one["name"].as_str().unwrap().contains('*'))
    );
}

#[tokio::test]
async fn a_member_of_staff_who_opens_a_case_in_clear_leaves_one_row_each_time() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = personal(&app).await.id;
    for who in ["resident-1", "auditor", "verifier"] {
        show(&app, who, case).await;
    }
    assert_eq!(looks(&app).await, [], "his own case, and what is masked");
    app.as_person("primary-1").await.get("/api/v1/cases").await;
    assert_eq!(looks(&app).await, [], "a list is masked");
    for who in ["primary-1", "command", "primary-1"] {
        let seen = show(&app, who, case).await;
        assert_eq!(
            (&seen["contact_phone"], &seen["on_behalf_of"]["phone"]),
            (&json!(PHONE), &json!("13900005678")),
            "{who}"
        );
    }
    let rows: Vec<_> = looks(&app)
        .await
        .into_iter()
        .map(|row| (row.account_id, row.role, row.case_id, row.at))
        .collect();
    let of = |who, role| (app.person(who).account, role, Some(case), app.clock.now());
    let worker = of("primary-1", ActorRole::Primary);
    assert_eq!(rows, [worker, of("command", ActorRole::Command), worker]);
    let (status, _) = app.as_person("primary-2").await.get(&format!("/api/v1/cases/{case}")).await;
    assert_eq!((status, looks(&app).await.len()), (404, 3), "who is refused has seen nothing");
}

#[tokio::test]
async fn an_auditor_sees_a_case_masked_and_a_verifier_while_it_waits_for_his_callback() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = personal(&app).await.id;
    for (verb, body) in [
        ("acknowledgement", json!({})),
        ("contacts", json!({ "method": "phone", "outcome": "reached" })),
        ("resolution", json!({ "result_type": "solved", "text": "已修好" })),
    ] {
        let masked = show(&app, "verifier", case).await;
        assert_eq!(masked["contact_phone"], "138****1234", "before {verb}");
        assert_eq!(masked["on_behalf_of"]["name"], "王**");
        assert_eq!(act(&app, "primary-1", case, verb, body).await.0, 200);
    }
    assert_eq!(show(&app, "verifier", case).await["contact_phone"], PHONE);
    let last = looks(&app).await.pop().unwrap();
    assert_eq!((last.account_id, last.role), (app.person("verifier").account, ActorRole::Verifier));
    assert_eq!(show(&app, "auditor", case).await["contact_phone"], "138****1234");
}
