//! The street's reports: every number is the figures', and nobody's name or words are in them.

use entity::kinds::Category;
use entity::{access_log, case_event, case_event_payload, cases};
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::{Value, json};
use zhinan::app::audit::report;
use zhinan::config::Config;
use zhinan::domain::audit::report::{Kind, Material, SHOWN, Span, write};
use zhinan::domain::calendar::rfc3339;
use zhinan::domain::paper::{Block, Table, plain};

use super::figures::street;
use super::printing::{go_to, sweep};
use crate::kit::App;
use crate::kit::builders::{actor, report_as};
use crate::kit::clock::{hours, minutes};
use crate::kit::copies::{copies, up_to};
use crate::kit::font;
use crate::kit::snap::matches_snapshot;

const REPORTS: &str = "/api/v1/audit/reports";

fn with_font(config: &mut Config) {
    let file = config.data.dir.join("report.ttf");
    std::fs::write(&file, font::chinese()).unwrap();
    config.codes.font = file;
}

async fn material(app: &App, kind: Kind, day: &str) -> Material {
    let auditor = actor(app, "auditor").await;
    let span = Span::of(kind, day.parse().unwrap());
    report::material(app.services(), &auditor, (span, None)).await.unwrap()
}

/// The report as a PDF, and what a reader finds in it.
async fn pdf(app: &App, who: &str, path: &str) -> (usize, String) {
    let raw = app.as_person(who).await.raw(&format!("{REPORTS}/{path}"), "*/*").await;
    assert_eq!(raw.status, 200, "{}", String::from_utf8_lossy(&raw.bytes));
    assert_eq!(raw.headers["content-type"], "application/pdf");
    assert_eq!(raw.headers["cache-control"], "no-store");
    let document = lopdf::Document::load_mem(&raw.bytes).unwrap();
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let text = document.extract_text(&pages).unwrap();
    (pages.len(), text.split_whitespace().collect())
}

fn tables(blocks: &[Block]) -> Vec<&Table> {
    let tables = blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    tables.collect()
}

fn table<'a>(blocks: &'a [Block], number: &str) -> &'a Table {
    let mut tables = tables(blocks).into_iter();
    tables.find(|table| table.caption.contains(number)).unwrap()
}

/// What the API says of the period at the report's instant.
async fn api(app: &App, material: &Material, by: &str) -> Vec<Value> {
    let (from, to) = material.span.bounds().unwrap();
    let path = format!(
        "/api/v1/audit/figures?ids={}&from={}&to={}&as_of={}&group_by={by}",
        SHOWN.join(","),
        rfc3339(from),
        rfc3339(to),
        rfc3339(material.as_of),
    );
    let (status, answer) = app.as_person("auditor").await.get(&path).await;
    assert_eq!(status, 200, "{answer}");
    answer["figures"].as_array().unwrap().clone()
}

fn of<'a>(figures: &'a [Value], id: &str) -> &'a Value {
    figures.iter().find(|figure| figure["id"] == id).unwrap()
}

fn percent(group: &Value) -> String {
    let star = if group["n"].as_u64().unwrap() < 30 { "*" } else { "" };
    group["rate"].as_f64().map_or("—".to_owned(), |rate| format!("{:.1}%{star}", rate * 100.0))
}

#[tokio::test]
async fn every_number_of_a_report_is_what_the_figures_say() {
    let mut app = App::start_with(with_font).await;
    street(&mut app).await;
    app.advance(hours(20 * 24));
    for (kind, day) in
        [(Kind::Daily, "2026-11-24"), (Kind::Daily, "2026-11-25"), (Kind::Weekly, "2026-11-25")]
    {
        let material = material(&app, kind, day).await;
        let blocks = write(&material, None);
        let whole = api(&app, &material, "none").await;
        let mut compared = 0;
        for row in &table(&blocks, "主要指标").rows {
            let total = &of(&whole, &row[1])["total"];
            let count = |field: &str| total[field].to_string();
            let (name, shown) = (row[0].as_str(), row[2].clone());
            let want = match name {
                "收到诉求（件）" | "首次办结（件）" | "超期未办（件）" => {
                    count("n")
                }
                "其中已签收（件）" | "其中已处置（件）" => count("hit"),
                _ if row[3] == "—" => continue,
                _ => percent(total),
            };
            assert_eq!(shown, want, "{row:?} {total}");
            if name.ends_with('率') || name.contains('率') {
                assert_eq!(row[3], format!("{}/{}", count("hit"), count("n")));
                assert_eq!(row[4], count("open"));
            }
            compared += 1;
        }
        assert_eq!(compared, 5 + 6, "{kind:?} {day}");
        for (by, number) in
            [("category", "各类别办理"), ("community", "各社区办理"), ("grid", "各网格办理")]
        {
            let figures = api(&app, &material, by).await;
            let rows = &table(&blocks, number).rows;
            let units: Vec<&Value> =
                of(&figures, "M4")["groups"].as_array().unwrap().iter().collect();
            for unit in &units {
                let row = rows.iter().find(|row| row[0] == unit["name"].as_str().unwrap());
                let row = row.unwrap_or_else(|| panic!("{unit} is not in {rows:?}"));
                assert_eq!((&row[1], &row[2]), (&unit["n"].to_string(), &unit["hit"].to_string()));
            }
            let sum: u64 = units.iter().map(|unit| unit["n"].as_u64().unwrap()).sum();
            assert_eq!(rows.last().unwrap()[1], sum.to_string());
            assert_eq!(sum, of(&whole, "M4")["total"]["n"].as_u64().unwrap());
        }
        let late = of(&whole, "R8")["total"]["n"].as_u64().unwrap();
        assert_eq!(material.pressing.overdue.len(), usize::try_from(late).unwrap());
        let path = format!("{}?date={day}&format=pdf", kind.word());
        let (_, text) = pdf(&app, "auditor", &path).await;
        for row in &table(&blocks, "主要指标").rows {
            for cell in &row[..5] {
                let cell: String = cell.split_whitespace().collect();
                assert!(text.contains(&cell), "{cell} is not printed: {text}");
            }
        }
        for one in &material.pressing.overdue {
            assert!(text.contains(&one.number), "{} is not printed", one.number);
        }
    }
}

#[tokio::test]
async fn every_day_of_the_curve_is_that_days_figure() {
    let mut app = App::start().await;
    street(&mut app).await;
    app.advance(hours(20 * 24));
    let weekly = material(&app, Kind::Weekly, "2026-11-25").await;
    let as_of = weekly.as_of;
    let mut seen = 0;
    for ((_, figures), (_, (from, to))) in weekly.days.iter().zip(weekly.span.days()) {
        let path = format!(
            "/api/v1/audit/figures?ids=M4,R12&from={}&to={}&as_of={}",
            rfc3339(from),
            rfc3339(to),
            rfc3339(as_of)
        );
        let (_, answer) = app.as_person("auditor").await.get(&path).await;
        for (figure, view) in figures.iter().zip(answer["figures"].as_array().unwrap()) {
            assert_eq!(json!(figure.total.n), view["total"]["n"], "{path}");
            seen += figure.total.n;
        }
    }
    assert!(seen > 30, "{seen}");
}

#[tokio::test]
async fn only_auditors_and_street_command_take_reports_and_each_taking_is_on_record() {
    let app = App::start_with(with_font).await;
    let path = format!("{REPORTS}/daily?date=2026-11-23");
    for name in [
        "resident-1",
        "primary-1",
        "cadre-1",
        "secretary-1",
        "desk-1",
        "verifier",
        "system-admin",
        "audit-admin",
    ] {
        let (status, answer) = app.as_person(name).await.get(&path).await;
        assert_eq!((status, &answer["code"]), (403, &json!("forbidden")), "{name}");
    }
    assert_eq!(app.anonymous().get(&path).await.0, 401);
    let conn = app.connect().await;
    assert!(access_log::Entity::find().all(&conn).await.unwrap().is_empty());
    for name in ["auditor", "command"] {
        let (pages, text) = pdf(&app, name, "daily?date=2026-11-23").await;
        assert!(pages <= 3 && text.contains("南城街道诉求办理日报"), "{text}");
        assert!(text.contains("导出人") && text.contains("仅供内部使用"), "{text}");
    }
    let rows = access_log::Entity::find().all(&conn).await.unwrap();
    let kept: Vec<_> =
        rows.iter().map(|row| (row.account_id, row.field.as_str(), row.purpose.as_str())).collect();
    let what = "南城街道诉求办理日报 2026-11-23";
    let by = |name: &str| (app.person(name).account, "figure_export", what);
    assert_eq!(kept, [by("auditor"), by("command")]);
}

#[tokio::test]
async fn what_cannot_be_printed_says_why() {
    let app = App::start_with(with_font).await;
    let auditor = app.as_person("auditor").await;
    for (path, status, word) in [
        ("daily?date=2026-11-25", 400, "not_yet"),
        ("monthly?date=2026-12-01", 400, "not_yet"),
        ("daily?date=yesterday", 400, "bad_date"),
        ("daily?date=2026-11-23&format=docx", 400, "unknown_word"),
        ("hourly?date=2026-11-23", 404, ""),
        ("daily", 400, ""),
    ] {
        let (got, answer) = auditor.get(&format!("{REPORTS}/{path}")).await;
        let error = answer["errors"][0]["code"].as_str().unwrap_or_default();
        assert_eq!((got, error), (status, word), "{path}: {answer}");
    }
    let gone = App::start_with(|config| config.codes.font = "/nowhere/font.ttf".into()).await;
    gone.declare_log("font_missing");
    let (status, answer) =
        gone.as_person("auditor").await.get(&format!("{REPORTS}/daily?date=2026-11-23")).await;
    assert_eq!((status, &answer["code"]), (409, &json!("font_missing")));
    assert!(access_log::Entity::find().all(&gone.connect().await).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_report_reads_as_the_street_writes_it_and_names_nobody() {
    let mut app = App::start_with(with_font).await;
    street(&mut app).await;
    app.advance(hours(20 * 24));
    let material = material(&app, Kind::Daily, "2026-11-24").await;
    let text = plain(&write(&material, None));
    for word in ["家里没水了", "阳光花园", "牡丹小区", "resident", "primary-1", "培训时录入", "138"]
    {
        assert!(!text.contains(word), "{word} is in {text}");
    }
    let names = entity::staff::Entity::find().all(&app.services().db.read).await.unwrap();
    for row in names {
        let name = app.services().vault.open("staff.name", &row.name_sealed).unwrap();
        assert!(!text.contains(&name), "{name} is in the report");
    }
    matches_snapshot!("report_daily", text.lines().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_month_is_reported_as_it_was_printed_and_says_which_printing() {
    let mut app = App::start_with(with_font).await;
    street(&mut app).await;
    app.declare_log("sweep: this should be zero");
    go_to(&app, "2026-12-02 10:00");
    let early = material(&app, Kind::Monthly, "2026-11-15").await;
    assert_eq!(early.printing, None);
    let (_, text) = pdf(&app, "auditor", "monthly?date=2026-11-15").await;
    assert!(text.contains("本月指标尚未固化") && !text.contains("账本检查点"), "{text}");
    go_to(&app, "2026-12-03 00:11");
    sweep(&app).await;
    let (_, text) = pdf(&app, "auditor", "monthly?date=2026-11-15").await;
    assert!(text.contains("账本检查点2026-11-30"), "sealed by now: {text}");
    // What is corrected after the printing is in the next one only.
    let case = cases::Entity::find().one(&app.services().db.read).await.unwrap().unwrap();
    let path = format!("/api/v1/cases/{}/exclusions", case.id);
    let auditor = app.as_person("auditor").await;
    let body = json!({ "ground": "entered_twice", "note": "重复" });
    assert_eq!(auditor.post(&path, body).await.0, 204);
    let first = material(&app, Kind::Monthly, "2026-11-30").await;
    assert_eq!(first.printing.as_ref().map(|one| one.revision), Some(0));
    assert_eq!(
        first.whole.figures,
        early_at(&app, &first).await,
        "printed figures are the ledger's at that instant"
    );
    app.advance(minutes(1));
    let again = auditor
        .post("/api/v1/audit/snapshots/2026-11/revisions", json!({ "reason": "剔除重复" }))
        .await;
    assert_eq!(again.0, 202);
    app.advance(minutes(11));
    app.run_due().await;
    let second = material(&app, Kind::Monthly, "2026-11-01").await;
    let printing = second.printing.clone().unwrap();
    assert_eq!((printing.revision, printing.reason.as_deref()), (1, Some("剔除重复")));
    let n = |material: &Material| material.whole.figure("M4").unwrap().total.n;
    assert_eq!(n(&second) + 1, n(&first));
    let (_, text) = pdf(&app, "command", "monthly?date=2026-11-15").await;
    assert!(text.contains("第1次修订") && text.contains("修订理由：剔除重复"), "{text}");
    let (_, text) = pdf(&app, "auditor", "monthly?date=2026-11-15&revision=0").await;
    assert!(text.contains("月度固化数据（首次）"), "{text}");
    for absent in ["monthly?date=2026-11-15&revision=2", "daily?date=2026-11-15&revision=0"] {
        let (status, problem) = auditor.get(&format!("{REPORTS}/{absent}")).await;
        assert_eq!((status, &problem["code"]), (404, &json!("not_found")), "{absent}");
    }
    let december = material(&app, Kind::Monthly, "2026-12-01").await;
    assert_eq!(
        december.before.figures, second.whole.figures,
        "a month is compared with what was printed"
    );
}

/// The same figures, computed from the ledger at the instant of a printing.
async fn early_at(app: &App, printed: &Material) -> Vec<zhinan::domain::audit::survey::Figure> {
    use zhinan::app::audit::figures::{Question, compute};
    use zhinan::domain::audit::frame::{Dimension, Filter};
    let (from, to) = printed.span.bounds().unwrap();
    let window = zhinan::app::audit::ledger::Window { from, to, as_of: printed.as_of };
    let ids = SHOWN.iter().map(|id| (*id).to_owned()).collect();
    let ask = Question { ids, window, by: Dimension::None, filter: Filter::default() };
    compute(app.services(), &ask).await.unwrap()
}

#[tokio::test]
async fn a_day_with_thousands_of_cases_is_printed() {
    let mut app = App::start_with(with_font).await;
    app.leave_jobs();
    let case = report_as(&app, "resident-1", super::ADDRESSES[0], Category::Utilities).await;
    let conn = app.connect().await;
    let (id, many) = (case.id, 3_000);
    let run = async |text: String| {
        let done = conn.execute_unprepared(&text).await;
        assert!(done.is_ok(), "{text}: {:?}", done.err());
    };
    let anew = [("number", "'NC-MANY-' || i")];
    let from = format!("n, cases one WHERE one.id = {id}");
    run(format!("{} {}", up_to(many), copies::<cases::Entity>(&from, &anew))).await;
    let from =
        format!("cases c, case_event one WHERE one.case_id = {id} AND c.number LIKE 'NC-MANY-%'");
    run(copies::<case_event::Entity>(&from, &[("case_id", "c.id")])).await;
    let from = format!(
        "case_event e JOIN case_event o ON o.case_id = {id} AND o.seq = e.seq
         JOIN case_event_payload one ON one.event_id = o.id WHERE e.case_id <> {id}"
    );
    run(copies::<case_event_payload::Entity>(&from, &[("event_id", "e.id")])).await;
    go_to(&app, "2026-12-20 00:00");
    let (pages, text) = pdf(&app, "auditor", "daily?date=2026-12-18").await;
    assert!(text.contains("（R8，共3001件"), "{text}");
    assert!(pages <= 8, "{pages}");
    let (pages, text) = pdf(&app, "auditor", "daily?date=2026-11-24").await;
    assert!(text.contains("收到诉求3001件（M4）"), "{text}");
    assert!(pages <= 8, "{pages}");
}
