//! What a file brings that no checkpoint at hand seals: lines of a calendar that nobody confirmed, and
//! entries behind the last checkpoint of an old copy.

use serde_json::json;

use super::printing::{go_to, sweep};
use super::proof::{
    Exported, exported, findings, put_back, sealed_street, verified, verified_part, within,
};
use crate::kit::App;
use crate::kit::builders::{confirm_days_of_2026, notice_of_2026, report};
use zhinan::app::proof::verify::Expected;

/// Confirms a calendar in which the days around Christmas are days of rest.
pub async fn rest_in_december(app: &App) {
    let rest = (20..=25).map(|day| format!("2026,2026-12-{day},rest,元旦\n"));
    let more = format!("{}2026,2026-12-26,work,\n", rest.collect::<String>());
    confirm_days_of_2026(app, &more).await;
}

/// A line of a calendar in which two weekdays with cases are days of rest.
fn forged(version: u32, confirmed_at: i64) -> String {
    let rest = "2026,2026-11-25,rest,\n2026,2026-11-26,rest,\n2026,2026-12-26,work,\n";
    let body = notice_of_2026(rest);
    json!({ "calendar": { "version": version, "confirmed_at": confirmed_at, "body": body } })
        .to_string()
}

fn with(whole: &Exported, events: String) -> Exported {
    Exported { events, sealed: whole.sealed.clone(), key: whole.key.clone() }
}

/// What is said of an export to whose lines another is added before the one at a place.
fn added(whole: &Exported, place: usize, line: &str) -> Vec<String> {
    let mut lines: Vec<&str> = whole.events.lines().collect();
    lines.insert(place, line);
    told(&with(whole, lines.join("\n")))
}

/// What is said, and of which printed months.
fn told(export: &Exported) -> Vec<String> {
    let report = verified(export);
    let months = report.differs.iter().map(|one| one.period.clone());
    findings(&report).into_iter().chain(months).collect()
}

#[tokio::test]
async fn a_calendar_that_nobody_delivered_or_confirmed_is_named_and_accuses_no_case() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let whole = exported(&app, (None, None)).await;
    assert_eq!(told(&whole), Vec::<String>::new());
    // Version 0, in its body.
    let rest = "2026-11-25,rest,元旦";
    let edit = |line: &str| {
        let zero = line.starts_with("{\"calendar\":{\"version\":0");
        if zero { line.replace("2026-01-03,rest,元旦", rest) } else { line.to_owned() }
    };
    let events = whole.events.lines().map(edit).collect::<Vec<_>>().join("\n");
    assert!(events.contains(rest));
    let said = "第 0 版日历被改动：与随程序交付的不符；重算按随程序交付的";
    assert_eq!(told(&with(&whole, events)), [said]);
    assert_eq!(added(&whole, 2, &forged(0, 0)), ["第 0 版日历重复出现", said]);
    // Another version, as if it had been confirmed long ago.
    let said = "第 1 版日历不在任何检查点里：事后添加；重算不计入";
    assert_eq!(added(&whole, 2, &forged(1, 1)), [said]);

    // One that two people brought since the last checkpoint is there, and nothing is said of it.
    rest_in_december(&app).await;
    let whole = exported(&app, (None, None)).await;
    assert_eq!(told(&whole), Vec::<String>::new());
    go_to(&app, "2026-12-04 00:30");
    sweep(&app).await;
    let early = exported(&app, (None, Some("2026-12-01"))).await;
    let report = verified_part(&early, Expected { from: None, to: Some("2026-12-01") });
    assert!(report.is_whole(), "{:?}", findings(&report));
    // A false line beside the sealed one, before or behind it.
    let whole = exported(&app, (None, None)).await;
    assert_eq!(told(&whole), Vec::<String>::new());
    for place in [1, 2, 3] {
        assert_eq!(added(&whole, place, &forged(1, 1)), ["第 1 版日历重复出现"], "{place}");
    }
}

#[tokio::test]
async fn a_calendar_that_a_clock_put_back_has_sealed_a_day_late_counts_and_accuses_nobody() {
    let mut app = App::start().await;
    app.leave_jobs();
    app.declare_log("sweep: this should be zero");
    report(&app).await;
    go_to(&app, "2026-11-26 00:30");
    sweep(&app).await;
    put_back(&app, 5);
    rest_in_december(&app).await;
    go_to(&app, "2026-11-27 00:30");
    sweep(&app).await;
    let report = verified(&exported(&app, (None, None)).await);
    assert_eq!((findings(&report), report.differs), (vec![], vec![]));
    let remarks = report.verdict.remarks;
    assert!(remarks.len() == 1 && remarks[0].starts_with("第 1 版日历"), "{remarks:?}");
    assert_eq!(within(&app, None).await, Vec::<String>::new());
}

#[tokio::test]
async fn behind_the_last_checkpoint_of_an_old_copy_nothing_is_proven_and_nobody_accused() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let whole = exported(&app, (None, None)).await;
    let days: Vec<&str> = whole.sealed.split_inclusive('\n').collect();
    for (kept, known) in [(8, "2026-12-01"), (5, "2026-11-28"), (1, "2026-11-24")] {
        let sealed = days[..kept].concat();
        let old = Exported { sealed, events: whole.events.clone(), key: whole.key.clone() };
        let said = format!(
            "事件文件到“2026-12-02”，检查点却只到 {known}：此后的记录无从核对，不等于被改动（检查点文件缺了末尾，或是较早的副本）"
        );
        assert_eq!(told(&old), [said]);
        // What the copy seals stays proven.
        let changed = whole.events.replacen("\"kind\":\"reported\"", "\"kind\":\"opened\"", 1);
        let found = told(&Exported { events: changed, ..old });
        assert!(found.iter().any(|one| one.contains("当时为 reported")), "{found:?}");
    }
    let none = Exported { sealed: String::new(), ..whole };
    assert_eq!(told(&none), ["没有检查点，无从核对"]);
}

#[tokio::test]
async fn lines_of_checkpoints_in_another_order_accuse_no_case_and_leave_no_day_out() {
    let mut app = App::start().await;
    sealed_street(&mut app).await;
    let whole = exported(&app, (None, None)).await;
    let days: Vec<&str> = whole.sealed.lines().collect();
    let last = days.len() - 1;
    for (one, other) in [(0, 1), (3, 4), (last - 1, last), (0, last)] {
        let mut swapped = days.clone();
        swapped.swap(one, other);
        let sealed = swapped.join("\n");
        let found =
            told(&Exported { sealed, events: whole.events.clone(), key: whole.key.clone() });
        let faults = found.iter().filter(|one| one.contains("日检查点顺序颠倒")).count();
        assert!(faults > 0 && faults == found.len(), "{one} and {other}: {found:?}");
    }
}
