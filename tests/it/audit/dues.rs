//! What was promised follows from the record: a case that was altered beside its ledger cannot have
//! its entries say so.

use entity::kinds::{CaseId, CaseState};
use serde_json::{Value, json};

use super::printing::{go_to, sweep};
use super::proof::{exported, findings, force, verified, within};
use crate::api::v1::cases::effects::act;
use crate::kit::App;
use crate::kit::builders::case_in;

async fn done(app: &App, who: &str, case: CaseId, verb: &str, body: Value) {
    let (status, answer) = act(app, who, case, verb, body).await;
    assert_eq!(status, 200, "{verb}: {answer}");
}

/// It waits for papers over a weekend, gets three more workdays, and comes back after its end.
async fn lives(app: &App) -> CaseId {
    let case = case_in(app, CaseState::InProgress).await.id;
    let hold = json!({ "reason": "awaiting_material", "until": "2026-12-02T10:00:00+08:00",
        "note": "缺水表照片" });
    done(app, "cadre-1", case, "hold", hold).await;
    go_to(app, "2026-11-29 09:00");
    done(app, "primary-1", case, "resumption", json!({})).await;
    let more = json!({ "days": 3, "reason": "等配件" });
    done(app, "primary-1", case, "extension", more).await;
    done(app, "cadre-1", case, "extension_decision", json!({ "grants": true })).await;
    done(
        app,
        "primary-1",
        case,
        "resolution",
        json!({ "result_type": "solved", "text": "修好了" }),
    )
    .await;
    done(app, "resident-1", case, "confirmation", json!({})).await;
    go_to(app, "2026-12-05 11:00");
    done(app, "resident-1", case, "reopening", json!({ "reason": "又停水了" })).await;
    case
}

async fn sealed(app: &App) {
    app.declare_log("sweep: this should be zero");
    go_to(app, "2026-12-06 00:30");
    sweep(app).await;
}

#[tokio::test]
async fn rests_more_time_and_what_came_back_follow_from_the_record() {
    let mut app = App::start().await;
    app.leave_jobs();
    lives(&app).await;
    sealed(&app).await;
    assert_eq!(within(&app, None).await, Vec::<String>::new());
    assert_eq!(findings(&verified(&exported(&app, (None, None)).await)), Vec::<String>::new());
}

#[tokio::test]
async fn what_an_appeal_gave_back_follows_from_the_record() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::Triage).await.id;
    let no = json!({ "code": "outside_duty", "explanation": "请联系供水公司" });
    done(&app, "desk-1", case, "rejection", no).await;
    go_to(&app, "2026-11-30 09:00");
    done(&app, "resident-1", case, "appeal", json!({ "reason": "是公共管道" })).await;
    let place = json!({ "grid": "G00101", "reason": "就在本网格" });
    done(&app, "desk-2", case, "assignment", place).await;
    done(&app, "primary-1", case, "acknowledgement", json!({})).await;
    let call = json!({ "method": "phone", "outcome": "reached" });
    done(&app, "primary-1", case, "contacts", call).await;
    let hold = json!({ "reason": "awaiting_material", "until": "2026-12-03T10:00:00+08:00",
        "note": "缺水表照片" });
    done(&app, "cadre-1", case, "hold", hold).await;
    go_to(&app, "2026-12-01 10:00");
    done(&app, "primary-1", case, "resumption", json!({})).await;
    sealed(&app).await;
    assert_eq!(within(&app, None).await, Vec::<String>::new());
    assert_eq!(findings(&verified(&exported(&app, (None, None)).await)), Vec::<String>::new());
}

#[tokio::test]
async fn an_easier_promise_written_beside_the_ledger_is_named_where_it_enters() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::InProgress).await;
    let hold = json!({ "reason": "awaiting_material", "until": "2026-12-02T10:00:00+08:00",
        "note": "缺水表照片" });
    done(&app, "cadre-1", case.id, "hold", hold).await;
    let mut promise: Value = serde_json::from_str(&case.targets).unwrap();
    promise["target"]["resolve"] = json!({ "workdays": 30 });
    force(&app, &format!("UPDATE cases SET targets = '{promise}' WHERE id = {}", case.id)).await;
    go_to(&app, "2026-11-29 09:00");
    done(&app, "primary-1", case.id, "resumption", json!({})).await;
    sealed(&app).await;
    let found = within(&app, None).await;
    assert_eq!(found.len(), 1, "{found:?}");
    let named = format!("{} 第 ", case.number);
    assert!(found[0].starts_with(&named) && found[0].contains("payload.resolve_due"), "{found:?}");
    assert!(found[0].contains("不是由账本推算的时限：记为 2027-01-"), "{found:?}");
    assert_eq!(findings(&verified(&exported(&app, (None, None)).await)), found);
}
