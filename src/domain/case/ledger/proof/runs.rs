//! Puts the entries of an export together to cases, as the chain has them and not only as their numbers
//! say: an entry whose number was changed stays in its chain, where it is named, and lines that were
//! moved are put back to their case.

use std::collections::{BTreeMap, BTreeSet};

use super::pieces::{Piece, moved};
use super::{Finding, Proof, at};
use crate::domain::case::ledger::checkpoint::MARK;
use crate::domain::case::ledger::exported::Event;
use crate::domain::case::ledger::{Entry, GENESIS, hash};

/// Entries of cases with a fault that are kept until everything was read; cases beyond are told at once.
const HELD: usize = 50_000;

/// Entries that stand together in a file.
#[derive(Debug)]
pub(super) struct Run {
    /// Its place among all runs.
    pub place: usize,
    pub number: String,
    pub events: Vec<Event>,
}

/// The runs of an export while it is read.
#[derive(Debug, Default)]
pub struct Runs {
    run: Vec<Event>,
    over: usize,
    /// Those that are not whole by themselves.
    held: Vec<Run>,
    entries: usize,
}

impl Runs {
    /// Whether an entry came.
    pub const fn begun(&self) -> bool {
        !self.run.is_empty()
    }

    /// Takes an entry; returns those of the run that it ends.
    pub fn take(&mut self, event: Event) -> Option<Vec<Event>> {
        if continues(&self.run, &event) {
            self.run.push(event);
            return None;
        }
        let mut next = Vec::with_capacity(self.run.len().max(8));
        next.push(event);
        Some(std::mem::replace(&mut self.run, next)).filter(|over| !over.is_empty())
    }

    /// Proves a run that is over. Returns it, with its own number everywhere, unless it waits for
    /// lines that stand elsewhere.
    pub fn prove(&mut self, proof: &mut Proof, events: Vec<Event>) -> Option<Vec<Event>> {
        let place = self.over;
        self.over = self.over.saturating_add(1);
        let number = number_of(&events)?;
        let found = proof.wrong_with(&number, &events);
        let entries = self.entries.saturating_add(events.len());
        if found.is_some() && entries <= HELD {
            self.entries = entries;
            self.held.push(Run { place, number, events });
            return None;
        }
        proof.told(&number, &events, found);
        Some(numbered(events, &number))
    }

    /// Ends with the runs that waited: those of one case together, in the order of their entries. Says
    /// of each case what is wrong with it, else which of its lines were moved. Returns the cases.
    pub fn finish(mut self, proof: &mut Proof) -> Vec<Vec<Event>> {
        let last = std::mem::take(&mut self.run);
        let mut cases: Vec<Vec<Event>> = self.prove(proof, last).into_iter().collect();
        let firsts: BTreeSet<&str> =
            self.held.iter().filter_map(strayed).filter_map(mark).collect();
        let absent = proof.absent(&firsts);
        let mut runs: BTreeMap<String, Vec<Run>> = BTreeMap::new();
        for mut run in self.held {
            run.number = owner(&run, &absent).unwrap_or(run.number);
            runs.entry(run.number.clone()).or_default().push(run);
        }
        // What was there whole before is among them: its lines do not stand between those of others.
        let apart =
            |(number, runs): &(&String, &Vec<Run>)| runs.len() > 1 || proof.has_seen(number);
        let scattered = runs.iter().filter(apart).flat_map(|(_, runs)| runs);
        let pieces: Vec<Piece<'_>> = scattered.flat_map(Piece::of).collect();
        let again = |piece: &Piece<'_>| proof.has_seen(piece.number);
        let mut elsewhere: BTreeMap<String, i64> = BTreeMap::new();
        for piece in moved(&pieces, again) {
            let first = elsewhere.entry(piece.number.to_owned()).or_insert(piece.first);
            *first = piece.first.min(*first);
        }
        for (number, runs) in runs {
            let again = proof.has_seen(&number);
            let many = runs.len() > 1;
            let mut events: Vec<Event> = runs.into_iter().flat_map(|run| run.events).collect();
            if many {
                events.sort_by_key(|event| event.entry.seq);
            }
            let misplaced = |seq: &i64| at(*seq, None, "不在它的位置上：写在文件的别处");
            let found: Option<Finding> = proof.wrong_with(&number, &events);
            let found = found.or_else(|| elsewhere.get(&number).map(misplaced));
            proof.told(&number, &events, found);
            if !again {
                cases.push(numbered(events, &number));
            }
        }
        cases
    }
}

/// Whether an entry goes on with a run. Nearly always two numbers say so.
fn continues(run: &[Event], event: &Event) -> bool {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return false };
    let (entry, number) = (&event.entry, &first.entry.case_number);
    if entry.seq == 1 && entry.case_number != *number {
        // It begins a case, although somebody may have made it point at the end of the one before.
        return false;
    }
    if entry.seq == 1 && entry.prev_hash == GENESIS {
        // The first entry of another case bears this number only where somebody changed one of both.
        let same = last.entry.case_number == *number;
        return same && is_of(event, number) && is_of(first, number);
    }
    entry.case_number == *number
        || entry.prev_hash == last.hash
        || entry.case_number == last.entry.case_number
        || is_of(event, number)
}

/// Whether an entry was sealed with a number.
fn is_of(event: &Event, number: &str) -> bool {
    let entry = Entry { case_number: number.to_owned(), ..event.entry.clone() };
    hash(&entry).is_ok_and(|hash| hash == event.hash)
}

/// The number of a run: where there are several, the first with which an entry was sealed.
fn number_of(events: &[Event]) -> Option<String> {
    let first = &events.first()?.entry.case_number;
    let one = events.iter().all(|event| event.entry.case_number == *first);
    let sealed = || events.iter().find(|event| is_of(event, &event.entry.case_number));
    let found = if one { None } else { sealed() };
    Some(found.map_or(first, |event| &event.entry.case_number).clone())
}

/// The first entry of a case, where it was not sealed with the number of its run.
fn strayed(run: &Run) -> Option<&Event> {
    run.events.first().filter(|first| first.entry.seq == 1 && !is_of(first, &run.number))
}

/// What a checkpoint keeps of an entry's hash.
fn mark(event: &Event) -> Option<&str> {
    event.hash.get(..MARK)
}

/// A case that did not come and whose first entry this is, under another number.
fn owner(run: &Run, absent: &BTreeMap<String, Vec<String>>) -> Option<String> {
    let first = strayed(run)?;
    absent.get(mark(first)?)?.iter().find(|number| is_of(first, number)).cloned()
}

/// Gives every entry the number of its case: what is counted is counted for that one.
fn numbered(mut events: Vec<Event>, number: &str) -> Vec<Event> {
    for event in &mut events {
        if event.entry.case_number != number {
            number.clone_into(&mut event.entry.case_number);
        }
    }
    events
}
