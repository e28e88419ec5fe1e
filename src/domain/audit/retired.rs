//! Definitions that count no more. They stay for what was printed by them.

use super::definition::{AUDITOR, AUDITOR_OR_LEFT, BY_DUE, BY_REPORT, Card, Unit};
use super::edition::Retired;
use super::frame::{Frame, Rule};
use super::measure::{RESOLVE, acknowledge, acknowledge_from_push, interval};
use super::rate::{
    acknowledged_counting, attempted_counting, closed_counting, closed_in_time_counting,
    contacted_counting, pushed_counting, vouched_counting,
};
use super::story::Story;
use super::tally::Finding;

/// Every one of them.
pub const RETIRED: &[Retired] = &[
    length("M4", acknowledge),
    length("M4p", acknowledge_from_push),
    length("M12", rework),
    Retired { card: Card { cohort: BY_REPORT, ..share("R1") }, rule: pushed, until: 1 },
    due("R2", acknowledged),
    due("R3", contacted),
    due("R3a", attempted),
    Retired {
        card: Card {
            name: "响应率（账本口径）",
            formula: "同先行联系率，但联系须有二级以上凭据",
            ..share("R4")
        },
        rule: vouched,
        until: 1,
    },
    due("R5", closed),
    due("R6", closed_in_time),
    second("R5", closed_last),
    second("R6", closed_last_in_time),
];

const NAMELESS: Card = Card {
    id: "",
    name: "",
    formula: "",
    cohort: BY_REPORT,
    exclusions: AUDITOR,
    unit: Unit::Seconds,
    version: 1,
};

const fn share(id: &'static str) -> Card {
    Card { id, cohort: BY_DUE, exclusions: AUDITOR_OR_LEFT, unit: Unit::Share, ..NAMELESS }
}

const fn length(id: &'static str, rule: Rule) -> Retired {
    Retired { card: Card { id, ..NAMELESS }, rule, until: 1 }
}

const fn due(id: &'static str, rule: Rule) -> Retired {
    Retired { card: share(id), rule, until: 1 }
}

const fn second(id: &'static str, rule: Rule) -> Retired {
    Retired { card: Card { version: 2, ..share(id) }, rule, until: 2 }
}

/// A rest that still ran was not taken off.
fn rework(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let cycle = story.cycle().filter(|_| !story.reopened.is_empty())?;
    interval((story, frame), (cycle.started_at, cycle.resolved), (RESOLVE, &cycle.pauses))
}

// All lengths were counted in the hours of the result, without rests.

fn pushed(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    pushed_counting((story, frame), (RESOLVE, &[]))
}

fn acknowledged(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    acknowledged_counting((story, frame), (RESOLVE, &[]))
}

fn contacted(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    contacted_counting((story, frame), (RESOLVE, &[]))
}

fn attempted(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    attempted_counting((story, frame), (RESOLVE, &[]))
}

/// Every contact is what the handler says: nothing else was ever written.
fn vouched(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    vouched_counting((story, frame), (RESOLVE, &[]))
}

fn closed(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let cycle = story.settling()?;
    closed_counting((story, frame), (cycle.resolve_due, cycle.closed), (RESOLVE, &[]))
}

fn closed_in_time(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    closed_in_time_counting((story, frame), story.settling()?, (RESOLVE, &[]))
}

// A late result that was reopened before it was confirmed was judged by its next due time.

fn closed_last(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let (cycle, rests) = (story.settling()?, story.pauses(frame.now));
    closed_counting((story, frame), (cycle.resolve_due, cycle.closed), (RESOLVE, &rests))
}

fn closed_last_in_time(story: &Story, frame: &Frame<'_>) -> Option<Finding> {
    let rests = story.pauses(frame.now);
    closed_in_time_counting((story, frame), story.settling()?, (RESOLVE, &rests))
}
