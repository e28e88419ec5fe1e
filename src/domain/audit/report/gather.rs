//! Counts several periods and lists what presses, all in one reading of the ledger.

use std::sync::Arc;

use entity::kinds::{Category, Timestamp};

use super::span::Bounds;
use crate::domain::audit::calendars::Calendars;
use crate::domain::audit::frame::{Dimension, Filter, Frame};
use crate::domain::audit::story::Story;
use crate::domain::audit::survey::{Figure, Plan, Survey};
use crate::domain::audit::tally::{Bucket, Finding};

/// A case past its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Late {
    pub number: String,
    /// External ids; `None` where it lies nowhere yet.
    pub community: Option<String>,
    pub grid: Option<String>,
    pub category: Option<Category>,
    pub due: Option<Timestamp>,
    /// For how long, in microseconds on the wall clock: after hours it is late as well.
    pub late: u64,
}

/// Cases that somebody must see to, by number alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pressing {
    /// The cases of R8, the longest first.
    pub overdue: Vec<Late>,
    /// Of R2, not acknowledged until now; ascending.
    pub untaken: Vec<String>,
    /// Of R3, nobody contacted until now; ascending.
    pub uncontacted: Vec<String>,
    /// Of M4 and M7, how many still wait: a figure counts those that ended without it too.
    pub unacknowledged: u64,
    pub unresolved: u64,
}

/// The figures whose cases are listed or counted.
const LISTED: &[&str] = &["R8", "R2", "R3", "M4", "M7"];

/// One reading: surveys of periods, all seen at the same instant.
#[derive(Clone, Debug)]
pub struct Gather {
    as_of: Timestamp,
    periods: Arc<Vec<Bounds>>,
    surveys: Vec<Survey>,
    /// Of the first period.
    plan: Arc<Option<Plan>>,
    pressing: Pressing,
}

impl Gather {
    /// Begins a reading; what presses is listed for the first period.
    pub fn new(as_of: Timestamp, parts: Vec<(Bounds, Survey)>) -> Self {
        let (periods, surveys): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        let plan = Plan::new(LISTED, Dimension::None, Filter::default());
        let (periods, plan) = (Arc::new(periods), Arc::new(plan));
        Self { as_of, periods, surveys, plan, pressing: Pressing::default() }
    }

    /// The same reading before it counted anything.
    #[must_use]
    pub fn anew(&self) -> Self {
        let surveys = self.surveys.iter().map(Survey::anew).collect();
        Self { surveys, pressing: Pressing::default(), ..self.clone() }
    }

    /// Counts a case.
    pub fn add(&mut self, number: &str, story: &Story, calendars: &Calendars) {
        let now = self.as_of;
        let frame = |(from, to): Bounds| Frame { from, to, now, calendars };
        for (survey, period) in self.surveys.iter_mut().zip(self.periods.iter()) {
            survey.add(story, &frame(*period));
        }
        let (Some(plan), Some(first)) = (self.plan.as_ref(), self.periods.first()) else { return };
        self.pressing.take(number, story, &plan.judge(story, &frame(*first)));
    }

    /// Takes in what the same reading counted of other cases.
    pub fn merge(&mut self, other: Self) {
        for (mine, theirs) in self.surveys.iter_mut().zip(other.surveys) {
            mine.merge(theirs);
        }
        self.pressing.overdue.extend(other.pressing.overdue);
        self.pressing.untaken.extend(other.pressing.untaken);
        self.pressing.uncontacted.extend(other.pressing.uncontacted);
        self.pressing.unacknowledged += other.pressing.unacknowledged;
        self.pressing.unresolved += other.pressing.unresolved;
    }

    /// Prints the figures of each period, in each division, and what presses.
    pub fn print(mut self) -> (Vec<Vec<Vec<Figure>>>, Pressing) {
        self.pressing.sort();
        (self.surveys.into_iter().map(Survey::print).collect(), self.pressing)
    }
}

impl Pressing {
    fn take(&mut self, number: &str, story: &Story, found: &[Option<Finding>]) {
        let [overdue, taken, contacted, acknowledged, resolved] = found else { return };
        if let Some(finding) = overdue.filter(|finding| finding.bucket == Bucket::Hit) {
            let cycle = story.cycle();
            self.overdue.push(Late {
                number: number.to_owned(),
                community: story.held_by.community.clone(),
                grid: story.held_by.grid.clone(),
                category: story.promised.as_ref().map(|promised| promised.category),
                due: cycle.and_then(|cycle| cycle.resolve_due),
                late: finding.wall.unwrap_or_default(),
            });
        }
        let undone = |found: &Option<Finding>| found.is_some_and(|finding| finding.undone);
        // What has ended is nobody's to take any more, though it counts as failed.
        if story.ended.is_some() {
            return;
        }
        if undone(taken) {
            self.untaken.push(number.to_owned());
        }
        if undone(contacted) {
            self.uncontacted.push(number.to_owned());
        }
        let open = |found: &Option<Finding>| found.is_some_and(|one| one.bucket == Bucket::Open);
        self.unacknowledged += u64::from(open(acknowledged));
        self.unresolved += u64::from(open(resolved));
    }

    /// Of what has not happened in a length, how many cases still wait for it and how many ended
    /// without it; none waits of a figure that is not counted so.
    pub(super) fn open(&self, id: &str, all: u64) -> (u64, u64) {
        let waits = match id {
            "M4" => self.unacknowledged,
            "M7" => self.unresolved,
            _ => 0,
        };
        // A month that was printed by an earlier definition may count a few cases otherwise.
        let waits = waits.min(all);
        (waits, all - waits)
    }

    fn sort(&mut self) {
        self.overdue.sort_by(|a, b| b.late.cmp(&a.late).then_with(|| a.number.cmp(&b.number)));
        self.untaken.sort();
        self.uncontacted.sort();
    }
}
