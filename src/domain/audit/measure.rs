//! Intervals and counts of a case: M1 to M13 (domain §5.5), and the stocks R8 and R19.
//!
//! The population is the cases reported in the period. What has not happened waits: it is measured
//! until the case ended, or until now, and counted as waiting, never left out.

use entity::kinds::Timestamp;

use super::frame::{Frame, Rule, micros};
use super::round::Round;
use super::story::{Quiet, Story};
use super::tally::{Bucket, Finding};
use crate::domain::calendar::pause::Pause;
use crate::domain::case::targets::{Span, Target};

/// Every measure with its rule and the cycle whose times it reads; where it reads none, the one that
/// is nearest to it.
pub const MEASURES: &[(&str, Rule, Round)] = &[
    ("M1", locate, Round::First),
    ("M2", first_push, Round::First),
    ("M3", open, Round::First),
    ("M4", acknowledge, Round::First),
    ("M4p", acknowledge_from_push, Round::First),
    ("M5", contact, Round::Last),
    ("M5a", attempt, Round::Last),
    ("M5c", contact_of_first_cycle, Round::First),
    ("M7", resolve, Round::Last),
    ("M7c", resolve_of_first_cycle, Round::First),
    ("M8", close, Round::Last),
    ("M11", silence, Round::Last),
    ("M12", rework, Round::Last),
    ("M13p", paused, Round::Last),
    ("M13r", reroutes, Round::Last),
    ("M13s", steps, Round::Last),
    ("R8", overdue, Round::Last),
    ("R19", load, Round::Last),
];

pub(super) const PUSH: fn(&Target) -> Span = |target| target.push;
pub(super) const ACKNOWLEDGE: fn(&Target) -> Span = |target| target.acknowledge;
pub(super) const CONTACT: fn(&Target) -> Span = |target| target.contact;
pub(super) const RESOLVE: fn(&Target) -> Span = |target| target.resolve;

/// Within which hours time counts, and the rests that are taken off.
pub(super) type Counted<'a> = (fn(&Target) -> Span, &'a [Pause]);

/// An interval of a case of the population.
pub(super) fn interval(
    (story, frame): (&Story, &Frame<'_>),
    (from, to): (Timestamp, Option<Timestamp>),
    counted: Counted<'_>,
) -> Option<Finding> {
    if !frame.holds(story.reported) {
        return None;
    }
    if let Some(out) = story.taken_out() {
        return Some(out);
    }
    let (wall, work) = frame.measure(story, (from, to), counted);
    let bucket = if to.is_some() { Bucket::Hit } else { Bucket::Open };
    let (wall, work) = (Some(micros(wall)), Some(micros(work)));
    Some(Finding { wall, work, ..Finding::new(bucket) })
}

fn locate(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    interval((story, frame), (story.reported, story.located), (PUSH, &[]))
}

fn first_push(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    interval((story, frame), (story.reported, story.pushed), (PUSH, &[]))
}

fn open(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    interval((story, frame), (story.pushed?, story.opened), (ACKNOWLEDGE, &[]))
}

pub(super) fn acknowledge(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    interval((story, frame), (story.reported, story.taken.at), (ACKNOWLEDGE, &[]))
}

pub(super) fn acknowledge_from_push(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    interval((story, frame), (story.pushed?, story.taken.at), (ACKNOWLEDGE, &[]))
}

fn contact(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let contacted = story.cycle().and_then(|cycle| cycle.contacted);
    interval((story, frame), (story.reported, contacted), (CONTACT, &[]))
}

fn attempt(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let attempted = story.cycle().and_then(|cycle| cycle.attempted);
    interval((story, frame), (story.reported, attempted), (CONTACT, &[]))
}

fn contact_of_first_cycle(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let contacted = story.cycles.first().and_then(|cycle| cycle.contacted);
    interval((story, frame), (story.reported, contacted), (CONTACT, &[]))
}

fn resolve(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let resolved = story.cycle().and_then(|cycle| cycle.resolved);
    let pauses = story.pauses(frame.now);
    interval((story, frame), (story.reported, resolved), (RESOLVE, &pauses))
}

fn resolve_of_first_cycle(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let resolved = story.cycles.first().and_then(|cycle| cycle.resolved);
    let pauses = story.pauses(frame.now);
    interval((story, frame), (story.reported, resolved), (RESOLVE, &pauses))
}

fn close(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let pauses = story.pauses(frame.now);
    interval((story, frame), (story.reported, story.closed()), (RESOLVE, &pauses))
}

/// Of a case that is open, the silence that still lasts counts too.
fn silence(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    longest_of((story, frame), &story.quiet)
}

pub(super) fn longest_of(seen: (&Story, &Frame<'_>), quiet: &Quiet) -> Option<Finding> {
    let lasts = seen.0.ended.is_none().then_some((quiet.last_word, seen.1.now));
    let (from, to) = quiet.longest.into_iter().chain(lasts).max_by_key(|(a, b)| b.since(*a))?;
    interval(seen, (from, Some(to)), (RESOLVE, &[]))
}

fn rework(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let cycle = story.cycle().filter(|_| !story.reopened.is_empty())?;
    let pauses = story.pauses(frame.now);
    interval((story, frame), (cycle.started_at, cycle.resolved), (RESOLVE, &pauses))
}

fn paused(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let seen = interval((story, frame), (story.reported, Some(story.reported)), (RESOLVE, &[]))?;
    if let Bucket::Excluded(_) = seen.bucket {
        return Some(seen);
    }
    let pauses = story.pauses(frame.now);
    let of = |one: &Pause| frame.measure(story, (one.from, Some(one.to)), (RESOLVE, &[]));
    let wall = pauses.iter().map(|one| micros(of(one).0)).sum();
    let work = pauses.iter().map(|one| micros(of(one).1)).sum();
    Some(Finding { wall: Some(wall), work: Some(work), ..seen })
}

fn count((story, frame): (&Story, &Frame<'_>), number: u32) -> Option<Finding> {
    frame.holds(story.reported).then(|| {
        let counted = Finding { wall: Some(u64::from(number)), ..Finding::new(Bucket::Hit) };
        story.taken_out().unwrap_or(counted)
    })
}

fn reroutes(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    count((story, frame), story.reroutes)
}

fn steps(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    count((story, frame), story.step)
}

/// Open, without a result and past its time now, whenever it was reported before the period's end.
fn overdue(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let cycle = story.cycle().filter(|cycle| cycle.resolved.is_none())?;
    let due = cycle.resolve_due.filter(|due| *due < frame.now && story.reported < frame.to)?;
    if story.ended.is_some() {
        return None;
    }
    let (wall, work) = frame.measure(story, (due, Some(frame.now)), (RESOLVE, &cycle.pauses));
    let (wall, work) = (Some(micros(wall)), Some(micros(work)));
    let late = Finding { wall, work, ..Finding::new(Bucket::Hit) };
    Some(story.taken_out().unwrap_or(late))
}

/// How long somebody had the case within the period, for whoever answers for it; while it was over
/// nobody had it.
fn load(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    load_of((story, frame), story.held_by.person)
}

pub(super) fn load_of(
    (story, frame): (&Story, &Frame<'_>),
    person: Option<i64>,
) -> Option<Finding> {
    let (from, end) = in_hand(story, frame)?;
    let within = |one: &Pause| Pause { from: one.from.max(from), to: one.to.min(end) };
    let away: Vec<Pause> = story.away.iter().map(within).filter(|one| one.from < one.to).collect();
    let gone: u64 = away.iter().map(|one| micros(one.to.since(one.from))).sum();
    let mut off = story.pauses(frame.now);
    off.extend(away);
    let carried = carried((story, frame), (from, end, person), &off)?;
    let wall = carried.wall.map(|wall| wall.saturating_sub(gone));
    if wall == Some(0) && gone > 0 {
        return None;
    }
    Some(story.taken_out().unwrap_or(Finding { wall, ..carried }))
}

/// From when until when, within the period, the case was assigned and not over.
fn in_hand(story: &Story, frame: &Frame<'_>) -> Option<(Timestamp, Timestamp)> {
    let from = story.assigned.unwrap_or(story.reported).max(frame.from);
    let end = story.ended.map_or(frame.now, |(_, at)| at).min(frame.to).min(frame.now);
    (end > from).then_some((from, end))
}

fn carried(
    (story, frame): (&Story, &Frame<'_>),
    (from, end, person): (Timestamp, Timestamp, Option<i64>),
    off: &[Pause],
) -> Option<Finding> {
    let person = Some(person?);
    let (wall, work) = frame.measure(story, (from, Some(end)), (RESOLVE, off));
    let (wall, work) = (Some(micros(wall)), Some(micros(work)));
    Some(Finding { wall, work, person, ..Finding::new(Bucket::Hit) })
}

/// The same as it was defined first: what came back had been somebody's meanwhile.
pub(super) fn load_with_gaps(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let ((from, end), person) = (in_hand(story, frame)?, story.held_before.person);
    let carried = carried((story, frame), (from, end, person), &story.pauses(frame.now))?;
    Some(story.taken_out().unwrap_or(carried))
}
