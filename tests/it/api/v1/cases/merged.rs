//! A case that was merged into another one: nobody works on it as such, and nobody drops it. Its
//! resident follows the other one, whose people read what he asked.

use entity::cases;
use entity::kinds::{CaseId, CaseState, Category};
use sea_orm::TransactionTrait;
use serde_json::{Value, json};

use super::effects::{act, quiet};
use super::views::report;
use crate::kit::builders::{ADDRESS, case_in, find, report_as};
use crate::kit::clock::until;
use crate::kit::{App, waiting};

/// The other resident's request about the same matter, and the one that leads.
struct Two {
    lead: CaseId,
    behind: CaseId,
}

async fn other(app: &App, address: &str) -> cases::Model {
    let case = report_as(app, "resident-2", address, Category::Utilities).await;
    app.run_due().await;
    app.ignore_messages().await;
    case
}

async fn two(app: &App, lead: CaseState) -> Two {
    let lead = quiet(app, lead).await.id;
    let behind = other(app, ADDRESS).await.id;
    merge(app, behind, lead).await;
    Two { lead, behind }
}

async fn merge(app: &App, case: CaseId, into: CaseId) {
    let same = json!({ "into": into, "reason": "同一处停水" });
    let (status, answer) = act(app, "desk-1", case, "merge", same).await;
    assert_eq!((status, answer["state"].as_str()), (200, Some("merged")), "{answer}");
    app.run_due().await;
}

async fn seen(app: &App, who: &str, case: CaseId) -> Value {
    let (status, seen) = app.as_person(who).await.get(&format!("/api/v1/cases/{case}")).await;
    assert_eq!(status, 200, "{seen}");
    seen
}

async fn done(app: &App, who: &str, case: CaseId, verb: &str, body: Value) {
    let (status, answer) = act(app, who, case, verb, body).await;
    assert_eq!(status, 200, "{verb}: {answer}");
    app.run_due().await;
    app.ignore_messages().await;
}

/// What an inbox holds about a case, newest first: the kind, and state and note.
async fn told(app: &App, who: &str, case: CaseId) -> Vec<(String, String)> {
    let (_, page) = app.as_person(who).await.get("/api/v1/inbox").await;
    let of_case = page["entries"].as_array().unwrap().iter().filter(|one| one["case_id"] == case.0);
    let word = |one: &Value, field: &str| one[field].as_str().unwrap().to_owned();
    let words = |one| format!("{}：{}", word(one, "state_zh"), word(one, "note"));
    let mut told: Vec<_> =
        of_case.map(|one| (one["id"].as_i64(), word(one, "kind"), words(one))).collect();
    told.sort_by_key(|(id, ..)| std::cmp::Reverse(*id));
    told.into_iter().map(|(_, kind, words)| (kind, words)).collect()
}

/// Whether the other resident reads that the worker looked at his case.
async fn worker_looked(app: &App, case: CaseId) -> bool {
    let (_, looks) = app.as_person("resident-2").await.get("/api/v1/my/data/looks").await;
    let of_worker =
        |look: &Value| look["case_id"] == case.0 && look["role"] == "grid_worker_primary";
    looks["looks"].as_array().unwrap().iter().any(of_worker)
}

fn result() -> Value {
    json!({ "result_type": "solved", "text": "已修好，张先生家也通水了" })
}

#[tokio::test]
async fn whose_request_was_merged_hears_what_becomes_of_the_other_one() {
    let app = App::start().await;
    let Two { lead, behind } = two(&app, CaseState::Assigned).await;
    let last = async || told(&app, "resident-2", behind).await.remove(0);
    let (kind, words) = last().await;
    assert_eq!(kind, "merged");
    assert!(words.contains("合并办理") && words.contains("同一件事，合在一起办理"), "{words}");

    done(&app, "primary-1", lead, "acknowledgement", json!({})).await;
    let (kind, words) = last().await;
    assert_eq!(kind, "merged");
    assert!(words.contains("已有人接到"), "{words}");

    let contact = json!({ "method": "phone", "outcome": "reached" });
    done(&app, "primary-1", lead, "contacts", contact).await;
    let before = told(&app, "resident-2", behind).await.len();
    // What is left for the other resident is his alone.
    let left = json!({ "method": "message", "outcome": "left_message", "note": "明早九点上门" });
    done(&app, "primary-1", lead, "contacts", left).await;
    assert_eq!(told(&app, "resident-2", behind).await.len(), before);

    done(&app, "primary-1", lead, "resolution", result()).await;
    let (kind, words) = last().await;
    assert_eq!(kind, "outcome");
    assert!(words.contains("已有结果") && words.contains("有了处理结果"), "{words}");
    assert!(!words.contains("张先生"), "{words}");

    let again = json!({ "reason": "还是没水" });
    done(&app, "resident-1", lead, "reopening", again).await;
    let (kind, words) = last().await;
    assert_eq!(kind, "merged");
    assert!(words.contains("重新处理"), "{words}");
    done(&app, "primary-1", lead, "resolution", result()).await;
    assert_eq!(last().await.0, "outcome");
    assert_eq!(told(&app, "resident-2", behind).await.len(), before + 3);
}

#[tokio::test]
async fn what_is_no_matter_of_the_street_is_said_to_all_who_asked() {
    let mut app = App::start().await;
    app.leave_jobs();
    let Two { lead, behind } = two(&app, CaseState::Triage).await;
    let no = json!({ "code": "outside_duty", "explanation": "请联系供水公司" });
    done(&app, "desk-1", lead, "rejection", no).await;
    let (kind, words) = told(&app, "resident-2", behind).await.remove(0);
    assert_eq!(kind, "outcome");
    assert!(words.contains("未受理"), "{words}");
    let page = seen(&app, "resident-2", behind).await;
    assert_eq!(page["lead"]["rejection"], "outside_duty");
    assert_eq!(page["lead"]["state_zh"], "未受理");
}

#[tokio::test]
async fn his_page_shows_where_the_other_one_stands_and_whom_to_call_and_no_word_of_its_resident() {
    let mut app = App::start().await;
    app.leave_jobs();
    let Two { lead, behind } = two(&app, CaseState::InProgress).await;
    let page = seen(&app, "resident-2", behind).await;
    assert_eq!((page["state_zh"].as_str(), &page["allowed"]), (Some("合并办理"), &json!([])));
    let led = &page["lead"];
    assert_eq!((&led["id"], led["state_zh"].as_str()), (&Value::Null, Some("正在处理")), "{led}");
    let own = seen(&app, "resident-1", lead).await;
    assert_eq!(led["responsible"], own["responsible"]);
    assert_ne!(led["responsible"], json!([]));
    assert!(led["promised"]["resolve_by"].is_string(), "{led}");
    assert_eq!(page["behind"], json!([]));
    let (_, foreign) =
        app.as_person("resident-2").await.get(&format!("/api/v1/cases/{lead}")).await;
    assert_eq!(foreign["status"], 404);

    done(&app, "primary-1", lead, "resolution", result()).await;
    let led = seen(&app, "resident-2", behind).await["lead"].clone();
    // He is not asked whether it is solved: the other one is.
    assert_eq!(
        (led["state_zh"].as_str(), led["result_type"].as_str()),
        (Some("已有结果"), Some("solved"))
    );
    assert!(!led.to_string().contains("张先生"), "{led}");
}

#[tokio::test]
async fn whoever_handles_the_other_one_reads_what_he_asked_and_the_look_is_logged() {
    let mut app = App::start().await;
    app.leave_jobs();
    let lead = quiet(&app, CaseState::Acknowledged).await.id;
    let of_another_grid = other(&app, "阳光花园3号楼1单元202").await;
    merge(&app, of_another_grid.id, lead).await;
    let (kind, words) = told(&app, "primary-1", lead).await.remove(0);
    assert_eq!(kind, "added");
    assert!(words.contains("又有居民反映这件事"), "{words}");

    let page = seen(&app, "primary-1", lead).await;
    let one = &page["behind"][0];
    assert_eq!(one["number"].as_str(), Some(of_another_grid.number.as_str()));
    assert_eq!(one["text"], "家里没水了");
    assert_eq!(one["address"], "阳光花园3号楼1单元202");
    assert!(worker_looked(&app, of_another_grid.id).await);

    // Nobody else learns more than of the leading one.
    let masked = seen(&app, "auditor", lead).await["behind"][0].clone();
    assert_eq!(masked["address"], "阳光花园3号楼…");
    assert_eq!(seen(&app, "resident-1", lead).await["behind"], json!([]));
}

#[tokio::test]
async fn a_worker_whose_own_request_leads_leaves_a_look_at_the_others_and_exports_none_of_them() {
    let mut app = App::start().await;
    app.leave_jobs();
    let lead = report_as(&app, "primary-1", ADDRESS, Category::Utilities).await.id;
    let behind = other(&app, "阳光花园3号楼1单元202").await.id;
    merge(&app, behind, lead).await;
    let page = seen(&app, "primary-1", lead).await;
    assert_eq!(page["behind"][0]["address"], "阳光花园3号楼1单元202");
    assert!(worker_looked(&app, behind).await);
    let (status, data) = app.as_person("primary-1").await.get("/api/v1/my/data/export").await;
    assert_eq!(status, 200, "{data}");
    assert!(!data.to_string().contains("1单元202"), "{data}");
}

#[tokio::test]
async fn what_others_wait_for_is_not_withdrawn() {
    let app = App::start().await;
    let Two { lead, .. } = two(&app, CaseState::Assigned).await;
    let (status, answer) = act(&app, "resident-1", lead, "cancellation", json!({})).await;
    assert_eq!((status, answer["errors"][0]["code"].as_str()), (422, Some("others_wait")));
    app.run_due().await;
    app.ignore_messages().await;
}

#[tokio::test]
async fn who_stands_behind_a_case_stands_behind_the_one_that_it_is_merged_into() {
    let mut app = App::start().await;
    app.leave_jobs();
    let Two { lead, behind } = two(&app, CaseState::Assigned).await;
    let first = case_in(&app, CaseState::InProgress).await.id;
    merge(&app, lead, first).await;
    done(&app, "primary-1", first, "resolution", result()).await;
    assert_eq!(told(&app, "resident-2", behind).await[0].0, "outcome");
    assert_eq!(seen(&app, "resident-2", behind).await["lead"]["state"], "resolved");
    assert_eq!(seen(&app, "primary-1", first).await["behind"].as_array().unwrap().len(), 2);
}

/// What a merge is refused for.
async fn refused(app: &App, case: CaseId, into: CaseId) -> (u16, String) {
    let same = json!({ "into": into, "reason": "同一处停水" });
    let (status, answer) = act(app, "desk-1", case, "merge", same).await;
    (status, answer["errors"][0]["code"].as_str().unwrap_or("").to_owned())
}

#[tokio::test]
async fn nothing_is_merged_into_what_has_a_result() {
    let mut app = App::start().await;
    app.leave_jobs();
    let lead = quiet(&app, CaseState::Resolved).await.id;
    let behind = other(&app, ADDRESS).await.id;
    assert_eq!(refused(&app, behind, lead).await, (422, "has_result".to_owned()));
    assert_eq!(seen(&app, "resident-2", behind).await["state"], "assigned");
    // Worked on again, it leads.
    done(&app, "resident-1", lead, "reopening", json!({ "reason": "还是没水" })).await;
    merge(&app, behind, lead).await;
}

#[tokio::test]
async fn what_presses_is_not_merged_into_what_nobody_took_and_may_wait() {
    for state in [CaseState::Assigned, CaseState::OnHold, CaseState::Triage] {
        let mut app = App::start().await;
        app.leave_jobs();
        let lead = quiet(&app, state).await.id;
        let resident = app.as_person("resident-2").await;
        let body =
            json!({ "text": "燃气味道很大", "address": ADDRESS, "urgency": { "danger": true } });
        let presses = CaseId(report(&resident, body).await["id"].as_i64().unwrap());
        let less_urgent = (422, "less_urgent".to_owned());
        assert_eq!(refused(&app, presses, lead).await, less_urgent, "{state:?}");
        let begins = match state {
            CaseState::Assigned => Some("acknowledgement"),
            CaseState::OnHold => Some("resumption"),
            _ => None,
        };
        if let Some(verb) = begins {
            done(&app, "primary-1", lead, verb, json!({})).await;
            assert_eq!(refused(&app, presses, lead).await, (200, String::new()));
        } else {
            // The other way round, what presses leads.
            merge(&app, lead, presses).await;
        }
        app.run_due().await;
        app.ignore_messages().await;
    }
}

#[tokio::test]
async fn of_two_that_are_merged_into_each_other_at_the_same_moment_one_leads() {
    let mut app = App::start().await;
    app.leave_jobs();
    let one = quiet(&app, CaseState::Assigned).await;
    let two = find(&app, other(&app, ADDRESS).await.id).await;
    let desk = app.as_person("desk-1").await;
    let put = async |case: &cases::Model, into: &cases::Model| {
        let body = json!({ "into": into.id, "reason": "同一件", "expected_version": case.version });
        desk.post(&format!("/api/v1/cases/{}/merge", case.id), body).await
    };
    let s = app.services();
    let wait_for = async |many: i64| {
        let are = async || (waiting(&s.db.read).await == many).then_some(());
        until("them to wait", are).await;
    };
    let (first, second) = if s.db.is_sqlite() {
        // The one writer does one after the other.
        tokio::join!(put(&one, &two), put(&two, &one))
    } else {
        // Somebody else has one of them in hand while both come.
        let conn = app.connect().await;
        let held = conn.begin().await.unwrap();
        zhinan::store::case::find_locked(&held, one.id).await.unwrap();
        let second = async {
            wait_for(1).await;
            let let_go = async {
                wait_for(2).await;
                held.commit().await.unwrap();
            };
            tokio::join!(put(&two, &one), let_go).0
        };
        let both = tokio::join!(put(&one, &two), second);
        conn.close().await.unwrap();
        both
    };
    let (merged, refused) = if first.0 == 200 { (first, second) } else { (second, first) };
    assert_eq!((merged.0, &merged.1["state"]), (200, &json!("merged")), "{merged:?}");
    let why = &refused.1["errors"][0]["code"];
    assert_eq!((refused.0, why), (422, &json!("unknown_case")), "{refused:?}");
}
