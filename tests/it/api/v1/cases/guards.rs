//! Every rule of the state machine that refuses a step for its circumstances, reached over HTTP by
//! what people do, never by touching a row: 422, with the stable code of the rule.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use entity::kinds::{CaseId, CaseState, Category, DutyRole, StreetRole};
use entity::{responsibility, staff_role};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use zhinan::error::Error;

use crate::kit::App;
use crate::kit::builders::{ADDRESS, case_in, find, report_as};
use crate::kit::clock::{START, hours, minutes, seconds};
use crate::kit::snap::matches_snapshot;

/// What happens before, and at last what is refused.
#[derive(Clone)]
enum Do {
    /// Who posts what.
    Post(&'static str, &'static str, Value),
    Wait(Duration),
    /// Somebody becomes a verifier beside his duties.
    Verifies(&'static str),
    /// Somebody becomes a cadre of the case's community beside his duties.
    Leads(&'static str),
    /// Another resident asks for the same, and the desk merges it into the case.
    Joins,
}

/// What the resident writes.
#[derive(Clone, Copy)]
enum Report {
    Placed,
    Urgent,
    /// Without an address that anybody knows: the triage desk holds it.
    Nowhere,
}

struct Rule {
    code: &'static str,
    report: Report,
    story: Vec<Do>,
}

use Do::{Joins, Leads, Post, Verifies, Wait};
use Report::{Nowhere, Placed, Urgent};

fn plain(who: &'static str, verb: &'static str) -> Do {
    Post(who, verb, json!({}))
}

fn returned() -> Do {
    let body = json!({ "reason": "不属于本网格", "proposed_unit": "双井第二网格" });
    Post("primary-1", "return", body)
}

fn assigned(who: &'static str) -> Do {
    Post(who, "assignment", json!({ "grid": "G00101", "reason": "就在本网格" }))
}

fn rejected(who: &'static str) -> Do {
    let body = json!({ "code": "outside_duty", "explanation": "请联系供水公司" });
    Post(who, "rejection", body)
}

fn because(who: &'static str, verb: &'static str) -> Do {
    Post(who, verb, json!({ "reason": "还没有解决" }))
}

fn held(who: &'static str, reason: &str, until: &str) -> Do {
    Post(who, "hold", json!({ "reason": reason, "until": until, "note": "缺水表照片" }))
}

fn merged(who: &'static str) -> Do {
    Post(who, "merge", json!({ "into": 99, "reason": "同一件事" }))
}

/// Taken and in contact with the resident.
fn in_progress() -> Vec<Do> {
    at_work("primary-1")
}

/// The same by somebody else.
fn at_work(who: &'static str) -> Vec<Do> {
    let contact = json!({ "method": "phone", "outcome": "reached" });
    vec![plain(who, "acknowledgement"), Post(who, "contacts", contact)]
}

fn resolved() -> Vec<Do> {
    let result = json!({ "result_type": "solved", "text": "已修好" });
    [in_progress(), vec![Post("primary-1", "resolution", result)]].concat()
}

fn closed() -> Vec<Do> {
    [resolved(), vec![plain("resident-1", "confirmation")]].concat()
}

fn rated() -> Do {
    Post("resident-1", "rating", json!({ "result": 5, "attitude": 4 }))
}

fn returned_three_times() -> Vec<Do> {
    let again = || vec![assigned("cadre-1"), returned()];
    [vec![returned()], again(), again()].concat()
}

const NEXT_YEAR: &str = "2027-06-01T09:00:00+08:00";

fn rule(code: &'static str, report: Report, before: Vec<Do>, refused: Do) -> Rule {
    Rule { code, report, story: [before, vec![refused]].concat() }
}

fn waited(before: Vec<Do>, time: Duration) -> Vec<Do> {
    [before, vec![Wait(time)]].concat()
}

/// Rules for the resident, and for whoever checks what he was told.
fn rules_of_residents() -> Vec<Rule> {
    let month = hours(30 * 24);
    let remind = || plain("resident-1", "reminder");
    let nearly_a_day = hours(23) + minutes(59);
    let reopen = |who| because(who, "reopening");
    let handled_by_a_verifier = [vec![Verifies("primary-1")], resolved()].concat();
    let answer = Post("resident-1", "answer", json!({ "grid": "G00101" }));
    let missed = json!({ "method": "phone", "outcome": "no_answer", "note": "回访" });
    vec![
        rule("callback_needed", Placed, resolved(), Post("verifier", "verification", missed)),
        rule("reminded_recently", Placed, waited(vec![remind()], nearly_a_day), remind()),
        rule("urgent_needs_contact", Urgent, vec![], plain("resident-1", "cancellation")),
        rule("others_wait", Placed, vec![Joins], plain("resident-1", "cancellation")),
        rule("already_rated", Placed, [closed(), vec![rated()]].concat(), rated()),
        rule("reopen_expired", Placed, waited(closed(), month + seconds(1)), reopen("resident-1")),
        rule("nothing_asked", Placed, vec![returned()], answer),
        rule("verify_own_case", Placed, handled_by_a_verifier, reopen("primary-1")),
    ]
}

/// Rules about who decides where a case belongs.
fn rules_of_the_desk() -> Vec<Rule> {
    let appealed = || vec![rejected("desk-1"), because("resident-1", "appeal")];
    let rejected_again = [appealed(), vec![rejected("desk-2")]].concat();
    let decided = [returned_three_times(), vec![assigned("command")]].concat();
    let elsewhere = json!({ "grid": "G00201", "reason": "位置不对" });
    let placed_elsewhere = Post("cadre-1", "assignment", elsewhere.clone());
    let taken = vec![plain("cadre-1", "acknowledgement")];
    vec![
        rule("returns_exhausted", Placed, decided, returned()),
        rule("held_by_command", Placed, returned_three_times(), assigned("desk-1")),
        rule("held_by_command", Placed, returned_three_times(), assigned("cadre-1")),
        rule("held_by_command", Placed, returned_three_times(), rejected("desk-1")),
        rule("held_by_command", Placed, returned_three_times(), merged("cadre-1")),
        rule("already_appealed", Nowhere, rejected_again, because("resident-1", "appeal")),
        rule("same_desk_after_appeal", Nowhere, appealed(), rejected("desk-1")),
        rule("assign_outside_community", Placed, vec![returned()], placed_elsewhere),
        rule(
            "transfer_outside_community",
            Placed,
            vec![],
            Post("primary-1", "transfer", elsewhere),
        ),
        rule("merge_own_case", Placed, taken, merged("cadre-1")),
    ]
}

/// Rules about pauses: who may allow which, until when, and not once it is too late.
fn rules_of_pauses() -> Vec<Rule> {
    let pause =
        |code, who, reason, until| rule(code, Placed, in_progress(), held(who, reason, until));
    let late = waited(in_progress(), hours(30 * 24));
    vec![
        pause("hold_wrong_approver", "primary-1", "weather", NEXT_YEAR),
        pause("hold_wrong_approver", "cadre-1", "awaiting_appointment", NEXT_YEAR),
        pause("hold_wrong_approver", "command", "awaiting_material", NEXT_YEAR),
        pause("hold_too_long", "cadre-1", "awaiting_material", NEXT_YEAR),
        pause(
            "hold_needs_resume_date",
            "primary-1",
            "awaiting_appointment",
            "2026-11-24T10:00:00+08:00",
        ),
        rule("hold_after_due", Placed, late, held("primary-1", "awaiting_appointment", NEXT_YEAR)),
    ]
}

/// Rules about more time: asked for once and in time, decided one level up by somebody else.
fn rules_of_extensions() -> Vec<Rule> {
    let ask = || Post("primary-1", "extension", json!({ "days": 3, "reason": "等待配件" }));
    let decide = |who| Post(who, "extension_decision", json!({ "grants": true }));
    let asked = || [in_progress(), vec![ask()]].concat();
    let late = waited(in_progress(), hours(30 * 24));
    let led = [vec![Leads("primary-1")], asked()].concat();
    // Somebody else leads the community too, so that the request goes to the cadres.
    let taken = [vec![Leads("backup-2")], at_work("cadre-1"), vec![ask()]].concat();
    let refused = Post("cadre-1", "extension_decision", json!({ "grants": false }));
    vec![
        rule("extension_once", Placed, asked(), ask()),
        rule("extension_once", Placed, [asked(), vec![refused]].concat(), ask()),
        rule("extension_after_due", Placed, late, ask()),
        rule("no_extension_asked", Placed, in_progress(), decide("cadre-1")),
        rule("extension_wrong_approver", Placed, asked(), decide("secretary-1")),
        rule("extension_wrong_approver", Placed, asked(), decide("command")),
        rule("extension_own", Placed, led, decide("primary-1")),
        rule("extension_own_case", Placed, taken, decide("cadre-1")),
    ]
}

/// Rules about asking for a pause, which somebody else approves in time.
fn rules_of_asked_pauses() -> Vec<Rule> {
    let ask = |reason: &str, until: &str| {
        let body = json!({ "reason": reason, "until": until, "note": "缺水表照片" });
        Post("primary-1", "pause", body)
    };
    let papers = || ask("awaiting_material", "2026-12-01T10:00:00+08:00");
    let decide = |who| Post(who, "pause_decision", json!({ "grants": true }));
    let asked = || [in_progress(), vec![papers()]].concat();
    let too_late = waited(asked(), hours(30 * 24));
    let soon = ask("awaiting_material", "2026-11-24T12:00:00+08:00");
    let lapsed = waited([in_progress(), vec![soon]].concat(), hours(4));
    let led = [vec![Leads("primary-1")], asked()].concat();
    let taken = [at_work("cadre-1"), vec![papers()]].concat();
    let rest = |who, reason| held(who, reason, "2026-12-01T10:00:00+08:00");
    let own = rest("cadre-1", "awaiting_material");
    let rests = [in_progress(), vec![rest("cadre-1", "awaiting_material")]].concat();
    let meets = rest("primary-1", "awaiting_appointment");
    let agreed = [in_progress(), vec![meets, plain("resident-1", "agreement")]].concat();
    let refused = |code, post| rule(code, Placed, in_progress(), post);
    vec![
        refused("pause_needs_no_approval", ask("awaiting_appointment", NEXT_YEAR)),
        refused("pause_by_command", ask("weather", NEXT_YEAR)),
        refused("hold_never_stops", ask("awaiting_department", NEXT_YEAR)),
        refused("hold_never_stops", held("primary-1", "awaiting_purchase", NEXT_YEAR)),
        refused("hold_too_long", ask("awaiting_material", NEXT_YEAR)),
        refused("hold_needs_resume_date", ask("awaiting_material", "2026-11-23T10:00:00+08:00")),
        refused("no_pause_asked", decide("cadre-1")),
        rule("pause_already_asked", Placed, asked(), papers()),
        rule("no_appointment", Placed, rests, plain("resident-1", "agreement")),
        rule("appointment_already_agreed", Placed, agreed, plain("resident-1", "agreement")),
        rule("hold_own_case", Placed, at_work("cadre-1"), own),
        rule("pause_own_case", Placed, taken, decide("cadre-1")),
        rule("pause_own", Placed, led, decide("primary-1")),
        // From here on the clock is moved, and does not go back.
        rule("pause_lapsed", Placed, lapsed, decide("cadre-1")),
        rule("hold_after_due", Placed, too_late, decide("cadre-1")),
        rule("hold_after_due", Placed, waited(in_progress(), hours(30 * 24)), papers()),
    ]
}

fn rules() -> Vec<Rule> {
    [
        rules_of_asked_pauses(),
        rules_of_extensions(),
        rules_of_pauses(),
        rules_of_the_desk(),
        rules_of_residents(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A rule that no request reaches: the parser wants the reason before the rule is asked.
const BEHIND_THE_PARSER: &str = "hold_needs_reason";

#[test]
fn every_rule_of_the_state_machine_is_in_the_table() {
    let text = include_str!("../../../../../src/domain/case/state.rs");
    let quoted =
        text.split("guard(").skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"'));
    let written: BTreeSet<&str> = quoted.filter_map(|rest| rest.split('"').next()).collect();
    let mut tried: BTreeSet<&str> = rules().iter().map(|rule| rule.code).collect();
    tried.insert(BEHIND_THE_PARSER);
    assert_eq!(written, tried);
    assert!(tried.len() > 15, "{tried:?}");
}

async fn report(app: &App, report: Report) -> CaseId {
    let mut body = json!({ "text": "家里没水了", "address": ADDRESS });
    match report {
        Placed => {}
        Urgent => body["urgency"] = json!({ "danger": true }),
        Nowhere => body["address"] = json!("老地方"),
    }
    let (status, case) = app.as_person("resident-1").await.post("/api/v1/cases", body).await;
    assert_eq!(status, 201, "{case}");
    CaseId(case["id"].as_i64().unwrap())
}

async fn act(app: &App, case: CaseId, step: &Do) -> Option<(u16, Value)> {
    match step {
        Wait(time) => {
            app.advance(*time);
            None
        }
        Verifies(name) => {
            let row = staff_role::ActiveModel {
                id: NotSet,
                staff_id: Set(app.person(name).staff.unwrap()),
                role: Set(StreetRole::Verifier),
                valid_from: Set(START),
                valid_to: Set(None),
            };
            let unit = app.services().writer.commit(move |tx| {
                Box::pin(async move {
                    staff_role::Entity::insert(row).exec_without_returning(tx).await?;
                    Ok::<_, Error>(())
                })
            });
            unit.await.unwrap();
            None
        }
        Leads(name) => {
            let row = responsibility::ActiveModel {
                id: NotSet,
                grid_id: Set(find(app, case).await.large_grid_id.unwrap()),
                role: Set(DutyRole::Cadre),
                staff_id: Set(app.person(name).staff.unwrap()),
                shift: Set("all".into()),
                valid_from: Set(START),
                valid_to: Set(None),
            };
            let unit = app.services().writer.commit(move |tx| {
                Box::pin(async move {
                    responsibility::Entity::insert(row).exec_without_returning(tx).await?;
                    Ok::<_, Error>(())
                })
            });
            unit.await.unwrap();
            None
        }
        Joins => {
            let same = report_as(app, "resident-2", ADDRESS, Category::Utilities).await;
            let body =
                json!({ "into": case, "reason": "同一件事", "expected_version": same.version });
            let path = format!("/api/v1/cases/{}/merge", same.id);
            Some(app.as_person("desk-1").await.post(&path, body).await)
        }
        Post(who, verb, body) => {
            let mut body = body.clone();
            body["expected_version"] = find(app, case).await.version.into();
            let path = format!("/api/v1/cases/{case}/{verb}");
            Some(app.as_person(who).await.post(&path, body).await)
        }
    }
}

/// Plays a story to its end; returns what the last step was answered, which changed nothing.
async fn play(app: &App, rule: &Rule) -> Value {
    let case = report(app, rule.report).await;
    let (last, before) = rule.story.split_last().unwrap();
    for step in before {
        if let Some((status, answer)) = act(app, case, step).await {
            assert_eq!(status, 200, "{}: {answer}", rule.code);
        }
    }
    let stood = find(app, case).await;
    let (status, answer) = act(app, case, last).await.unwrap();
    assert_eq!((status, &answer["code"]), (422, &json!("rule_refused")), "{}: {answer}", rule.code);
    assert_eq!(answer["errors"][0]["code"], rule.code, "{answer}");
    assert_eq!(answer["errors"][0]["message"], answer["detail"], "{answer}");
    assert_eq!(find(app, case).await, stood, "{}: a refused step changes nothing", rule.code);
    answer
}

#[tokio::test]
async fn every_rule_is_reached_over_http_with_its_code() {
    let mut app = App::start().await;
    app.leave_jobs();
    let mut said: BTreeMap<&str, Value> = BTreeMap::new();
    for rule in rules() {
        let answer = play(&app, &rule).await;
        if let Some(before) = said.insert(rule.code, answer.clone()) {
            assert_eq!(before["detail"], answer["detail"], "one rule says one thing");
        }
    }
    matches_snapshot!("guards", said);
}

#[tokio::test]
async fn what_was_refused_yesterday_is_allowed_when_its_time_has_come() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = report(&app, Placed).await;
    let remind = plain("resident-1", "reminder");
    assert_eq!(act(&app, case, &remind).await.unwrap().0, 200);
    app.advance(hours(24));
    assert_eq!(act(&app, case, &remind).await.unwrap().0, 200, "a day later he may again");
    let closed_case = report(&app, Placed).await;
    for step in closed() {
        assert_eq!(act(&app, closed_case, &step).await.unwrap().0, 200);
    }
    app.advance(hours(30 * 24));
    let reopen = because("resident-1", "reopening");
    let (status, answer) = act(&app, closed_case, &reopen).await.unwrap();
    assert_eq!((status, &answer["state"]), (200, &json!("in_progress")), "the 30th day counts");
}

#[tokio::test]
async fn a_pause_without_a_reason_does_not_pass_the_parser() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = case_in(&app, CaseState::InProgress).await.id;
    let body = json!({ "until": NEXT_YEAR });
    let (status, answer) = act(&app, case, &Post("primary-1", "hold", body)).await.unwrap();
    assert_eq!((status, &answer["code"]), (400, &json!("malformed_json")), "{answer}");
}

/// Who must explain what: verb, state, the body with a blank, and where the blank is.
fn explained() -> Vec<(Do, CaseState, &'static str)> {
    let blank = "  ";
    let place = json!({ "grid": "G00101", "reason": blank });
    let unit = json!({ "reason": "不属于本网格", "proposed_unit": blank });
    let unfounded = json!({ "reason": blank, "proposed_unit": "双井第二网格" });
    let result = json!({ "result_type": "solved", "text": blank });
    let code = json!({ "code": "outside_duty", "explanation": blank });
    let reason = || json!({ "reason": blank });
    vec![
        (Post("primary-1", "return", unfounded), CaseState::Assigned, "/reason"),
        (Post("primary-1", "return", unit), CaseState::Assigned, "/proposed_unit"),
        (Post("primary-1", "transfer", place.clone()), CaseState::Assigned, "/reason"),
        (Post("desk-1", "assignment", place), CaseState::Triage, "/reason"),
        (Post("desk-1", "rejection", code), CaseState::Triage, "/explanation"),
        (Post("desk-1", "merge", json!({ "into": 1, "reason": "" })), CaseState::Triage, "/reason"),
        (Post("primary-1", "resolution", result), CaseState::InProgress, "/text"),
        (Post("primary-1", "updates", json!({ "text": blank })), CaseState::InProgress, "/text"),
        (Post("resident-1", "reopening", reason()), CaseState::Closed, "/reason"),
        (Post("resident-1", "appeal", reason()), CaseState::Rejected, "/reason"),
    ]
}

#[tokio::test]
async fn whoever_must_explain_himself_is_not_heard_without_words() {
    let mut app = App::start().await;
    app.leave_jobs();
    for (post, state, pointer) in explained() {
        let case = case_in(&app, state).await;
        let (status, answer) = act(&app, case.id, &post).await.unwrap();
        let first = (status, &answer["code"], &answer["errors"][0]["pointer"]);
        assert_eq!(first, (422, &json!("invalid_fields"), &json!(pointer)), "{answer}");
        assert_eq!(find(&app, case.id).await.version, case.version);
    }
}
