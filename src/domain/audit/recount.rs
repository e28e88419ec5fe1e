//! Computes published figures again from entries alone, and says where they differ.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use entity::kinds::Timestamp;
use serde_json::Value;

use super::basis::{Basis, Mark, Moved};
use super::calendars::Calendars;
use super::facts::{Fact, Facts};
use super::frame::{Dimension, Frame};
use super::rollup;
use super::story::Story;
use super::survey::Survey;
use crate::domain::calendar::{Calendar, CalendarError, Table};
use crate::domain::case::ledger::exported::{self, CalendarVersion, Event, Published, shown};

/// Puts the versions of the calendar in the order in which they counted. Fails on one that is none.
pub fn calendars(versions: &[CalendarVersion]) -> Result<Calendars, CalendarError> {
    let (mut calendar, mut later) = (Calendar::builtin(), Vec::new());
    for one in versions {
        calendar = calendar.with(one.version, Table::parse_all(&one.body)?)?;
        later.push((Timestamp(one.confirmed_at), calendar.clone()));
    }
    Ok(Calendars::new(Calendar::builtin(), later))
}

/// One month as it was printed, counted anew.
#[derive(Debug)]
struct Month {
    name: String,
    from: Timestamp,
    to: Timestamp,
    as_of: Timestamp,
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
    months: Vec<Month>,
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
        let (mut kept, survey) = (gather(bases), Survey::whole());
        let mut months: BTreeMap<(String, i32), Month> = BTreeMap::new();
        for one in printings {
            let Some(survey) = &survey else { continue };
            let name = match one.revision {
                0 => one.period.clone(),
                again => format!("{} 修订 {again}", one.period),
            };
            let key = (one.period, one.revision);
            let month = months.entry(key.clone()).or_insert_with(|| Month {
                name,
                from: Timestamp(one.from),
                to: Timestamp(one.to),
                as_of: Timestamp(one.as_of),
                survey: survey.anew(),
                published: BTreeMap::new(),
                basis: kept.remove(&key),
            });
            let id = one.figure.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            month.published.insert((one.dimension, id), one.figure);
        }
        Self { calendars, months: months.into_values().collect() }
    }

    /// Counts one case by all its entries.
    pub fn case(&mut self, events: &[Event]) {
        let Some(first) = events.first() else { return };
        let (reported, number) = (first.entry.server_time, &first.entry.case_number);
        let mut concerned = self.months.iter_mut().filter(|month| reported < month.to).peekable();
        if concerned.peek().is_none() {
            return;
        }
        let facts: Vec<Fact> = events.iter().map(fact).collect();
        let over = over(&facts, &self.calendars);
        for month in concerned.filter(|month| over.is_none_or(|over| month.from <= over)) {
            let until = facts.partition_point(|fact| fact.at <= month.as_of);
            let Some(story) = facts.get(..until).and_then(Story::of) else { continue };
            let (from, to, now) = (month.from, month.to, month.as_of);
            let frame = Frame { from, to, now, calendars: &self.calendars };
            let found = month.survey.add(&story, &frame);
            if let Some(basis) = &mut month.basis {
                basis.compare(number, Mark::of(&story, &found));
            }
        }
    }

    /// How many figures were published.
    pub fn published(&self) -> usize {
        self.months.iter().map(|month| month.published.len()).sum()
    }

    /// Compares; lists the months that differ, and in each the figures that do, every one at its
    /// first difference.
    pub fn finish(self) -> Vec<Differs> {
        self.months.into_iter().filter_map(Month::compare).collect()
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

/// When nothing happened to a case any more and nothing was due: later months say nothing of it.
fn over(facts: &[Fact], calendars: &Calendars) -> Option<Timestamp> {
    let over = rollup::over_at(&Story::of(facts)?, calendars)?;
    facts.last().map(|last| last.at.max(over))
}

/// What cannot be read counts as not written: the figure then differs.
fn fact(event: &Event) -> Fact {
    let entry = &event.entry;
    let payload = event.fields.as_ref().map(|fields| shown(fields).to_string());
    let facts = payload.and_then(|text| Facts::read(entry.kind, &text).ok()).unwrap_or_default();
    Fact {
        kind: entry.kind,
        at: entry.server_time,
        actor: entry.actor_id,
        role: entry.actor_role,
        facts,
    }
}

impl Month {
    fn compare(self) -> Option<Differs> {
        let mut computed = BTreeMap::new();
        for (dimension, figures) in Dimension::ALL.iter().zip(self.survey.print()) {
            for figure in figures {
                let value = serde_json::to_value(&figure).unwrap_or_default();
                computed.insert((dimension.word().to_owned(), figure.id), value);
            }
        }
        let mut figures = Vec::new();
        for ((dimension, figure), published) in self.published {
            let ours = computed.get(&(dimension.clone(), figure.clone())).unwrap_or(&Value::Null);
            let Some((place, there, here)) = difference(&published, ours, String::new()) else {
                continue;
            };
            figures.push(Wrong { figure, dimension, place, published: there, computed: here });
        }
        let moved = self.basis.map_or(Moved::Unknown, Basis::finish);
        let same = figures.is_empty() && !matches!(moved, Moved::Cases { .. });
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
