//! Cases beside the cells as they were opened last: what is open is asked for again and again, and
//! what it says changes only when another event is written.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use entity::kinds::{CaseId, Timestamp};
use lru::LruCache;

use crate::domain::audit::facts::Fact;
use crate::domain::audit::story::Story;
use crate::store::rolled::Beside;

/// Cases that are kept, about 1 KB each (measured with 69,659): what is open in a street at once is
/// some hundred. Of more than this none is found again, because they are asked for in one order.
const KEPT: NonZeroUsize = NonZeroUsize::new(131_072).unwrap();

/// What the ledger of a case says.
#[derive(Debug)]
pub struct Opened {
    counted: i64,
    last: i64,
    /// When the last event was written.
    at: Timestamp,
    /// As cells have it.
    pub then: Option<Story>,
    /// With all that was written of it.
    pub now: Option<Story>,
}

impl Opened {
    /// Reads what was written of a case in the order of its ledger, each with its number.
    pub fn of(case: &Beside, facts: &[(i32, Fact)]) -> Self {
        let counted = facts.partition_point(|(seq, _)| i64::from(*seq) <= case.counted);
        let told = |count: usize| Story::of(facts.iter().take(count).map(|(_, fact)| fact));
        Self {
            counted: case.counted,
            last: facts.last().map_or(0, |(seq, _)| i64::from(*seq)),
            at: facts.last().map_or(Timestamp(0), |(_, fact)| fact.at),
            then: told(counted),
            now: told(facts.len()),
        }
    }

    /// Tells whether it is a case as it stands, seen at an instant.
    fn is(&self, case: &Beside, as_of: Timestamp) -> bool {
        (self.counted, self.last) == (case.counted, case.last) && self.at <= as_of
    }
}

/// Those of this process.
#[derive(Debug)]
pub struct Kept(Mutex<LruCache<CaseId, Arc<Opened>>>);

impl Default for Kept {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }
}

impl Kept {
    /// Returns what was kept of each case, where that is all that was written of it until `as_of`.
    pub fn find(&self, cases: &[Beside], as_of: Timestamp) -> Vec<Option<Arc<Opened>>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one = |case: &Beside| {
            kept.get(&case.id).filter(|opened| opened.is(case, as_of)).map(Arc::clone)
        };
        cases.iter().map(one).collect()
    }

    /// Keeps a case. Where the list and the ledger were read around an event, they do not agree, and
    /// nothing is kept.
    pub fn keep(&self, case: &Beside, opened: &Arc<Opened>) {
        if opened.is(case, opened.at) {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.put(case.id, Arc::clone(opened));
        }
    }
}

#[cfg(test)]
mod tests {
    use entity::kinds::{ActorRole, EventType};

    use super::*;
    use crate::domain::audit::facts::Facts;

    fn fact(kind: EventType, at: i64) -> Fact {
        let (actor, role, facts) = (None, ActorRole::System, Facts::default());
        Fact { kind, at: Timestamp(at), actor, role, facts }
    }

    #[test]
    fn what_is_kept_is_a_case_as_it_stands_or_nothing() {
        let case = |counted, last| Beside { id: CaseId(7), counted, last };
        let kept = Kept::default();
        let facts = [(1, fact(EventType::Reported, 10)), (2, fact(EventType::Cancelled, 20))];
        let opened = Arc::new(Opened::of(&case(1, 2), &facts));
        assert_eq!(opened.then.as_ref().map(|story| story.ended), Some(None), "as cells have it");
        assert!(opened.now.as_ref().is_some_and(|story| story.ended.is_some()));
        kept.keep(&case(1, 2), &opened);
        let found = |case: Beside, as_of| kept.find(&[case], Timestamp(as_of))[0].is_some();
        assert!(found(case(1, 2), 20));
        assert!(!found(case(1, 3), 30), "another event was written");
        assert!(!found(case(2, 2), 30), "the night counted it");
        assert!(!found(case(1, 2), 19), "the event had not happened");
        assert!(!found(Beside { id: CaseId(8), ..case(1, 2) }, 30));
        let early = Opened::of(&case(1, 2), &facts[..1]);
        kept.keep(&case(1, 2), &Arc::new(early));
        assert!(found(case(1, 2), 30), "not all that was written was read: it is not kept");
    }
}
