//! The clocks of a case over HTTP: promised at once, stopped by rests, lengthened once, shown as
//! cards, computed again when a calendar arrives.

use std::time::Duration;

use entity::kinds::{CaseId, CaseState, EventType, Timestamp};
use serde_json::{Value, json};
use zhinan::domain::calendar::{local_minute, parse_rfc3339};

use super::cases::effects::{act, away, entry, quiet};
use super::cases::views::report;
use crate::kit::App;
use crate::kit::builders::{ADDRESS, case_in, confirm_days_of_2026, find, step};
use crate::kit::clock::START;

/// Moves the clock to a local minute.
pub(super) fn go_to(app: &App, local: &str) {
    let at = parse_rfc3339(&format!("{}:00+08:00", local.replace(' ', "T"))).unwrap();
    app.advance(at.since(app.clock.now()));
    assert_eq!(app.clock.now(), at);
}

fn local(value: &Value) -> String {
    local_minute(parse_rfc3339(value.as_str().unwrap()).unwrap())
}

pub(super) async fn resolve_by(app: &App, case: CaseId) -> String {
    // An event is some microseconds later than the one before it, and so is the rest it begins.
    local_minute(find(app, case).await.resolve_due_at + Duration::from_millis(500))
}

fn hold(reason: &str, until: &str) -> Value {
    json!({ "reason": reason, "note": "缺水表照片",
        "until": format!("{}:00+08:00", until.replace(' ', "T")) })
}

#[tokio::test]
async fn the_resident_is_promised_a_time_at_once_and_the_auditor_counts_by_the_same_number() {
    let mut app = App::start().await;
    app.leave_jobs();
    let resident = app.as_person("resident-1").await;
    let case = report(&resident, json!({ "text": "家里没水了", "address": ADDRESS })).await;
    let promised = &case["promised"];
    assert_eq!(local(&promised["acknowledge_by"]), "2026-11-24 12:00");
    assert_eq!(local(&promised["contact_by"]), "2026-11-25 17:30");
    assert_eq!(local(&promised["resolve_by"]), "2026-12-01 17:30");
    assert_eq!(promised["acknowledge_zh"], "11月24日12:00前");
    assert_eq!(promised["resolve_zh"], "12月1日17:30前：周末不计");
    assert_eq!(promised["provisional"], false);
    let (_, seen) =
        app.as_person("auditor").await.get(&format!("/api/v1/cases/{}", case["id"])).await;
    assert_eq!(seen["promised"], *promised, "the number that he counts by");
    for (local, overdue) in [("2026-12-01 17:30", 0), ("2026-12-01 17:31", 1)] {
        go_to(&app, local);
        let auditor = app.as_person("auditor").await;
        let path = "/api/v1/audit/response-times?from=2026-11-24&to=2026-11-25&group_by=grid";
        let (_, figures) = auditor.get(path).await;
        assert_eq!(figures["total"]["overdue"], overdue, "at {local}");
        let (_, list) = auditor.get("/api/v1/dues?which=overdue").await;
        assert_eq!(list["cases"].as_array().map(Vec::len), Some(overdue), "at {local}");
    }
}

#[tokio::test]
async fn a_rest_moves_the_result_and_an_early_end_takes_back_what_was_not_used() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::InProgress).await;
    let contact = case.contact_due_at;
    let case = case.id;
    let until = hold("awaiting_material", "2026-11-27 10:00");
    assert_eq!(act(&app, "cadre-1", case, "hold", until).await.0, 200);
    assert_eq!(resolve_by(&app, case).await, "2026-12-04 17:30", "three workdays of rest");
    go_to(&app, "2026-11-25 10:00");
    let (status, resumed) = act(&app, "primary-1", case, "resumption", json!({})).await;
    assert_eq!(status, 200);
    assert_eq!(resolve_by(&app, case).await, "2026-12-02 17:30", "one of them was used");
    let zh = "12月2日17:30前：周末不计；挂起的时间已顺延";
    assert_eq!(resumed["promised"]["resolve_zh"], zh);
    assert_eq!(find(&app, case).await.contact_due_at, contact, "that clock never stops");
}

/// Confirms a calendar in which the last eleven days of November are days of rest.
async fn rest_in_november(app: &App) {
    let rest = (20..=30).map(|day| format!("2026,2026-11-{day},rest,国庆节\n"));
    let more = format!("{}2026,2026-12-26,work,\n", rest.collect::<String>());
    confirm_days_of_2026(app, &more).await;
}

/// Else a contact that came too late would be in time after the next rest.
#[tokio::test]
async fn what_was_promised_for_certain_stays_though_another_calendar_came_before_a_rest() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::InProgress).await;
    rest_in_november(&app).await;
    let until = hold("awaiting_material", "2026-11-27 10:00");
    let (status, held) = act(&app, "cadre-1", case.id, "hold", until).await;
    assert_eq!(status, 200);
    let after = find(&app, case.id).await;
    assert_eq!(after.contact_due_at, case.contact_due_at);
    assert_eq!(resolve_by(&app, case.id).await, "2026-12-04 17:30", "three workdays of rest");
    let zh = "12月4日17:30前：周末不计；挂起的时间已顺延";
    assert_eq!(held["promised"]["resolve_zh"], zh, "by the calendar it was promised with");
    go_to(&app, "2026-11-25 10:00");
    assert_eq!(act(&app, "primary-1", case.id, "resumption", json!({})).await.0, 200);
    assert_eq!(resolve_by(&app, case.id).await, "2026-12-02 17:30");
    // What is promised from now on is promised by the new one.
    let resident = app.as_person("resident-1").await;
    let case = report(&resident, json!({ "text": "家里没水了", "address": ADDRESS })).await;
    assert_eq!(local(&case["promised"]["contact_by"]), "2026-12-01 17:30");
}

#[tokio::test]
async fn a_rest_that_ends_by_itself_counts_until_it_really_ended() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::InProgress).await.id;
    let until = hold("awaiting_appointment", "2026-11-25 10:00");
    assert_eq!(act(&app, "primary-1", case, "hold", until).await.0, 200);
    assert_eq!(resolve_by(&app, case).await, "2026-12-02 17:30");
    // The engine was down for an hour: nobody could work on the case meanwhile.
    go_to(&app, "2026-11-25 11:00");
    app.run_due().await;
    assert_eq!(find(&app, case).await.state, CaseState::InProgress);
    assert_eq!(resolve_by(&app, case).await, "2026-12-03 10:00");
}

#[tokio::test]
async fn more_time_is_asked_for_and_granted_one_level_up() {
    let app = App::start().await;
    let case = quiet(&app, CaseState::InProgress).await.id;
    let ask = json!({ "days": 3, "reason": "等待水泵配件" });
    let (status, asked) = act(&app, "primary-1", case, "extension", ask).await;
    assert_eq!((status, &asked["extension"]["state"]), (200, &json!("asked")), "{asked}");
    assert_eq!(asked["promised"]["days_zh"], "个工作日");
    assert_eq!(resolve_by(&app, case).await, "2026-12-01 17:30", "asking moves nothing");
    app.run_due().await;
    app.expect_notice("cadre-1", "申请延期3个工作日").await;
    let (_, shown) = app.as_person("cadre-1").await.get(&format!("/api/v1/cases/{case}")).await;
    let may =
        |case: &Value| case["allowed"].as_array().unwrap().contains(&json!("extension_decision"));
    assert!(may(&shown), "{shown}");
    let (_, shown) = app.as_person("secretary-1").await.get(&format!("/api/v1/cases/{case}")).await;
    assert!(!may(&shown), "two levels up is not one: {shown}");
    let yes = json!({ "grants": true, "note": "同意" });
    let (status, granted) = act(&app, "cadre-1", case, "extension_decision", yes).await;
    assert_eq!(status, 200, "{granted}");
    assert_eq!(local(&granted["promised"]["resolve_by"]), "2026-12-04 17:30");
    let zh = "12月4日17:30前：周末不计；已同意延期3个工作日";
    assert_eq!(granted["promised"]["resolve_zh"], zh);
    let event = entry(&app, "primary-1", case, "extension_granted").await;
    assert_eq!((&event["role"], &event["detail"]["days"]), (&json!("cadre"), &json!(3)));
    app.run_due().await;
    app.expect_notice("primary-1", "延期申请已同意").await;
}

#[tokio::test]
async fn more_time_around_the_clock_is_promised_in_days_and_not_in_workdays() {
    let mut app = App::start().await;
    app.leave_jobs();
    let resident = app.as_person("resident-1").await;
    let fast = json!({ "text": "家里没水了", "address": ADDRESS, "urgency": { "stuck": true } });
    let case = CaseId(report(&resident, fast).await["id"].as_i64().unwrap());
    let call = json!({ "method": "phone", "outcome": "reached" });
    for (verb, body) in [("acknowledgement", json!({})), ("contacts", call)] {
        assert_eq!(act(&app, "primary-1", case, verb, body).await.0, 200);
    }
    let ask = json!({ "days": 1, "reason": "等待水泵配件" });
    assert_eq!(act(&app, "primary-1", case, "extension", ask).await.0, 200);
    let (_, inbox) = app.as_person("cadre-1").await.get("/api/v1/inbox").await;
    assert!(inbox.to_string().contains("申请延期1天，待审批"), "{inbox}");
    let yes = json!({ "grants": true });
    let (status, granted) = act(&app, "cadre-1", case, "extension_decision", yes).await;
    let promised = &granted["promised"];
    assert_eq!((status, &promised["days_zh"]), (200, &json!("天")), "{granted}");
    // Wednesday at ten, and to the end of the day after.
    assert_eq!(local(&promised["resolve_by"]), "2026-11-27 00:00");
    let zh = promised["resolve_zh"].as_str().unwrap();
    assert!(zh.ends_with("；已同意延期1天"), "{zh}");
}

#[tokio::test]
async fn a_refused_extension_moves_nothing_and_is_told() {
    let app = App::start().await;
    let case = quiet(&app, CaseState::InProgress).await.id;
    let ask = json!({ "days": 3, "reason": "等待水泵配件" });
    assert_eq!(act(&app, "cadre-1", case, "extension", ask).await.0, 200);
    app.run_due().await;
    app.expect_notice("secretary-1", "待审批").await;
    let no = json!({ "grants": false });
    let (status, refused) = act(&app, "secretary-1", case, "extension_decision", no).await;
    assert_eq!((status, &refused["extension"]["state"]), (200, &json!("refused")), "{refused}");
    assert_eq!(resolve_by(&app, case).await, "2026-12-01 17:30");
    app.run_due().await;
    for who in ["primary-1", "cadre-1"] {
        app.expect_notice(who, "延期申请未同意").await;
    }
}

/// A case at work that the community's cadre took himself.
pub(super) async fn taken_by_the_cadre(app: &App) -> CaseId {
    let case = case_in(app, CaseState::Assigned).await.id;
    assert_eq!(act(app, "cadre-1", case, "acknowledgement", json!({})).await.0, 200);
    let call = json!({ "method": "phone", "outcome": "reached" });
    assert_eq!(act(app, "cadre-1", case, "contacts", call).await.0, 200);
    case
}

#[tokio::test]
async fn more_time_for_a_case_that_the_only_cadre_took_is_decided_by_his_secretary() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = taken_by_the_cadre(&app).await;
    let ask = json!({ "days": 3, "reason": "等待水泵配件" });
    assert_eq!(act(&app, "backup-1", case, "extension", ask).await.0, 200);
    for (who, decides) in [("cadre-1", false), ("secretary-1", true)] {
        let (_, inbox) = app.as_person(who).await.get("/api/v1/inbox").await;
        assert_eq!(inbox.to_string().contains("申请延期3"), decides, "{who}: {inbox}");
        let (_, seen) = app.as_person(who).await.get(&format!("/api/v1/cases/{case}")).await;
        let may = seen["allowed"].to_string().contains("extension_decision");
        assert_eq!(may, decides, "{who}: {seen}");
    }
    let yes = || json!({ "grants": true });
    let (status, refused) = act(&app, "cadre-1", case, "extension_decision", yes()).await;
    assert_eq!((status, &refused["code"]), (422, &json!("rule_refused")), "{refused}");
    assert_eq!(resolve_by(&app, case).await, "2026-12-01 17:30");
    assert_eq!(act(&app, "secretary-1", case, "extension_decision", yes()).await.0, 200);
    assert_eq!(resolve_by(&app, case).await, "2026-12-04 17:30");
}

#[tokio::test]
async fn half_of_the_time_is_a_yellow_card_and_all_of_it_a_red_one_that_the_secretary_hears_of() {
    let app = App::start().await;
    let case = quiet(&app, CaseState::InProgress).await.id;
    let shown = async || find(&app, case).await.card.map(entity::kinds::Card::word);
    // 38 hours until 1 December; nineteen of them are over on the 27th at 9:30.
    go_to(&app, "2026-11-27 09:29");
    app.run_due().await;
    assert_eq!(shown().await, None);
    app.advance(Duration::from_mins(1));
    app.run_due().await;
    assert_eq!(shown().await, Some("yellow"));
    app.expect_notice("primary-1", "办结时限已过半").await;
    entry(&app, "primary-1", case, "yellow_card").await;
    go_to(&app, "2026-12-01 17:30");
    app.run_due().await;
    assert_eq!(shown().await, Some("red"));
    app.expect_notice("primary-1", "已超过办结时限").await;
    app.expect_notice("secretary-1", "已超过办结时限").await;
    app.advance(Duration::from_hours(72));
    app.run_due().await;
    let (_, seen) = app.as_person("auditor").await.get(&format!("/api/v1/cases/{case}")).await;
    assert_eq!((&seen["card_zh"], &seen["overdue"]), (&json!("红牌"), &json!(true)));
    let cards = seen["timeline"].as_array().unwrap().iter();
    let cards = cards.filter(|event| event["kind"].as_str().unwrap().ends_with("_card"));
    assert_eq!(cards.count(), 2, "each once");
}

#[tokio::test]
async fn a_card_of_whoever_is_away_is_told_to_who_stands_in_for_him() {
    let app = App::start().await;
    quiet(&app, CaseState::InProgress).await;
    away(&app, "primary-1", "primary-2").await;
    go_to(&app, "2026-11-27 09:30");
    app.run_due().await;
    app.expect_notice("primary-2", "办结时限已过半").await;
}

#[tokio::test]
async fn more_time_granted_after_the_red_card_lowers_it_and_the_next_red_one_is_told_again() {
    let app = App::start().await;
    let case = quiet(&app, CaseState::InProgress).await.id;
    let shown = async || find(&app, case).await.card.map(entity::kinds::Card::word);
    let overdue = async || {
        let (_, list) = app.as_person("auditor").await.get("/api/v1/dues?which=overdue").await;
        list["cases"].as_array().map(Vec::len)
    };
    let red = async |local| {
        go_to(&app, local);
        app.run_due().await;
        assert_eq!(shown().await, Some("red"), "at {local}");
        for who in ["primary-1", "secretary-1"] {
            app.expect_notice(who, "已超过办结时限").await;
        }
    };
    go_to(&app, "2026-12-01 17:00");
    app.run_due().await;
    app.expect_notice("primary-1", "办结时限已过半").await;
    let ask = json!({ "days": 5, "reason": "等待水泵配件" });
    assert_eq!(act(&app, "primary-1", case, "extension", ask).await.0, 200);
    app.run_due().await;
    app.expect_notice("cadre-1", "申请延期5个工作日").await;
    red("2026-12-01 17:30").await;
    go_to(&app, "2026-12-02 09:00");
    assert_eq!(overdue().await, Some(1));
    let yes = json!({ "grants": true });
    let (status, granted) = act(&app, "cadre-1", case, "extension_decision", yes).await;
    assert_eq!((status, &granted["overdue"]), (200, &json!(false)), "{granted}");
    // More than half of the longer time was over on the afternoon before.
    assert_eq!(granted["card"], json!("yellow"));
    assert_eq!((overdue().await, resolve_by(&app, case).await.as_str()), (Some(0), NEW_END));
    app.run_due().await;
    app.expect_notice("primary-1", "延期申请已同意").await;
    go_to(&app, "2026-12-08 17:29");
    app.run_due().await;
    assert_eq!(shown().await, Some("yellow"));
    red(NEW_END).await;
    let (_, seen) = app.as_person("auditor").await.get(&format!("/api/v1/cases/{case}")).await;
    let kinds = seen["timeline"].as_array().unwrap().iter().filter_map(|one| one["kind"].as_str());
    let cards: Vec<&str> = kinds.filter(|kind| kind.ends_with("_card")).collect();
    assert_eq!(cards, ["yellow_card", "red_card", "red_card"], "what was shown stays");
}

/// Five workdays after 1 December.
const NEW_END: &str = "2026-12-08 17:30";

#[tokio::test]
async fn a_reopening_starts_the_clocks_anew_under_what_was_promised_first() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::Resolved).await.id;
    go_to(&app, "2026-11-26 10:00");
    let why = json!({ "reason": "还没有解决" });
    let (status, reopened) = act(&app, "resident-1", case, "reopening", why).await;
    assert_eq!(status, 200, "{reopened}");
    assert_eq!(local(&reopened["promised"]["resolve_by"]), "2026-12-03 17:30");
    assert_eq!(local(&reopened["promised"]["contact_by"]), "2026-11-27 17:30");
    assert_eq!(local(&reopened["promised"]["acknowledge_by"]), "2026-11-24 12:00");
    assert_eq!(reopened["card"], Value::Null);
    let row = find(&app, case).await;
    assert_eq!((row.reported_at, row.cycle_at > Some(START)), (START, true));
    assert!(row.yellow_at > Some(Timestamp(row.cycle_at.unwrap().0)));
}

#[tokio::test]
async fn bad_weather_lets_what_is_at_work_rest_at_one_word_of_command() {
    let mut app = App::start().await;
    app.leave_jobs();
    let one = case_in(&app, CaseState::InProgress).await.id;
    let two = case_in(&app, CaseState::InProgress).await.id;
    let waits = case_in(&app, CaseState::Acknowledged).await.id;
    let storm = |until: &str, grid: Option<&str>| {
        let until = format!("{}:00+08:00", until.replace(' ', "T"));
        let mut body = json!({ "until": until, "note": "暴雪红色预警" });
        if let Some(grid) = grid {
            body["grid"] = json!(grid);
        }
        body
    };
    let command = app.as_person("command").await;
    let (status, refused) = command.post("/api/v1/holds", storm("2026-11-24 10:00", None)).await;
    assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!("/until")), "{refused}");
    let secretary = app.as_person("secretary-1").await;
    assert_eq!(secretary.post("/api/v1/holds", storm("2026-11-25 10:00", None)).await.0, 403);
    let elsewhere = storm("2026-11-25 10:00", Some(crate::kit::street::GRIDS[1]));
    let (_, none) = command.post("/api/v1/holds", elsewhere).await;
    assert_eq!(none, json!({ "held": 0, "left": 0 }));
    for held in [2, 0] {
        let (status, done) = command.post("/api/v1/holds", storm("2026-11-25 10:00", None)).await;
        assert_eq!((status, done), (200, json!({ "held": held, "left": 0 })));
    }
    for case in [one, two] {
        assert_eq!(resolve_by(&app, case).await, "2026-12-02 17:30");
        let event = entry(&app, "primary-1", case, "held").await;
        assert_eq!(
            (&event["role"], &event["detail"]["reason"]),
            (&json!("command"), &json!("weather"))
        );
    }
    assert_eq!(find(&app, waits).await.state, CaseState::Acknowledged, "not at work");
    let (_, inbox) = app.as_person("resident-1").await.get("/api/v1/inbox").await;
    let told = inbox.to_string().matches("天气原因暂停，11月25日周三继续办理").count();
    assert_eq!(told, 2, "{inbox}");
}

/// The instant that a row bears, to the minute; see [`resolve_by`].
fn minute(at: Timestamp) -> String {
    local_minute(at + Duration::from_millis(500))
}

#[tokio::test]
async fn whoever_appeals_goes_on_with_the_time_that_was_left() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::Triage).await.id;
    go_to(&app, "2026-11-24 10:30");
    let no = json!({ "code": "outside_duty", "explanation": "请联系供水公司" });
    assert_eq!(act(&app, "desk-1", case, "rejection", no).await.0, 200);
    go_to(&app, "2026-12-04 10:00");
    let why = json!({ "reason": "是公共管道" });
    let (status, back) = act(&app, "resident-1", case, "appeal", why).await;
    assert_eq!((status, &back["overdue"], &back["card"]), (200, &json!(false), &Value::Null));
    let row = find(&app, case).await;
    let dues = [row.acknowledge_due_at, row.contact_due_at, row.resolve_due_at].map(minute);
    // Half an hour was used of each.
    assert_eq!(dues, ["2026-12-04 11:30", "2026-12-07 17:00", "2026-12-11 17:00"]);
    let zh = back["promised"]["resolve_zh"].as_str().unwrap();
    assert!(zh.ends_with("；停办的时间已顺延"), "{zh}");
    let event = entry(&app, "resident-1", case, "appealed").await;
    assert_eq!(event["detail"]["resolve_due"], row.resolve_due_at.0);
    app.run_due().await;
    assert_eq!(find(&app, case).await.card, None, "nobody was late");
    let place = json!({ "grid": crate::kit::street::GRIDS[0], "reason": "就在本网格" });
    assert_eq!(act(&app, "desk-2", case, "assignment", place).await.0, 200);
    let call = json!({ "method": "phone", "outcome": "reached" });
    let more = json!({ "days": 1, "reason": "等待水泵配件" });
    for (verb, body) in [("acknowledgement", json!({})), ("contacts", call), ("extension", more)] {
        let (status, answer) = act(&app, "primary-1", case, verb, body).await;
        assert_eq!(status, 200, "{verb}: {answer}");
    }
    go_to(&app, "2026-12-11 17:00");
    app.run_due().await;
    let red = find(&app, case).await.card.map(entity::kinds::Card::word);
    assert_eq!(red, Some("red"));
    app.ignore_messages().await;
}

/// What was appealed by an earlier version goes on as it was promised then.
#[tokio::test]
async fn an_appeal_whose_entry_has_no_due_times_gave_none_back() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::Rejected).await.id;
    go_to(&app, "2026-11-25 10:00");
    step(&app, case, "resident-1", EventType::Appealed, |case| {
        case.state = CaseState::Triage;
        (case.appeals, case.rejection) = (1, None);
    })
    .await;
    let place = json!({ "grid": crate::kit::street::GRIDS[0], "reason": "就在本网格" });
    assert_eq!(act(&app, "desk-2", case, "assignment", place).await.0, 200);
    let call = json!({ "method": "phone", "outcome": "reached" });
    for (verb, body) in [("acknowledgement", json!({})), ("contacts", call)] {
        assert_eq!(act(&app, "primary-1", case, verb, body).await.0, 200);
    }
    assert_eq!(resolve_by(&app, case).await, "2026-12-01 17:30");
    let until = hold("awaiting_material", "2026-11-27 10:00");
    assert_eq!(act(&app, "cadre-1", case, "hold", until).await.0, 200);
    assert_eq!(resolve_by(&app, case).await, "2026-12-03 17:30", "two workdays of rest alone");
}
