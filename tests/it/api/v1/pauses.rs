//! A rest for the resident's papers: asked for by the grid worker, approved by the cadre, told to
//! the resident; until it is approved the clock runs.

use entity::cases;
use entity::kinds::{CaseId, CaseState};
use serde_json::{Value, json};
use zhinan::domain::case::targets::Targets;

use super::cases::effects::{act, entry, quiet, told};
use super::clocks::{go_to, resolve_by, taken_by_the_cadre};
use super::reach::sql;
use crate::kit::App;
use crate::kit::builders::{case_in, find};
use crate::kit::clock::hours;

fn papers(until: &str) -> Value {
    json!({ "reason": "awaiting_material", "note": "请拍一张水表的照片",
        "until": format!("{}:00+08:00", until.replace(' ', "T")) })
}

async fn ask(app: &App, case: CaseId) -> Value {
    let (status, asked) = act(app, "primary-1", case, "pause", papers("2026-11-27 10:00")).await;
    assert_eq!(status, 200, "{asked}");
    asked
}

async fn waiting(app: &App, who: &str) -> Vec<Value> {
    let (status, page) = app.as_person(who).await.get("/api/v1/pauses").await;
    assert_eq!(status, 200, "{page}");
    page["pauses"].as_array().unwrap().clone()
}

fn asked_for(case: &cases::Model) -> [bool; 3] {
    [case.pause_reason.is_some(), case.pause_until.is_some(), case.pause_by.is_some()]
}

#[tokio::test]
async fn a_pause_is_asked_for_and_stops_the_clock_from_its_approval() {
    let app = App::start().await;
    let case = quiet(&app, CaseState::InProgress).await.id;
    let asked = ask(&app, case).await;
    let shown = &asked["pause"];
    assert_eq!(
        (&shown["reason_zh"], &asked["state"]),
        (&json!("等居民补充材料"), &json!("in_progress"))
    );
    assert_eq!(resolve_by(&app, case).await, "2026-12-01 17:30", "asking moves nothing");
    app.run_due().await;
    app.expect_notice("cadre-1", "申请挂起等补充材料").await;
    // A workday passes before anybody decides: it was not a rest and never becomes one.
    go_to(&app, "2026-11-25 10:00");
    let [one] = &waiting(&app, "cadre-1").await[..] else { panic!("one waits") };
    assert_eq!((&one["case"]["id"], &one["note"]), (&json!(case), &json!("请拍一张水表的照片")));
    assert_eq!(one["case"]["pause"]["until"], "2026-11-27T02:00:00.000000Z");
    assert!(one["asked_by"].as_str().is_some_and(|name| !name.is_empty()), "{one}");
    let yes = json!({ "grants": true, "note": "同意" });
    let (status, granted) = act(&app, "cadre-1", case, "pause_decision", yes).await;
    assert_eq!((status, &granted["state"]), (200, &json!("on_hold")), "{granted}");
    assert_eq!(granted["pause"], Value::Null);
    assert_eq!(resolve_by(&app, case).await, "2026-12-03 17:30", "two workdays, not three");
    let held = entry(&app, "resident-1", case, "held").await;
    assert_eq!(
        (&held["role"], &held["detail"]["note"]),
        (&json!("cadre"), &json!("请拍一张水表的照片"))
    );
    assert_eq!(held["detail"]["decision"], "同意");
    app.run_due().await;
    app.expect_notice("primary-1", "挂起申请已同意").await;
    let (_, inbox) = app.as_person("resident-1").await.get("/api/v1/inbox").await;
    assert!(inbox.to_string().contains("请补充材料，11月27日周五继续办理"), "{inbox}");
    assert_eq!(waiting(&app, "cadre-1").await, Vec::<Value>::new());
}

/// `rest` of the case as this person reads it.
async fn rest_of(app: &App, who: &str, case: CaseId) -> Value {
    let (status, seen) = app.as_person(who).await.get(&format!("/api/v1/cases/{case}")).await;
    assert_eq!(status, 200, "{who}: {seen}");
    seen["rest"].clone()
}

/// Whether the list of the resident says that his case waits for him.
async fn awaited(app: &App, case: CaseId) -> Value {
    let (_, page) = app.as_person("resident-1").await.get("/api/v1/cases").await;
    let rows = page["cases"].as_array().unwrap();
    rows.iter().find(|row| row["id"] == case.0).unwrap()["awaits_you"].clone()
}

#[tokio::test]
async fn while_a_case_rests_it_says_what_is_missing_until_when_and_what_came_since() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::InProgress).await.id;
    let added = |text: &str| json!({ "text": text });
    assert_eq!(act(&app, "resident-1", case, "updates", added("在三楼")).await.0, 200);
    ask(&app, case).await;
    assert_eq!(rest_of(&app, "resident-1", case).await, Value::Null, "only asked for");
    let yes = json!({ "grants": true, "note": "同意" });
    assert_eq!(act(&app, "cadre-1", case, "pause_decision", yes).await.0, 200);
    let mut said = json!({ "reason": "awaiting_material", "reason_zh": "等居民补充材料",
        "until": "2026-11-27T02:00:00.000000Z", "note": "请拍一张水表的照片", "added_at": null });
    for who in ["resident-1", "primary-1", "cadre-1"] {
        assert_eq!(rest_of(&app, who, case).await, said, "{who}");
    }
    assert_eq!(awaited(&app, case).await, true);
    go_to(&app, "2026-11-25 10:00");
    assert_eq!(act(&app, "resident-1", case, "updates", added("照片在这里")).await.0, 200);
    assert_eq!(awaited(&app, case).await, false, "it is the worker's turn to say what is missing");
    said["added_at"] = json!("2026-11-25T02:00:00.000000Z");
    let (_, page) = app.as_person("primary-1").await.get("/api/v1/cases").await;
    assert_eq!(page["cases"][0]["papers_added_at"], said["added_at"], "{page}");
    assert_eq!(rest_of(&app, "primary-1", case).await, said);
    // Whoever reads masked learns why it rests, and nothing that was written.
    let masked = rest_of(&app, "auditor", case).await;
    assert_eq!((&masked["reason"], &masked["note"]), (&said["reason"], &Value::Null), "{masked}");
    assert_eq!(act(&app, "primary-1", case, "resumption", json!({})).await.0, 200);
    assert_eq!(rest_of(&app, "resident-1", case).await, Value::Null);
    let (_, page) = app.as_person("primary-1").await.get("/api/v1/cases").await;
    assert_eq!(page["cases"][0]["papers_added_at"], Value::Null, "it rests no more");
    // Papers are asked for once more: it waits for him again.
    ask(&app, case).await;
    let yes = json!({ "grants": true, "note": "" });
    assert_eq!(act(&app, "cadre-1", case, "pause_decision", yes).await.0, 200);
    assert_eq!(awaited(&app, case).await, true);
    assert_eq!(act(&app, "primary-1", case, "resumption", json!({})).await.0, 200);
    // Another rest: what was missing and added before belongs to that one.
    let meet = json!({ "reason": "awaiting_appointment", "until": "2026-11-26T10:00:00+08:00" });
    assert_eq!(act(&app, "primary-1", case, "hold", meet).await.0, 200);
    let now = rest_of(&app, "resident-1", case).await;
    assert_eq!((&now["note"], &now["added_at"]), (&Value::Null, &Value::Null), "{now}");
}

#[tokio::test]
async fn a_case_does_not_rest_for_papers_that_nobody_names() {
    let app = App::start().await;
    let case = quiet(&app, CaseState::InProgress).await.id;
    for note in ["", "  "] {
        let mut rest = papers("2026-11-27 10:00");
        rest["note"] = json!(note);
        let (status, refused) = act(&app, "cadre-1", case, "hold", rest).await;
        assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!("/note")), "{refused}");
        assert_eq!(refused["errors"][0]["message"], "请写明需要居民补充什么");
    }
}

#[tokio::test]
async fn a_refused_pause_moves_nothing_is_told_with_its_reason_and_may_be_asked_for_again() {
    let app = App::start().await;
    let case = quiet(&app, CaseState::InProgress).await.id;
    ask(&app, case).await;
    app.run_due().await;
    app.expect_notice("cadre-1", "待审批").await;
    let no = json!({ "grants": false, "note": "照片可以上门拍" });
    let (status, refused) = act(&app, "cadre-1", case, "pause_decision", no).await;
    assert_eq!((status, &refused["state"]), (200, &json!("in_progress")), "{refused}");
    assert_eq!(resolve_by(&app, case).await, "2026-12-01 17:30");
    assert_eq!(asked_for(&find(&app, case).await), [false; 3]);
    let event = entry(&app, "primary-1", case, "pause_refused").await;
    assert_eq!(event["detail"]["note"], "照片可以上门拍");
    app.run_due().await;
    app.expect_notice("primary-1", "挂起申请未同意").await;
    ask(&app, case).await;
    assert_eq!(waiting(&app, "cadre-1").await.len(), 1);
    app.run_due().await;
    app.expect_notice("cadre-1", "待审批").await;
}

#[tokio::test]
async fn a_request_goes_with_the_case_that_is_resolved_transferred_or_held_meanwhile() {
    let mut app = App::start().await;
    app.leave_jobs();
    let resolution = json!({ "result_type": "solved", "text": "已修好" });
    let appointment =
        json!({ "reason": "awaiting_appointment", "until": "2026-11-25T10:00:00+08:00" });
    let transfer = json!({ "grid": crate::kit::street::GRIDS[1], "reason": "实际位置在该网格" });
    let ways = [("resolution", resolution), ("hold", appointment), ("transfer", transfer)];
    for (verb, body) in ways {
        let case = case_in(&app, CaseState::InProgress).await.id;
        ask(&app, case).await;
        let other = json!({ "text": "已到现场" });
        assert_eq!(act(&app, "primary-1", case, "updates", other).await.0, 200);
        assert_eq!(asked_for(&find(&app, case).await), [true; 3], "an entry takes nothing away");
        assert_eq!(act(&app, "primary-1", case, verb, body).await.0, 200, "{verb}");
        assert_eq!(asked_for(&find(&app, case).await), [false; 3], "{verb}");
        assert_eq!(waiting(&app, "cadre-1").await, Vec::<Value>::new(), "{verb}");
    }
}

#[tokio::test]
async fn whom_a_pause_waits_for_is_its_cadre_and_only_while_it_can_be_granted() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::InProgress).await.id;
    ask(&app, case).await;
    for who in ["primary-1", "secretary-1", "cadre-2", "command", "resident-1", "auditor"] {
        assert_eq!(waiting(&app, who).await, Vec::<Value>::new(), "{who}");
    }
    assert_eq!(waiting(&app, "cadre-1").await.len(), 1);
    let allowed = async || {
        let (_, seen) = app.as_person("cadre-1").await.get(&format!("/api/v1/cases/{case}")).await;
        (seen["allowed"].to_string().contains("pause_decision"), seen["pause"].is_null())
    };
    assert_eq!(allowed().await, (true, false));
    go_to(&app, "2026-11-27 10:00");
    assert_eq!(waiting(&app, "cadre-1").await, Vec::<Value>::new(), "it would end as it begins");
    assert_eq!(allowed().await, (false, true));
}

#[tokio::test]
async fn how_long_papers_may_take_is_a_number_of_the_targets() {
    let app = App::start().await;
    let case = quiet(&app, CaseState::InProgress).await.id;
    let targets = Targets { material_days: 2, ..Targets::default() };
    let maker = app.as_person("system-admin").await;
    let (status, made) = maker.post("/api/v1/targets", json!({ "targets": targets })).await;
    assert_eq!(status, 201, "{made}");
    let path = format!("/api/v1/targets/{}/confirmation", made["version"]);
    assert_eq!(app.as_person("security-admin").await.post(&path, json!({})).await.0, 200);
    let (status, refused) = act(&app, "primary-1", case, "pause", papers("2026-11-27 10:00")).await;
    assert_eq!((status, &refused["detail"]), (422, &json!("等补充材料最多挂起2天")), "{refused}");
    let (status, _) = act(&app, "primary-1", case, "pause", papers("2026-11-26 09:00")).await;
    assert_eq!(status, 200);
    app.run_due().await;
    app.expect_notice("cadre-1", "待审批").await;
}

#[tokio::test]
async fn an_appointment_stops_the_clock_for_as_many_days_as_the_targets_say_and_no_more() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::InProgress).await;
    let meet = |until| json!({ "reason": "awaiting_appointment", "until": until });
    for (until, days) in [("2035-01-01T09:00:00+08:00", 14), ("2026-11-27T10:00:00+08:00", 2)] {
        if days != Targets::default().appointment_days {
            let targets = Targets { appointment_days: days, ..Targets::default() };
            let maker = app.as_person("system-admin").await;
            let (_, made) = maker.post("/api/v1/targets", json!({ "targets": targets })).await;
            let path = format!("/api/v1/targets/{}/confirmation", made["version"]);
            assert_eq!(app.as_person("security-admin").await.post(&path, json!({})).await.0, 200);
        }
        let (status, refused) = act(&app, "primary-1", case.id, "hold", meet(until)).await;
        let why = format!("和居民约了时间的，最多挂起{days}天");
        assert_eq!((status, &refused["code"]), (422, &json!("rule_refused")), "{refused}");
        let first = &refused["errors"][0];
        assert_eq!((&first["code"], &first["message"]), (&json!("hold_too_long"), &json!(why)));
        assert_eq!(find(&app, case.id).await.resolve_due_at, case.resolve_due_at);
    }
    let until = meet("2026-11-26T09:00:00+08:00");
    assert_eq!(act(&app, "primary-1", case.id, "hold", until).await.0, 200);
    assert_eq!(resolve_by(&app, case.id).await, "2026-12-03 16:30");
}

#[tokio::test]
async fn the_resident_confirms_the_time_of_the_appointment_or_says_that_it_is_wrong() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::InProgress).await.id;
    let meet = json!({ "reason": "awaiting_appointment", "until": "2026-11-25T10:00:00+08:00" });
    assert_eq!(act(&app, "primary-1", case, "hold", meet.clone()).await.0, 200);
    let before = resolve_by(&app, case).await;
    let (status, agreed) = act(&app, "resident-1", case, "agreement", json!({})).await;
    assert_eq!((status, &agreed["state"]), (200, &json!("on_hold")), "{agreed}");
    assert!(!agreed["allowed"].to_string().contains("agreement"), "once: {agreed}");
    assert_eq!(resolve_by(&app, case).await, before, "it was stopped before");
    let event = entry(&app, "primary-1", case, "appointment_agreed").await;
    assert_eq!(event["detail"]["until"], "2026-11-25T02:00:00.000000Z");
    let (_, inbox) = app.as_person("primary-1").await.get("/api/v1/inbox").await;
    assert!(inbox.to_string().contains("居民已确认约定时间"), "{inbox}");
    // The next appointment is another one.
    assert_eq!(act(&app, "resident-1", case, "resumption", json!({})).await.0, 200);
    assert_eq!(act(&app, "primary-1", case, "hold", meet).await.0, 200);
    let (_, seen) = app.as_person("resident-1").await.get(&format!("/api/v1/cases/{case}")).await;
    assert!(seen["allowed"].to_string().contains("agreement"), "{seen}");
}

#[tokio::test]
async fn who_took_the_case_is_told_that_its_rest_ended_unless_he_ended_it() {
    let app = App::start().await;
    let case = quiet(&app, CaseState::InProgress).await.id;
    let meet = json!({ "reason": "awaiting_appointment", "until": "2026-11-25T10:00:00+08:00" });
    for (who, words) in [
        ("resident-1", "居民要求继续办理"),
        ("cadre-1", "社区干部已恢复，请继续办理"),
        ("primary-1", ""),
    ] {
        assert_eq!(act(&app, "primary-1", case, "hold", meet.clone()).await.0, 200);
        assert_eq!(act(&app, who, case, "resumption", json!({})).await.0, 200);
        app.run_due().await;
        if who != "primary-1" {
            app.expect_notice("primary-1", words).await;
        }
    }
    assert_eq!(told(&app, "primary-1", case, "继续办理").await, 2);
    assert_eq!(act(&app, "primary-1", case, "hold", meet).await.0, 200);
    go_to(&app, "2026-11-25 10:00");
    app.run_due().await;
    assert_eq!(find(&app, case).await.state, CaseState::InProgress);
    assert_eq!(told(&app, "primary-1", case, "挂起到期，请继续办理").await, 1);
}

/// Asked at 19:00 it waits in the inbox; what is asked at night comes with the morning's messages.
#[tokio::test]
async fn what_is_asked_while_no_cadre_is_on_duty_is_told_all_the_same() {
    for (asked_at, rings) in [("2026-11-24 19:00", false), ("2026-11-24 22:00", true)] {
        let app = App::start_with(|config| {
            config.notices.quiet_from = "21:30".into();
            config.notices.quiet_to = "07:30".into();
        })
        .await;
        let case = quiet(&app, CaseState::InProgress).await.id;
        let admin = app.as_person("system-admin").await;
        let day = json!({ "from": "07:00", "to": "18:00" });
        assert_eq!(admin.send("PUT", "/api/v1/shifts/白班", Some(day)).await.0, 200);
        sql(
            &app,
            "UPDATE responsibility SET shift = '白班'
              WHERE staff_id = (SELECT id FROM staff WHERE staff_no = 'cadre-1')",
        )
        .await;
        go_to(&app, asked_at);
        ask(&app, case).await;
        assert_eq!(told(&app, "cadre-1", case, "申请挂起等补充材料").await, 1, "{asked_at}");
        go_to(&app, "2026-11-25 07:30");
        app.run_due().await;
        if rings {
            app.expect_notice("cadre-1", "申请挂起等补充材料").await;
        }
    }
}

#[tokio::test]
async fn more_time_asked_for_while_no_cadre_is_on_duty_waits_in_his_inbox() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::InProgress).await.id;
    let admin = app.as_person("system-admin").await;
    let day = json!({ "from": "08:00", "to": "18:00" });
    assert_eq!(admin.send("PUT", "/api/v1/shifts/白班", Some(day)).await.0, 200);
    sql(&app, "UPDATE responsibility SET shift = '白班' WHERE role = 'cadre'").await;
    go_to(&app, "2026-11-24 19:00");
    let more = json!({ "days": 3, "reason": "等待水泵配件" });
    assert_eq!(act(&app, "primary-1", case, "extension", more).await.0, 200);
    for (who, hears) in [("cadre-1", 1), ("cadre-2", 0), ("secretary-1", 0)] {
        assert_eq!(told(&app, who, case, "申请延期3个工作日").await, hears, "{who}");
    }
}

#[tokio::test]
async fn what_is_before_a_court_ends_here_at_the_word_of_command_and_is_told() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::OnHold).await.id;
    let why = json!({ "reason": "您已向法院起诉，请等法院判决" });
    assert_eq!(act(&app, "cadre-1", case, "diversion", why.clone()).await.0, 409);
    let (status, ended) = act(&app, "command", case, "diversion", why).await;
    assert_eq!(status, 200, "{ended}");
    assert_eq!(
        (&ended["state"], &ended["rejection"]),
        (&json!("rejected"), &json!("legal_procedure"))
    );
    let row = find(&app, case).await;
    assert_eq!((row.hold_until, row.next_check_at), (None, None));
    let event = entry(&app, "resident-1", case, "diverted").await;
    assert_eq!(event["detail"]["explanation"], "您已向法院起诉，请等法院判决");
    for (who, words) in [("resident-1", "已进入诉讼"), ("primary-1", "已转法定途径")] {
        let (_, inbox) = app.as_person(who).await.get("/api/v1/inbox").await;
        assert!(inbox.to_string().contains(words), "{who}: {inbox}");
    }
    let (status, appealed) =
        act(&app, "resident-1", case, "appeal", json!({ "reason": "法院没有受理" })).await;
    assert_eq!((status, &appealed["state"]), (200, &json!("triage")), "{appealed}");
    // The desk has it now, not who took it once.
    assert_eq!(act(&app, "command", case, "supervision", json!({})).await.0, 200);
    for (who, hears) in [("desk-1", 1), ("primary-1", 0)] {
        assert_eq!(told(&app, who, case, "街道指挥中心督办").await, hears, "{who}");
    }
}

#[tokio::test]
async fn a_rest_that_a_diversion_ended_is_not_counted_to_its_planned_end() {
    let mut app = App::start().await;
    app.leave_jobs();
    let [diverted, resumed] = [0, 1].map(|_| case_in(&app, CaseState::InProgress));
    let (diverted, resumed) = (diverted.await.id, resumed.await.id);
    let meet = json!({ "reason": "awaiting_appointment", "until": "2026-12-03T10:00:00+08:00" });
    for case in [diverted, resumed] {
        assert_eq!(act(&app, "primary-1", case, "hold", meet.clone()).await.0, 200);
    }
    let planned = resolve_by(&app, diverted).await;
    app.advance(hours(1));
    assert_eq!(act(&app, "primary-1", resumed, "resumption", json!({})).await.0, 200);
    let why = json!({ "reason": "您已向法院起诉，请等法院判决" });
    assert_eq!(act(&app, "command", diverted, "diversion", why).await.0, 200);
    let no = json!({ "reason": "法院没有受理" });
    assert_eq!(act(&app, "resident-1", diverted, "appeal", no).await.0, 200);
    let left = resolve_by(&app, diverted).await;
    assert_ne!(left, planned);
    assert_eq!(left, resolve_by(&app, resumed).await, "as if it had been resumed then");
}

/// The answer's status and, of a refusal, the rule that was broken.
async fn tried(app: &App, who: &str, case: CaseId, (verb, body): (&str, Value)) -> (u16, String) {
    let (status, answer) = act(app, who, case, verb, body).await;
    (status, answer["errors"][0]["code"].as_str().unwrap_or("").to_owned())
}

#[tokio::test]
async fn a_worker_who_stands_in_for_his_cadre_lets_no_case_of_his_own_rest() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::InProgress).await;
    let leave = json!({ "staff": app.person("cadre-1").staff.unwrap(),
        "substitute": app.person("primary-1").staff,
        "from": "2026-11-24T09:00:00+08:00", "to": "2026-11-25T09:00:00+08:00" });
    let (status, away) = app.as_person("cadre-1").await.post("/api/v1/leaves", leave).await;
    assert_eq!(status, 201, "{away}");
    let hold = ("hold", papers("2026-11-27 10:00"));
    let refused = tried(&app, "primary-1", case.id, hold).await;
    assert_eq!(refused, (422, "hold_own_case".to_owned()));
    ask(&app, case.id).await;
    assert_eq!(waiting(&app, "primary-1").await, Vec::<Value>::new(), "it waits for somebody else");
    let yes = ("pause_decision", json!({ "grants": true }));
    let refused = tried(&app, "primary-1", case.id, yes).await;
    assert_eq!(refused, (422, "pause_own".to_owned()));
    assert_eq!(find(&app, case.id).await.resolve_due_at, case.resolve_due_at);
}

#[tokio::test]
async fn of_a_case_that_a_cadre_took_another_one_is_asked_and_approves() {
    let mut app = App::start().await;
    app.leave_jobs();
    sql(
        &app,
        "INSERT INTO responsibility (grid_id, role, staff_id, shift, valid_from)
         SELECT r.grid_id, r.role, s.id, 'all', r.valid_from FROM responsibility r, staff s
          WHERE r.role = 'cadre' AND s.staff_no = 'cadre-2'
            AND r.staff_id = (SELECT id FROM staff WHERE staff_no = 'cadre-1')",
    )
    .await;
    let case = taken_by_the_cadre(&app).await;
    let asked = tried(&app, "backup-1", case, ("pause", papers("2026-11-27 10:00"))).await;
    assert_eq!(asked.0, 200);
    for (who, hears) in [("cadre-1", false), ("cadre-2", true)] {
        let (_, inbox) = app.as_person(who).await.get("/api/v1/inbox").await;
        assert_eq!(inbox.to_string().contains("申请挂起等补充材料"), hears, "{who}: {inbox}");
        assert_eq!(waiting(&app, who).await.len(), usize::from(hears), "{who}");
    }
    let yes = || ("pause_decision", json!({ "grants": true }));
    let own = tried(&app, "cadre-1", case, yes()).await;
    assert_eq!(own, (422, "pause_own_case".to_owned()));
    assert_eq!(tried(&app, "cadre-2", case, yes()).await.0, 200);
    assert_eq!(resolve_by(&app, case).await, "2026-12-04 17:30", "three workdays of rest");
}
