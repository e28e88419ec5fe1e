//! Figures recomputed from raw events equal what the endpoint says.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly"
)]

mod annexes;
mod dues;
mod figures;
mod hidden;
mod own;
mod printing;
pub mod proof;
mod reports;
mod rolled;
mod unsealed;

use std::collections::BTreeMap;

use entity::case_event;
use entity::cases;
use entity::kinds::{CaseState, Category, EventType};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

use crate::kit::App;
use crate::kit::builders::{report_as, step};
use crate::kit::clock::{START, seconds};
use crate::kit::snap::matches_snapshot;

const QUERY: &str = "/api/v1/audit/response-times?from=2026-11-24&to=2026-11-25&group_by=";
const ADDRESSES: [&str; 3] =
    ["阳光花园1号楼2单元101", "阳光花园3号楼2单元101", "牡丹小区1号楼1单元101"];

/// 25 cases of three grids, each taken a different way and left at a different place.
async fn street_at_work(app: &mut App) {
    app.leave_jobs();
    for at in 0..25_u64 {
        app.advance(seconds(7));
        let grid = usize::try_from(at % 3).unwrap();
        let category = if at % 2 == 0 { Category::Utilities } else { Category::Housing };
        let case = report_as(app, "resident-1", ADDRESSES[grid], category).await;
        let worker = ["primary-1", "primary-2", "primary-3"][grid];
        let staff = app.person(worker).staff;
        app.advance(seconds(1 + at % 5));
        if at % 6 == 0 {
            continue;
        }
        // A message to the resident counts for nobody.
        let told = json!({ "first": false, "channel": "mini_program" });
        figures::observe(app, case.id, EventType::Pushed, told).await;
        app.advance(seconds(2));
        figures::observe(app, case.id, EventType::Pushed, json!({ "first": true })).await;
        app.advance(seconds(10 + at * 3));
        step(app, case.id, worker, EventType::Acknowledged, move |case| {
            case.state = CaseState::Acknowledged;
            case.acknowledged_by = staff;
            case.acknowledged_at = Some(START);
        })
        .await;
        if at % 5 == 0 {
            continue;
        }
        app.advance(seconds(20 + at));
        step(app, case.id, worker, EventType::Contacted, |case| {
            case.state = CaseState::InProgress;
            case.contacted_at = Some(START);
        })
        .await;
        if at % 4 == 0 {
            continue;
        }
        app.advance(seconds(60));
        step(app, case.id, worker, EventType::Resolved, |case| {
            case.state = CaseState::Resolved;
            case.resolved_at = Some(START);
        })
        .await;
    }
}

/// One interval recomputed the slow way: done and waiting lengths in microseconds.
#[derive(Default)]
struct Lengths {
    done: Vec<i64>,
    waiting: Vec<i64>,
}

impl Lengths {
    fn add(&mut self, from: Option<i64>, to: Option<i64>, now: i64) {
        match (from, to) {
            (Some(from), Some(to)) => self.done.push(to - from),
            (Some(from), None) => self.waiting.push(now - from),
            (None, _) => {}
        }
    }

    /// Nearest rank where a waiting case is longer than every finished one: equal to the
    /// censored estimate here, because whatever waits has waited longer.
    fn check(&mut self, name: &str, view: &Value) {
        self.done.sort_unstable();
        let n = self.done.len() + self.waiting.len();
        assert_eq!(
            (&view["n"], &view["waiting"]),
            (&n.into(), &self.waiting.len().into()),
            "{name}"
        );
        let max = self.done.last().copied();
        assert_eq!(micros(&view["max_seconds"]), max, "{name} max");
        let longest = self.waiting.iter().max().copied();
        assert_eq!(micros(&view["longest_waiting_seconds"]), longest, "{name} waiting");
        if view["p90"]["note"] == "too_few" {
            assert!(n < 20, "{name}");
        }
        let censored_early = self.waiting.iter().any(|w| max.is_some_and(|max| *w < max));
        for (key, percent, enough) in [("p50", 50, 1), ("p90", 90, 20)] {
            if n < enough || censored_early {
                continue;
            }
            let rank = (percent * n).div_ceil(100) - 1;
            assert_eq!(micros(&view[key]["seconds"]), self.done.get(rank).copied(), "{name} {key}");
        }
    }
}

fn micros(seconds: &Value) -> Option<i64> {
    let text = format!("{:.6}", seconds.as_f64()?);
    text.replace('.', "").parse().ok()
}

/// Recomputes one group from nothing but the rows of `case_event`.
fn recompute(events: &BTreeMap<i64, Vec<case_event::Model>>, ids: &[i64], now: i64, view: &Value) {
    let mut lengths: [Lengths; 5] = Default::default();
    for id in ids {
        let first = |kind: EventType| {
            events[id].iter().find(|event| event.kind == kind).map(|event| event.server_time.0)
        };
        let t0 = first(EventType::Reported);
        // Each first of the case is told to the resident.
        let pushed = events[id].iter().filter(|event| event.kind == EventType::Pushed).nth(1);
        let pushed = pushed.map(|event| event.server_time.0);
        let taken = first(EventType::Acknowledged);
        lengths[0].add(t0, pushed, now);
        lengths[1].add(t0, taken, now);
        lengths[2].add(pushed, taken, now);
        lengths[3].add(t0, first(EventType::Contacted), now);
        lengths[4].add(t0, first(EventType::Resolved), now);
    }
    let names = ["first_push", "acknowledge", "acknowledge_from_push", "contact", "resolve"];
    for (lengths, name) in lengths.iter_mut().zip(names) {
        lengths.check(name, &view[name]);
    }
    assert_eq!(view["n"], ids.len());
}

#[tokio::test]
async fn figures_of_the_endpoint_are_those_of_the_raw_events() {
    let mut app = App::start().await;
    street_at_work(&mut app).await;
    app.advance(seconds(10_000));
    let conn = app.services().db.read.clone();
    let mut events: BTreeMap<i64, Vec<case_event::Model>> = BTreeMap::new();
    for row in
        case_event::Entity::find().order_by_asc(case_event::Column::Seq).all(&conn).await.unwrap()
    {
        events.entry(row.case_id.0).or_default().push(row);
    }
    let all = cases::Entity::find().all(&conn).await.unwrap();
    let auditor = app.as_person("auditor").await;
    let places = app.services().places.now();
    for group_by in ["grid", "large_grid", "category", "person"] {
        let (status, answer) = auditor.get(&format!("{QUERY}{group_by}")).await;
        assert_eq!(status, 200, "{answer}");
        let now = app.clock.now().0;
        let everything: Vec<i64> = all.iter().map(|case| case.id.0).collect();
        recompute(&events, &everything, now, &answer["total"]);
        let mut counted = 0;
        for group in answer["groups"].as_array().unwrap() {
            let key = group["key"].as_str().unwrap();
            let belongs = |case: &&cases::Model| match group_by {
                "grid" => places.find(key).map(|grid| grid.id) == case.small_grid_id,
                "large_grid" => places.find(key).map(|grid| grid.id) == case.large_grid_id,
                "category" => case.category.word() == key,
                // Who acknowledged, else the primary of the grid: the same person in this street.
                _ => {
                    places.find(&format!("G00{}", grid_of(key))).map(|grid| grid.id)
                        == case.small_grid_id
                }
            };
            let ids: Vec<i64> = all.iter().filter(belongs).map(|case| case.id.0).collect();
            recompute(&events, &ids, now, group);
            counted += ids.len();
        }
        assert_eq!(counted, all.len(), "every case is in one group of {group_by}");
    }
}

fn grid_of(worker: &str) -> &'static str {
    match worker {
        "primary-1" => "101",
        "primary-2" => "102",
        _ => "201",
    }
}

#[tokio::test]
async fn a_small_group_has_no_p90_and_open_cases_stay_counted() {
    let mut app = App::start().await;
    street_at_work(&mut app).await;
    let command = app.as_person("command").await;
    let (_, answer) = command.get(&format!("{QUERY}grid")).await;
    let group = &answer["groups"][0];
    assert_eq!(group["acknowledge"]["p90"]["note"], "too_few");
    assert_eq!(answer["total"]["n"], 25);
    assert_eq!(answer["total"]["open"], 25, "resolved cases still wait for the resident");
    assert!(answer["total"]["first_push"]["waiting"].as_u64().unwrap() > 0);
}

#[tokio::test]
async fn the_table_opens_in_a_spreadsheet() {
    let mut app = App::start().await;
    street_at_work(&mut app).await;
    let auditor = app.as_person("auditor").await;
    let raw = auditor.raw(&format!("{QUERY}person"), "text/csv").await;
    assert_eq!(
        (raw.status, &raw.headers["content-type"]),
        (200, &"text/csv; charset=utf-8".parse().unwrap())
    );
    let text = String::from_utf8(raw.bytes).unwrap();
    assert!(text.starts_with("\u{feff}编号,名称,工单数"), "{text}");
    assert_eq!(text.lines().count(), 1 + 3 + 1, "header, three workers, total");
}

#[tokio::test]
async fn a_bad_period_names_every_bad_part() {
    let app = App::start().await;
    let auditor = app.as_person("auditor").await;
    let path = "/api/v1/audit/response-times?from=yesterday&to=2026-13-40&group_by=mood";
    let (status, answer) = auditor.get(path).await;
    let errors = answer["errors"].as_array().unwrap();
    let pointers: Vec<&str> = errors.iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    assert_eq!((status, pointers), (400, vec!["/from", "/to", "/group_by"]));
    let path = "/api/v1/audit/response-times?from=2026-11-24&to=2026-11-24&group_by=grid";
    assert_eq!(auditor.get(path).await.1["errors"][0]["code"], "empty_period");
}

#[tokio::test]
async fn the_table_changes_its_shape_only_on_purpose() {
    let mut app = App::start().await;
    street_at_work(&mut app).await;
    let auditor = app.as_person("auditor").await;
    for group_by in ["grid", "large_grid", "person", "category"] {
        let (status, table) = auditor.get(&format!("{QUERY}{group_by}")).await;
        assert_eq!(status, 200, "{table}");
        matches_snapshot!(format!("response_times_by_{group_by}"), table);
        let raw = auditor.raw(&format!("{QUERY}{group_by}"), "text/csv").await;
        let heads = ["content-type", "content-disposition"]
            .map(|name| raw.headers.get(name).map(|value| value.to_str().unwrap().to_owned()));
        let text = String::from_utf8(raw.bytes).unwrap();
        let bare =
            text.strip_prefix('\u{feff}').expect("a mark, without which Excel reads no UTF-8");
        let lines: Vec<&str> = bare.split_inclusive('\n').collect();
        let sheet = serde_json::json!({ "heads": heads, "after_the_mark": lines });
        matches_snapshot!(format!("response_times_by_{group_by}_csv"), sheet);
    }
}
