//! The guards of domain §4.1 that need more than a state and a role, over HTTP.

use std::time::Duration;

use entity::kinds::{CaseId, CaseState, EventType};
use serde_json::{Value, json};

use super::effects::{act, entry, quiet};
use crate::kit::App;
use crate::kit::builders::{ADDRESS, case_in, find, step};

/// Answers with the status and, of a refusal, the rule that was broken.
async fn tried(app: &App, who: &str, case: CaseId, verb: &str, body: Value) -> (u16, String) {
    let (status, answer) = act(app, who, case, verb, body).await;
    (status, answer["errors"][0]["code"].as_str().unwrap_or("").to_owned())
}

fn refused(rule: &str) -> (u16, String) {
    (422, rule.to_owned())
}

fn done() -> (u16, String) {
    (200, String::new())
}

fn grid(id: &str) -> Value {
    json!({ "grid": id, "reason": "核对地址" })
}

fn because(reason: &str) -> Value {
    json!({ "reason": reason })
}

fn callback(outcome: &str) -> Value {
    json!({ "method": "phone", "outcome": outcome, "note": "回访" })
}

#[tokio::test]
async fn a_verifier_closes_after_a_callback_that_reached_the_resident() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::Resolved).await.id;
    let verify =
        async |outcome| tried(&app, "verifier", case, "verification", callback(outcome)).await;
    assert_eq!(verify("no_answer").await, refused("callback_needed"));
    assert_eq!(verify("reached").await, done());
    let closed = find(&app, case).await;
    assert_eq!((closed.state, closed.closed_at), (CaseState::Closed, Some(app.clock.now())));
    let verified = entry(&app, "primary-1", case, "verified").await;
    assert_eq!(verified["role"], "verifier");
    assert_eq!(verified["detail"]["outcome"], "reached");
}

#[tokio::test]
async fn a_verifier_neither_accepts_nor_sends_back_what_he_handled_himself() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::Resolved).await.id;
    let own = app.person("verifier").staff;
    let edit = move |case: &mut entity::cases::Model| case.acknowledged_by = own;
    step(&app, case, "primary-1", EventType::Updated, edit).await;
    for (verb, body) in [("verification", callback("reached")), ("reopening", because("没修好"))]
    {
        assert_eq!(tried(&app, "verifier", case, verb, body).await, refused("verify_own_case"));
    }
}

#[tokio::test]
async fn a_closed_case_is_reopened_within_thirty_days_and_later_only_by_command() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::Closed).await.id;
    assert_eq!(tried(&app, "verifier", case, "reopening", because("回访未解决")).await, done());
    let case = case_in(&app, CaseState::Closed).await.id;
    app.advance(Duration::from_hours(30 * 24) + Duration::from_secs(1));
    for who in ["resident-1", "verifier"] {
        let answer = tried(&app, who, case, "reopening", because("又坏了")).await;
        assert_eq!(answer, refused("reopen_expired"), "{who}");
    }
    assert_eq!(tried(&app, "command", case, "reopening", because("审计要求")).await, done());
}

#[tokio::test]
async fn marks_given_before_a_reopening_do_not_stand_in_the_way_of_new_ones() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::Closed).await.id;
    let marks = json!({ "result": 5, "attitude": 5 });
    assert_eq!(tried(&app, "resident-1", case, "rating", marks.clone()).await, done());
    assert_eq!(tried(&app, "resident-1", case, "rating", marks).await, refused("already_rated"));
    assert_eq!(tried(&app, "resident-1", case, "reopening", because("又坏了")).await, done());
    assert_eq!(find(&app, case).await.rating_result, None);
}

/// S looks again when somebody else handled the case, K when S did; the cadre hears of it too.
#[tokio::test]
async fn a_reopening_goes_to_a_colleague_of_the_handler_and_to_the_cadre() {
    let app = App::start().await;
    for (handler, reviewer) in [("primary-1", "secretary-1"), ("secretary-1", "command")] {
        let case = quiet(&app, CaseState::Assigned).await.id;
        assert_eq!(act(&app, handler, case, "acknowledgement", json!({})).await.0, 200);
        assert_eq!(act(&app, handler, case, "contacts", callback("reached")).await.0, 200);
        let result = json!({ "result_type": "solved", "text": "已修好" });
        assert_eq!(act(&app, handler, case, "resolution", result).await.0, 200);
        app.run_due().await;
        app.ignore_messages().await;
        assert_eq!(act(&app, "resident-1", case, "reopening", because("没修好")).await.0, 200);
        let reopened = entry(&app, handler, case, "reopened").await;
        let wanted = serde_json::to_value(app.person(reviewer).staff).unwrap();
        assert_eq!(reopened["detail"]["reviewer"], wanted, "{handler}");
        app.run_due().await;
        app.expect_notice(handler, "居民反映未解决").await;
        app.expect_notice(reviewer, "居民反映未解决").await;
        app.expect_notice("cadre-1", "居民反映未解决").await;
    }
}

#[tokio::test]
async fn what_is_placed_by_hand_says_who_placed_it_and_where() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::Triage).await.id;
    let place = async || {
        let (_, seen) = app.as_person("command").await.get(&format!("/api/v1/cases/{case}")).await;
        seen["place_reason"].as_str().unwrap().to_owned()
    };
    let said = place().await;
    let (understood, _) = said.split_once(" → ").unwrap_or(("", ""));
    assert_eq!(tried(&app, "cadre-1", case, "assignment", grid("G00102")).await, done());
    let name = async |id: &str| {
        let (_, grids) = app.as_person("command").await.get("/api/v1/grids").await;
        let all = grids.to_string();
        let at = all.find(&format!("\"{id}\"")).unwrap_or_else(|| panic!("{all}"));
        let named = all[at..].split_once("\"name\":\"").unwrap().1;
        named.split_once('"').unwrap().0.to_owned()
    };
    let arrow = if understood.is_empty() { "" } else { " → " };
    let first = format!("{understood}{arrow}{}：社区干部指定", name("G00102").await);
    assert_eq!(place().await, first);
    assert_eq!(tried(&app, "command", case, "transfer", grid("G00201")).await, done());
    let there = name("G00201").await;
    let moved = place().await;
    assert!(moved.ends_with(&format!("{there}：街道指挥中心指定")), "{moved}");
    assert!(!moved.contains(&name("G00102").await), "{moved}");
}

#[tokio::test]
async fn the_third_return_goes_to_command_who_decides_for_good() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::Assigned).await.id;
    let why = json!({ "reason": "不属于本网格", "proposed_unit": "第二网格" });
    for held_by in ["cadre", "cadre", "command"] {
        assert_eq!(tried(&app, "primary-1", case, "return", why.clone()).await, done());
        let (_, seen) = app.as_person("command").await.get(&format!("/api/v1/cases/{case}")).await;
        assert_eq!(seen["triage"]["held_by"], held_by);
        if held_by == "command" {
            for who in ["cadre-1", "desk-1"] {
                let answer = tried(&app, who, case, "assignment", grid("G00101")).await;
                assert_eq!(answer, refused("held_by_command"), "{who}");
            }
        }
        assert_eq!(tried(&app, "command", case, "assignment", grid("G00101")).await, done());
    }
    assert_eq!(tried(&app, "primary-1", case, "return", why).await, refused("returns_exhausted"));
}

#[tokio::test]
async fn a_cadre_places_and_hands_over_inside_his_community_only() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::Triage).await.id;
    let answer = tried(&app, "cadre-1", case, "assignment", grid("G00201")).await;
    assert_eq!(answer, refused("assign_outside_community"));
    assert_eq!(tried(&app, "cadre-1", case, "assignment", grid("G00102")).await, done());
    let answer = tried(&app, "cadre-1", case, "transfer", grid("G00201")).await;
    assert_eq!(answer, refused("transfer_outside_community"));
    assert_eq!(tried(&app, "command", case, "transfer", grid("G00201")).await, done());
    let case = case_in(&app, CaseState::Triage).await.id;
    assert_eq!(tried(&app, "desk-1", case, "assignment", grid("G00201")).await, done());
}

#[tokio::test]
async fn an_urgent_case_is_withdrawn_only_after_somebody_spoke_to_the_resident() {
    let mut app = App::start().await;
    app.leave_jobs();
    let resident = app.as_person("resident-1").await;
    let body = json!({ "text": "燃气味道很大", "address": ADDRESS, "urgency": { "danger": true } });
    let (_, made) = resident.post("/api/v1/cases", body).await;
    let case = CaseId(made["id"].as_i64().unwrap());
    let cancel = async || tried(&app, "resident-1", case, "cancellation", json!({})).await;
    assert_eq!(cancel().await, refused("urgent_needs_contact"));
    assert_eq!(act(&app, "primary-1", case, "acknowledgement", json!({})).await.0, 200);
    assert_eq!(act(&app, "primary-1", case, "contacts", callback("no_answer")).await.0, 200);
    assert_eq!(cancel().await, refused("urgent_needs_contact"));
    assert_eq!(act(&app, "primary-1", case, "contacts", callback("reached")).await.0, 200);
    assert_eq!(cancel().await, done());
}

#[tokio::test]
async fn a_resident_reminds_once_a_day_and_staff_when_they_must() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::InProgress).await.id;
    let remind = async |who| tried(&app, who, case, "reminder", json!({})).await;
    assert_eq!(remind("resident-1").await, done());
    assert_eq!(remind("resident-1").await, refused("reminded_recently"));
    assert_eq!(remind("secretary-1").await, done());
    app.run_due().await;
    app.expect_notice("primary-1", "居民催办").await;
    app.expect_notice("primary-1", "社区书记催办").await;
    app.ignore_messages().await;
    app.advance(Duration::from_hours(24));
    assert_eq!(remind("resident-1").await, done());
}

#[tokio::test]
async fn an_appeal_is_made_once_and_decided_by_another_member_of_the_desk() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::Triage).await.id;
    let no = json!({ "code": "outside_duty", "explanation": "请联系供水公司" });
    assert_eq!(tried(&app, "desk-1", case, "rejection", no.clone()).await, done());
    assert_eq!(tried(&app, "resident-1", case, "appeal", because("是公共管道")).await, done());
    let answer = tried(&app, "desk-1", case, "rejection", no.clone()).await;
    assert_eq!(answer, refused("same_desk_after_appeal"));
    assert_eq!(tried(&app, "desk-2", case, "rejection", no).await, done());
    let answer = tried(&app, "resident-1", case, "appeal", because("再看看")).await;
    assert_eq!(answer, refused("already_appealed"));
}

#[tokio::test]
async fn nobody_merges_away_a_case_that_he_is_measured_by() {
    let mut app = App::start().await;
    app.leave_jobs();
    let into = case_in(&app, CaseState::Assigned).await.id;
    let case = case_in(&app, CaseState::Assigned).await.id;
    let same = json!({ "into": into, "reason": "同一处停水" });
    assert_eq!(act(&app, "cadre-1", case, "acknowledgement", json!({})).await.0, 200);
    let answer = tried(&app, "cadre-1", case, "merge", same.clone()).await;
    assert_eq!(answer, refused("merge_own_case"));
    assert_eq!(tried(&app, "desk-1", case, "merge", same).await, done());
}
