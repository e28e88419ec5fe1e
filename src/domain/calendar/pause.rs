//! Time that does not count because a case rests (domain §5.4).
//!
//! `active(a, b)` is the counted time between two instants less that of the pauses; the pauses are
//! taken as a union, so that overlapping ones count once. Invariant:
//! `active(a, add_active(a, d)) == d`.

use std::time::Duration;

use entity::kinds::Timestamp;

use super::{Calendar, Due, Hours};

/// A rest, `[from, to)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// Sorts pauses, drops the empty ones and joins those that meet.
fn union(pauses: &[Pause]) -> Vec<Pause> {
    let mut sorted: Vec<Pause> = pauses.iter().copied().filter(|one| one.to > one.from).collect();
    sorted.sort_unstable_by_key(|one| (one.from, one.to));
    let mut joined: Vec<Pause> = Vec::with_capacity(sorted.len());
    for one in sorted {
        match joined.last_mut() {
            Some(last) if one.from <= last.to => last.to = last.to.max(one.to),
            _ => joined.push(one),
        }
    }
    joined
}

impl Calendar {
    /// Returns the counted time between two instants without the pauses; zero when `b` is not
    /// after `a`.
    pub fn active(&self, hours: &Hours, pauses: &[Pause], a: Timestamp, b: Timestamp) -> Duration {
        let rested = union(pauses).into_iter().map(|one| {
            let (from, to) = (one.from.max(a), one.to.min(b));
            self.work(hours, from, to)
        });
        self.work(hours, a, b).saturating_sub(rested.sum())
    }

    /// Returns the first instant at which `target` of active time has passed since `from`.
    pub fn add_active(
        &self,
        hours: &Hours,
        pauses: &[Pause],
        from: Timestamp,
        target: Duration,
    ) -> Due {
        let (mut at, mut left, mut unsettled) = (from, target, false);
        for one in union(pauses).into_iter().filter(|one| one.to > from) {
            let before = self.work(hours, at, one.from);
            if before >= left {
                break;
            }
            left -= before;
            at = at.max(one.to);
            unsettled |= self.due(hours, from, one.from).provisional;
        }
        let due = self.add_work(hours, at, left);
        Due { at: due.at, provisional: due.provisional || unsettled }
    }
}
