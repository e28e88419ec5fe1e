//! A reading laid open for people: what was found where, at what cost, and what came of it.

use std::fmt::Write;

use super::decide::resolve;
use super::group::groups;
use super::mention::{Mention, Reading, read};
use super::{Index, Query, Resolution};

/// Returns the lattice, the mentions with their costs and roles, and the decision, as lines of text.
pub(super) fn explain(index: &Index, query: &Query<'_>) -> String {
    let reading = read(index, query.address.filter(|a| !a.trim().is_empty()).unwrap_or(query.text));
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = lattice(&mut out, index, &reading);
    let _ = places(&mut out, index, &reading);
    let _ = decision(&mut out, index, &resolve(index, query));
    out
}

fn lattice(out: &mut String, index: &Index, reading: &Reading) -> std::fmt::Result {
    let text = &reading.text;
    writeln!(out, "折叠  {}", text.string(0, text.len()))?;
    for hit in index.names.scan(text) {
        let word = text.string(hit.start, hit.end);
        let far = if hit.gross { "，相差较大" } else { "" };
        writeln!(
            out,
            "名称  [{}, {}) {word}  代价 {:.2}{far}  {:?}",
            hit.start, hit.end, hit.cost, hit.names
        )?;
    }
    for tail in &reading.loose {
        let word = text.string(tail.start, tail.end);
        writeln!(out, "号码  [{}, {}) {word}  没有归属", tail.start, tail.end)?;
    }
    Ok(())
}

fn places(out: &mut String, index: &Index, reading: &Reading) -> std::fmt::Result {
    for group in groups(reading) {
        write!(out, "地址  [{}, {})", group.start, group.end)?;
        let cues = group.evidence.names();
        if !cues.is_empty() {
            write!(out, "  依据 {:+.1}：{}", group.evidence.weight(), cues.join(" "))?;
        }
        writeln!(out)?;
        for mention in &group.mentions {
            one(out, index, mention)?;
        }
    }
    for mention in &reading.faint {
        write!(out, "简称  ")?;
        one(out, index, mention)?;
    }
    Ok(())
}

fn one(out: &mut String, index: &Index, m: &Mention) -> std::fmt::Result {
    let grids: Vec<&str> = m.grids().into_iter().map(|g| index.grid_name(g)).collect();
    let shown = grids.get(..grids.len().min(6)).unwrap_or(&grids).join("、");
    let more = if grids.len() > 6 { "……" } else { "" };
    writeln!(
        out,
        "      {}（{:?}，{}，代价 {:.2}）→ {shown}{more}",
        m.title, m.rank, m.source, m.cost
    )
}

fn decision(out: &mut String, index: &Index, found: &Resolution) -> std::fmt::Result {
    writeln!(out, "结论  {:?}  把握 {:.3}  {}", found.action, found.confidence, found.reason)?;
    for candidate in &found.candidates {
        writeln!(out, "      {}  {:.3}", index.grid_name(candidate.grid), candidate.p)?;
    }
    if let Some(question) = &found.question {
        let answers: Vec<&str> = question.answers.iter().map(|a| a.label.as_str()).collect();
        writeln!(out, "提问  {}  {}", question.text, answers.join(" / "))?;
    }
    Ok(())
}
