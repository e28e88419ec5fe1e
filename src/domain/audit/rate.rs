//! Shares of a cohort: R1 to R17 (domain §5.6).
//!
//! Where something was promised, the cohort is the cases whose due time lies in the period. One
//! that is due later than now is not decided yet, whatever happened: what is already done early
//! must not stand alone in a figure whose failures are still to come.

use std::time::Duration;

use entity::kinds::{CaseState, ResultType, Timestamp};

use super::frame::{Frame, Rule, micros};
use super::measure::{ACKNOWLEDGE, CONTACT, Counted, PUSH, RESOLVE};
use super::round::Round;
use super::story::{Answer, Cycle, Story, Taken};
use super::tally::{Bucket, Finding};

/// How long a closed case may be reopened (domain §4.1).
const REOPENS: Duration = Duration::from_hours(30 * 24);

/// Every rate with its rule and the cycle whose times it reads, as in measures.
pub const RATES: &[(&str, Rule, Round)] = &[
    ("M2f", first_push_refused, Round::First),
    ("R1", pushed_in_time, Round::First),
    ("R2", acknowledged_in_time, Round::First),
    ("R3", contacted_in_time, Round::First),
    ("R3a", attempted_in_time, Round::First),
    ("R5", closed, Round::JudgedAndClosed),
    ("R6", closed_in_time, Round::Judged),
    ("R9", solved, Round::Settling),
    ("R9s", really_solved, Round::Settling),
    ("R9e", explained, Round::Settling),
    ("R10", content_with_result, Round::Settling),
    ("R10a", content_with_attitude, Round::Settling),
    ("R10d", content_with_both, Round::Settling),
    ("R11", called_back, Round::Settling),
    ("R12", reopened, Round::Settling),
    ("R13", extended, Round::Last),
    ("R14", routed_right, Round::Last),
    ("R15-1", |story, frame| reached_step(story, frame, 1), Round::Last),
    ("R15-2", |story, frame| reached_step(story, frame, 2), Round::Last),
    ("R15-3", |story, frame| reached_step(story, frame, 3), Round::Last),
    ("R15-4", |story, frame| reached_step(story, frame, 4), Round::Last),
    ("R15-5", |story, frame| reached_step(story, frame, 5), Round::Last),
    ("R17", merged, Round::Last),
];

/// Decides about a case of the cohort by a due time.
fn decide(
    (story, frame): (&Story, &Frame<'_>),
    (due, done): (Timestamp, Option<Timestamp>),
    counted: Counted<'_>,
) -> Finding {
    if let Some(out) = story.taken_out() {
        return out;
    }
    let (wall, work) = frame.measure(story, (story.reported, done), counted);
    let (wall, work) = (Some(micros(wall)), Some(micros(work)));
    // Nothing is owed any more to a case that ended in another way before its time was over.
    let left = story.left().filter(|(_, at)| *at <= due);
    let bucket = match (done.is_some_and(|at| at <= due), left) {
        _ if due > frame.now => Bucket::Open,
        (true, _) => Bucket::Hit,
        (false, Some((state, _))) => Bucket::Excluded(state.word()),
        (false, None) => Bucket::Failed,
    };
    let undone = bucket == Bucket::Failed && done.is_none();
    Finding { bucket, wall, work, undone, person: None }
}

/// Decides about a case whose due time lies in the period.
fn by_due(
    (story, frame): (&Story, &Frame<'_>),
    (due, done): (Option<Timestamp>, Option<Timestamp>),
    counted: Counted<'_>,
) -> Option<Finding> {
    let due = due.filter(|due| frame.holds(*due))?;
    Some(decide((story, frame), (due, done), counted))
}

/// Counts a case of a cohort without a due time.
fn simply(story: &Story, hit: bool) -> Finding {
    let bucket = if hit { Bucket::Hit } else { Bucket::Failed };
    story.taken_out().unwrap_or_else(|| Finding::new(bucket))
}

fn reported(story: &Story, frame: &Frame<'_>) -> bool {
    frame.holds(story.reported)
}

fn first_push_refused(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let routed = reported(story, frame) && story.assigned.is_some();
    routed.then(|| simply(story, story.first_refused == Some(true)))
}

type Seen<'a> = (&'a Story, &'a Frame<'a>);

fn pushed_in_time(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    pushed_counting((story, frame), (PUSH, &[]))
}

pub(super) fn pushed_counting((story, frame): Seen<'_>, counted: Counted<'_>) -> Option<Finding> {
    let due = story.push_due(frame.calendars).filter(|_| reported(story, frame))?;
    Some(decide((story, frame), (due, story.pushed), counted))
}

pub(super) fn acknowledged_in_time(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    acknowledged_counting((story, frame), &story.taken, (ACKNOWLEDGE, &[]))
}

pub(super) fn acknowledged_counting(
    seen: Seen<'_>,
    taken: &Taken,
    counted: Counted<'_>,
) -> Option<Finding> {
    by_due(seen, (seen.0.acknowledge_due, taken.at), counted)
}

fn contacted_in_time(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    contacted_counting((story, frame), (CONTACT, &[]))
}

pub(super) fn contacted_counting(seen: Seen<'_>, counted: Counted<'_>) -> Option<Finding> {
    let first = seen.0.cycles.first()?;
    by_due(seen, (first.contact_due, first.contacted), counted)
}

fn attempted_in_time(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    attempted_counting((story, frame), (CONTACT, &[]))
}

pub(super) fn attempted_counting(seen: Seen<'_>, counted: Counted<'_>) -> Option<Finding> {
    let first = seen.0.cycles.first()?;
    by_due(seen, (first.contact_due, first.attempted), counted)
}

pub(super) fn vouched_counting(seen: Seen<'_>, counted: Counted<'_>) -> Option<Finding> {
    let first = seen.0.cycles.first()?;
    by_due(seen, (first.contact_due, first.vouched), counted)
}

fn closed(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let due = story.judged()?.resolve_due;
    let rests = story.pauses(frame.now);
    closed_counting((story, frame), (due, story.first_closed()), (RESOLVE, &rests))
}

pub(super) fn closed_counting(
    seen: Seen<'_>,
    (due, closed): (Option<Timestamp>, Option<Timestamp>),
    counted: Counted<'_>,
) -> Option<Finding> {
    let found = by_due(seen, (due, closed), counted)?;
    let late = found.bucket == Bucket::Failed && closed.is_some();
    Some(if late { Finding { bucket: Bucket::Hit, undone: false, ..found } } else { found })
}

/// The handler's part ends with the result; the case counts once it is closed on the strength of
/// it.
fn closed_in_time(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let rests = story.pauses(frame.now);
    closed_in_time_counting((story, frame), story.judged()?, (RESOLVE, &rests))
}

pub(super) fn closed_in_time_counting(
    seen: Seen<'_>,
    cycle: &Cycle,
    counted: Counted<'_>,
) -> Option<Finding> {
    let found = by_due(seen, (cycle.resolve_due, cycle.resolved), counted)?;
    let waits = found.bucket == Bucket::Hit && cycle.closed.is_none();
    let left = seen.0.left().is_some();
    Some(if waits && !left { Finding { bucket: Bucket::Open, ..found } } else { found })
}

/// Cases closed or due in the period.
fn asked(story: &Story, frame: &Frame<'_>) -> bool {
    story.settling().is_some_and(|cycle| {
        let times = [cycle.closed, cycle.resolve_due.filter(|due| *due <= frame.now)];
        times.into_iter().flatten().any(|at| frame.holds(at))
    })
}

pub(super) fn solved(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    answered((story, frame), story.said.map(|said| said.answer == Answer::Solved))
}

/// Counts a case of which something was said: whether it was that.
pub(super) fn answered((story, frame): Seen<'_>, hit: Option<bool>) -> Option<Finding> {
    hit.filter(|_| asked(story, frame)).map(|hit| simply(story, hit))
}

/// What was declared in a later cycle is not what he answered to.
fn solved_as(story: &Story, frame: &Frame<'_>, result: ResultType) -> Option<Finding> {
    let said = story.said?;
    let hit = said.answer == Answer::Solved && said.declared == Some(result);
    answered((story, frame), Some(hit))
}

pub(super) fn really_solved(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    solved_as(story, frame, ResultType::Solved)
}

pub(super) fn explained(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    solved_as(story, frame, ResultType::Explained)
}

/// 3 of 5 is 基本满意, which counts whole (w = 1.0).
const CONTENT: u8 = 3;

fn content(story: &Story, frame: &Frame<'_>, is: fn(u8, u8) -> bool) -> Option<Finding> {
    let (result, attitude) = story.marks.filter(|_| asked(story, frame))?;
    Some(simply(story, is(result, attitude)))
}

pub(super) fn content_with_result(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    content(story, frame, |result, _| result >= CONTENT)
}

pub(super) fn content_with_attitude(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    content(story, frame, |_, attitude| attitude >= CONTENT)
}

pub(super) fn content_with_both(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    content(story, frame, |result, attitude| result.min(attitude) >= CONTENT)
}

/// When it was closed first, if that was in the period.
fn first_closed(story: &Story, frame: &Frame<'_>) -> Option<Timestamp> {
    story.first_closed().filter(|at| frame.holds(*at))
}

/// Whoever was reached was called back, solved or not.
fn called_back(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    called_back_at((story, frame), story.called_back)
}

pub(super) fn called_back_at((story, frame): Seen<'_>, at: Option<Timestamp>) -> Option<Finding> {
    first_closed(story, frame)?;
    Some(simply(story, at.is_some()))
}

/// What lasts so far counts as lasting, as its card says: to wait for thirty days would keep every
/// case out of the cells for as long.
pub(super) fn reopened(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let closed = first_closed(story, frame)?;
    let within = |at: &Timestamp| *at > closed && *at <= closed + REOPENS;
    Some(simply(story, story.reopened.iter().any(within)))
}

fn extended(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let routed = reported(story, frame) && story.assigned.is_some();
    routed.then(|| simply(story, story.cycles.iter().any(|cycle| cycle.extended)))
}

fn routed_right(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let routed = reported(story, frame) && story.assigned.is_some();
    routed.then(|| simply(story, story.reroutes == 0))
}

fn reached_step(story: &Story, frame: &Frame<'_>, step: u32) -> Option<Finding> {
    reported(story, frame).then(|| simply(story, story.step >= step))
}

fn merged(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let merged = story.left().is_some_and(|(state, _)| state == CaseState::Merged);
    reported(story, frame).then(|| simply(story, merged))
}
