//! Computes published figures again from entries alone, and says where they differ.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use entity::kinds::Timestamp;
use serde_json::Value;

use super::basis::{Basis, Mark, Moved};
use super::calendars::Calendars;
use super::dues;
use super::edition;
use super::facts::{Fact, Facts};
use super::frame::{Dimension, Frame};
use super::month;
use super::promises::Promises;
use super::rollup;
use super::story::Story;
use super::survey::Survey;
use crate::domain::calendar::{Calendar, local_minute};
use crate::domain::case::ledger::Entry;
use crate::domain::case::ledger::exported::{self, CalendarVersion, Event, Published};
use crate::domain::case::ledger::proof::Finding;

/// Puts the versions of the calendar behind that which the program is delivered with, as the program
/// counts with them, and lists those that cannot be read, whose days it counts without. Version 0
/// among them is passed over: nobody seals it.
pub fn calendars(versions: &[CalendarVersion]) -> (Calendars, Vec<u32>) {
    let delivered = Calendar::builtin();
    let (mut calendar, mut later, mut unreadable) = (delivered.clone(), Vec::new(), Vec::new());
    for one in versions.iter().filter(|one| one.version > 0) {
        let (next, odd) = calendar.followed_by(one.version, &one.body);
        unreadable.extend(odd.map(|_| one.version));
        calendar = next;
        later.push((Timestamp(one.confirmed_at), calendar.clone()));
    }
    (Calendars::new(delivered, later), unreadable)
}

/// One month as it was printed, counted anew.
#[derive(Debug)]
struct Month {
    name: String,
    from: Timestamp,
    to: Timestamp,
    as_of: Timestamp,
    /// By which definitions it was printed.
    edition: u32,
    survey: Survey,
    /// By dimension and id.
    published: BTreeMap<(String, String), Value>,
    /// `None`: it was printed before marks were kept.
    basis: Option<Basis>,
}

/// A recount under way.
#[derive(Debug)]
pub struct Recount {
    calendars: Arc<Calendars>,
    /// Printings that must have been there: those before and behind them are.
    gaps: Vec<String>,
    months: Vec<Month>,
    promises: Promises,
    /// Facts that cannot be read, and due times that do not follow from the entries before them, the
    /// first one of each case, and promises that do not follow from their version.
    astray: Vec<Finding>,
}

/// A printed month that does not follow from the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differs {
    /// `2026-10` or `2026-10 修订 1`.
    pub period: String,
    /// Empty when only what was kept of its cases is other than the record.
    pub figures: Vec<Wrong>,
    pub moved: Moved,
}

impl Differs {
    /// Accuses no case by its mark alone: while all numbers follow from the record and nothing else
    /// was found of the first case that moved, what was kept was changed and not the case.
    #[must_use]
    pub fn by(self, found: &[Finding]) -> Self {
        let moved = match self.moved {
            Moved::Cases { first, count }
                if self.figures.is_empty()
                    && !found.iter().any(|one| one.case.as_ref() == Some(&first)) =>
            {
                Moved::Marks { count }
            }
            other => other,
        };
        Self { moved, ..self }
    }
}

/// A published figure that is other than the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub figure: String,
    pub dimension: String,
    /// Where in the figure, as a JSON pointer.
    pub place: String,
    pub published: String,
    pub computed: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { figure, dimension, place, published, computed } = self;
        write!(f, "{figure} 按 {dimension} 分组 {place}：公布 {published}，由记录算得 {computed}")
    }
}

impl Recount {
    /// Begins with what was published, and what was kept of the cases then.
    pub fn new(calendars: Arc<Calendars>, (printings, bases): Published) -> Self {
        let mut kept = gather(bases);
        let gaps = gaps(&printings);
        let mut months: BTreeMap<(String, i32), Month> = BTreeMap::new();
        for one in printings {
            let name = named(&one.period, one.revision);
            let key = (one.period, one.revision);
            let month = months.entry(key.clone()).or_insert_with(|| Month {
                name,
                from: Timestamp(one.from),
                to: Timestamp(one.to),
                as_of: Timestamp(one.as_of),
                edition: edition::PRESENT,
                survey: Survey::whole_of(edition::PRESENT),
                published: BTreeMap::new(),
                basis: kept.remove(&key),
            });
            let id = one.figure.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            month.published.insert((one.dimension, id), one.figure);
        }
        for month in months.values_mut() {
            month.edition = edition::by(&month.versions());
            if month.edition != edition::PRESENT {
                month.survey = Survey::whole_of(month.edition);
            }
        }
        let (months, promises) = (months.into_values().collect(), Promises::default());
        Self { calendars, gaps, months, promises, astray: Vec::new() }
    }

    /// Counts one case by all its entries.
    pub fn case(&mut self, events: &[Event]) {
        let Some(first) = events.first() else { return };
        let (reported, number) = (first.entry.server_time, &first.entry.case_number);
        let (facts, unread) = read(events);
        self.astray.extend(unread);
        if let Some(wrong) = dues::first_wrong(&facts, &self.calendars) {
            self.astray.extend(events.get(wrong.place).map(|event| astray(event, wrong)));
        }
        let mut promised = facts.iter().enumerate();
        let promised = promised.find_map(|(at, fact)| Some((at, fact.facts.promised.as_ref()?)));
        if let Some((place, promised)) = promised.filter(|(_, it)| self.promises.breaks(it)) {
            let version = promised.frozen.version;
            self.astray.extend(events.get(place).map(|event| otherwise(event, version)));
        }
        let mut concerned = self.months.iter_mut().filter(|month| reported < month.to).peekable();
        if concerned.peek().is_none() {
            return;
        }
        let over = over(&facts, &self.calendars);
        for month in concerned.filter(|month| over.is_none_or(|over| month.from <= over)) {
            let until = facts.partition_point(|fact| fact.at <= month.as_of);
            let Some(story) = facts.get(..until).and_then(Story::of) else { continue };
            let (from, to, now) = (month.from, month.to, month.as_of);
            let frame = Frame { from, to, now, calendars: &self.calendars };
            let found = month.survey.add(&story, &frame);
            if let Some(basis) = &mut month.basis {
                basis.compare(number, Mark::of(&story, month.edition, &found));
            }
        }
    }

    /// Takes what was found of facts and due times.
    pub fn astray(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.astray)
    }

    /// How many figures were published.
    pub fn published(&self) -> usize {
        self.months.iter().map(|month| month.published.len()).sum()
    }

    /// Compares; lists the months that differ, and in each the figures that do, every one at its
    /// first difference.
    pub fn finish(self) -> Vec<Differs> {
        let only = |period, moved| Differs { period, figures: Vec::new(), moved };
        let gaps = self.gaps.into_iter().map(|period| only(period, Moved::Printing));
        let partial = self.calendars.is_partial();
        // Neither a number nor a case is wrong because the days of rest are not known.
        let told = |one: Differs| if partial { only(one.period, Moved::Calendar) } else { one };
        self.months.into_iter().filter_map(Month::compare).map(told).chain(gaps).collect()
    }
}

fn otherwise(event: &Event, version: u32) -> Finding {
    Finding {
        case: Some(event.entry.case_number.clone()),
        seq: Some(event.entry.seq),
        field: Some("payload.promised".to_owned()),
        why: format!("与第 {version} 版时限此前对同类工单的承诺不同：写入前时限标准被改动"),
    }
}

fn astray(event: &Event, wrong: dues::Wrong) -> Finding {
    let [said, follows] = [wrong.said, wrong.follows].map(local_minute);
    Finding {
        case: Some(event.entry.case_number.clone()),
        seq: Some(event.entry.seq),
        field: Some(format!("payload.{}", wrong.field)),
        why: format!("不是由账本推算的时限：记为 {said}，应为 {follows}；写入前工单或日历被改动"),
    }
}

/// What was kept of the cases of each printing. What is no mark is left out: its case then moved.
fn gather(parts: Vec<exported::Basis>) -> BTreeMap<(String, i32), Basis> {
    let mut kept: BTreeMap<(String, i32), Basis> = BTreeMap::new();
    for one in parts {
        let basis = kept.entry((one.period, one.revision)).or_default();
        for (number, mark) in one.cases {
            match Mark::read(&mark) {
                Some(mark) => basis.put(number, mark),
                None => basis.note(&number),
            }
        }
    }
    kept
}

fn named(period: &str, revision: i32) -> String {
    match revision {
        0 => period.to_owned(),
        again => format!("{period} 修订 {again}"),
    }
}

/// Names the printings that are missing, also where no checkpoint holds them: a revision has all those
/// before it, and no month between two is left out. Those that follow one another are named together.
fn gaps(printings: &[exported::Printing]) -> Vec<String> {
    let mut revisions: BTreeMap<&str, BTreeSet<i32>> = BTreeMap::new();
    for one in printings {
        revisions.entry(&one.period).or_default().insert(one.revision);
    }
    let mut missing = Vec::new();
    for (period, there) in &revisions {
        let there = there.iter().copied().filter(|revision| *revision >= 0);
        let before = std::iter::once(-1).chain(there.clone());
        missing.extend(before.zip(there).filter_map(|two| skipped(period, two)));
    }
    let mut before: Option<month::Month> = None;
    for month in revisions.keys().filter_map(|period| month::Month::read(period)) {
        missing.extend(before.and_then(|before| between(before, month)));
        before = Some(month);
    }
    missing
}

/// Names the revisions between two.
fn skipped(period: &str, (before, after): (i32, i32)) -> Option<String> {
    let (first, last) = (before.saturating_add(1), after.saturating_sub(1));
    let until = if first < last { format!(" 至修订 {last}") } else { String::new() };
    (first <= last).then(|| format!("{}{until}", named(period, first)))
}

/// Names the months between two.
fn between(before: month::Month, after: month::Month) -> Option<String> {
    let first = before.next().filter(|first| *first < after)?;
    let months = std::iter::successors(Some(first), |month| month.next());
    let last = months.take_while(|month| *month < after).last()?;
    Some(if last == first { first.to_string() } else { format!("{first} 至 {last}") })
}

/// When nothing happened to a case any more and nothing was due: later months say nothing of it.
fn over(facts: &[Fact], calendars: &Calendars) -> Option<Timestamp> {
    let over = rollup::over_at(&Story::of(facts)?, calendars)?;
    facts.last().map(|last| last.at.max(over))
}

/// Reads the facts of a case, and names the first that cannot be read. What cannot be read counts as
/// not written: the figure then differs.
fn read(events: &[Event]) -> (Vec<Fact>, Option<Finding>) {
    let (mut facts, mut unread) = (Vec::with_capacity(events.len()), None);
    for event in events {
        let entry = &event.entry;
        let read = Facts::of(entry.kind, shown(event));
        if read.is_err() {
            unread = unread.or_else(|| unreadable(event));
        }
        facts.push(Fact {
            kind: entry.kind,
            at: entry.server_time,
            actor: entry.actor_id,
            role: entry.actor_role,
            facts: read.unwrap_or_default(),
        });
    }
    (facts, unread)
}

fn shown(event: &Event) -> impl Iterator<Item = (&str, &Value)> {
    let fields = event.fields.iter().flatten();
    fields.filter_map(|(name, one)| Some((name.as_str(), &one.shown.as_ref()?.value)))
}

fn unreadable(event: &Event) -> Option<Finding> {
    let Entry { case_number, seq, kind, .. } = &event.entry;
    let alone = |one: &(&str, &Value)| Facts::of(*kind, std::iter::once(*one)).is_err();
    let (name, _) = shown(event).find(alone)?;
    Some(Finding {
        case: Some(case_number.clone()),
        seq: Some(*seq),
        field: Some(format!("payload.{name}")),
        why: "内容的形式不对".to_owned(),
    })
}

impl Month {
    /// The figures that were printed, each with the version of its definition.
    fn versions(&self) -> BTreeSet<(String, u64)> {
        let version = |figure: &Value| figure.get("version").and_then(Value::as_u64);
        let one = |((_, id), figure): (&(String, String), &Value)| {
            (id.clone(), version(figure).unwrap_or_default())
        };
        self.published.iter().map(one).collect()
    }

    fn compare(self) -> Option<Differs> {
        let (mut computed, mut ranked) = (BTreeMap::new(), BTreeMap::new());
        for (dimension, figures) in Dimension::ALL.iter().zip(self.survey.print()) {
            for figure in figures {
                let value = serde_json::to_value(&figure).unwrap_or_default();
                if *dimension == Dimension::Month {
                    let before = serde_json::to_value(figure.clone().ranked()).unwrap_or_default();
                    ranked.insert((dimension.word().to_owned(), figure.id.clone()), before);
                }
                computed.insert((dimension.word().to_owned(), figure.id), value);
            }
        }
        let mut figures = Vec::new();
        let missing = computed.keys().filter(|key| !self.published.contains_key(*key));
        figures.extend(missing.map(|(dimension, figure)| Wrong {
            figure: figure.clone(),
            dimension: dimension.clone(),
            place: String::new(),
            published: "没有（印发记录缺失）".to_owned(),
            computed: "有".to_owned(),
        }));
        for (key, published) in self.published {
            // Months were ranked as units are: the same numbers in another order.
            let before = ranked.get(&key);
            let same = |before| difference(&published, before, String::new()).is_none();
            if before.is_some_and(same) {
                continue;
            }
            let ours = computed.get(&key).unwrap_or(&Value::Null);
            let (dimension, figure) = key;
            let Some((place, there, here)) = difference(&published, ours, String::new()) else {
                continue;
            };
            figures.push(Wrong { figure, dimension, place, published: there, computed: here });
        }
        let unknown =
            if self.edition < edition::KEEPS_BASIS { Moved::Unknown } else { Moved::Basis };
        let moved = self.basis.map_or(unknown, Basis::finish);
        let same = figures.is_empty() && matches!(moved, Moved::None | Moved::Unknown);
        (!same).then_some(Differs { period: self.name, figures, moved })
    }
}

/// The first place where two values differ, and what stands there.
fn difference(a: &Value, b: &Value, place: String) -> Option<(String, String, String)> {
    let absent = Value::Null;
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            let mut names: Vec<&String> = a.keys().chain(b.keys()).collect();
            names.sort();
            names.iter().find_map(|name| {
                let (a, b) = (a.get(*name).unwrap_or(&absent), b.get(*name).unwrap_or(&absent));
                difference(a, b, format!("{place}/{name}"))
            })
        }
        (Value::Array(a), Value::Array(b)) => (0..a.len().max(b.len())).find_map(|at| {
            let (a, b) = (a.get(at).unwrap_or(&absent), b.get(at).unwrap_or(&absent));
            difference(a, b, format!("{place}/{at}"))
        }),
        _ => (a != b).then(|| (place, a.to_string(), b.to_string())),
    }
}

#[cfg(test)]
#[path = "recount_tests.rs"]
mod tests;
