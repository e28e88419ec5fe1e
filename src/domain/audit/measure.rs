//! Intervals and counts of a case: M1 to M13 (domain §5.5), and the stocks R8 and R19.
//!
//! The population is the cases reported in the period. What has not happened waits: it is measured
//! until the case ended, or until now, and counted as waiting, never left out.

use entity::kinds::Timestamp;

use super::frame::{Frame, Rule, micros};
use super::story::Story;
use super::tally::{Bucket, Finding};
use crate::domain::calendar::pause::Pause;
use crate::domain::case::targets::{Span, Target};

/// Every measure with its rule.
pub const MEASURES: &[(&str, Rule)] = &[
    ("M1", locate),
    ("M2", first_push),
    ("M3", open),
    ("M4", acknowledge),
    ("M4p", acknowledge_from_push),
    ("M5", contact),
    ("M5a", attempt),
    ("M5c", contact_of_first_cycle),
    ("M7", resolve),
    ("M7c", resolve_of_first_cycle),
    ("M8", close),
    ("M11", silence),
    ("M12", rework),
    ("M13p", paused),
    ("M13r", reroutes),
    ("M13s", steps),
    ("R8", overdue),
    ("R19", load),
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
    interval((story, frame), (story.reported, story.acknowledged), (ACKNOWLEDGE, &[]))
}

pub(super) fn acknowledge_from_push(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    interval((story, frame), (story.pushed?, story.acknowledged), (ACKNOWLEDGE, &[]))
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
    let lasts = story.ended.is_none().then_some((story.last_word, frame.now));
    let (from, to) = story.silence.into_iter().chain(lasts).max_by_key(|(a, b)| b.since(*a))?;
    interval((story, frame), (from, Some(to)), (RESOLVE, &[]))
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

/// How long the case was open within the period, for whoever answers for it.
fn load(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let person = Some(story.held_by.person?);
    let from = story.assigned.unwrap_or(story.reported).max(frame.from);
    let end = story.ended.map_or(frame.now, |(_, at)| at).min(frame.to).min(frame.now);
    if end <= from {
        return None;
    }
    let pauses = story.pauses(frame.now);
    let (wall, work) = frame.measure(story, (from, Some(end)), (RESOLVE, &pauses));
    let (wall, work) = (Some(micros(wall)), Some(micros(work)));
    let carried = Finding { wall, work, person, ..Finding::new(Bucket::Hit) };
    Some(story.taken_out().unwrap_or(carried))
}
