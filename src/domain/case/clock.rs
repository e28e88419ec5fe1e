//! The clocks of one case: what was promised to it, what stopped them, and when they run out.
//!
//! `Frozen` is written into the case when it is reported; `Course` is read from the ledger. The due
//! times are a pure function of both and the calendars since then, so that whoever computes them
//! again, the engine when a calendar arrives or an auditor years later, gets the same numbers.

use std::sync::Arc;

use entity::kinds::{EventType, Timestamp, Urgency};
use serde::{Deserialize, Serialize};

use super::targets::{Source, Target, Targets};
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
    /// Approved rests; one that still runs ends when the case will resume by itself.
    pub pauses: Vec<Pause>,
    /// More time was granted in this cycle.
    pub extended: bool,
}

impl Course {
    /// Reads a case's events in the order of the ledger. `hold_until` is the end of a rest that
    /// still runs.
    pub fn of(
        reported_at: Timestamp,
        events: impl IntoIterator<Item = (EventType, Timestamp)>,
        hold_until: Option<Timestamp>,
    ) -> Self {
        let mut course = Self { started_at: reported_at, pauses: Vec::new(), extended: false };
        let mut held: Option<Timestamp> = None;
        for (kind, at) in events {
            match kind {
                EventType::Held => held = Some(at),
                EventType::Resumed | EventType::Diverted => {
                    course.pauses.extend(held.take().map(|from| Pause { from, to: at }));
                }
                EventType::ExtensionGranted => course.extended = true,
                EventType::Reopened => {
                    course = Self { started_at: at, pauses: Vec::new(), extended: false };
                }
                _ => {}
            }
        }
        let open = held.zip(hold_until).map(|(from, to)| Pause { from, to });
        course.pauses.extend(open);
        course
    }
}

/// The due times of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    pub push: Due,
    pub acknowledge: Due,
    pub contact: Due,
    /// Moved by rests and by an extension; the others never move.
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
        let due = |span: super::targets::Span, from| span.after(from, &self.hours, calendar);
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
            acknowledge: due(self.target.acknowledge, reported_at),
            contact: due(self.target.contact, from),
            resolve: Due { at: resolve.at, provisional: end.provisional || resolve.provisional },
            yellow_at: with_rests(budget / 2).at,
        }
    }
}

#[cfg(test)]
#[path = "clock_tests.rs"]
mod tests;
