//! Which calendar an interval is counted with: the one in force when it ended, so that a notice
//! confirmed later changes no figure of what was over.

use std::collections::BTreeSet;
use std::iter;
use std::sync::Arc;

use entity::kinds::Timestamp;

use crate::domain::calendar::Calendar;

/// Every version of the calendar with the instant from which it counted.
#[derive(Clone, Debug)]
pub struct Calendars {
    delivered: Arc<Calendar>,
    /// Ascending.
    later: Vec<(Timestamp, Arc<Calendar>)>,
    /// Versions that counted and are not at hand.
    lacking: BTreeSet<u32>,
}

impl Calendars {
    /// Puts the version delivered with the program before those that were confirmed.
    pub fn new(delivered: Calendar, mut later: Vec<(Timestamp, Calendar)>) -> Self {
        later.sort_by_key(|(from, calendar)| (*from, calendar.version()));
        let later = later.into_iter().map(|(from, calendar)| (from, Arc::new(calendar)));
        Self { delivered: Arc::new(delivered), later: later.collect(), lacking: BTreeSet::new() }
    }

    /// Says which versions counted and are not at hand: what one of them may have moved is unproven.
    #[must_use]
    pub fn lacking(self, lacking: BTreeSet<u32>) -> Self {
        Self { lacking, ..self }
    }

    /// Whether a version counted and is not at hand.
    pub fn lacks(&self, version: u32) -> bool {
        self.lacking.contains(&version)
    }

    /// Whether a version from this one on is not at hand.
    pub fn lacks_since(&self, version: u32) -> bool {
        self.lacking.last().is_some_and(|last| *last >= version)
    }

    /// Whether any version is not at hand.
    pub fn is_partial(&self) -> bool {
        !self.lacking.is_empty()
    }

    /// Returns the calendar of a version, else the next one, and all later ones that counted at an
    /// instant; the one in force then where there is none of those.
    pub fn since(&self, version: u32, at: Timestamp) -> (Arc<Calendar>, Vec<Arc<Calendar>>) {
        let before = self.later.partition_point(|(from, _)| *from <= at);
        let known = self.later.iter().take(before).map(|(_, calendar)| calendar);
        let mut since = iter::once(&self.delivered)
            .chain(known)
            .filter(|one| one.version() >= version)
            .cloned();
        let first = since.next().unwrap_or_else(|| Arc::clone(self.counted(at)));
        (first, since.collect())
    }

    /// Returns the calendar in force at an instant.
    pub fn at(&self, at: Timestamp) -> &Calendar {
        self.counted(at)
    }

    fn counted(&self, at: Timestamp) -> &Arc<Calendar> {
        let before = self.later.partition_point(|(from, _)| *from <= at);
        let last = before.checked_sub(1).and_then(|last| self.later.get(last));
        last.map_or(&self.delivered, |(_, calendar)| calendar)
    }
}
