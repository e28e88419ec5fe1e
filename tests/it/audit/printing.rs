//! Months that are printed for good, and files of figures.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use zhinan::app::audit::freeze::{self, Printing};
use zhinan::app::work::Outcome;
use zhinan::clock::Clock;
use zhinan::domain::calendar::{parse_rfc3339, rfc3339};
use zhinan::store::snapshot;

use super::figures::street;
use crate::kit::App;
use crate::kit::builders::{case_in, report};
use crate::kit::clock::hours;

const FIGURES: &str = "/api/v1/audit/figures";
const EXPORTS: &str = "/api/v1/audit/exports";

pub fn go_to(app: &App, local: &str) {
    let at = parse_rfc3339(&format!("{}:00+08:00", local.replace(' ', "T"))).unwrap();
    let now = app.clock.now();
    assert!(at > now, "{local} is over");
    app.advance(at.since(now));
}

/// The minute's sweep asks for the night's printing, and the engine makes it.
pub async fn sweep(app: &App) {
    let s = app.services();
    zhinan::engine::sweep::run(s).await.unwrap();
    app.run_due().await;
    app.ignore_messages().await;
}

async fn ask(app: &App, query: &str) -> (u16, Value) {
    app.as_person("auditor").await.get(&format!("{FIGURES}?{query}")).await
}

#[tokio::test]
async fn a_month_is_printed_on_the_third_workday_and_stays_as_it_was() {
    let mut app = App::start().await;
    street(&mut app).await;
    app.declare_log("sweep: this should be zero");
    let open = case_in(&app, entity::kinds::CaseState::Assigned).await;
    for early in ["2026-12-02 23:59", "2026-12-03 00:09"] {
        go_to(&app, early);
        sweep(&app).await;
        assert_eq!(ask(&app, "snapshot=2026-11").await.0, 404, "{early}");
    }
    go_to(&app, "2026-12-03 00:11");
    sweep(&app).await;
    let mut first = BTreeMap::new();
    for by in ["none", "grid", "person", "category"] {
        let (status, printed) = ask(&app, &format!("snapshot=2026-11&group_by={by}")).await;
        assert_eq!(status, 200, "{printed}");
        let live =
            format!("from=2026-11-01&to=2026-12-01&as_of=2026-12-02T16:00:00Z&group_by={by}");
        let (_, live) = ask(&app, &live).await;
        assert_eq!(printed["figures"], live["figures"], "{by}");
        assert_eq!(printed["snapshot"]["revision"], 0);
        first.insert(by, printed);
    }
    let total = &first["none"]["figures"][0]["total"];
    assert!(total["n"].as_u64().unwrap() > 20, "{total}");

    let auditor = app.as_person("auditor").await;
    let out = json!({ "ground": "test_case", "note": "演练" });
    let path = format!("/api/v1/cases/{}/exclusions", open.id);
    assert_eq!(auditor.post(&path, out).await.0, 204);
    let revisions = "/api/v1/audit/snapshots/2026-11/revisions";
    let why = json!({ "reason": "剔除一件演练诉求" });
    assert_eq!(app.as_person("command").await.post(revisions, why.clone()).await.0, 403);
    let unknown = "/api/v1/audit/snapshots/2026-07/revisions";
    assert_eq!(auditor.post(unknown, why.clone()).await.0, 404);
    let (status, under_way) = auditor.post(revisions, why).await;
    assert_eq!((status, &under_way["revision"]), (202, &json!(1)), "{under_way}");
    go_to(&app, "2026-12-03 00:30");
    for _again in 0..2 {
        sweep(&app).await;
    }
    let (_, old) = ask(&app, "snapshot=2026-11&revision=0").await;
    assert_eq!(old, first["none"], "a printing never changes");
    let (_, new) = ask(&app, "snapshot=2026-11").await;
    assert_eq!(new["snapshot"]["reason"], "剔除一件演练诉求");
    let taken = |answer: &Value| answer["figures"][0]["total"]["excluded"]["test_case"].as_u64();
    assert_eq!(taken(&new), taken(&old).map(|n| n + 1));
    let (_, list) = app.as_person("command").await.get("/api/v1/audit/snapshots").await;
    let made = list["printings"].as_array().unwrap();
    let revisions: Vec<i64> = made.iter().map(|one| one["revision"].as_i64().unwrap()).collect();
    assert_eq!(revisions, [1, 0], "each once: {list}");
    for (query, status, pointer) in [
        ("snapshot=2026-11&filter=grid:G00101", 400, "/filter"),
        ("snapshot=2026-11&group_by=mood", 400, "/group_by"),
        ("snapshot=2026-11&ids=R99", 422, "/ids"),
        ("from=2026-11-01&to=2026-12-01&revision=0", 400, "/revision"),
        ("from=2026-11-01&to=2026-12-01&filter=category:utilitis", 400, "/filter"),
    ] {
        let (got, problem) = ask(&app, query).await;
        assert_eq!((got, &problem["errors"][0]["pointer"]), (status, &json!(pointer)), "{problem}");
    }
}

/// The clock was put back since it was asked for: what happens until then is not known yet.
#[tokio::test]
async fn nothing_is_printed_as_of_an_instant_that_is_still_to_come() {
    let app = App::start().await;
    let (s, as_of) = (app.services(), app.clock.now() + hours(1));
    let printing = || Printing {
        period: "2026-11".into(),
        revision: 0,
        as_of: as_of.0,
        reason: None,
        by: None,
    };
    let early = freeze::run(s, printing()).await.unwrap();
    assert!(matches!(early, Outcome::Retry { counted: false, at: Some(at), .. } if at > as_of));
    app.advance(hours(2));
    assert_eq!(freeze::run(s, printing()).await.unwrap(), Outcome::Done);
    let Clock::Manual(at) = &app.clock else { panic!("a real clock is not moved") };
    at.fetch_sub(7_200_000_000, Ordering::SeqCst);
    let revisions = "/api/v1/audit/snapshots/2026-11/revisions";
    let auditor = app.as_person("auditor").await;
    assert_eq!(auditor.post(revisions, json!({ "reason": "复核" })).await.0, 202);
    app.advance(hours(3));
    app.run_due().await;
    app.ignore_messages().await;
    let (revision, seen) = snapshot::last_revision(&s.db.read, "2026-11").await.unwrap().unwrap();
    assert_eq!((revision, seen), (1, as_of), "it knows no less than the printing before");
}

/// Orders an export, lets the engine make it, and takes it.
async fn export(app: &App, body: Value) -> (Value, Vec<u8>) {
    let auditor = app.as_person("auditor").await;
    let (status, waiting) = auditor.post(EXPORTS, body).await;
    assert_eq!((status, waiting["state"].as_str()), (202, Some("waiting")), "{waiting}");
    let place = format!("{EXPORTS}/{}", waiting["id"]);
    assert_eq!(auditor.get(&format!("{place}/content")).await.0, 404, "not there yet");
    app.run_due().await;
    app.ignore_messages().await;
    let (_, done) = auditor.get(&place).await;
    assert_eq!(done["state"], "done", "{done}");
    assert_eq!(app.as_person("command").await.get(&place).await.0, 404, "another's");
    assert_eq!(app.as_person("resident-1").await.get(&place).await.0, 403);
    let raw = auditor.raw(done["content"].as_str().unwrap(), "*/*").await;
    assert_eq!(raw.status, 200);
    assert_eq!(raw.bytes.len(), usize::try_from(done["bytes"].as_u64().unwrap()).unwrap());
    (done, raw.bytes)
}

#[tokio::test]
async fn one_grids_closing_rate_is_recomputed_by_hand_from_an_export() {
    let mut app = App::start().await;
    street(&mut app).await;
    app.advance(crate::kit::clock::hours(8 * 24));
    app.declare_log("sweep");
    // What the engine does when the file is made comes later.
    let as_of = rfc3339(app.clock.now());
    app.advance(crate::kit::clock::minutes(1));
    let question = format!("ids=R6&from=2026-11-24&to=2026-12-05&filter=grid:G00102&as_of={as_of}");
    let body = json!({ "what": "cases", "format": "csv", "purpose": "=核查,按期结案率",
        "ids": ["R6"], "from": "2026-11-24", "to": "2026-12-05", "filter": "grid:G00102",
        "as_of": as_of });
    let (_, figures) = ask(&app, &question).await;
    let (done, bytes) = export(&app, body).await;
    let text = String::from_utf8(bytes).unwrap();
    let bare = text.strip_prefix('\u{feff}').expect("a mark for spreadsheets");
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bare.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert!(rows[0][1].contains("auditor") && &rows[0][5] == "'=核查,按期结案率", "{:?}", rows[0]);
    assert_eq!((&rows[2][1], &rows[2][3], &rows[2][4]), ("R6", "定义版本", "3"));
    let column = |name: &str| rows[3].iter().position(|cell| cell == name).unwrap();
    let (mut kept, mut due_cases, mut excluded) = (0_u64, 0_u64, 0_u64);
    for row in &rows[4..] {
        let at = |name: &str| &row[column(name)];
        if !at("剔除理由").is_empty() {
            excluded += 1;
            continue;
        }
        // By hand: due in the period and before now; a result in time, and closed.
        let in_time = !at("处置时间").is_empty() && at("处置时间") <= at("办结时限");
        match (in_time, !at("办结时间").is_empty()) {
            (true, false) => assert_eq!(at("结果"), "未定"),
            (true, true) => (kept, due_cases) = (kept + 1, due_cases + 1),
            (false, _) => due_cases += 1,
        }
        assert!(at("办结时限") >= "2026-11-24" && at("办结时限") < "2026-12-05");
    }
    let total = &figures["figures"][0]["total"];
    let want = (total["hit"].as_u64(), total["n"].as_u64());
    assert_eq!((Some(kept), Some(due_cases)), want, "{total}");
    assert_eq!(total["excluded"]["test_case"].as_u64().unwrap_or(0), excluded);
    assert!(kept > 0 && due_cases > kept, "{total}");
    assert_eq!(done["rows_written"], rows.len());
    let read = usize::try_from(done["cases_read"].as_u64().unwrap()).unwrap();
    assert!(read + 4 >= rows.len());

    let conn = app.connect().await;
    let text = "SELECT field, purpose FROM access_log WHERE case_id IS NULL";
    let rows = conn.query_all_raw(Statement::from_string(conn.get_database_backend(), text));
    let rows = rows.await.unwrap();
    let taken: Vec<(String, String)> = rows
        .iter()
        .map(|row| (row.try_get("", "field").unwrap(), row.try_get("", "purpose").unwrap()))
        .collect();
    assert_eq!(taken, [("figure_export".to_owned(), format!("{}：=核查,按期结案率", done["id"]))]);
    conn.close().await.unwrap();
}

#[tokio::test]
async fn the_file_of_an_export_goes_after_its_time_and_says_so() {
    let mut app = App::start().await;
    street(&mut app).await;
    app.declare_log("sweep");
    let order = json!({ "what": "figures", "format": "csv", "purpose": "月度通报", "ids": ["R5"],
        "from": "2026-11-24", "to": "2026-12-05" });
    let (done, _) = export(&app, order).await;
    let id = done["id"].as_i64().unwrap();
    let s = app.services();
    let object =
        zhinan::store::export::find(&s.db.read, id).await.unwrap().unwrap().object.unwrap();
    let kept = s.settings.retention.exports;
    app.advance(kept);
    sweep(&app).await;
    assert!(s.storage.get(&object).await.is_ok(), "for all of its time");
    app.advance(std::time::Duration::from_mins(2));
    sweep(&app).await;
    assert!(s.storage.get(&object).await.is_err(), "gone from the store");
    let (auditor, place) = (app.as_person("auditor").await, format!("{EXPORTS}/{id}"));
    let (_, over) = auditor.get(&place).await;
    assert_eq!((&over["state"], &over["content"]), (&json!("expired"), &Value::Null), "{over}");
    assert_eq!(over["sha256"], done["sha256"], "what it was stays known");
    let (status, problem) = auditor.get(&format!("{place}/content")).await;
    assert_eq!(status, 404);
    assert_eq!(problem["detail"], "导出的文件已过期删除，请重新导出");
}

#[tokio::test]
async fn a_table_of_figures_opens_in_both_formats_and_names_its_definitions() {
    let mut app = App::start().await;
    street(&mut app).await;
    app.advance(crate::kit::clock::hours(8 * 24));
    app.declare_log("sweep");
    let order = |format: &str| {
        json!({ "what": "figures", "format": format, "purpose": "月度通报", "ids": ["R5", "M4", "R19"],
            "from": "2026-11-24", "to": "2026-12-05", "group_by": "grid" })
    };
    let (_, bytes) = export(&app, order("csv")).await;
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("\r\nR5,结案率,3,比率,,合计,"), "{text}");
    assert!(text.contains("\r\nM4,签收时长（居民视角）,4,时长（秒）,G00101,"), "{text}");
    let table: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    let head = table.iter().find(|row| row[0] == "指标编号").unwrap();
    let column = |name: &str| head.iter().position(|cell| *cell == name).unwrap();
    let row = |id: &str, key: &str| table.iter().find(|row| row[0] == id && row[4] == key).unwrap();
    let small = row("R5", "small")[column("合并的分组")];
    assert!(small.contains("G00101 ") && small.contains('；'), "{small}");
    assert_eq!(row("R5", "")[column("剔除明细")], "test_case：2");
    assert_eq!(row("R5", "")[column("剔除规则")], "督查审计剔除；到期前已撤回、并案或不予受理");
    let load = row("R19", "");
    let sum = load[column("人均（秒）")].parse::<f64>().unwrap();
    assert!(load[column("责任人数")] == "3" && sum > 3_600.0, "{load:?}");
    let (_, book) = export(&app, order("xlsx")).await;
    assert!(book.starts_with(b"PK"), "a workbook is a zip file");
    let auditor = app.as_person("auditor").await;
    let mut several = order("csv");
    several["what"] = json!("cases");
    assert_eq!(auditor.post(EXPORTS, several).await.1["errors"][0]["code"], "one_figure");
    let mut silent = order("csv");
    silent["purpose"] = json!("");
    assert_eq!(auditor.post(EXPORTS, silent).await.0, 422);
}

#[tokio::test]
async fn a_figure_that_is_named_twice_is_one_figure_in_the_order_asked_for_wherever_it_is_read() {
    let mut app = App::start().await;
    street(&mut app).await;
    app.declare_log("sweep: this should be zero");
    go_to(&app, "2026-12-03 00:11");
    sweep(&app).await;
    let period = "from=2026-11-01&to=2026-12-01";
    for which in ["snapshot=2026-11", period, &format!("{period}&exact=true")] {
        let (status, answer) = ask(&app, &format!("{which}&ids=R6,%20M4,R6,,R19,M4%20")).await;
        assert_eq!(status, 200, "{answer}");
        let figures = answer["figures"].as_array().unwrap();
        let ids: Vec<&str> = figures.iter().map(|one| one["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["R6", "M4", "R19"], "{which}");
    }
    let order = |ids: Value| {
        json!({ "what": "cases", "format": "csv", "purpose": "核查", "ids": ids,
            "from": "2026-11-01", "to": "2026-12-01" })
    };
    let (_, bytes) = export(&app, order(json!(["R6 ", "R6"]))).await;
    assert!(String::from_utf8(bytes).unwrap().contains("\r\n指标,R6,"));
    let auditor = app.as_person("auditor").await;
    for (ids, code) in [(json!(["R6", "M4"]), "one_figure"), (json!([" "]), "unknown_figure")] {
        let (status, refused) = auditor.post(EXPORTS, order(ids)).await;
        assert_eq!((status, &refused["errors"][0]["code"]), (422, &json!(code)), "{refused}");
    }
    let (status, _) = auditor.get(&format!("{FIGURES}/%20/cases?{period}")).await;
    assert_eq!(status, 422, "no id is not every figure");
}

#[tokio::test]
async fn a_month_that_was_missed_is_printed_as_it_was_on_its_day() {
    let mut app = App::start().await;
    street(&mut app).await;
    app.declare_log("sweep: this should be zero");
    go_to(&app, "2027-01-20 00:30");
    sweep(&app).await;
    // The days of rest of 2027 are not published: the 1st of January is one all the same.
    let months =
        [("2026-11", "2026-12-02T16:00:00.000000Z"), ("2026-12", "2027-01-05T16:00:00.000000Z")];
    for (month, as_of) in months {
        let (status, printed) = ask(&app, &format!("snapshot={month}")).await;
        assert_eq!((status, &printed["as_of"]), (200, &json!(as_of)), "{printed}");
    }
    assert_eq!(ask(&app, "snapshot=2027-01").await.0, 404);
}

#[tokio::test]
async fn every_night_lists_what_somebody_should_look_at_and_no_verdict() {
    let mut app = App::start().await;
    app.leave_jobs();
    app.declare_log("sweep: this should be zero");
    let case = case_in(&app, entity::kinds::CaseState::Resolved).await;
    let detectors = "/api/v1/audit/detectors";
    let (_, before) = app.as_person("auditor").await.get(detectors).await;
    assert_eq!((&before["day"], before["detectors"].as_array().unwrap().len()), (&json!(null), 9));
    go_to(&app, "2026-11-25 00:59");
    sweep(&app).await;
    assert_eq!(app.as_person("auditor").await.get(detectors).await.1["day"], json!(null));
    go_to(&app, "2026-11-25 01:01");
    for _again in 0..2 {
        sweep(&app).await;
    }
    let (status, list) = app.as_person("auditor").await.get(detectors).await;
    assert_eq!(
        (status, &list["day"], &list["as_of"]),
        (200, &json!("2026-11-25"), &json!("2026-11-24T16:00:00.000000Z"))
    );
    let of = |id: &str| {
        let all = list["detectors"].as_array().unwrap();
        all.iter().find(|one| one["id"] == id).unwrap()["hints"].clone()
    };
    let want = json!([{ "person": "primary-1", "seen": 1, "of": 1,
        "cases": [{ "number": case.number, "measured": 0 }] }]);
    assert_eq!((of("quick_result"), of("unread_acknowledgement")), (want.clone(), want));
    assert_eq!(of("late_pause"), json!([]));
    let text = list.to_string();
    assert!(
        text.contains("供核查") && ["作弊", "造假", "违规"].iter().all(|word| !text.contains(word))
    );
    assert_eq!(app.as_person("primary-1").await.get(detectors).await.0, 403);
}

#[tokio::test]
async fn a_photo_of_staff_that_another_case_had_is_listed() {
    let mut app = App::start().await;
    app.leave_jobs();
    app.declare_log("sweep: this should be zero");
    let (one, other) = (report(&app).await, report(&app).await);
    let worker = app.person("primary-1").account;
    let conn = app.connect().await;
    for case in [one.id, other.id] {
        let now = app.clock.now().0;
        let text = format!(
            "INSERT INTO photo (owner_id, case_id, object, media_type, bytes, width, height, sha256,
                created_at) VALUES ({worker}, {case}, 'photos/{case}', 'image/jpeg', 1, 1, 1, 'ab', {now})"
        );
        conn.execute_unprepared(&text).await.unwrap();
        app.advance(crate::kit::clock::minutes(2));
    }
    conn.close().await.unwrap();
    go_to(&app, "2026-11-25 01:01");
    sweep(&app).await;
    let (_, list) = app.as_person("auditor").await.get("/api/v1/audit/detectors").await;
    let all = list["detectors"].as_array().unwrap();
    let found = all.iter().find(|one| one["id"] == "same_photo").unwrap();
    let want = json!([{ "person": "primary-1", "seen": 1, "of": 2,
        "cases": [{ "number": other.number, "measured": 120 }] }]);
    assert_eq!(found["hints"], want);
}
