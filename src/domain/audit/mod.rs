//! Response times that an auditor can rely on (domain §5).
//!
//! Every figure is a pure function of ledger events; nothing is stored as minutes. A case to which
//! something has not happened yet enters as censored at now: it is counted and never dropped, so
//! that a unit cannot look better by not finishing its work.

pub mod basis;
pub mod bins;
pub mod calendars;
mod cycle;
pub mod definition;
pub mod detect;
pub mod dues;
pub mod edition;
pub mod facts;
pub mod frame;
pub mod measure;
pub mod month;
pub mod percentile;
mod promises;
pub mod rate;
pub mod recount;
pub mod report;
mod retired;
pub mod rollup;
pub mod round;
pub mod sheet;
pub mod story;
pub mod survey;
pub mod table;
pub mod tally;

use entity::kinds::Timestamp;

pub use percentile::{Quantile, Sample, Summary};
use story::Story;

/// Version of the definitions of this module; printed beside every figure.
pub const DEFINITION: u32 = 2;

/// The time stamps of one case (domain §5.2).
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

impl Marks {
    /// Reads what the figures read too: a push to those who are responsible, a contact and a result
    /// of the present cycle.
    pub fn of(story: &Story) -> Self {
        let cycle = story.cycle();
        Self {
            reported: Some(story.reported),
            pushed: story.pushed,
            acknowledged: story.taken.at,
            contacted: cycle.and_then(|cycle| cycle.contacted),
            resolved: cycle.and_then(|cycle| cycle.resolved),
        }
    }
}

/// One case of the population.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    pub reported_at: Timestamp,
    pub resolve_due_at: Option<Timestamp>,
    /// When a closed, rejected, merged or cancelled case ended; `None` while it is open.
    pub ended_at: Option<Timestamp>,
    pub marks: Marks,
}

impl Subject {
    /// Reads a case as the figures see it.
    pub fn of(story: &Story) -> Self {
        Self {
            reported_at: story.reported,
            resolve_due_at: story.cycle().and_then(|cycle| cycle.resolve_due),
            ended_at: story.ended.map(|(_, at)| at),
            marks: Marks::of(story),
        }
    }

    fn is_overdue(&self, now: Timestamp) -> bool {
        self.marks.resolved.is_none() && self.resolve_due_at.is_some_and(|due| due < now)
    }
}

/// The figures of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Cases of the group.
    pub n: usize,
    pub open: usize,
    /// Open, without a result and past its promised time.
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
        overdue: cases.iter().filter(open).filter(|case| case.is_overdue(now)).count(),
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
mod appealed_tests;
#[cfg(test)]
mod detect_tests;
#[cfg(test)]
mod figure_tests;
#[cfg(test)]
mod holder_tests;
#[cfg(test)]
mod opening_tests;
#[cfg(test)]
mod reopened_tests;
#[cfg(test)]
mod tests;
