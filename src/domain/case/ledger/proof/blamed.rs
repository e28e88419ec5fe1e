//! Looks for the field of an entry that was changed, and only in so many cases: it takes up to sixteen
//! thousand hashes each, and one statement can change every case.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::{Chain, Finding, GENESIS, at};
use crate::domain::case::ledger::blame::{Known, blame};
use crate::domain::case::ledger::exported::commitment;

/// How many cases are looked into: whoever finds more has to go to a backup with all of them.
pub(super) const MOST: usize = 100;

/// The cases that were looked into.
#[derive(Debug)]
pub(super) struct Looked {
    most: usize,
    cases: RefCell<BTreeSet<String>>,
}

impl Looked {
    /// None yet, and at most so many.
    pub const fn most(most: usize) -> Self {
        Self { most, cases: RefCell::new(BTreeSet::new()) }
    }

    /// Whether a case may be looked into. Asked again it may, if it was.
    pub fn may(&self, case: &str) -> bool {
        let mut cases = self.cases.borrow_mut();
        cases.contains(case) || cases.len() < self.most && cases.insert(case.to_owned())
    }
}

impl Chain<'_> {
    /// Names the one field whose other value gives a hash that is `right`, with what was there; `None`
    /// where there is none, or too many cases were looked into.
    pub(super) fn blamed(
        &self,
        place: usize,
        seq: i64,
        right: impl Fn(&str) -> bool,
    ) -> Option<Finding> {
        let event = self.events.get(place).filter(|_| self.looked.may(self.number))?;
        let before = self.before(place);
        let mut actors: Vec<i64> = self.events.iter().filter_map(|e| e.entry.actor_id).collect();
        actors.sort_unstable();
        actors.dedup();
        let known = Known {
            case_number: self.number,
            seq,
            prev_hash: before.map_or(GENESIS, |before| before.hash.as_str()),
            commitment: event.fields.as_ref().and_then(commitment),
            actors,
        };
        let found = blame(&event.entry, &known, right)?;
        Some(at(seq, found.field.to_owned(), format!("被改动：当时为 {}", found.was)))
    }
}

#[cfg(test)]
mod tests {
    use entity::kinds::{ActorRole, EventType, Timestamp};

    use super::super::{Extent, Proof};
    use super::*;
    use crate::domain::case::ledger::exported::Event;
    use crate::domain::case::ledger::{Entry, hash};

    /// A case whose only entry was of another kind.
    fn case(nth: usize) -> Vec<Event> {
        let mut entry = Entry {
            case_number: format!("NC-20261123-{nth:05}"),
            seq: 1,
            kind: EventType::Reported,
            actor_id: Some(7),
            actor_role: ActorRole::Resident,
            server_time: Timestamp(1_795_399_200_000_000),
            client_time: None,
            payload_commitment: "ab".repeat(32),
            prev_hash: GENESIS.to_owned(),
        };
        let hash = hash(&entry).unwrap();
        entry.kind = EventType::Opened;
        vec![Event { entry, hash, erased: false, fields: None, strange: None }]
    }

    fn named(one: &Finding) -> bool {
        one.field.as_deref() == Some("kind")
    }

    #[test]
    fn the_changed_field_is_looked_for_in_the_first_cases_and_every_case_is_named() {
        let mut proof = Proof::new(Vec::new(), Extent::Open, |_, _| true);
        for nth in 0..MOST + 3 {
            proof.case(&case(nth));
        }
        let found = proof.finish("").findings;
        assert_eq!(found.len(), MOST + 3, "each once");
        let (first, rest) = found.split_at(MOST);
        assert!(first.iter().all(named), "{:?}", first.last());
        let plain = |one: &Finding| one.why == "被改动：内容与其哈希不符" && one.seq == Some(1);
        assert!(rest.iter().all(plain), "{rest:?}");
    }

    /// As those are whose lines may stand elsewhere.
    #[test]
    fn a_case_that_is_proven_twice_counts_once() {
        let mut proof = Proof::new(Vec::new(), Extent::Open, |_, _| true);
        proof.looked = Looked::most(1);
        let found = [1, 2, 1].map(|nth| {
            let events = case(nth);
            proof.wrong_with(&events[0].entry.case_number, &events).unwrap()
        });
        assert_eq!(found.each_ref().map(named), [true, false, true]);
    }
}
