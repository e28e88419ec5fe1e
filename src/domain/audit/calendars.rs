//! Which calendar an interval is counted with: the one in force when it ended, so that a notice
//! confirmed later changes no figure of what was over.

use entity::kinds::Timestamp;

use crate::domain::calendar::Calendar;

/// Every version of the calendar with the instant from which it counted.
#[derive(Clone, Debug)]
pub struct Calendars {
    delivered: Calendar,
    /// Ascending.
    later: Vec<(Timestamp, Calendar)>,
}

impl Calendars {
    /// Puts the version delivered with the program before those that were confirmed.
    pub fn new(delivered: Calendar, mut later: Vec<(Timestamp, Calendar)>) -> Self {
        later.sort_by_key(|(from, calendar)| (*from, calendar.version()));
        Self { delivered, later }
    }

    /// Returns the calendar in force at an instant.
    pub fn at(&self, at: Timestamp) -> &Calendar {
        let before = self.later.partition_point(|(from, _)| *from <= at);
        let last = before.checked_sub(1).and_then(|last| self.later.get(last));
        last.map_or(&self.delivered, |(_, calendar)| calendar)
    }
}
