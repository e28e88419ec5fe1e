//! What is taken away so that nobody misses it: payloads, fields, days, printings; and words of no list.

use entity::case_event;
use entity::kinds::{CaseId, EventType};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;
use zhinan::app::proof::verify::{Expected, database};
use zhinan::domain::audit::basis::Moved;

use super::printing::{go_to, sweep};
use super::proof::{
    Exported, exported, findings, force, sealed_street, verified, verified_part, within,
};
use crate::kit::App;

async fn number_of(app: &App, case: i64) -> String {
    crate::kit::builders::find(app, CaseId(case)).await.number
}

#[tokio::test]
async fn what_figures_read_is_missed_when_it_is_deleted_or_hidden_and_a_strange_word_is_named() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let assigned = async |case: i64| {
        let of = case_event::Column::CaseId.eq(CaseId(case));
        let kind = case_event::Column::Kind.eq(EventType::Assigned);
        let found = case_event::Entity::find().filter(of).filter(kind);
        found.one(&app.services().db.read).await.unwrap().unwrap()
    };
    let (deleted, hidden) = (assigned(5).await, assigned(6).await);
    force(&app, &format!("DELETE FROM case_event_payload WHERE event_id = {}", deleted.id)).await;
    let report = database(app.services(), None, None).await.unwrap();
    let said = format!("{} 第 {} 条 payload 缺失", number_of(&app, 5).await, deleted.seq);
    assert!(findings(&report).iter().any(|one| one.starts_with(&said)), "{:?}", findings(&report));
    let export = exported(&app, (None, None)).await;
    assert!(findings(&verified(&export)).iter().any(|one| one.starts_with(&said)));

    // A field that figures read is shown no more, in the file alone.
    let place = format!("\"case_number\":\"{}\",\"seq\":{},", number_of(&app, 6).await, hidden.seq);
    let hide = |line: &str| {
        let mut one: Value = serde_json::from_str(line).unwrap();
        if line.contains(&place) {
            one["event"]["fields"]["resolve_due"].as_object_mut().unwrap().remove("shown");
        }
        one.to_string()
    };
    let events = export.events.lines().map(hide).collect::<Vec<_>>().join("\n");
    let said =
        format!("{} 第 {} 条 payload.resolve_due 被隐去", number_of(&app, 6).await, hidden.seq);
    let found = findings(&verified(&Exported { events, ..export }));
    assert!(found.iter().any(|one| one.starts_with(&said)), "{found:?}");

    // Words of no list: what was changed is named, and figures say which case stops them.
    for (case, column, was) in [(7, "kind", "assigned"), (8, "actor_role", "system")] {
        let event = assigned(case).await;
        force(&app, &format!("UPDATE case_event SET {column} = 'x' WHERE id = {}", event.id)).await;
        let number = number_of(&app, case).await;
        let said = format!(
            "{number} 第 {} 条 {column} 被改动：“x”不是账本的用语：当时为 {was}",
            event.seq
        );
        let found = within(&app, None).await;
        assert!(found.contains(&said), "{found:#?}");
        app.declare_log("no word of the ledger");
        let figures = "/api/v1/audit/figures?ids=R6&from=2026-11-01&to=2026-12-01&exact=true";
        let (status, problem) = app.as_person("auditor").await.get(figures).await;
        let named = problem["detail"].as_str().unwrap().starts_with(&number);
        assert!(status == 409 && (named || case == 8), "{problem}");
    }
    let found = findings(&verified(&exported(&app, (None, None)).await));
    assert!(found.iter().any(|one| one.ends_with("kind 被改动：当时为 assigned")), "{found:?}");
}

#[tokio::test]
async fn an_export_that_was_cut_short_or_begins_late_says_so_whatever_its_first_line_says() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let export = exported(&app, (None, None)).await;
    let early = exported(&app, (None, Some("2026-11-28"))).await;
    let sealed = export.sealed.clone();
    let cut = Exported { events: early.events, sealed, key: export.key.clone() };
    let found = findings(&verified(&cut));
    assert!(found.len() == 1 && found[0].contains("而应到 2026-12-02"), "{found:?}");
    let until = Expected { from: None, to: Some("2026-11-28") };
    let report = verified_part(&cut, until);
    assert!(report.is_whole(), "{:?}", findings(&report));
    assert_eq!(report.days.map(|(_, last, days)| (last, days)), Some(("2026-11-28".into(), 5)));
    for to in ["", "2026-11-01"] {
        let events =
            format!("{{\"export\":{{\"format\":1,\"from\":\"2026-11-24\",\"to\":\"{to}\"}}}}");
        let empty = Exported { events, sealed: export.sealed.clone(), key: export.key.clone() };
        let found = findings(&verified(&empty));
        assert!(found.iter().any(|one| one.contains("没有检查点，无从核对")), "{to}: {found:?}");
    }
    let late = export.events.replacen("\"from\":\"2026-11-24\"", "\"from\":\"2026-12-02\"", 1);
    let found = findings(&verified(&Exported { events: late, ..export }));
    assert!(found[0].contains("应从 2026-11-24 起"), "{found:?}");
}

/// Else a false one would count, or nobody would read it.
#[tokio::test]
async fn a_printed_line_that_stands_twice_too_late_or_for_another_period_is_named() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let whole = exported(&app, (None, None)).await;
    assert!(verified(&whole).is_whole());
    let lines: Vec<&str> = whole.events.lines().collect();
    let printed = lines.iter().position(|line| line.contains("\"printing\"")).unwrap();
    let line = lines[printed];
    let at = line.find("\"as_of\":").unwrap() + "\"as_of\":".len();
    let other_time = format!("{}1{}", &line[..at], &line[at..]);
    let behind = |more: &str| [&lines[..], &[more]].concat().join("\n");
    let basis = lines.iter().find(|line| line.starts_with("{\"basis\"")).unwrap();
    let before = |more: &str| {
        let mut all = lines.clone();
        all.insert(printed, more);
        all.join("\n")
    };
    for (events, word) in [
        (behind(line), "事件之后又出现印发记录"),
        (behind(basis), "事件之后又出现印发记录"),
        (before(line), "重复出现"),
        (before(&other_time), "起止或统计时点"),
    ] {
        let changed = Exported { events, sealed: whole.sealed.clone(), key: whole.key.clone() };
        let found = findings(&verified(&changed));
        assert!(found.iter().any(|one| one.contains(word)), "{word}: {found:?}");
    }
}

#[tokio::test]
async fn a_printing_that_was_deleted_is_missed() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let revisions = "/api/v1/audit/snapshots/2026-11/revisions";
    for day in ["2026-12-04", "2026-12-05"] {
        let auditor = app.as_person("auditor").await;
        assert_eq!(auditor.post(revisions, serde_json::json!({ "reason": "复核" })).await.0, 202);
        let again = auditor.post(revisions, serde_json::json!({ "reason": "再复核" })).await;
        assert_eq!(
            (again.0, &again.1["code"]),
            (409, &"conflict".into()),
            "one waits: {}",
            again.1
        );
        go_to(&app, &format!("{day} 00:30"));
        sweep(&app).await;
    }
    go_to(&app, "2027-01-08 00:30");
    sweep(&app).await;
    let whole = exported(&app, (None, None)).await;
    assert!(verified(&whole).is_whole());
    let differs = async || database(app.services(), None, None).await.unwrap().differs;
    let without = |part: &str| {
        let events = whole.events.lines().filter(|line| !line.contains(part));
        let events = events.collect::<Vec<_>>().join("\n");
        let Exported { sealed, key, .. } = &whole;
        verified(&Exported { events, sealed: sealed.clone(), key: key.clone() }).differs
    };
    assert_eq!(differs().await, vec![]);
    let found = without("\"dimension\":\"grid\"");
    assert_eq!(found.len(), 4, "{found:?}");
    let period = |one: &zhinan::domain::audit::recount::Differs| one.period.clone();
    let found = without("\"revision\":1,");
    assert_eq!(found.iter().map(period).collect::<Vec<_>>(), ["2026-11 修订 1"]);

    force(&app, "DELETE FROM figure_snapshot WHERE revision = 1").await;
    let found = differs().await;
    assert_eq!(found.iter().map(period).collect::<Vec<_>>(), ["2026-11 修订 1"], "{found:?}");
    assert!(found[0].moved == Moved::Printing && found[0].figures.is_empty());
    force(&app, "DELETE FROM figure_snapshot WHERE figure = 'R6' AND period = '2026-12'").await;
    let found = differs().await;
    let month = found.iter().find(|one| one.period == "2026-12").unwrap();
    assert!(
        month.figures.len() == 8 && month.figures.iter().all(|one| one.figure == "R6"),
        "{month:?}"
    );
    assert_eq!(month.moved, Moved::None);
}

/// The column beside a printed figure is not sealed, the figure is.
#[tokio::test]
async fn a_printed_figure_is_found_by_what_it_says_of_itself() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let ask = async |id: &str| {
        let path = format!("/api/v1/audit/figures?ids={id}&snapshot=2026-11");
        app.as_person("auditor").await.get(&path).await.1["figures"].clone()
    };
    let (five, six) = (ask("R5").await, ask("R6").await);
    for (from, to) in [("R5", "x"), ("R6", "R5"), ("x", "R6")] {
        let text = format!("UPDATE figure_snapshot SET figure = '{to}' WHERE figure = '{from}'");
        force(&app, &text).await;
    }
    assert_eq!((ask("R5").await, ask("R6").await), (five.clone(), six));
    assert_eq!(five[0]["id"], "R5");
}

#[tokio::test]
async fn an_entry_that_was_given_to_another_case_is_named_with_its_own() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let whole = exported(&app, (None, None)).await;
    let lines: Vec<&str> = whole.events.lines().collect();
    let first = lines.iter().position(|line| line.starts_with("{\"event\"")).unwrap();
    let number = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        line["event"]["entry"]["case_number"].as_str().unwrap().to_owned()
    };
    let own = number(lines[first]);
    let other = lines[first..].iter().map(|line| number(line)).find(|one| *one != own).unwrap();
    for place in [first, first + 1] {
        let changed = lines[place].replacen(&own, &other, 1);
        let mut events = lines.clone();
        events[place] = &changed;
        let Exported { sealed, key, .. } = &whole;
        let (sealed, key) = (sealed.clone(), key.clone());
        let report = verified(&Exported { events: events.join("\n"), sealed, key });
        let seq = place - first + 1;
        let said = format!("{own} 第 {seq} 条 case_number 被改动：当时为 {own}");
        assert_eq!((findings(&report), report.differs), (vec![said], vec![]));
    }
}
