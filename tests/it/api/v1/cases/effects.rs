//! What a verb does beyond moving the case: who hears of it, and what the record keeps.

use entity::cases;
use entity::kinds::{CaseId, CaseState, NoticeKind};
use serde_json::{Value, json};

use super::super::reach::sql;
use crate::kit::App;
use crate::kit::builders::{case_in, find};
use crate::kit::clock::{minutes, seconds};
use crate::kit::street::GRIDS;

/// A case in this state whose first messages have come and gone.
pub async fn quiet(app: &App, state: CaseState) -> cases::Model {
    let case = case_in(app, state).await;
    app.run_due().await;
    app.ignore_messages().await;
    find(app, case.id).await
}

/// Posts a verb with whatever version the person sees now.
pub async fn act(app: &App, who: &str, case: CaseId, verb: &str, body: Value) -> (u16, Value) {
    let client = app.as_person(who).await;
    let (status, seen) = client.get(&format!("/api/v1/cases/{case}")).await;
    assert_eq!(status, 200, "{who} sees the case: {seen}");
    let mut body = body;
    body["expected_version"] = seen["version"].clone();
    client.post(&format!("/api/v1/cases/{case}/{verb}"), body).await
}

/// Lets somebody be away from now on, with this substitute, if there is one of that name.
pub async fn away(app: &App, who: &str, substitute: &str) {
    let now = app.clock.now().0;
    sql(
        app,
        &format!(
            "INSERT INTO leave (staff_id, from_at, to_at, substitute_id, created_at)
             SELECT a.id, {now}, 9000000000000000, b.id, {now} FROM staff a
               LEFT JOIN staff b ON b.staff_no = '{substitute}' WHERE a.staff_no = '{who}'"
        ),
    )
    .await;
}

/// How often an inbox says these words about a case.
pub async fn told(app: &App, who: &str, case: CaseId, words: &str) -> usize {
    let (status, page) = app.as_person(who).await.get("/api/v1/inbox").await;
    assert_eq!(status, 200, "{who}: {page}");
    let entries = page["entries"].as_array().unwrap().iter();
    let fits = |one: &&Value| {
        one["case_id"] == case.0 && one["note"].as_str().is_some_and(|note| note.contains(words))
    };
    entries.filter(fits).count()
}

/// A case that this one took; its messages have come and gone.
async fn taken_by(app: &App, who: &str) -> CaseId {
    let case = case_in(app, CaseState::Assigned).await.id;
    assert_eq!(act(app, who, case, "acknowledgement", json!({})).await.0, 200);
    app.run_due().await;
    app.ignore_messages().await;
    case
}

/// The newest entry of the timeline of this kind, as `who` sees it.
pub async fn entry(app: &App, who: &str, case: CaseId, kind: &str) -> Value {
    let (_, seen) = app.as_person(who).await.get(&format!("/api/v1/cases/{case}")).await;
    let timeline = seen["timeline"].as_array().unwrap();
    let found = timeline.iter().rev().find(|entry| entry["kind"] == kind);
    found.unwrap_or_else(|| panic!("no {kind} in {seen}")).clone()
}

#[tokio::test]
async fn supervision_reaches_everybody_responsible_and_stands_in_the_record() {
    let app = App::start().await;
    let case = quiet(&app, CaseState::Assigned).await;
    let (status, answer) =
        act(&app, "command", case.id, "supervision", json!({ "note": "请今天办完" })).await;
    assert_eq!((status, answer["state"].as_str()), (200, Some("assigned")), "{answer}");
    let entry = entry(&app, "primary-1", case.id, "supervised").await;
    assert_eq!(
        (entry["role"].as_str(), &entry["detail"]["note"]),
        (Some("command"), &json!("请今天办完"))
    );
    app.run_due().await;
    for name in ["primary-1", "cadre-1"] {
        app.expect_notice(name, "街道指挥中心督办").await;
    }
}

#[tokio::test]
async fn supervision_of_a_case_that_was_taken_reaches_its_handler_alone() {
    let app = App::start().await;
    let case = quiet(&app, CaseState::InProgress).await;
    assert_eq!(act(&app, "command", case.id, "supervision", json!({})).await.0, 200);
    assert_eq!(act(&app, "command", case.id, "supervision", json!({})).await.0, 200);
    app.run_due().await;
    app.expect_notice("primary-1", "街道指挥中心督办").await;
    app.expect_notice("primary-1", "街道指挥中心督办").await;
}

#[tokio::test]
async fn supervision_finds_who_stands_in_for_the_taker_or_else_those_whom_an_untaken_case_tells() {
    let left = "UPDATE staff SET ended_at = created_at WHERE staff_no = 'backup-1'";
    let gave_up = "UPDATE responsibility SET valid_to = valid_from WHERE staff_id =
        (SELECT id FROM staff WHERE staff_no = 'backup-1')";
    let deaf = "UPDATE wechat_identity SET dead_at = 1 WHERE openid LIKE '%backup-1'";
    let others = vec!["cadre-1", "primary-1"];
    for (substitute, statement, hear) in [
        (Some("primary-2"), "", vec!["primary-2"]),
        (Some("nobody"), "", others.clone()),
        (None, left, others.clone()),
        (None, gave_up, others),
        (None, deaf, vec!["backup-1", "cadre-1", "primary-1"]),
    ] {
        let mut app = App::start().await;
        app.leave_jobs();
        let case = taken_by(&app, "backup-1").await;
        let call = json!({ "method": "phone", "outcome": "reached" });
        assert_eq!(act(&app, "backup-1", case, "contacts", call).await.0, 200);
        match substitute {
            Some(substitute) => away(&app, "backup-1", substitute).await,
            None => sql(&app, statement).await,
        }
        assert_eq!(act(&app, "command", case, "supervision", json!({})).await.0, 200);
        let mut heard = Vec::new();
        for who in ["backup-1", "cadre-1", "primary-1", "primary-2", "secretary-1"] {
            if told(&app, who, case, "街道指挥中心督办").await > 0 {
                heard.push(who);
            }
        }
        assert_eq!(heard, hear, "{substitute:?} {statement}");
    }
}

#[tokio::test]
async fn the_word_to_call_the_resident_reaches_who_stands_in_for_the_taker() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = taken_by(&app, "backup-1").await;
    away(&app, "backup-1", "primary-2").await;
    for _ in 0..8 {
        let row = find(&app, case).await;
        if row.ack_reminded {
            break;
        }
        app.advance(row.next_check_at.unwrap().since(app.clock.now()));
        app.run_due().await;
    }
    app.ignore_messages().await;
    for (who, hears) in [("primary-2", 1), ("backup-1", 0)] {
        assert_eq!(told(&app, who, case, "请尽快联系居民").await, hears, "{who}");
    }
}

#[tokio::test]
async fn more_time_and_a_reopening_reach_who_stands_in_for_the_taker_and_a_reviewer_who_hears() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = taken_by(&app, "backup-1").await;
    away(&app, "backup-1", "primary-2").await;
    sql(&app, "UPDATE wechat_identity SET dead_at = 1 WHERE openid LIKE '%secretary-1'").await;
    for (who, verb, body) in [
        ("cadre-1", "contacts", json!({ "method": "phone", "outcome": "reached" })),
        ("cadre-1", "extension", json!({ "days": 3, "reason": "等待水泵配件" })),
        ("secretary-1", "extension_decision", json!({ "grants": true })),
        ("cadre-1", "resolution", json!({ "result_type": "solved", "text": "已修好" })),
        ("resident-1", "reopening", json!({ "reason": "没修好" })),
    ] {
        let (status, answer) = act(&app, who, case, verb, body).await;
        assert_eq!(status, 200, "{who} {verb}: {answer}");
    }
    for (who, decision, reopened) in [
        ("primary-2", 1, 1),
        ("backup-1", 0, 0),
        ("cadre-1", 1, 1),
        ("secretary-1", 0, 0),
        ("command", 0, 1),
    ] {
        assert_eq!(told(&app, who, case, "延期申请已同意").await, decision, "{who}");
        assert_eq!(told(&app, who, case, "居民反映未解决").await, reopened, "{who}");
    }
}

#[tokio::test]
async fn whoever_had_a_case_hears_once_that_it_was_handed_on_or_given_back() {
    let app = App::start().await;
    let on = json!({ "grid": GRIDS[1], "reason": "实际位置在该网格" });
    let back = json!({ "reason": "不属于本网格", "proposed_unit": "双井第二网格" });
    let (gone, returned) = ("已转其他网格，请停止办理", "已退回分拣，请停止办理");
    for (taker, by, verb, hears) in [
        ("primary-1", "cadre-1", "transfer", true),
        // He hears of it with the new people, whose cadre he is.
        ("cadre-1", "secretary-1", "transfer", false),
        ("primary-1", "primary-1", "transfer", false),
        ("primary-1", "backup-1", "return", true),
        ("cadre-1", "primary-1", "return", false),
    ] {
        let case = taken_by(&app, taker).await;
        let (body, words) = if verb == "return" { (&back, returned) } else { (&on, gone) };
        let (status, answer) = act(&app, by, case, verb, body.clone()).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(told(&app, taker, case, words).await, usize::from(hears), "{taker} {by} {verb}");
        app.run_due().await;
        if hears {
            app.expect_notice(taker, words).await;
        }
        app.ignore_messages().await;
    }
}

/// While nobody took it, everybody whom the chain told so far waits for the end of it.
#[tokio::test]
async fn whoever_a_later_step_told_hears_once_that_an_untaken_case_is_over() {
    let mut app = App::start().await;
    app.leave_jobs();
    let on = json!({ "grid": GRIDS[1], "reason": "实际位置在该网格" });
    let back = json!({ "reason": "不属于本网格", "proposed_unit": "双井第二网格" });
    let over = "居民已撤回";
    for (by, verb, body, words) in [
        ("resident-1", "cancellation", json!({}), over),
        ("cadre-1", "transfer", on, "已转其他网格，请停止办理"),
        ("primary-1", "return", back, "已退回分拣，请停止办理"),
    ] {
        let case = quiet(&app, CaseState::Assigned).await.id;
        app.advance(minutes(31));
        app.run_due().await;
        app.expect_notice("backup-1", "").await;
        app.ignore_messages().await;
        app.advance(seconds(1));
        assert_eq!(act(&app, by, case, verb, body).await.0, 200, "{verb}");
        app.run_due().await;
        app.expect_notice("backup-1", words).await;
        app.advance(seconds(1));
        if verb != "cancellation" {
            let (status, answer) = act(&app, "resident-1", case, "cancellation", json!({})).await;
            assert_eq!(status, 200, "{answer}");
            assert_eq!(told(&app, "backup-1", case, over).await, 0, "he heard of it: {verb}");
        }
        assert_eq!(told(&app, "backup-1", case, words).await, 1, "{verb}");
        assert_eq!(told(&app, "secretary-1", case, words).await, 0, "nobody told him: {verb}");
        app.run_due().await;
        app.ignore_messages().await;
    }
}

#[tokio::test]
async fn that_somebody_took_a_case_is_told_in_its_grid_and_not_in_the_one_that_lost_it() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = quiet(&app, CaseState::Assigned).await.id;
    app.advance(minutes(1));
    let on = json!({ "grid": GRIDS[1], "reason": "实际位置在该网格" });
    assert_eq!(act(&app, "command", case, "transfer", on).await.0, 200);
    app.run_due().await;
    assert_eq!(act(&app, "primary-2", case, "acknowledgement", json!({})).await.0, 200);
    app.run_due().await;
    app.ignore_messages().await;
    let notices = zhinan::store::notice::of_case(&app.services().db.read, case).await.unwrap();
    let told = notices.iter().filter(|one| one.kind == NoticeKind::TakenBy);
    let told: Vec<_> = told.map(|one| one.staff_id).collect();
    assert_eq!(told, [app.person("cadre-1").staff]);
}

#[tokio::test]
async fn a_number_that_a_resident_adds_reaches_whoever_calls_and_no_record() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::InProgress).await;
    let phone = |number: &str| json!({ "text": "补充了联系电话", "contact_phone": number });
    let path = format!("/api/v1/cases/{}", case.id);
    let worker = app.as_person("primary-1").await;
    assert_eq!(worker.get(&path).await.1["contact_phone"], Value::Null);
    // The number that he verified for the street is one to call him at.
    let told = json!({ "openid": app.person("resident-1").mini, "number": "13900000006" });
    let code = app.wechat.post("/_sandbox/phone", told).await["code"].clone();
    let resident = app.as_person("resident-1").await;
    assert_eq!(resident.post("/api/v1/account/phone", json!({ "code": code })).await.0, 200);
    assert_eq!(worker.get(&path).await.1["contact_phone"], "13900000006");
    let masked = app.as_person("auditor").await.get(&path).await.1["contact_phone"].clone();
    assert_eq!(masked, "139****0006");
    let (status, refused) = act(&app, "resident-1", case.id, "updates", phone("12")).await;
    assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!("/contact_phone")));
    assert_eq!(act(&app, "resident-1", case.id, "updates", phone("13900000007")).await.0, 200);
    let (_, seen) = worker.get(&path).await;
    assert_eq!(seen["contact_phone"], "13900000007");
    assert!(!seen["timeline"].to_string().contains("13900000007"), "{}", seen["timeline"]);
    // Nobody else says where he is reached.
    let (status, _) = act(&app, "primary-1", case.id, "updates", phone("13900000008")).await;
    assert_eq!(status, 200);
    assert_eq!(worker.get(&path).await.1["contact_phone"], "13900000007");
}

#[tokio::test]
async fn what_a_resident_adds_goes_to_updates_and_allowed_says_so_once() {
    let app = App::start().await;
    let case = quiet(&app, CaseState::Acknowledged).await;
    let resident = app.as_person("resident-1").await;
    let (_, seen) = resident.get(&format!("/api/v1/cases/{}", case.id)).await;
    let allowed: Vec<_> =
        seen["allowed"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
    assert_eq!(allowed, ["updates", "reminder", "cancellation"]);
    let added = json!({ "text": "老人一个人在家" });
    assert_eq!(act(&app, "resident-1", case.id, "updates", added).await.0, 200);
    let entry = entry(&app, "primary-1", case.id, "added").await;
    assert_eq!(entry["detail"]["text"], "老人一个人在家");
}

#[tokio::test]
async fn a_worker_may_add_to_the_case_that_he_reported_himself() {
    let app = App::start().await;
    let case = crate::kit::builders::report_as(
        &app,
        "primary-3",
        crate::kit::builders::ADDRESS,
        entity::kinds::Category::Utilities,
    )
    .await;
    app.run_due().await;
    app.ignore_messages().await;
    let (status, answer) =
        act(&app, "primary-3", case.id, "updates", json!({ "text": "水表在楼道里" })).await;
    assert_eq!(status, 200, "{answer}");
    entry(&app, "primary-3", case.id, "added").await;
}
