//! Takes a record one entry after another: what was published first, then case after case.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::Value;

use super::lines::{Fault, Faults};
use crate::domain::audit::recount::{Recount, calendars};
use crate::domain::case::ledger::annex;
use crate::domain::case::ledger::exported::{
    CalendarVersion, Event, Line, Odd, Oddity, Printing, Published,
};
use crate::domain::case::ledger::proof::{Finding, Proof, Runs, Verdict};

/// A record that is being read. One case is in memory at a time, and those that wait for their lines.
pub(super) struct Reader {
    proof: Proof,
    /// From the first entry on: the calendar and what was published stand before it.
    recount: Option<Recount>,
    versions: Vec<CalendarVersion>,
    printed: Published,
    runs: Runs,
    misplaced: Misplaced,
    faults: Faults,
}

impl Reader {
    /// Begins with nothing read.
    pub fn new(proof: Proof) -> Self {
        Self {
            proof,
            recount: None,
            versions: Vec::new(),
            printed: Published::default(),
            runs: Runs::default(),
            misplaced: Misplaced::default(),
            faults: Faults::of("事件文件"),
        }
    }

    /// Takes a line, or what is known of one that cannot be read.
    pub fn take(&mut self, line: Result<Result<Line, Odd>, Fault>) {
        match line {
            Err(fault) => self.faults.add(fault),
            Ok(Err(odd)) => self.misplaced.odd(odd),
            Ok(Ok(Line::Event(event))) => self.event(*event),
            Ok(Ok(line)) if self.runs.begun() => self.misplaced.behind(&line),
            Ok(Ok(Line::Export(_))) => {
                self.misplaced.say("事件文件里又出现导出说明：只应是第一行".to_owned());
            }
            Ok(Ok(Line::Calendar(one))) => self.versions.push(one),
            Ok(Ok(Line::Printing(one))) => {
                self.misplaced.see(&one);
                self.printed.0.push(*one);
            }
            Ok(Ok(Line::Basis(one))) => self.printed.1.push(one),
        }
    }

    /// Begins with the calendar and what was published, where they are at hand.
    pub fn beside(self, versions: Vec<CalendarVersion>, printed: Published) -> Self {
        Self { versions, printed, ..self }
    }

    /// Takes an entry.
    pub fn event(&mut self, event: Event) {
        let Some(over) = self.runs.take(event) else { return };
        self.open();
        let case = self.runs.prove(&mut self.proof, over);
        if let (Some(case), Some(recount)) = (case, &mut self.recount) {
            recount.case(&case);
        }
    }

    fn open(&mut self) {
        if self.recount.is_some() {
            return;
        }
        let versions = self.proof.calendars(std::mem::take(&mut self.versions));
        let hashes = annex::hashes(&versions, &self.printed.0).unwrap_or_default();
        self.proof.annexes(&hashes);
        self.proof.printings(&self.printed.0);
        let (calendars, unreadable) = calendars(&versions);
        for version in unreadable {
            let why = format!("第 {version} 版日历无法读取；重算不计入");
            self.misplaced.say(why);
        }
        let calendars = Arc::new(calendars.lacking(self.proof.lacking(&versions)));
        self.recount = Some(Recount::new(calendars, std::mem::take(&mut self.printed)));
    }

    /// Ends with what was found of the record; due times are said of cases that are whole otherwise.
    pub fn finish(mut self, from: &str) -> Option<(Verdict, Recount)> {
        self.open();
        let mut recount = self.recount?;
        for case in self.runs.finish(&mut self.proof) {
            recount.case(&case);
        }
        let mut verdict = self.proof.finish(from);
        verdict.add(recount.astray());
        let lines = self.faults.finish().into_iter().chain(self.misplaced.findings);
        verdict.findings.splice(0..0, lines);
        Some((verdict, recount))
    }
}

/// Lines that are none of ours, stand twice, or where nobody reads them.
#[derive(Default)]
struct Misplaced {
    figures: HashSet<(String, i32, String, String)>,
    /// From, to and as of when a printing counts.
    frames: HashMap<(String, i32), [i64; 3]>,
    findings: Vec<Finding>,
}

impl Misplaced {
    fn say(&mut self, why: String) {
        self.findings.push(Finding::said(why));
    }

    /// Its place in the chain stays empty.
    fn odd(&mut self, odd: Odd) {
        let why = match odd.why {
            Oddity::Unknown => "账本没有这个字段",
            Oddity::Twice => "这个字段，或其中的一项，写了两次",
            Oddity::Malformed => "内容的形式不对",
        };
        let Odd { case, seq, field, .. } = odd;
        self.findings.push(Finding { case: Some(case), seq, field, why: why.to_owned() });
    }

    fn behind(&mut self, line: &Line) {
        let what = match line {
            Line::Calendar(_) => "日历",
            Line::Export(_) => "导出说明",
            _ => "印发",
        };
        self.say(format!("事件之后又出现{what}记录：应写在全部事件之前"));
    }

    fn see(&mut self, one: &Printing) {
        let id = one.figure.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let name = format!("{} 修订 {}", one.period, one.revision);
        let of = (one.period.clone(), one.revision);
        if !self.figures.insert((of.0.clone(), of.1, one.dimension.clone(), id.clone())) {
            self.say(format!("{name} 的印发记录 {id} 按 {} 分组重复出现", one.dimension));
        }
        let frame = [one.from, one.to, one.as_of];
        if *self.frames.entry(of).or_insert(frame) != frame {
            self.say(format!("{name} 的印发记录 {id} 起止或统计时点与同次印发的其他记录不同"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::ledger::proof::Extent;

    #[test]
    fn a_calendar_that_cannot_be_read_and_a_second_header_are_named_and_end_nothing() {
        let mut reader = Reader::new(Proof::new(Vec::new(), Extent::Ahead, |_, _| false));
        let header = r#"{"export":{"format":1,"from":"2026-11-23","to":"2026-11-24"}}"#;
        let calendar = r#"{"calendar":{"version":1,"confirmed_at":1,"body":"2026,no table"}}"#;
        for line in [header, calendar] {
            reader.take(Ok(Ok(Line::read(line.as_bytes()).unwrap())));
        }
        let (verdict, _) = reader.finish("").unwrap();
        let said: Vec<&str> = verdict.findings.iter().map(|one| one.why.as_str()).collect();
        let again = "事件文件里又出现导出说明：只应是第一行";
        assert_eq!(said, [again, "第 1 版日历无法读取；重算不计入"]);
    }
}
