//! The cards of every kind of notice, as phones show them: one street, three cases, and everything
//! that anybody is ever told about them.

use std::collections::{BTreeMap, BTreeSet};

use entity::kinds::{CaseState, Category, NoticeKind};
use serde_json::{Value, json};

use crate::kit::App;
use crate::kit::builders::{ADDRESS, allow, case_in, report_as};
use crate::kit::clock::{minutes, seconds};
use crate::kit::snap::matches_snapshot;
use crate::kit::wechat::Message;

/// A resident allows five messages of each kind.
async fn allow_messages(app: &App, name: &str) {
    for template in ["T-acknowledged", "T-resolved", "T-question"] {
        allow(app, name, template, 5).await;
    }
}

async fn report(app: &App, address: &str) -> i64 {
    send(
        app,
        json!({ "text": "家里没水了，电话13800001234", "address": address,
        "category": "utilities", "contact_phone": "13800001234" }),
    )
    .await
}

/// A question that belongs to no place.
async fn ask(app: &App, text: &str) -> i64 {
    send(app, json!({ "text": text })).await
}

async fn send(app: &App, body: Value) -> i64 {
    let (status, case) = app.as_person("resident-1").await.post("/api/v1/cases", body).await;
    assert_eq!(status, 201, "{case}");
    app.run_due().await;
    case["id"].as_i64().unwrap()
}

async fn post(app: &App, who: &str, (case, verb): (i64, &str), mut body: Value) {
    let client = app.as_person(who).await;
    let path = format!("/api/v1/cases/{case}");
    body["expected_version"] = client.get(&path).await.1["version"].clone();
    let (status, answer) = client.post(&format!("{path}/{verb}"), body).await;
    assert_eq!(status, 200, "{verb}: {answer}");
    app.run_due().await;
}

async fn everything_happens(app: &App) {
    let case = report(app, ADDRESS).await;
    app.advance(minutes(30));
    app.run_due().await;
    post(app, "resident-1", (case, "reminder"), json!({})).await;
    post(app, "primary-1", (case, "acknowledgement"), json!({})).await;
    let contact = json!({ "method": "phone", "outcome": "reached" });
    post(app, "primary-1", (case, "contacts"), contact).await;
    // What was said to him on the phone or at the door is no message; what is written to him is.
    let missed = json!({ "method": "phone", "outcome": "left_message", "note": "明早再来" });
    post(app, "primary-1", (case, "contacts"), missed).await;
    let silent = json!({ "method": "message", "outcome": "left_message", "note": " " });
    post(app, "primary-1", (case, "contacts"), silent).await;
    let written = json!({ "method": "message", "outcome": "left_message",
        "note": "请把总阀关上，明早九点上门" });
    post(app, "primary-1", (case, "contacts"), written).await;
    let rest = json!({ "reason": "awaiting_material", "note": "缺水表照片",
        "until": "2026-11-25T10:00:00+08:00" });
    post(app, "cadre-1", (case, "hold"), rest).await;
    post(app, "primary-1", (case, "resumption"), json!({})).await;
    let result = json!({ "result_type": "solved", "text": "已修好" });
    post(app, "primary-1", (case, "resolution"), result).await;
    post(app, "resident-1", (case, "reopening"), json!({ "reason": "还是没水" })).await;
    // Whom the first chain told is told before the next one begins.
    app.advance(seconds(1));
    let to = json!({ "grid": "G00102", "reason": "位置不对" });
    post(app, "primary-1", (case, "transfer"), to).await;
    post(app, "resident-1", (case, "cancellation"), json!({})).await;

    let case = ask(app, "我的事办得咋样了，电话13800001234").await;
    let no = json!({ "code": "outside_duty", "explanation": "请联系供水公司" });
    post(app, "desk-1", (case, "rejection"), no).await;
    report(app, "阳光花园").await;
}

/// What a court decides is told to the resident; those who work on it are told to stop as by any
/// reminder.
async fn goes_to_court(app: &App) -> Vec<Message> {
    let case = case_in(app, CaseState::OnHold).await.id.0;
    post(app, "command", (case, "diversion"), json!({ "reason": "请等法院判决" })).await;
    app.messages().await.into_iter().filter(|card| kind(card) == "diverted").collect()
}

/// Whose request was merged into another one is told that, and what becomes of the other.
async fn goes_on_as_another(app: &App) -> Vec<Message> {
    let lead = case_in(app, CaseState::InProgress).await.id.0;
    let same = report_as(app, "resident-2", ADDRESS, Category::Utilities).await.id.0;
    post(app, "desk-1", (same, "merge"), json!({ "into": lead, "reason": "同一处停水" })).await;
    let result = json!({ "result_type": "solved", "text": "已修好" });
    post(app, "primary-1", (lead, "resolution"), result).await;
    let told = |card: &Message| matches!(kind(card).as_str(), "merged" | "outcome");
    app.messages().await.into_iter().filter(told).collect()
}

fn kind(card: &Message) -> String {
    let page = card.page.as_deref().unwrap();
    page.rsplit_once("from=").unwrap().1.to_owned()
}

#[tokio::test]
async fn every_kind_of_notice_shows_its_fields_and_nothing_of_the_resident() {
    let app = App::start().await;
    allow_messages(&app, "resident-1").await;
    everything_happens(&app).await;
    let mut cards = app.messages().await;
    cards.extend(goes_to_court(&app).await);
    allow_messages(&app, "resident-2").await;
    cards.extend(goes_on_as_another(&app).await);
    app.ignore_messages().await;
    let mut all: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    for card in &cards {
        let shown = json!({ "channel": card.channel, "template": card.template, "page": card.page,
            "data": card.data });
        for private in ["13800001234", "101", "没水"] {
            let words: String = card.data.values().cloned().collect();
            assert!(!words.contains(private), "{private}: {shown}");
        }
        let of_kind = all.entry(kind(card)).or_default();
        assert!(of_kind.insert(card.to.clone(), shown).is_none(), "told twice: {card:?}");
    }
    let seen: BTreeSet<&str> = all.keys().map(String::as_str).collect();
    // What is about no case is read by the tests of consents and of the roster; what is only in the
    // inbox by those of the inbox.
    let no_cards = [NoticeKind::Renewal, NoticeKind::Roster, NoticeKind::Added];
    let about_cases = NoticeKind::ALL.iter().filter(|kind| !no_cards.contains(kind));
    let known: BTreeSet<&str> = about_cases.map(|kind| kind.word()).collect();
    assert_eq!(seen, known, "every kind is shown once at least");
    matches_snapshot!("cards", all);
}
