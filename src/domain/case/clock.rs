//! The clocks of one case: what was promised to it, what stopped them, and when they run out.
//!
//! `Frozen` is written into the case when it is reported; `Course` is read from the ledger. The due
//! times are a pure function of both and the calendars since then, so that whoever computes them
//! again, the engine when a calendar arrives or an auditor years later, gets the same numbers.

use std::sync::Arc;

use entity::kinds::{EventType, Timestamp, Urgency};
use serde::{Deserialize, Serialize};

use super::targets::{Source, Span, Target, Targets};
use crate::domain::calendar::pause::Pause;
use crate::domain::calendar::{Calendar, Due, Hours};

/// What was promised to a case, and by which versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frozen {
    /// Of the targets.
    pub version: u32,
    /// Of the calendar that the promise of the present cycle was computed with.
    pub calendar: u32,
    pub hours: Hours,
    pub target: Target,
}

impl Frozen {
    /// Freezes what a table promises to a case.
    pub fn of(
        targets: &Targets,
        (category, urgency, source): (entity::kinds::Category, Urgency, Source),
        calendar: &Calendar,
    ) -> Self {
        let target = *targets.target(category, urgency, source);
        let hours = targets.hours(target.profile).clone();
        Self { version: targets.version, calendar: calendar.version(), hours, target }
    }

    /// Reads what a case carries; cases from before this form carry a whole table. Fails when it is
    /// neither.
    pub fn read(text: &str, urgency: Urgency) -> Result<Self, serde_json::Error> {
        if let Ok(frozen) = serde_json::from_str(text) {
            return Ok(frozen);
        }
        let table: Targets = serde_json::from_str(text)?;
        let target = *table.of(urgency);
        let hours = table.hours(target.profile).clone();
        Ok(Self { version: table.version, calendar: 0, hours, target })
    }
}

/// What the ledger says of the present cycle, which begins with the report or the last reopening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    pub started_at: Timestamp,
    /// What the result does not count: approved rests, of which one that still runs ends when the
    /// case will resume by itself, and what lay between an end and the appeal against it.
    pub pauses: Vec<Pause>,
    /// What lay between an end and its appeal while nobody had acknowledged the case.
    pub unacknowledged: Vec<Pause>,
    /// The same while nobody had reached the resident in this cycle.
    pub uncontacted: Vec<Pause>,
    /// More time was granted in this cycle.
    pub extended: bool,
}

/// What was done of what was promised, while the events are read.
#[derive(Clone, Copy, Debug, Default)]
struct Met {
    acknowledged: bool,
    /// The acknowledgement that a withdrawal would take back is the first.
    first: bool,
    contacted: bool,
}

impl Met {
    const fn note(&mut self, kind: EventType) {
        match kind {
            EventType::Acknowledged => {
                self.first = !self.acknowledged;
                self.acknowledged = true;
            }
            EventType::Unacknowledged if self.first => self.acknowledged = false,
            EventType::Contacted => self.contacted = true,
            EventType::Reopened => self.contacted = false,
            _ => {}
        }
    }
}

impl Course {
    const fn begin(started_at: Timestamp) -> Self {
        Self {
            started_at,
            pauses: Vec::new(),
            unacknowledged: Vec::new(),
            uncontacted: Vec::new(),
            extended: false,
        }
    }

    /// Reads a case's events in the order of the ledger, without the appeals that gave no time back.
    /// `hold_until` is the end of a rest that still runs.
    pub fn of(
        reported_at: Timestamp,
        events: impl IntoIterator<Item = (EventType, Timestamp)>,
        hold_until: Option<Timestamp>,
    ) -> Self {
        let mut course = Self::begin(reported_at);
        let (mut held, mut ended): (Option<Timestamp>, Option<Timestamp>) = (None, None);
        let mut met = Met::default();
        for (kind, at) in events {
            met.note(kind);
            match kind {
                EventType::Held => held = Some(at),
                EventType::Resumed | EventType::Diverted => {
                    course.pauses.extend(held.take().map(|from| Pause { from, to: at }));
                }
                EventType::ExtensionGranted => course.extended = true,
                EventType::Reopened => course = Self::begin(at),
                EventType::Appealed => course.come_back(met, ended.take(), at),
                _ => {}
            }
            if matches!(kind, EventType::Rejected | EventType::Diverted) {
                ended = Some(at);
            }
        }
        let open = held.zip(hold_until).map(|(from, to)| Pause { from, to });
        course.pauses.extend(open);
        course
    }

    /// Takes what lay between the end and the appeal off the clocks that still ran.
    fn come_back(&mut self, met: Met, ended: Option<Timestamp>, at: Timestamp) {
        let Some(away) = ended.map(|from| Pause { from, to: at }) else { return };
        self.pauses.push(away);
        if !met.acknowledged {
            self.unacknowledged.push(away);
        }
        if !met.contacted {
            self.uncontacted.push(away);
        }
    }
}

/// The due times of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    pub push: Due,
    pub acknowledge: Due,
    pub contact: Due,
    /// Moved by rests and by an extension; the others by an appeal alone, the push by nothing.
    pub resolve: Due,
    /// When half of the time for the result is used.
    pub yellow_at: Timestamp,
}

impl Reading {
    /// Tells whether a notice that is still to come may move one of them.
    pub const fn is_provisional(&self) -> bool {
        self.acknowledge.provisional || self.contact.provisional || self.resolve.provisional
    }
}

impl Reading {
    /// Takes from a later calendar what this one does not know for certain, and nothing else.
    const fn or(self, later: Self) -> Self {
        const fn surer(known: Due, later: Due) -> Due {
            if known.provisional { later } else { known }
        }
        Self {
            push: surer(self.push, later.push),
            acknowledge: surer(self.acknowledge, later.acknowledge),
            contact: surer(self.contact, later.contact),
            yellow_at: if self.resolve.provisional { later.yellow_at } else { self.yellow_at },
            resolve: surer(self.resolve, later.resolve),
        }
    }
}

impl Frozen {
    /// Computes each due time by the first calendar that knows all of its days: what was certain
    /// stays, whatever is published later.
    pub fn due_since(
        &self,
        (first, later): &(Arc<Calendar>, Vec<Arc<Calendar>>),
        reported_at: Timestamp,
        course: &Course,
        more: u16,
    ) -> Reading {
        let due = |calendar: &Calendar| self.due(calendar, reported_at, course, more);
        later.iter().fold(due(first), |known, calendar| {
            if known.is_provisional() { known.or(due(calendar)) } else { known }
        })
    }

    /// Computes every due time. `reported_at` is when push and acknowledgement began to count,
    /// `more` the workdays that an extension of this cycle grants (days around the clock where the
    /// profile has no offices).
    pub fn due(
        &self,
        calendar: &Calendar,
        reported_at: Timestamp,
        course: &Course,
        more: u16,
    ) -> Reading {
        let from = course.started_at;
        let due = |span: Span, from| span.after(from, &self.hours, calendar);
        let mut end = due(self.target.resolve, from);
        if course.extended && more > 0 {
            let later = calendar.add_workdays(&self.hours, end.at, u32::from(more));
            end = Due { at: later.at, provisional: end.provisional || later.provisional };
        }
        let hours = self.target.resolve.hours(&self.hours);
        let budget = calendar.work(hours, from, end.at);
        let with_rests = |span| calendar.add_active(hours, &course.pauses, from, span);
        // A wall clock that nothing stopped needs no counting, and the end of office stays the end.
        let resolve = if course.pauses.is_empty() { end } else { with_rests(budget) };
        Reading {
            push: due(self.target.push, reported_at),
            acknowledge: self.without(
                calendar,
                (self.target.acknowledge, reported_at),
                &course.unacknowledged,
            ),
            contact: self.without(calendar, (self.target.contact, from), &course.uncontacted),
            resolve: Due { at: resolve.at, provisional: end.provisional || resolve.provisional },
            yellow_at: with_rests(budget / 2).at,
        }
    }

    /// Computes when a span is over from which this was taken off; what began when it was over
    /// moves nothing.
    fn without(&self, calendar: &Calendar, (span, from): (Span, Timestamp), away: &[Pause]) -> Due {
        let end = span.after(from, &self.hours, calendar);
        if away.iter().all(|one| one.from >= end.at) {
            return end;
        }
        let hours = span.hours(&self.hours);
        let moved = calendar.add_active(hours, away, from, calendar.work(hours, from, end.at));
        Due { at: moved.at, provisional: end.provisional || moved.provisional }
    }
}

#[cfg(test)]
#[path = "clock_tests.rs"]
mod tests;
