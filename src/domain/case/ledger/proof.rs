//! Verifies entries against the checkpoints: case by case, and at the end what is missing. Each thing
//! that is not as it was sealed is named once for its case, at the first entry that shows it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use entity::kinds::EventType;

use super::annex;
use super::checkpoint::{Head, Signed, is_by};
use super::exported::{Event, Strange, commitment};
use super::{Checkpoint, GENESIS, hash};
use crate::domain::calendar::iso_date;

mod annexes;
mod blamed;
mod hidden;
mod late;
mod order;
mod pieces;
mod runs;

pub use runs::Runs;

use blamed::Looked;
use late::Late;
use order::{Placed, ordered};

/// Something that is not as it was sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finding {
    /// Number of the case; missing where a checkpoint itself is wrong.
    pub case: Option<String>,
    pub seq: Option<i64>,
    /// Name of a field of the entry, or `payload.` and that of one of its payload.
    pub field: Option<String>,
    /// A Chinese sentence.
    pub why: String,
}

impl Finding {
    /// Says something of no case.
    pub fn said(why: String) -> Self {
        Self { why, ..Self::default() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(case) = &self.case {
            write!(f, "{case} ")?;
        }
        if let Some(seq) = self.seq {
            write!(f, "第 {seq} 条 ")?;
        }
        if let Some(field) = &self.field {
            write!(f, "{field} ")?;
        }
        write!(f, "{}", self.why)
    }
}

fn at(seq: i64, field: impl Into<Option<String>>, why: impl Into<String>) -> Finding {
    Finding { case: None, seq: Some(seq), field: field.into(), why: why.into() }
}

/// Whether there may be entries that no checkpoint holds yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// An export ends with its last checkpoint.
    Sealed,
    /// An export goes on after the last checkpoint that is at hand: what follows is unproven.
    Ahead,
    /// A database goes on after it.
    Open,
}

/// What was sealed of one case.
#[derive(Debug, Default)]
struct Seals {
    /// Places of the days, and the heads, in order.
    heads: Vec<(usize, Head)>,
    seen: bool,
}

impl Seals {
    /// Tells whether a day since the last head, up to the newest, is missing or not to be believed.
    fn doubted(&self, days: &[Day]) -> bool {
        let since = self.heads.last().map_or(0, |(day, _)| day.saturating_add(1));
        days.iter().skip(since).any(|day| day.broken || !day.vouched)
    }
}

/// A day as its checkpoint has it, and how far that may be believed: what cannot be believed accuses
/// no case.
#[derive(Debug)]
struct Day {
    name: String,
    /// Signed, and its heads are those that were signed.
    vouched: bool,
    /// A day before it is missing.
    broken: bool,
}

/// A verification under way.
#[derive(Debug)]
pub struct Proof {
    days: Vec<Day>,
    cases: HashMap<String, Seals>,
    extent: Extent,
    looked: Looked,
    late: Late,
    verdict: Verdict,
}

/// What a verification found.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    pub cases: u64,
    pub entries: u64,
    /// Entries whose payload was erased by law.
    pub erased: u64,
    /// Of those: the entry that says so is not among the sealed ones yet.
    pub unexplained: u64,
    /// In the order in which they were met.
    pub findings: Vec<Finding>,
    /// Chinese sentences of what happened in an unusual way and accuses nobody.
    pub remarks: Vec<String>,
}

impl Verdict {
    /// Adds findings about cases of which nothing is said yet.
    pub fn add(&mut self, more: Vec<Finding>) {
        let mut said: BTreeSet<Option<String>> =
            self.findings.iter().map(|known| known.case.clone()).collect();
        let new = more.into_iter().filter(|one| said.insert(one.case.clone()));
        self.findings.extend(new);
    }
}

impl Proof {
    /// Begins with the checkpoints, in whatever order. `signed` tells whether a signature over bytes
    /// is good.
    pub fn new(
        checkpoints: Vec<Signed>,
        extent: Extent,
        signed: impl Fn(&[u8], &str) -> bool,
    ) -> Self {
        let (placed, findings) = ordered(checkpoints, &signed);
        let (mut days, mut verdict) = (Vec::<Day>::new(), Verdict::default());
        verdict.findings = findings;
        let mut cases: HashMap<String, Seals> = HashMap::new();
        let mut before: Option<Checkpoint> = None;
        for Placed { one, good, .. } in placed {
            let Standing { day, wrong } = standing((&one, good), before.as_ref());
            verdict.findings.extend(wrong.map(Finding::said));
            let vouched = day.vouched;
            days.push(day);
            before = Some(one.checkpoint);
            for head in one.heads.into_iter().filter(|_| vouched) {
                let seals = cases.entry(head.number().to_owned()).or_default();
                let next = seals.heads.last().map_or(1, |(_, last)| last.last().saturating_add(1));
                if head.first() != next && !(head.first() > next && seals.doubted(&days)) {
                    let day = days.last().map_or("", |day| day.name.as_str());
                    let why = format!("{day} 日检查点从第 {} 条记起", head.first());
                    verdict.findings.push(of(head.number(), at(next, None, why)));
                }
                seals.heads.push((days.len().saturating_sub(1), head));
            }
        }
        let (looked, late) = (Looked::most(blamed::MOST), Late::default());
        Self { days, cases, extent, looked, late, verdict }
    }

    /// Verifies one case by all its entries, in the order in which they are kept.
    pub fn case(&mut self, events: &[Event]) {
        let Some(first) = events.first() else { return };
        let number = first.entry.case_number.as_str();
        let found = self.wrong_with(number, events);
        self.told(number, events, found);
    }

    /// Finds the first thing that is wrong with a case.
    fn wrong_with(&self, number: &str, events: &[Event]) -> Option<Finding> {
        let (none, first) = (Seals::default(), events.first()?);
        let seals = self.cases.get(number).unwrap_or(&none);
        if seals.seen {
            return Some(at(first.entry.seq, None, "这件工单的记录出现了两次"));
        }
        let (days, extent, looked) = (self.days.as_slice(), self.extent, &self.looked);
        Chain { number, events, days, extent, looked, seals }.check()
    }

    /// Counts a case, with what is wrong with it.
    fn told(&mut self, number: &str, events: &[Event], found: Option<Finding>) {
        self.verdict.cases += 1;
        self.verdict.entries += u64::try_from(events.len()).unwrap_or(u64::MAX);
        let erased = events.iter().filter(|event| event.erased).count();
        self.verdict.erased += u64::try_from(erased).unwrap_or(u64::MAX);
        let said = events.iter().rposition(|event| event.entry.kind == EventType::Erased);
        let unsaid = events.iter().skip(said.unwrap_or(0)).filter(|event| event.erased).count();
        self.verdict.unexplained += u64::try_from(unsaid).unwrap_or(u64::MAX);
        if let Some(seals) = self.cases.get_mut(number) {
            seals.seen = true;
        }
        match found {
            Some(finding) => self.verdict.findings.push(of(number, finding)),
            None => self.note_late(number, events),
        }
    }

    fn has_seen(&self, number: &str) -> bool {
        self.cases.get(number).is_some_and(|seals| seals.seen)
    }

    /// Finds the cases that are sealed and did not come yet by the mark of their first entry: those of
    /// which it is among these.
    fn absent(&self, firsts: &BTreeSet<&str>) -> BTreeMap<String, Vec<String>> {
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (number, seals) in self.cases.iter().filter(|(_, seals)| !seals.seen) {
            let mark = seals.heads.first().and_then(|(_, head)| head.mark(1));
            if let Some(mark) = mark.filter(|mark| firsts.contains(mark)) {
                found.entry(mark.to_owned()).or_default().push(number.clone());
            }
        }
        found
    }

    /// Ends with the cases that were sealed from a day on and did not come.
    pub fn finish(mut self, from: &str) -> Verdict {
        let partly = self.days.first().is_some_and(|first| from > first.name.as_str());
        // The calendar is in every export, whole.
        let expected = |name: &str, seals: &Seals| {
            let last = seals.heads.last().and_then(|(day, _)| self.days.get(*day));
            let since = last.is_some_and(|day| day.name.as_str() >= from);
            !seals.seen && (since || annex::calendar_version(name).is_some())
        };
        // A part of the record has no printings: they follow from all of it.
        let left_out = |name: &str| partly && annex::is_printing(name);
        let missing: BTreeSet<&String> = self
            .cases
            .iter()
            .filter(|(name, seals)| expected(name, seals) && !left_out(name))
            .map(|(number, _)| number)
            .collect();
        for number in missing {
            let finding = match annex::zh(number) {
                Some(what) => Finding {
                    why: format!("{what}缺失，而检查点里有它"),
                    ..Finding::default()
                },
                None => of(number, at(1, None, "整件工单的记录缺失，而检查点里有它")),
            };
            self.verdict.findings.push(finding);
        }
        self.verdict.remarks.extend(self.late.said());
        self.verdict
    }
}

fn of(number: &str, finding: Finding) -> Finding {
    Finding { case: Some(number.to_owned()), ..finding }
}

/// What a checkpoint says of itself and of the one before it.
struct Standing {
    day: Day,
    /// The first thing that is wrong with it.
    wrong: Option<String>,
}

fn standing((one, good): (&Signed, bool), before: Option<&Checkpoint>) -> Standing {
    let (day, forged) = (one.checkpoint.day.clone(), !good);
    let prev = before.map(Checkpoint::hash).transpose().ok().flatten();
    let torn = one.checkpoint.prev != prev.as_deref().unwrap_or(GENESIS);
    let follows = |before: &Checkpoint| {
        let next = before.day.parse::<jiff::civil::Date>().and_then(jiff::civil::Date::tomorrow);
        next.is_ok_and(|next| next.to_string() == day)
    };
    let leap = !before.is_none_or(follows);
    let other = !one.has_its_heads();
    let wrong = match () {
        () if forged => Some(format!("{day} 日检查点的签名不对：内容被改动，或不是用这把密钥签的")),
        () if torn => Some(format!("{day} 日检查点不接着前一个：中间有检查点缺失")),
        () if leap => Some(format!("{day} 日检查点之前缺少一天")),
        () if other => Some(format!("{day} 日检查点所附的清单与签名的根不符")),
        () => None,
    };
    Standing { day: Day { name: day, vouched: !forged && !other, broken: torn || leap }, wrong }
}

/// One case under the magnifying glass.
struct Chain<'a> {
    number: &'a str,
    events: &'a [Event],
    days: &'a [Day],
    extent: Extent,
    looked: &'a Looked,
    seals: &'a Seals,
}

impl Chain<'_> {
    fn check(&self) -> Option<Finding> {
        let mut heads = self.seals.heads.iter().peekable();
        let mut seq = 1_i64;
        for (place, event) in self.events.iter().enumerate() {
            while heads.next_if(|(_, head)| head.last() < seq).is_some() {}
            let head = heads.peek().map(|(day, head)| (self.day(*day), head));
            let found = self
                .own(place, seq, head)
                .or_else(|| self.neighbours(place, seq))
                .or_else(|| self.sealed(place, seq, head));
            if found.is_some() {
                return found;
            }
            seq = event.entry.seq.saturating_add(1);
        }
        let (day, head) = self.seals.heads.last().filter(|(_, head)| head.last() >= seq)?;
        let why = format!(
            "缺失：{} 日检查点记到第 {} 条；记录被截断，或数据库由旧备份恢复",
            self.day(*day),
            head.last()
        );
        Some(at(seq, None, why))
    }

    fn day(&self, place: usize) -> &str {
        self.days.get(place).map_or("", |day| day.name.as_str())
    }

    fn before(&self, place: usize) -> Option<&Event> {
        place.checked_sub(1).and_then(|before| self.events.get(before))
    }

    /// What an entry shows by itself: its fields, then its hash.
    fn own(&self, place: usize, seq: i64, head: Option<(&str, &Head)>) -> Option<Finding> {
        let event = self.events.get(place)?;
        if let Some(strange) = &event.strange {
            return Some(self.strange((place, event), seq, strange));
        }
        for (name, field) in event.fields.iter().flatten() {
            let wrong = match () {
                () if !field.holds(name) => "被改动：与当时承诺的不符",
                () if !field.is_exact() => "内容的形式不对",
                () => continue,
            };
            return Some(at(seq, format!("payload.{name}"), wrong));
        }
        let computed = hash(&event.entry).ok();
        if computed.as_ref() != Some(&event.hash) {
            return Some(self.changed(place, seq, (&event.hash, computed.as_deref()), head));
        }
        let promised = event.fields.as_ref().map(commitment);
        let kept = promised.is_none_or(|by| by.as_ref() == Some(&event.entry.payload_commitment));
        if !kept {
            let why = "被改动：有字段被增删，与当时承诺的不符";
            return Some(at(seq, "payload".to_owned(), why));
        }
        self.hidden(place, seq)
    }

    /// Names a word that no list has, with the one that stood there where that can be known.
    fn strange(&self, (place, event): (usize, &Event), seq: i64, strange: &Strange) -> Finding {
        let Strange { field, word } = strange;
        let right = |hash: &str| hash == event.hash;
        let stands = hash(&event.entry).is_ok_and(|computed| right(&computed));
        let was = match (stands, *field) {
            (true, "kind") => Some(format!("：当时为 {}", event.entry.kind.word())),
            (true, _) => Some(format!("：当时为 {}", event.entry.actor_role.word())),
            (false, _) => {
                let blamed = self.blamed(place, seq, right);
                let same = blamed.filter(|found| found.field.as_deref() == Some(*field));
                same.map(|found| found.why.replacen("被改动", "", 1))
            }
        };
        let why = format!("被改动：“{word}”不是账本的用语{}", was.unwrap_or_default());
        at(seq, (*field).to_owned(), why)
    }

    /// An entry and its hash do not fit: one of both was changed.
    fn changed(
        &self,
        place: usize,
        seq: i64,
        (stored, computed): (&str, Option<&str>),
        head: Option<(&str, &Head)>,
    ) -> Finding {
        let next =
            self.events.get(place.saturating_add(1)).map(|next| next.entry.prev_hash.as_str());
        let mark = head.and_then(|(_, head)| head.mark(seq));
        let vouched = next.or(mark);
        if let (Some(computed), Some(vouched)) = (computed, vouched)
            && computed.starts_with(vouched)
        {
            return at(seq, "hash".to_owned(), format!("被改动：应为 {computed}"));
        }
        if !self.looked.may(self.number) {
            return at(seq, None, "被改动：内容与其哈希不符");
        }
        self.blamed(place, seq, |hash| hash == stored)
            .unwrap_or_else(|| at(seq, None, "被改动：内容与其哈希不符，改动的不止一个字段"))
    }

    /// What an entry shows beside the one before it.
    fn neighbours(&self, place: usize, seq: i64) -> Option<Finding> {
        let entry = &self.events.get(place)?.entry;
        let before = self.before(place);
        if entry.seq != seq {
            let there = |wanted: i64| self.events.iter().any(|event| event.entry.seq == wanted);
            return Some(match () {
                () if entry.seq < seq => at(entry.seq, None, "重复出现：被插入，或顺序被调换"),
                () if there(seq) => at(seq, None, "不在它的位置上：顺序被调换"),
                () => at(seq, None, "缺失：被删除"),
            });
        }
        if entry.prev_hash != before.map_or(GENESIS, |before| before.hash.as_str()) {
            let why = "不接着前一条：中间的记录被替换";
            return Some(at(seq, "prev_hash".to_owned(), why));
        }
        if entry.case_number != self.number {
            return Some(at(seq, "case_number".to_owned(), "属于另一件工单"));
        }
        let later = before.is_none_or(|before| before.entry.server_time < entry.server_time);
        (!later).then(|| at(seq, "server_time".to_owned(), "不晚于前一条"))
    }

    /// What the checkpoints say of an entry.
    fn sealed(&self, place: usize, seq: i64, head: Option<(&str, &Head)>) -> Option<Finding> {
        let event = self.events.get(place)?;
        let Some((day, head)) = head else { return self.unsealed(event, seq) };
        let mark = head.mark(seq)?;
        let whole = seq != head.last() || event.hash == head.hash();
        if !event.hash.starts_with(mark) || !whole {
            let inserted = format!("与 {day} 日检查点不符：被改写并重新计算了哈希");
            let found = self.blamed(place, seq, |hash| hash.starts_with(mark));
            return Some(match found {
                Some(finding) => {
                    Finding { why: format!("{inserted}；{}", finding.why), ..finding }
                }
                None => at(seq, None, inserted),
            });
        }
        let late = !is_by(day, event.entry.server_time);
        late.then(|| at(seq, "server_time".to_owned(), format!("晚于封存它的 {day} 日")))
    }

    /// The checkpoint of its day is missing between two others, or not to be believed.
    fn doubtful(&self, event: &Event) -> bool {
        let day = iso_date(event.entry.server_time);
        let sealing = self.days.iter().find(|sealed| sealed.name >= day);
        sealing.is_some_and(|one| if one.name == day { !one.vouched } else { one.broken })
    }

    fn unsealed(&self, event: &Event, seq: i64) -> Option<Finding> {
        if self.doubtful(event) {
            return None;
        }
        let last = self.days.last().map(|last| last.name.as_str());
        let before = last.is_some_and(|last| is_by(last, event.entry.server_time));
        if self.extent == Extent::Sealed || self.extent == Extent::Ahead && before {
            return Some(at(seq, None, "不在任何检查点里：事后添加"));
        }
        before.then(|| {
            let last = last.unwrap_or_default();
            let why = format!("时间不晚于 {last} 日，却不在检查点里：事后添加（系统时钟被拨回时，下一次检查点会收录它）");
            at(seq, None, why)
        })
    }
}

#[cfg(test)]
#[path = "proof_tests.rs"]
mod tests;
