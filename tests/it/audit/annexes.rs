//! What counts beside the entries is sealed with them: the calendar, and what was printed.

use serde_json::{Value, json};

use super::printing::{go_to, sweep};
use super::proof::{
    Exported, exported, findings, force, sealed_street, verified, verified_part, within,
};
use super::unsealed::rest_in_december;
use crate::kit::App;
use zhinan::app::proof::verify::Expected;

/// Two printed months, one of them revised, and a calendar that two people brought, all of it sealed.
async fn printed(app: &mut App) -> Exported {
    rest_in_december(app).await;
    sealed_street(app).await;
    let revisions = "/api/v1/audit/snapshots/2026-11/revisions";
    let auditor = app.as_person("auditor").await;
    assert_eq!(auditor.post(revisions, json!({ "reason": "复核" })).await.0, 202);
    for day in ["2026-12-04", "2027-01-08", "2027-01-09"] {
        go_to(app, &format!("{day} 00:30"));
        sweep(app).await;
    }
    exported(app, (None, None)).await
}

#[tokio::test]
async fn no_printing_and_no_calendar_goes_or_changes_unseen() {
    let mut app = App::start().await;
    let whole = printed(&mut app).await;
    assert_eq!(findings(&verified(&whole)), Vec::<String>::new());
    let with = |edit: &dyn Fn(&str) -> Option<String>| {
        let events = whole.events.lines().filter_map(edit).collect::<Vec<_>>().join("\n");
        let Exported { sealed, key, .. } = &whole;
        findings(&verified(&Exported { events, sealed: sealed.clone(), key: key.clone() }))
    };
    let without = |parts: &[&str]| {
        with(&|line| (!parts.iter().all(|part| line.contains(part))).then(|| line.to_owned()))
    };
    let says = |found: Vec<String>, word: &str| {
        assert!(found.iter().any(|one| one.contains(word)), "{word}: {found:?}");
    };
    says(without(&["\"period\":\"2026-12\""]), "2026-12 的印发缺失，而检查点里有它");
    says(without(&["\"period\":\"2026-11\""]), "2026-11 的印发缺失，而检查点里有它");
    says(without(&["\"period\":\"2026-11\"", "\"revision\":1"]), "2026-11 修订 1 的印发缺失");
    says(without(&["\"dimension\":\"grid\"", "2026-12"]), "2026-12 的印发被改动");
    says(without(&["{\"calendar\":", "2026-12-25"]), "第 1 版日历缺失");
    let too_early = |line: &str| {
        let mut one: Value = serde_json::from_str(line).unwrap();
        if one["printing"]["period"] == "2026-12" {
            one["printing"]["as_of"] = (one["printing"]["to"].as_i64().unwrap() - 1).into();
        }
        Some(one.to_string())
    };
    says(with(&too_early), "2026-12 的印发统计时点早于月末");
    let moved = |line: &str| {
        let calendar = line.starts_with("{\"calendar\":{\"version\":1");
        Some(if calendar { line.replace("2026-12-25", "2026-12-19") } else { line.to_owned() })
    };
    says(with(&moved), "第 1 版日历被改动");
    // A part of the record has no printings, and none is missed.
    let part = exported(&app, (Some("2026-12-03"), None)).await;
    let expected = Expected { from: Some("2026-12-03"), to: None };
    assert_eq!(findings(&verified_part(&part, expected)), Vec::<String>::new());
    // The calendar is in it, whole, and without it no case is accused of its due times.
    let without =
        part.events.lines().filter(|line| !line.starts_with("{\"calendar\":{\"version\":1"));
    let events = without.collect::<Vec<_>>().join("\n");
    let said = findings(&verified_part(&Exported { events, ..part }, expected));
    assert_eq!(said, ["第 1 版日历缺失，而检查点里有它"]);
    let early = exported(&app, (None, Some("2026-12-02"))).await;
    let expected = Expected { from: None, to: Some("2026-12-02") };
    assert_eq!(findings(&verified_part(&early, expected)), Vec::<String>::new());
}

#[tokio::test]
async fn the_newest_month_deleted_from_the_database_is_missed() {
    let mut app = App::start().await;
    printed(&mut app).await;
    assert_eq!(within(&app, None).await, Vec::<String>::new());
    force(&app, "DELETE FROM figure_snapshot WHERE period = '2026-12'").await;
    force(&app, "DELETE FROM figure_basis WHERE period = '2026-12'").await;
    assert_eq!(within(&app, None).await, ["2026-12 的印发缺失，而检查点里有它"]);
}
