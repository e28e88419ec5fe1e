//! Figures, the cases behind them, and what may not change them.

use std::collections::{BTreeMap, BTreeSet};

use entity::cases;
use entity::kinds::{
    ActorRole, CaseId, CaseState, Category, EventType, HoldReason, ResultType, Timestamp,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use zhinan::app::audit::figures::{self, Question};
use zhinan::app::audit::ledger::Window;
use zhinan::app::case::change::Change;
use zhinan::domain::audit::definition::CARDS;
use zhinan::domain::audit::frame::{Dimension, Filter};
use zhinan::domain::audit::survey::Figure;
use zhinan::domain::calendar::rfc3339;
use zhinan::domain::case::targets::Targets;
use zhinan::error::Result;
use zhinan::services::Services;

use super::ADDRESSES;
use crate::kit::App;
use crate::kit::builders::{find, notice_of_2026, report, report_as, step};
use crate::kit::clock::{START, hours, minutes, seconds};

const FIGURES: &str = "/api/v1/audit/figures";
const PERIOD: &str = "from=2026-11-24&to=2026-12-05";

/// Writes an event by the system, as the engine does after a message left.
pub async fn observe(app: &App, id: CaseId, kind: EventType, payload: Value) {
    let services = app.services().clone();
    let unit = app.services().writer.commit(move |tx| {
        Box::pin(async move {
            let case = zhinan::store::case::find_locked(tx, id).await?.unwrap();
            let now = services.clock.now();
            let mut change = Change::new(&services, case, now);
            change.observed(kind, payload)?;
            change.store_observed(tx).await
        })
    });
    let done: Result<cases::Model> = unit.await;
    done.unwrap();
}

/// One of the ways a case can go; each leaves it at another place.
async fn go(app: &App, case: CaseId, worker: &str, way: u64) {
    let staff = app.person(worker).staff;
    if !way.is_multiple_of(7) {
        observe(app, case, EventType::Pushed, json!({ "first": true })).await;
    }
    if way.is_multiple_of(5) {
        return;
    }
    app.advance(seconds(40 * way));
    let took = move |case: &mut cases::Model| {
        case.state = CaseState::Acknowledged;
        case.acknowledged_by = staff;
        case.acknowledged_at = Some(START);
    };
    step(app, case, worker, EventType::Acknowledged, took).await;
    app.advance(minutes(way));
    step(app, case, worker, EventType::Contacted, |case| {
        case.state = CaseState::InProgress;
        case.contacted_at = Some(START);
    })
    .await;
    if way.is_multiple_of(4) {
        return;
    }
    app.advance(minutes(3));
    step(app, case, worker, EventType::Resolved, |case| {
        case.state = CaseState::Resolved;
        case.resolved_at = Some(START);
        case.result_type = Some(ResultType::Solved);
    })
    .await;
    if way.is_multiple_of(3) {
        return;
    }
    let now = app.clock.now();
    step(app, case, "resident-1", EventType::Confirmed, move |case| {
        case.state = CaseState::Closed;
        case.closed_at = Some(now);
    })
    .await;
}

/// Some thirty cases in three grids over a week, two of them taken out.
pub async fn street(app: &mut App) {
    app.leave_jobs();
    for way in 0..32_u64 {
        app.advance(minutes(11));
        let at = usize::try_from(way % 3).unwrap();
        let category = if way % 2 == 0 { Category::Utilities } else { Category::Housing };
        let case = report_as(app, "resident-1", ADDRESSES[at], category).await;
        go(app, case.id, ["primary-1", "primary-2", "primary-3"][at], way).await;
        if way % 13 == 6 {
            let auditor = app.as_person("auditor").await;
            let path = format!("/api/v1/cases/{}/exclusions", case.id);
            let body = json!({ "ground": "test_case", "note": "培训时录入" });
            assert_eq!(auditor.post(&path, body).await.0, 204);
        }
    }
}

fn window(app: &App, days: (u64, u64)) -> Window {
    let from = START + hours(24 * days.0);
    Window { from, to: from + hours(24 * days.1), as_of: app.clock.now() }
}

/// Values that occur, one that does not, and none.
pub fn any_filter() -> impl Strategy<Value = Filter> {
    let values = [
        (Dimension::Grid, "G00101"),
        (Dimension::Grid, "G00201"),
        (Dimension::Grid, ""),
        (Dimension::Category, "housing"),
        (Dimension::Category, "health"),
        (Dimension::Urgency, "normal"),
        (Dimension::Source, "resident"),
        (Dimension::Month, "2026-11"),
    ];
    let filter = prop::sample::subsequence(values.to_vec(), 0..3);
    filter.prop_map(|all| Filter(all.into_iter().map(|(by, v)| (by, v.to_owned())).collect()))
}

fn any_question() -> impl Strategy<Value = (u64, u64, Dimension, Filter)> {
    (0_u64..3, 1_u64..14, prop::sample::select(Dimension::ALL), any_filter())
}

/// Goes through the cases behind a figure, page by page, and holds their counts against it.
pub async fn adds_up(
    s: &Services,
    whole: &Question,
    figure: &Figure,
) -> BTreeMap<(String, &'static str), u64> {
    let ask = Question { ids: vec![figure.id.clone()], ..whole.clone() };
    let mut by_group: BTreeMap<(String, &str), u64> = BTreeMap::new();
    let (mut after, mut seen) = (CaseId(0), BTreeSet::new());
    loop {
        let page = figures::list(s, &ask, (after, 7)).await.unwrap();
        for one in page.cases {
            assert!(seen.insert(one.case), "{} stands there twice: {ask:?}", one.number);
            *by_group.entry((one.group, one.finding.bucket.word())).or_default() += 1;
        }
        let Some(next) = page.next else { break };
        after = next;
    }
    let sum =
        |word: &str| by_group.iter().filter(|((_, w), _)| *w == word).map(|(_, n)| n).sum::<u64>();
    let total = &figure.total;
    let excluded: u64 = total.excluded.values().sum();
    let got = [sum("hit"), sum("failed"), sum("open"), sum("excluded")];
    assert_eq!(got, [total.hit, total.failed, total.open, excluded], "{} {ask:?}", figure.id);
    for group in &figure.groups {
        let of = |word| by_group.get(&(group.key.clone(), word)).copied().unwrap_or(0);
        assert_eq!((of("hit"), of("open")), (group.hit, group.open), "{}", figure.id);
    }
    by_group
}

#[tokio::test]
async fn the_cases_behind_every_figure_add_up_to_it_whatever_is_asked() {
    let mut app = App::start().await;
    street(&mut app).await;
    app.advance(hours(8 * 24));
    let s = app.services();
    let mut runner = TestRunner::deterministic();
    let (mut counted, mut buckets) = (0, BTreeMap::<&str, u64>::new());
    for _time in 0..8 {
        let (from, days, by, filter) = any_question().new_tree(&mut runner).unwrap().current();
        let window = window(&app, (from, days));
        let whole = Question { ids: Vec::new(), window, by, filter };
        for figure in figures::compute(s, &whole).await.unwrap() {
            for ((_, word), n) in adds_up(s, &whole, &figure).await {
                *buckets.entry(word).or_default() += n;
                counted += n;
            }
        }
    }
    assert!(counted > 1_000 && buckets.len() == 4, "{counted} {buckets:?}");
}

/// Everything the figures say of the week, seen at an instant.
async fn said(app: &App, as_of: Timestamp) -> Value {
    let auditor = app.as_person("auditor").await;
    let as_of = rfc3339(as_of);
    let path = format!("{FIGURES}?{PERIOD}&as_of={as_of}&group_by=grid");
    let (status, answer) = auditor.get(&path).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["figures"].as_array().unwrap().len(), CARDS.len());
    answer
}

fn figure<'a>(answer: &'a Value, id: &str) -> &'a Value {
    let figures = answer["figures"].as_array().unwrap();
    &figures.iter().find(|one| one["id"] == id).unwrap()["total"]
}

#[tokio::test]
async fn neither_new_targets_nor_another_calendar_nor_later_events_change_an_old_figure() {
    let mut app = App::start().await;
    street(&mut app).await;
    app.advance(hours(8 * 24));
    let then = app.clock.now();
    let before = said(&app, then).await;
    let (maker, second) =
        (app.as_person("system-admin").await, app.as_person("security-admin").await);
    let mut targets = serde_json::to_value(Targets::default()).unwrap();
    targets["normal"]["acknowledge"] = json!({ "minutes": 1 });
    targets["normal"]["contact"] = json!({ "minutes": 2 });
    let rest = (20..=30).map(|day| format!("2026,2026-11-{day},rest,国庆节\n"));
    let days = notice_of_2026(&format!("{}2026,2026-12-26,work,\n", rest.collect::<String>()));
    app.advance(minutes(1));
    for (path, body) in [
        ("/api/v1/targets", json!({ "targets": targets })),
        ("/api/v1/calendar", json!({ "table": days })),
    ] {
        let (status, made) = maker.post(path, body).await;
        assert_eq!(status, 201, "{made}");
        let yes = format!("{path}/{}/confirmation", made["version"]);
        assert_eq!(second.post(&yes, json!({})).await.0, 200);
    }
    let case = report(&app).await;
    let open = find(&app, CaseId(1)).await;
    step(&app, open.id, "command", EventType::Supervised, |_| {}).await;
    app.advance(hours(1));
    assert_eq!(said(&app, then).await, before);
    let later = said(&app, app.clock.now()).await;
    assert_ne!(figure(&later, "M1")["hit"], figure(&before, "M1")["hit"], "{}", case.number);
}

#[tokio::test]
async fn only_an_auditor_takes_a_case_out_and_everybody_can_count_what_he_took() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = report(&app).await;
    let path = format!("/api/v1/cases/{}/exclusions", case.id);
    let body = json!({ "ground": "entered_twice", "note": "与另一件相同" });
    for (name, want) in
        [("primary-1", 403), ("cadre-1", 403), ("command", 403), ("resident-2", 404)]
    {
        assert_eq!(app.as_person(name).await.post(&path, body.clone()).await.0, want, "{name}");
    }
    let auditor = app.as_person("auditor").await;
    let wrong = json!({ "ground": "because", "note": "x" });
    assert_eq!(auditor.post(&path, wrong).await.0, 400);
    assert_eq!(auditor.post(&path, json!({ "ground": "other", "note": "" })).await.0, 422);
    let why = json!({ "note": "查实不是重复" });
    assert_eq!(auditor.send("DELETE", &path, Some(why.clone())).await.0, 409);
    for _twice in 0..2 {
        let sent = auditor.post_with_key(&path, "taken-out-once", body.clone()).await;
        assert_eq!(sent.0, 204, "the same request once more");
    }
    assert_eq!(auditor.post(&path, body).await.0, 409);
    app.advance(seconds(1));
    let out = said(&app, app.clock.now()).await;
    assert_eq!(figure(&out, "M4")["excluded"], json!({ "entered_twice": 1 }));
    assert_eq!(figure(&out, "M4")["n"], 0);
    assert_eq!(find(&app, case.id).await.version, case.version, "nobody at work is refused");
    app.advance(seconds(5));
    assert_eq!(auditor.send("DELETE", &path, Some(why)).await.0, 204);
    let back = said(&app, app.clock.now()).await;
    assert_eq!(
        (&figure(&back, "M4")["n"], &figure(&back, "M4")["excluded"]),
        (&json!(1), &json!({}))
    );
}

#[tokio::test]
async fn the_first_message_that_the_platform_takes_stops_the_clock_of_the_first_push() {
    let app = App::start().await;
    let case = report(&app).await;
    app.advance(seconds(4));
    app.run_due().await;
    app.ignore_messages().await;
    app.advance(minutes(2));
    let now = said(&app, app.clock.now()).await;
    let push = figure(&now, "M2");
    // Other entries of the same instant stand before it in the record.
    let took = push["wall"]["max"].as_f64().unwrap();
    assert!(push["hit"] == 1 && (4.0..4.001).contains(&took), "{push}");
    assert_eq!(figure(&now, "R1")["rate"], 1.0);
    let auditor = app.as_person("auditor").await;
    let as_of = now["as_of"].as_str().unwrap();
    let (_, behind) =
        auditor.get(&format!("{FIGURES}/M2/cases?{PERIOD}&as_of={as_of}&group_by=grid")).await;
    let want = json!([{ "id": case.id, "number": case.number, "group": "G00101",
        "bucket": "hit", "ground": null, "undone": false, "wall": took, "work": took }]);
    assert_eq!(behind["cases"], want);
}

#[tokio::test]
async fn every_page_behind_a_figure_is_as_of_the_first_and_of_no_other_question() {
    let mut app = App::start().await;
    app.leave_jobs();
    let mut cases = [report(&app).await.id, report(&app).await.id];
    app.advance(seconds(1));
    let auditor = app.as_person("auditor").await;
    let read = async |figure: &str, more: &str| {
        auditor.get(&format!("{FIGURES}/{figure}/cases?{PERIOD}&limit=1{more}")).await
    };
    let (status, first) = read("M1", "").await;
    assert_eq!(status, 200, "{first}");
    let (as_of, next) = (first["as_of"].as_str().unwrap(), first["next"].as_str().unwrap());
    app.advance(minutes(1));
    report(&app).await;
    let (_, second) = read("M1", &format!("&cursor={next}")).await;
    assert_eq!((&second["as_of"], &second["next"]), (&json!(as_of), &Value::Null), "{second}");
    let named = format!("&cursor={next}&as_of={as_of}");
    assert_eq!(read("M1", &named).await.1["cases"], second["cases"]);
    let ids = [&first, &second].map(|page| page["cases"][0]["id"].as_i64().unwrap());
    cases.sort();
    assert_eq!(ids.to_vec(), cases.iter().map(|id| id.0).collect::<Vec<_>>());
    for (figure, more) in [
        ("M8", String::new()),
        ("M1", "&group_by=grid".to_owned()),
        ("M1", "&filter=category:housing".to_owned()),
        ("M1", format!("&as_of={}", rfc3339(app.clock.now()))),
    ] {
        let (status, refused) = read(figure, &format!("&cursor={next}{more}")).await;
        assert_eq!((status, &refused["code"]), (400, &json!("malformed_query")), "{more}");
    }
    app.run_due().await;
    app.ignore_messages().await;
}

#[tokio::test]
async fn a_rest_and_a_reopening_say_in_the_record_when_the_case_is_due() {
    let mut app = App::start().await;
    app.leave_jobs();
    let case = crate::kit::builders::case_in(&app, CaseState::InProgress).await;
    let due = |case: &cases::Model| case.resolve_due_at;
    let until = rfc3339(app.clock.now() + hours(24));
    let body = json!({ "reason": HoldReason::AwaitingAppointment, "until": until,
        "expected_version": case.version });
    let path = format!("/api/v1/cases/{}/hold", case.id);
    let (status, held) = app.as_person("primary-1").await.post(&path, body).await;
    assert_eq!(status, 200, "{held}");
    let held = find(&app, case.id).await;
    assert!(due(&held) > due(&case));
    let last = said_of(&app, &held, "held").await;
    assert_eq!(last["resolve_due"], due(&held).0, "{last}");
    app.advance(hours(2));
    let path = format!("/api/v1/cases/{}/resumption", case.id);
    let worker = app.as_person("primary-1").await;
    let (_, back) = worker.post(&path, json!({ "expected_version": held.version })).await;
    let back_row = find(&app, case.id).await;
    assert!(due(&back_row) < due(&held), "{back}");
    assert_eq!(said_of(&app, &back_row, "resumed").await["resolve_due"], due(&back_row).0);
    let resolved = step(&app, case.id, "primary-1", EventType::Resolved, |case| {
        case.state = CaseState::Resolved;
        case.resolved_at = Some(START);
    })
    .await;
    app.advance(hours(20));
    let resident = app.as_person("resident-1").await;
    let body = json!({ "reason": "还没有解决", "expected_version": resolved.version });
    let path = format!("/api/v1/cases/{}/reopening", case.id);
    assert_eq!(resident.post(&path, body).await.0, 200);
    let again = find(&app, case.id).await;
    let said = said_of(&app, &again, "reopened").await;
    assert_eq!(said["resolve_due"], due(&again).0);
    assert_eq!(said["contact_due"], again.contact_due_at.0);
    assert!(
        again.cycle_at == Some(again.last_event_at) && again.contact_due_at > case.contact_due_at
    );
}

/// The payload of the last event of a kind.
async fn said_of(app: &App, case: &cases::Model, kind: &str) -> Value {
    let worker = app.as_person("primary-1").await;
    let (_, seen) = worker.get(&format!("/api/v1/cases/{}", case.id)).await;
    let timeline = seen["timeline"].as_array().unwrap();
    timeline.iter().rfind(|event| event["kind"] == kind).unwrap()["detail"].clone()
}

#[tokio::test]
async fn questions_that_cannot_be_answered_say_what_is_wrong_and_figures_are_for_auditors() {
    let app = App::start().await;
    let auditor = app.as_person("auditor").await;
    for (query, pointer) in [
        ("from=x&to=2026-12-01", "/from"),
        ("from=2026-12-02&to=2026-12-01", "/to"),
        ("from=2026-11-01&to=2026-12-01&group_by=mood", "/group_by"),
        ("from=2026-11-01&to=2026-12-01&filter=mood:good", "/filter"),
        ("from=2026-11-01&to=2026-12-01&as_of=2027-01-01", "/as_of"),
        ("from=2026-11-01&to=2026-12-01&ids=R6,R99", "/ids"),
    ] {
        let (status, answer) = auditor.get(&format!("{FIGURES}?{query}")).await;
        assert!(status == 400 || status == 422, "{answer}");
        assert_eq!(answer["errors"][0]["pointer"], pointer, "{answer}");
    }
    for name in ["cadre-1", "resident-1", "audit-admin", "desk-1"] {
        let person = app.as_person(name).await;
        for path in ["figures?from=2026-11-01&to=2026-12-01", "definitions"] {
            assert_eq!(person.get(&format!("/api/v1/audit/{path}")).await.0, 403, "{name} {path}");
        }
    }
    let (_, cards) = auditor.get("/api/v1/audit/definitions").await;
    assert_eq!(cards["figures"].as_array().unwrap().len(), CARDS.len());
    assert!(ActorRole::Auditor.word() == "auditor" && cards["missing"][0]["id"] == "M6");
}

#[tokio::test]
async fn a_case_closed_before_the_period_and_due_in_it_is_one_that_had_to_be_closed() {
    let mut app = App::start().await;
    app.leave_jobs();
    crate::kit::builders::case_in(&app, CaseState::Closed).await;
    let late = report(&app).await;
    app.advance(hours(14 * 24));
    let auditor = app.as_person("auditor").await;
    let due = |from: &str, to: &str| format!("{FIGURES}?ids=R6,R5,R8&from={from}&to={to}");
    // Reported on Tuesday the 24th: five workdays end on the 1st of December.
    let (_, answer) = auditor.get(&due("2026-12-01", "2026-12-02")).await;
    for id in ["R6", "R5"] {
        let total = figure(&answer, id);
        assert_eq!(
            (&total["hit"], &total["n"], &total["undone"]),
            (&json!(1), &json!(2), &json!(1))
        );
    }
    assert_eq!(figure(&answer, "R8")["hit"], 1, "{}", late.number);
    let (_, answer) = auditor.get(&due("2026-12-02", "2026-12-03")).await;
    assert_eq!(figure(&answer, "R6")["n"], 0);
    assert_eq!(figure(&answer, "R8")["hit"], 1, "what is overdue is so until it is done");
}
