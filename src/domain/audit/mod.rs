//! Response times that an auditor can rely on (domain §5).
//!
//! Every figure is a pure function of ledger events; nothing is stored as minutes. A case to which
//! something has not happened yet enters as censored at now: it is counted and never dropped, so
//! that a unit cannot look better by not finishing its work.

pub mod basis;
pub mod bins;
pub mod calendars;
pub mod definition;
pub mod detect;
pub mod facts;
pub mod frame;
pub mod measure;
pub mod month;
pub mod percentile;
pub mod rate;
pub mod recount;
pub mod report;
pub mod rollup;
pub mod sheet;
pub mod story;
pub mod survey;
pub mod table;
pub mod tally;

use entity::kinds::{EventType, Timestamp};

pub use percentile::{Quantile, Sample, Summary};

/// Version of the definitions of this module; printed beside every figure.
pub const DEFINITION: u32 = 1;

/// The time stamps of one case (domain §5.2), read from its events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// t0
    pub reported: Option<Timestamp>,
    /// t3a
    pub pushed: Option<Timestamp>,
    /// t4
    pub acknowledged: Option<Timestamp>,
    /// t5
    pub contacted: Option<Timestamp>,
    /// t7 of the present cycle: a reopening takes it back.
    pub resolved: Option<Timestamp>,
}

/// The events that marks are made of.
pub const MARKING: &[EventType] = &[
    EventType::Reported,
    EventType::Pushed,
    EventType::Acknowledged,
    EventType::Unacknowledged,
    EventType::Contacted,
    EventType::Resolved,
    EventType::Reopened,
];

impl Marks {
    /// Reads one case's events in the order of the ledger; events that make no mark are skipped.
    pub fn of(events: impl IntoIterator<Item = (EventType, Timestamp)>) -> Self {
        let mut marks = Self::default();
        for (kind, at) in events {
            marks.note(kind, at);
        }
        marks
    }

    /// Takes in the next event of the case.
    pub fn note(&mut self, kind: EventType, at: Timestamp) {
        match kind {
            EventType::Reported => self.reported = self.reported.or(Some(at)),
            EventType::Pushed => self.pushed = self.pushed.or(Some(at)),
            EventType::Acknowledged => self.acknowledged = self.acknowledged.or(Some(at)),
            // Withdrawn because nobody was contacted: for the resident it never happened.
            EventType::Unacknowledged => self.acknowledged = None,
            EventType::Contacted => self.contacted = self.contacted.or(Some(at)),
            EventType::Resolved => self.resolved = Some(at),
            EventType::Reopened => self.resolved = None,
            _ => {}
        }
    }
}

/// One case of the population.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    pub reported_at: Timestamp,
    pub resolve_due_at: Timestamp,
    /// When a closed, rejected, merged or cancelled case ended; `None` while it is open.
    pub ended_at: Option<Timestamp>,
    pub marks: Marks,
}

/// The figures of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Cases of the group.
    pub n: usize,
    pub open: usize,
    /// Open and past the promised time of the result.
    pub overdue: usize,
    /// M2: t3a − t0.
    pub first_push: Summary,
    /// M4 as the resident sees it: t4 − t0.
    pub acknowledge: Summary,
    /// M4 as the person's speed: t4 − t3a; cases that were pushed.
    pub acknowledge_from_push: Summary,
    /// M5: t5 − t0.
    pub contact: Summary,
    /// M7 on the wall clock: t7 − t0.
    pub resolve: Summary,
}

/// Computes the figures of one group at an instant.
pub fn figures(cases: &[Subject], now: Timestamp) -> Figures {
    let open = |case: &&Subject| case.ended_at.is_none();
    let summary = |from: fn(&Subject) -> Option<Timestamp>, to: fn(&Marks) -> Option<Timestamp>| {
        let samples = cases.iter().filter_map(|case| {
            let end = case.ended_at.unwrap_or(now);
            from(case).map(|from| sample(from, to(&case.marks), end))
        });
        Summary::of(&samples.collect::<Vec<_>>())
    };
    let t0 = |case: &Subject| Some(case.reported_at);
    Figures {
        n: cases.len(),
        open: cases.iter().filter(open).count(),
        overdue: cases.iter().filter(open).filter(|case| now > case.resolve_due_at).count(),
        first_push: summary(t0, |marks| marks.pushed),
        acknowledge: summary(t0, |marks| marks.acknowledged),
        acknowledge_from_push: summary(|case| case.marks.pushed, |marks| marks.acknowledged),
        contact: summary(t0, |marks| marks.contacted),
        resolve: summary(t0, |marks| marks.resolved),
    }
}

fn sample(from: Timestamp, to: Option<Timestamp>, end: Timestamp) -> Sample {
    match to {
        // Somebody may acknowledge from his list before the push is accepted: that took no time.
        Some(to) => Sample::Done(to.since(from)),
        None => Sample::Waiting(end.since(from)),
    }
}

#[cfg(test)]
mod detect_tests;
#[cfg(test)]
mod figure_tests;
#[cfg(test)]
mod tests;
