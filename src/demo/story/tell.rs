//! The story in words a person reads: each case with its real durations, then the auditor's table.

use jiff::Timestamp;
use serde_json::Value;

use super::Message;
use super::acts::Ended;
use super::client::{StoryError, text};

/// Prints one case.
pub fn case(message: &Message, outcome: &Result<Ended, StoryError>) {
    match outcome {
        Err(why) => println!("✗ {} “{}”\n    {why}\n", message.id, message.text),
        Ok(ended) => {
            let detail = &ended.detail;
            println!("✓ {} “{}”", text(detail, "/number"), message.text);
            println!("    {}；{}", place(detail), ended.act);
            timeline(detail);
            println!();
        }
    }
}

fn place(detail: &Value) -> String {
    let named = |level: &str| text(detail, &format!("/grid/{level}/name")).to_owned();
    match (named("large"), named("small")) {
        (large, small) if small.is_empty() && large.is_empty() => "未派单".to_owned(),
        (large, small) => format!("{large} {small}"),
    }
}

fn timeline(detail: &Value) {
    let began = at(text(detail, "/reported_at"));
    for event in detail.pointer("/timeline").and_then(Value::as_array).into_iter().flatten() {
        let passed = at(text(event, "/at")).zip(began).map(|(at, began)| seconds(began, at));
        let who = [text(event, "/role_zh"), text(event, "/name")].join(" ");
        println!(
            "    {:>8}  {}  {}",
            passed.map_or_else(|| "?".to_owned(), |s| format!("+{s:.2}s")),
            text(event, "/kind_zh"),
            who.trim()
        );
    }
}

fn at(raw: &str) -> Option<Timestamp> {
    raw.parse().ok()
}

fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64()
}

/// Prints the auditor's table as the API gave it.
pub fn audit(table: &Value) {
    println!("督查审计看到的响应时长（秒，中位数 / 90 分位；只算到此刻，未完成的不会消失）");
    println!("{:<14}{:>4}{:>6}{:>18}{:>18}{:>18}", "网格", "件", "未结", "首推", "签收", "办结");
    let groups = table.pointer("/groups").and_then(Value::as_array);
    for group in groups.into_iter().flatten() {
        line(text(group, "/name"), group);
    }
    if let Some(total) = table.pointer("/total") {
        line("合计", total);
    }
    println!("–：过半（或九成）还没有到这一步；不满 20 件不列 90 分位");
}

fn line(name: &str, figures: &Value) {
    let count = |key: &str| figures.get(key).and_then(Value::as_u64).unwrap_or_default();
    let name = if name.is_empty() { "（未定网格）" } else { name };
    println!(
        "{name:<14}{:>4}{:>6}{:>18}{:>18}{:>18}",
        count("n"),
        count("open"),
        interval(figures, "first_push"),
        interval(figures, "acknowledge"),
        interval(figures, "resolve"),
    );
}

fn interval(figures: &Value, name: &str) -> String {
    let quantile = |which: &str| {
        let seconds = figures.pointer(&format!("/{name}/{which}/seconds")).and_then(Value::as_f64);
        seconds.map_or_else(|| "–".to_owned(), |s| format!("{s:.2}"))
    };
    format!("{} / {}", quantile("p50"), quantile("p90"))
}

/// The auditor must see every case of the story, no more quickly forgotten than told.
pub fn counted(table: &Value, told: usize) -> Result<(), StoryError> {
    let seen = table.pointer("/total/n").and_then(Value::as_u64).unwrap_or_default();
    if usize::try_from(seen).is_ok_and(|seen| seen >= told) {
        return Ok(());
    }
    Err(StoryError::new(format!("审计表只有 {seen} 件，故事里有 {told} 件")))
}
