//! The record proven from outside: sealed at night, exported, verified, and whatever is changed in the
//! database or in the files is named.

use std::io::Cursor;
use std::sync::atomic::Ordering;

use entity::case_event;
use entity::kinds::{CaseId, EventType};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use zhinan::app::proof::verify::{Expected, Report, checkpoints, database, files};
use zhinan::app::proof::{export, publish, seal};
use zhinan::app::work::Outcome;
use zhinan::clock::Clock;
use zhinan::config::Config;
use zhinan::domain::audit::basis::Moved;
use zhinan::domain::audit::recount::Wrong;
use zhinan::domain::case::ledger::Entry;
use zhinan::domain::case::ledger::checkpoint::Signed;
use zhinan::domain::case::ledger::exported::Event;
use zhinan::domain::case::ledger::hash;
use zhinan::vault::signing::Verifier;

use super::figures::street;
use super::printing::{go_to, sweep};
use crate::kit::App;
use crate::kit::builders::report;

const CHECKPOINTS: &str = "/api/v1/audit/checkpoints";

pub struct Exported {
    pub events: String,
    pub sealed: String,
    pub key: String,
}

pub async fn exported(app: &App, days: (Option<&str>, Option<&str>)) -> Exported {
    let (mut events, mut sealed) = (Vec::new(), Vec::new());
    export::run(app.services(), days, &mut events, &mut sealed).await.unwrap();
    Exported {
        events: String::from_utf8(events).unwrap(),
        sealed: String::from_utf8(sealed).unwrap(),
        key: app.services().signer.public(),
    }
}

fn published(sealed: &str) -> Vec<Signed> {
    let (sealed, faults) = checkpoints(Cursor::new(sealed)).unwrap();
    assert_eq!(faults, vec![]);
    sealed
}

pub fn verified(export: &Exported) -> Report {
    verified_part(export, Expected::default())
}

pub fn verified_part(export: &Exported, expected: Expected<'_>) -> Report {
    let key = Verifier::read(&export.key).unwrap();
    files(Cursor::new(&export.events), (published(&export.sealed), &key), expected).unwrap()
}

pub fn findings(report: &Report) -> Vec<String> {
    report.verdict.findings.iter().map(ToString::to_string).collect()
}

pub async fn within(app: &App, given: Option<Vec<Signed>>) -> Vec<String> {
    findings(&database(app.services(), given, None).await.unwrap())
}

/// A month of cases, printed and sealed.
pub async fn sealed_street(app: &mut App) {
    street(app).await;
    app.declare_log("sweep: this should be zero");
    go_to(app, "2026-12-03 00:30");
    sweep(app).await;
}

/// Changes the database as somebody who owns it could.
pub async fn force(app: &App, text: &str) {
    let conn = app.connect().await;
    let guards = if app.services().db.is_sqlite() {
        "DROP TRIGGER IF EXISTS case_event_is_never_updated;
            DROP TRIGGER IF EXISTS case_event_is_never_deleted;
            DROP TRIGGER IF EXISTS ledger_checkpoint_is_never_updated;
            DROP TRIGGER IF EXISTS ledger_checkpoint_is_never_deleted;
            DROP TRIGGER IF EXISTS ledger_head_is_never_deleted;
            DROP TRIGGER IF EXISTS ledger_annex_is_never_deleted;
            DROP TRIGGER IF EXISTS figure_snapshot_is_never_updated;
            DROP TRIGGER IF EXISTS figure_snapshot_is_never_deleted;
            DROP TRIGGER IF EXISTS figure_basis_is_never_updated;
            DROP TRIGGER IF EXISTS figure_basis_is_never_deleted"
    } else {
        "DROP TRIGGER IF EXISTS case_event_is_never_changed ON case_event;
            DROP TRIGGER IF EXISTS ledger_checkpoint_is_never_changed ON ledger_checkpoint;
            DROP TRIGGER IF EXISTS ledger_head_is_never_changed ON ledger_head;
            DROP TRIGGER IF EXISTS ledger_annex_is_never_changed ON ledger_annex;
            DROP TRIGGER IF EXISTS figure_snapshot_is_never_changed ON figure_snapshot;
            DROP TRIGGER IF EXISTS figure_basis_is_never_changed ON figure_basis"
    };
    for one in guards.split(';').chain([text]) {
        conn.execute_unprepared(one).await.unwrap();
    }
    conn.close().await.unwrap();
}

pub fn put_back(app: &App, hours: i64) {
    let Clock::Manual(at) = &app.clock else { panic!("the kit moves its clock") };
    at.fetch_sub(hours * 3_600_000_000, Ordering::SeqCst);
}

fn lines(export: &str) -> Vec<Value> {
    export.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn a_sealed_export_verifies_alone_and_recomputes_every_published_figure() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let export = exported(&app, (None, None)).await;
    let report = verified(&export);
    assert_eq!((findings(&report), &report.differs), (vec![], &vec![]));
    let (first, last, days) = report.days.clone().unwrap();
    assert_eq!((first.as_str(), last.as_str(), days), ("2026-11-24", "2026-12-02", 9));
    assert_eq!((report.verdict.cases, report.verdict.remarks.len()), (32, 0));
    let printed = lines(&export.events).iter().filter(|one| one["printing"].is_object()).count();
    assert_eq!(report.figures, printed);
    assert!(printed > 200, "every figure in every division: {printed}");
    assert_eq!(within(&app, None).await, Vec::<String>::new());
    assert_eq!(within(&app, Some(published(&export.sealed))).await, Vec::<String>::new());

    let (status, seen) = app.as_person("auditor").await.get(CHECKPOINTS).await;
    assert_eq!((status, seen["public_key"].as_str()), (200, Some(export.key.as_str())));
    assert_eq!(seen["checkpoints"].as_array().unwrap().len(), 9);
    let one = published(&export.sealed).remove(8);
    assert_eq!(seen["checkpoints"][8]["signature"], one.signature);
    let asked = format!("{CHECKPOINTS}?from=2026-11-30&to=2026-12-01");
    let (_, seen) = app.as_person("command").await.get(&asked).await;
    assert_eq!(seen["checkpoints"].as_array().unwrap().len(), 2);
    let wrong = format!("{CHECKPOINTS}?from=yesterday");
    assert_eq!(app.as_person("auditor").await.get(&wrong).await.0, 422);
    assert_eq!(app.as_person("cadre-1").await.get(CHECKPOINTS).await.0, 403);

    // Sealed again or later, what was sealed stays as it was.
    seal::run(app.services()).await.unwrap();
    app.advance(std::time::Duration::from_hours(24));
    sweep(&app).await;
    let later = exported(&app, (None, None)).await;
    assert!(later.sealed.starts_with(&export.sealed) && later.sealed.len() > export.sealed.len());
}

#[tokio::test]
async fn a_month_in_which_cases_became_due_and_nothing_later_follows_from_the_record() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let first = database(app.services(), None, None).await.unwrap().figures;
    go_to(&app, "2027-01-08 00:30");
    sweep(&app).await;
    let report = database(app.services(), None, None).await.unwrap();
    assert_eq!((report.figures, &report.differs), (2 * first, &vec![]));
    let auditor = app.as_person("auditor").await;
    let (_, printed) = auditor.get("/api/v1/audit/figures?ids=R6&snapshot=2026-12").await;
    assert!(printed["figures"][0]["total"]["n"].as_u64().unwrap() > 3, "{printed}");
}

/// Goes to the next night and lets it be sealed.
async fn next_night(app: &App) {
    app.advance(std::time::Duration::from_hours(24));
    sweep(app).await;
}

#[tokio::test]
async fn every_night_a_file_outside_the_database_grows_by_what_was_sealed() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let file = app.services().settings.checkpoint_file.clone();
    let kept = || std::fs::read_to_string(&file).unwrap();
    assert_eq!(kept(), exported(&app, (None, None)).await.sealed);
    assert_eq!(within(&app, Some(published(&kept()))).await, Vec::<String>::new());

    // A crash in the middle of a line.
    std::fs::write(&file, format!("{}{{\"day\":\"2026-12", kept())).unwrap();
    next_night(&app).await;
    let whole = kept();
    assert_eq!(whole, exported(&app, (None, None)).await.sealed);
    assert_eq!(whole.lines().count(), 10);
    seal::run(app.services()).await.unwrap();
    assert_eq!(kept(), whole, "nothing twice");

    // Somebody moved it away, or starts a new one: it begins anew.
    std::fs::remove_file(&file).unwrap();
    next_night(&app).await;
    assert_eq!(kept(), exported(&app, (None, None)).await.sealed);
}

#[tokio::test]
async fn a_database_that_contradicts_the_file_of_checkpoints_is_noticed_at_night() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let file = app.services().settings.checkpoint_file.clone();
    let kept = std::fs::read_to_string(&file).unwrap();
    app.declare_log("the file of checkpoints says something else than the database");
    let refused = async || {
        let outcome = publish::run(app.services()).await.unwrap();
        assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), kept, "the copy stays as it was");
    };
    force(&app, "UPDATE ledger_checkpoint SET count = count + 1").await;
    refused().await;
    force(&app, "UPDATE ledger_checkpoint SET count = count - 1").await;
    assert_eq!(publish::run(app.services()).await.unwrap(), Outcome::Done);
    // A backup of the day before.
    for table in ["ledger_head", "ledger_annex", "ledger_checkpoint"] {
        force(&app, &format!("DELETE FROM {table} WHERE day = '2026-12-02'")).await;
    }
    refused().await;
}

#[tokio::test]
async fn checkpoints_wait_for_a_file_that_cannot_be_written() {
    let away = |config: &mut Config| {
        config.data.checkpoint_file = config.data.dir.join("share/checkpoints.jsonl");
    };
    let mut app = App::start_with(away).await;
    app.leave_jobs();
    sealed_street(&mut app).await;
    let file = app.services().settings.checkpoint_file.clone();
    let outcome = publish::run(app.services()).await.unwrap();
    assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
    assert_eq!(exported(&app, (None, None)).await.sealed.lines().count(), 9, "sealed all the same");
    std::fs::create_dir(file.parent().unwrap()).unwrap();
    assert_eq!(publish::run(app.services()).await.unwrap(), Outcome::Done);
    let kept = std::fs::read_to_string(&file).unwrap();
    assert_eq!(kept, exported(&app, (None, None)).await.sealed, "it catches up");
}

#[tokio::test]
async fn an_export_holds_no_personal_words_and_an_erased_residents_cases_still_verify() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let before = exported(&app, (None, None)).await;
    for secret in ["阳光花园", "培训时录入", "primary-1", "家里没水"] {
        assert!(!before.events.contains(secret), "{secret}");
    }
    let figures = verified(&before).figures;
    let text = "UPDATE cases SET state = 'cancelled', next_check_at = NULL WHERE state <> 'closed'";
    force(&app, text).await;
    let client = app.as_person("resident-1").await;
    let erased = crate::api::v1::my_data::erase(&client, "删除").await;
    assert_eq!(erased.0, 200, "{}", erased.1);
    go_to(&app, "2026-12-04 00:30");
    sweep(&app).await;
    let after = exported(&app, (None, None)).await;
    let report = verified(&after);
    assert_eq!((findings(&report), &report.differs), (vec![], &vec![]));
    assert!(report.verdict.erased > 60 && report.figures == figures, "{:?}", report.verdict);
}

#[tokio::test]
async fn whatever_is_changed_in_the_database_is_named() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let sealed = exported(&app, (None, None)).await.sealed;
    let event = |seq: u8| format!("case_id = 7 AND seq = {seq}");
    let (fourth, last) = (event(4), "id = (SELECT MAX(id) FROM case_event)");
    // Each on top of those before it, in another case.
    let changes = [
        (7, format!("UPDATE case_event SET server_time = server_time - 600000000 WHERE {fourth}"), "server_time"),
        (8, "UPDATE case_event SET actor_id = NULL WHERE case_id = 8 AND seq = 4".into(), "actor_id"),
        (9, "UPDATE case_event SET kind = 'opened' WHERE case_id = 9 AND seq = 4".into(), "kind"),
        (10, "UPDATE case_event SET seq = 99 WHERE case_id = 10 AND seq = 3".into(), "缺失"),
        (11, "UPDATE case_event_payload SET body_sealed = (SELECT body_sealed FROM case_event_payload p
            JOIN case_event e ON e.id = p.event_id WHERE e.case_id = 1 AND e.seq = 1)
            WHERE event_id = (SELECT id FROM case_event WHERE case_id = 11 AND seq = 1)".into(), "payload"),
    ];
    for (case, change, named) in changes {
        force(&app, &change).await;
        let number = crate::kit::builders::find(&app, entity::kinds::CaseId(case)).await.number;
        let found = within(&app, Some(published(&sealed))).await;
        let one = found.iter().find(|one| one.starts_with(&number));
        assert!(one.is_some_and(|one| one.contains(named)), "{named}: {found:#?}");
    }
    let payload = "DELETE FROM case_event_payload WHERE event_id IN (SELECT id FROM case_event WHERE case_id = 12)";
    force(&app, payload).await;
    force(
        &app,
        &format!(
            "DELETE FROM case_event WHERE case_id = 12 AND seq >= 3 OR {last} AND case_id = 12"
        ),
    )
    .await;
    let number = crate::kit::builders::find(&app, entity::kinds::CaseId(12)).await.number;
    let found = within(&app, None).await;
    assert!(found.iter().any(|one| one.starts_with(&number) && one.contains("缺失")), "{found:#?}");
}

/// The first case that somebody acknowledged, and which of its entries says so.
async fn acknowledged(app: &App) -> (CaseId, i32) {
    let acknowledged = case_event::Column::Kind.eq(EventType::Acknowledged);
    let first =
        case_event::Entity::find().filter(acknowledged).order_by_asc(case_event::Column::Id);
    let event = first.one(&app.services().db.read).await.unwrap().unwrap();
    (event.case_id, event.seq)
}

async fn differing(app: &App) -> (Vec<String>, Moved) {
    let mut differs = database(app.services(), None, None).await.unwrap().differs;
    assert_eq!(differs.len(), 1, "one month is printed: {differs:?}");
    let month = differs.remove(0);
    assert_eq!(month.period, "2026-11");
    let place = |one: &Wrong| format!("{} {}", one.figure, one.place);
    (month.figures.iter().map(place).collect(), month.moved)
}

#[tokio::test]
async fn the_case_behind_a_printed_figure_that_differs_is_named() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let (case, seq) = acknowledged(&app).await;
    let number = crate::kit::builders::find(&app, case).await.number;
    let text = format!(
        "UPDATE case_event SET server_time = server_time + {{}} WHERE case_id = {case} AND seq = {seq}"
    );
    force(&app, &text.replace("{}", "7000000")).await;
    let (figures, moved) = differing(&app).await;
    assert!(figures.iter().any(|one| one.starts_with("M4 ")), "{figures:?}");
    assert_eq!(moved, Moved::Cases { first: number.clone(), count: 1 });
    let export = exported(&app, (None, None)).await;
    let report = verified(&export);
    assert_eq!(report.differs[0].moved, Moved::Cases { first: number.clone(), count: 1 });
    let said = findings(&report);
    assert!(said.iter().all(|one| one.starts_with(&number)) && !said.is_empty(), "{said:?}");
    force(&app, &text.replace("{}", "-7000000")).await;

    // Nobody touched a case: the number itself was changed.
    let text = "UPDATE figure_snapshot SET body = REPLACE(body, '{}') WHERE figure = 'R6'";
    force(&app, &text.replace("{}", "\"hit\":', '\"hit\":1")).await;
    let (figures, moved) = differing(&app).await;
    assert!(figures.iter().all(|one| one.starts_with("R6 ")), "{figures:?}");
    assert!(figures.iter().any(|one| one.ends_with("/hit")), "{figures:?}");
    assert_eq!(moved, Moved::None);
    force(&app, &text.replace("{}", "\"hit\":1', '\"hit\":")).await;

    // What was kept of a case was changed, or all of it is gone.
    let text =
        format!("UPDATE figure_basis SET body = REPLACE(body, '\"{number}\"', '\"{number}0\"')");
    force(&app, &text).await;
    let (figures, moved) = differing(&app).await;
    assert_eq!((figures, moved), (vec![], Moved::Marks { count: 2 }));
    let said = Moved::Marks { count: 2 }.to_string();
    assert!(said.contains("印发时留存的摘要被改动") && !said.contains(&number), "{said}");
    force(&app, "DELETE FROM figure_basis").await;
    assert_eq!(differing(&app).await, (vec![], Moved::Basis));
}

#[tokio::test]
async fn a_chain_that_was_hashed_anew_and_an_old_backup_are_found_by_what_was_kept_elsewhere() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let export = exported(&app, (None, None)).await;
    let mut prev: Option<String> = None;
    let mut number = String::new();
    let forged: Vec<String> = export
        .events
        .lines()
        .map(|line| {
            let mut one: Value = serde_json::from_str(line).unwrap();
            let Some(event) = one.get_mut("event") else { return line.to_owned() };
            let mut event: Event = serde_json::from_value(event.take()).unwrap();
            if number.is_empty() && event.entry.kind.word() == "acknowledged" {
                number.clone_from(&event.entry.case_number);
                event.entry.server_time.0 -= 60_000_000;
            } else if event.entry.case_number != number {
                return line.to_owned();
            }
            let entry =
                Entry { prev_hash: prev.take().unwrap_or(event.entry.prev_hash), ..event.entry };
            event.hash = hash(&entry).unwrap();
            prev = Some(event.hash.clone());
            event.entry = entry;
            serde_json::json!({ "event": event }).to_string()
        })
        .collect();
    let forged = Exported { events: forged.join("\n"), ..export };
    let found = findings(&verified(&forged));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with(&number) && found[0].contains("server_time"), "{found:?}");

    // A copy of the first day, put back after nine: it verifies by itself.
    let published = published(&forged.sealed);
    let mut fresh = App::start().await;
    fresh.leave_jobs();
    report(&fresh).await;
    assert_eq!(within(&fresh, None).await, Vec::<String>::new());
    let key = Verifier::read(&forged.key);
    let found = database(fresh.services(), Some(published), key).await.unwrap();
    assert!(found.verdict.findings.len() >= 31, "{:?}", findings(&found));
}

#[tokio::test]
async fn files_that_are_cut_mixed_up_or_signed_by_others_do_not_pass() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let export = exported(&app, (None, None)).await;
    let key = Verifier::read(&export.key).unwrap();
    let all: Vec<&str> = export.events.lines().collect();
    let run = |lines: Vec<&str>| {
        let sealed = published(&export.sealed);
        let expected = Expected::default();
        files(Cursor::new(lines.join("\n")), (sealed, &key), expected)
            .map(|report| findings(&report))
    };
    let at = all.iter().position(|line| line.starts_with("{\"event\"")).unwrap() + 2;
    assert!(run([&all[..at], &all[at + 1..]].concat()).unwrap()[0].contains("缺失"));
    let mut swapped = all.clone();
    swapped.swap(at - 1, at);
    assert!(run(swapped).unwrap()[0].contains("顺序"));
    let half = &all[at][..all[at].len() / 2];
    assert!(run([&all[..at], &[half]].concat()).unwrap()[0].contains("不完整"));
    assert!(run(all[1..].to_vec()).is_err(), "without its header");
    let found = run([&all[..at], &[half], &all[at + 1..]].concat()).unwrap();
    let line = format!("第 {} 行不是有效的记录", at + 1);
    let number = lines(all[at])[0]["event"]["entry"]["case_number"].as_str().unwrap().to_owned();
    assert!(found[0].starts_with(&number) && found[0].contains(&line), "{found:?}");
    assert!(found.iter().all(|one| one.starts_with(&number)), "the rest is verified: {found:?}");
    let blank = [&all[..at], &["", "  \r"], &all[at..], &["", ""]].concat();
    assert_eq!(run(blank).unwrap(), Vec::<String>::new());
    assert_eq!(run(vec![all.join("\r\n").as_str()]).unwrap(), Vec::<String>::new());

    let partial = exported(&app, (Some("2026-12-01"), None)).await;
    let part = Expected { from: Some("2026-12-01"), to: None };
    assert!(verified_part(&partial, part).is_whole() && verified(&partial).figures == 0);
    let said = findings(&verified(&partial));
    assert!(said.len() == 1 && said[0].contains("应从 2026-11-24 起"), "{said:?}");

    let mut other = App::start().await;
    other.leave_jobs();
    let stranger = other.services().signer.verifier().unwrap();
    let sealed = (published(&export.sealed), &stranger);
    let report = files(Cursor::new(&export.events), sealed, Expected::default()).unwrap();
    assert!(findings(&report)[0].contains("签名"), "{:?}", findings(&report)[0]);
}

/// Verifies an export with another line in the place of one; what is found names the case and says
/// what is wrong with it.
fn found_with(
    export: &Exported,
    at: usize,
    line: &str,
    (number, said): (&str, &str),
) -> Vec<String> {
    let mut lines: Vec<&str> = export.events.lines().collect();
    lines[at] = line;
    let sealed = export.sealed.clone();
    let other = Exported { events: lines.join("\n"), sealed, key: export.key.clone() };
    let found = findings(&verified(&other));
    let named = |one: &String| one.starts_with(number) && one.contains(said);
    assert!(found.iter().any(named), "{said}: {found:?}");
    found
}

#[tokio::test]
async fn an_entry_with_a_field_too_many_or_of_another_form_is_named_and_the_rest_is_verified() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let export = exported(&app, (None, None)).await;
    let all: Vec<&str> = export.events.lines().collect();
    let at = all.iter().position(|line| line.starts_with("{\"event\"")).unwrap() + 1;
    let line: Value = serde_json::from_str(all[at]).unwrap();
    let number = line["event"]["entry"]["case_number"].as_str().unwrap();
    let field = line["event"]["fields"].as_object().unwrap().keys().next().unwrap();
    let in_payload = format!("payload.{field} 账本没有这个字段");
    let malformed = format!("payload.{field} 内容的形式不对");
    for (place, value, said) in [
        ("/event/entry/server_time", json!("1795"), "server_time 内容的形式不对"),
        ("/event/entry/seq", json!("2"), "seq 内容的形式不对"),
        ("/event/entry/actor_role", json!(null), "actor_role 内容的形式不对"),
        ("/event/entry/actor_name", json!("张三"), "actor_name 账本没有这个字段"),
        ("/event/note", json!("x"), "note 账本没有这个字段"),
        (&*format!("/event/fields/{field}/more"), json!(1), &*in_payload),
        (&*format!("/event/fields/{field}/shown/note"), json!("x"), &*in_payload),
        (&*format!("/event/fields/{field}/leaf"), json!(1), &*malformed),
    ] {
        let (above, name) = place.rsplit_once('/').unwrap();
        let mut changed = line.clone();
        changed.pointer_mut(above).unwrap()[name] = value;
        let found = found_with(&export, at, &changed.to_string(), (number, said));
        let innocent = found.iter().filter(|one| !one.starts_with(number));
        assert_eq!(innocent.count(), 0, "{said}: {found:?}");
    }
    let events = format!("\u{feff}{}", export.events);
    assert!(verified(&Exported { events, ..export }).is_whole());
}

/// The command that it prints verifies what there was to write.
#[tokio::test]
async fn an_export_says_which_days_it_holds_whatever_was_asked_for() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let (mut events, mut sealed) = (Vec::new(), Vec::new());
    let asked = (Some("2020-01-01"), Some("2999-12-31"));
    let held = export::run(app.services(), asked, &mut events, &mut sealed).await.unwrap();
    let (from, to) = held.span;
    let export = exported(&app, asked).await;
    let part = |from, to| verified_part(&export, Expected { from, to });
    assert!(part(Some(&from), Some(&to)).is_whole());
    assert!(!part(asked.0, asked.1).is_whole(), "nobody can say that these days are there");
}

/// Of two values with one name some readers take the first and others the last.
#[tokio::test]
async fn a_name_that_stands_twice_in_an_entry_is_named_with_it() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let export = exported(&app, (None, None)).await;
    let all: Vec<&str> = export.events.lines().collect();
    let at = all.iter().position(|line| line.contains("\"promised\":{")).unwrap();
    let line: Value = serde_json::from_str(all[at]).unwrap();
    let number = line["event"]["entry"]["case_number"].as_str().unwrap();
    let due = &line["event"]["fields"]["resolve_due"];
    for (place, more, said) in [
        ("\"fields\":{", format!("\"resolve_due\":{due},"), "payload.resolve_due 这个字段"),
        ("\"value\":{", "\"urgency\":\"urgent\",".to_owned(), "payload.urgency 这个字段"),
        ("\"entry\":{", "\"server_time\":0,".to_owned(), "server_time 这个字段"),
        ("{\"event\":", format!("{},\"event\":", line["event"]), "写了两次"),
    ] {
        let changed = all[at].replacen(place, &format!("{place}{more}"), 1);
        assert_ne!(changed, all[at], "{place}");
        found_with(&export, at, &changed, (number, said));
    }
}

#[tokio::test]
async fn what_a_clock_put_back_writes_is_sealed_the_next_night() {
    let mut app = App::start().await;
    app.leave_jobs();
    app.declare_log("sweep: this should be zero");
    report(&app).await;
    go_to(&app, "2026-11-26 00:30");
    sweep(&app).await;
    assert_eq!(within(&app, None).await, Vec::<String>::new());
    put_back(&app, 5);
    let late = report(&app).await;
    let found = within(&app, None).await;
    assert!(found.len() == 1 && found[0].starts_with(&late.number), "said until then: {found:?}");
    go_to(&app, "2026-11-27 00:30");
    sweep(&app).await;
    assert_eq!(within(&app, None).await, Vec::<String>::new());
    let report = verified(&exported(&app, (None, None)).await);
    assert!(report.is_whole());
    // It is said all the same: whoever brings entries with an old time looks like that.
    let [said] = report.verdict.remarks.as_slice() else { panic!("{:?}", report.verdict.remarks) };
    assert!(said.contains(&format!("最先的是 {} 第 1 条", late.number)), "{said}");
}
