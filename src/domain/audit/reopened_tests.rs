//! In which month a case that was opened again is judged, and how often.

use std::time::Duration;

use entity::kinds::{ActorRole, ContactOutcome, EventType as E, ResultType, Timestamp, Urgency};
use proptest::prelude::*;

use super::calendars::Calendars;
use super::definition::figure;
use super::edition;
use super::facts::Facts;
use super::figure_tests::{DAY, HOUR, MINUTE, NINE, Tale, any_tale};
use super::frame::Frame;
use super::sheet::{case_row, cases_heading};
use super::tally::Bucket;
use crate::domain::calendar::{Calendar, local_exact};

#[test]
fn a_late_result_stays_late_when_it_is_reopened_before_anybody_confirms_it() {
    let due = |at: u64| Some((NINE + Duration::from_secs(at)).0);
    let again = Facts { resolve_due: due(100 * HOUR), ..Facts::default() };
    let late = Tale::new(0, Urgency::Fast)
        .resolved(25 * HOUR)
        .by(ActorRole::Resident, 26 * HOUR, E::Reopened, again.clone())
        .resolved(40 * HOUR);
    let (first, second) = ((2, 50 * HOUR), (9, 50 * HOUR));
    assert_eq!(late.bucket("R6", first), Some(Bucket::Failed));
    assert_eq!(late.bucket("R5", first), Some(Bucket::Failed), "nobody confirmed it");
    let closed = late.confirmed(41 * HOUR, 4);
    assert_eq!(closed.bucket("R6", second), Some(Bucket::Failed), "in its first month, once");
    assert_eq!(closed.bucket("R5", first), Some(Bucket::Hit), "late, and closed");
    // One in time that was not enough is judged by the time that it was given again.
    let early = Tale::new(0, Urgency::Fast)
        .resolved(20 * HOUR)
        .by(ActorRole::Resident, 26 * HOUR, E::Reopened, again)
        .resolved(40 * HOUR)
        .confirmed(41 * HOUR, 4);
    assert_eq!(early.bucket("R6", first), None);
    assert_eq!(early.bucket("R6", (9, 110 * HOUR)), Some(Bucket::Hit));
}

#[test]
fn a_reopened_case_keeps_what_was_judged_and_is_counted_as_rework() {
    let due = |at: u64| Some((NINE + Duration::from_secs(at)).0);
    let again =
        Facts { contact_due: due(33 * HOUR), resolve_due: due(60 * HOUR), ..Facts::default() };
    let tale = Tale::new(0, Urgency::Fast)
        .did(60, E::Contacted)
        .resolved(HOUR)
        .confirmed(2 * HOUR, 5)
        .by(ActorRole::Resident, 30 * HOUR, E::Reopened, again)
        .did(31 * HOUR, E::Contacted)
        .resolved(34 * HOUR);
    let seen = (9, 40 * HOUR);
    assert_eq!(tale.bucket("R6", seen), Some(Bucket::Hit), "as it was before");
    assert_eq!(tale.bucket("R12", (9, 31 * DAY)), Some(Bucket::Hit));
    assert_eq!(tale.bucket("R9", seen), Some(Bucket::Failed), "he says that it is not solved");
    assert_eq!(tale.wall("M12", seen), (Bucket::Hit, 4 * HOUR));
    assert_eq!(tale.wall("M7", seen), (Bucket::Hit, 34 * HOUR));
    assert_eq!(tale.wall("M7c", seen), (Bucket::Hit, HOUR));
    assert_eq!(tale.wall("M5", seen), (Bucket::Hit, 31 * HOUR));
    assert_eq!(tale.wall("M5c", seen), (Bucket::Hit, MINUTE));
    assert_eq!(tale.wall("M8", seen).0, Bucket::Open);
    assert_eq!(tale.story().cycle().unwrap().resolve_due, due(60 * HOUR).map(Timestamp));
}

#[test]
fn nobody_had_a_case_while_it_was_over() {
    let tale = Tale::new(0, Urgency::Fast)
        .resolved(HOUR)
        .confirmed(2 * HOUR, 5)
        .by(ActorRole::Resident, 30 * HOUR, E::Reopened, Facts::default())
        .resolved(34 * HOUR)
        .confirmed(36 * HOUR, 5);
    let (bucket, wall) = tale.wall("R19", (9, 40 * HOUR));
    assert_eq!((bucket, wall), (Bucket::Hit, 8 * HOUR), "two hours and six");
    let calendars = Calendars::new(Calendar::builtin(), Vec::new());
    let at = |hour: u64| NINE + Duration::from_secs(hour * HOUR);
    let within = |edition: u32, from, to| {
        let one = edition::of(edition).into_iter().find(|one| one.card.id == "R19").unwrap();
        let frame = Frame { from: at(from), to: at(to), now: at(40), calendars: &calendars };
        (one.rule)(&tale.story(), &frame).map(|found| found.wall.unwrap() / 1_000_000 / HOUR)
    };
    for (from, to, hours) in [(3, 20, None), (1, 20, Some(1)), (3, 31, Some(1)), (31, 50, Some(5))]
    {
        assert_eq!(within(edition::PRESENT, from, to), hours, "{from} to {to}");
    }
    assert_eq!(within(3, 3, 20), Some(17), "as it was defined before");
}

#[test]
fn a_rejected_case_is_not_silent_until_it_is_appealed() {
    let tale = Tale::new(0, Urgency::Fast)
        .did(HOUR, E::Rejected)
        .by(ActorRole::Resident, 20 * HOUR, E::Appealed, Facts::default())
        .did(23 * HOUR, E::Assigned)
        .did(24 * HOUR, E::Acknowledged);
    assert_eq!(tale.wall("M11", (9, 25 * HOUR)), (Bucket::Hit, 3 * HOUR));
}

#[test]
fn a_second_acknowledgement_that_is_withdrawn_leaves_the_first_one() {
    let taken = Tale::new(0, Urgency::Fast)
        .did(5 * MINUTE, E::Acknowledged)
        .did(HOUR, E::Transferred)
        .did(2 * HOUR, E::Acknowledged)
        .did(6 * HOUR, E::Unacknowledged);
    let seen = (2, 8 * HOUR);
    assert_eq!(taken.wall("M4", seen), (Bucket::Hit, 5 * MINUTE));
    assert_eq!(taken.bucket("R2", seen), Some(Bucket::Hit));
    let third = taken.did(7 * HOUR, E::Acknowledged);
    assert_eq!(third.wall("M4", seen), (Bucket::Hit, 5 * MINUTE));
    // His own that is withdrawn never was; a month later nothing of it changes.
    let own = Tale::new(0, Urgency::Fast)
        .did(5 * MINUTE, E::Acknowledged)
        .did(3 * HOUR, E::Unacknowledged)
        .did(4 * HOUR, E::Acknowledged);
    assert_eq!(own.wall("M4", seen), (Bucket::Hit, 4 * HOUR));
}

/// The cells of a case in the export of a figure, under the names of their columns.
fn cells<const N: usize>(tale: &Tale, id: &str, after: u64, columns: [&str; N]) -> [String; N] {
    let (card, _) = figure(id).unwrap();
    let head = cases_heading(card).remove(1);
    let found = tale.finds(id, (60, after)).unwrap();
    let row = case_row(card, ("NC-1", ""), &tale.story(), &found);
    assert_eq!(head.len(), row.len());
    columns.map(|name| row[head.iter().position(|cell| cell == name).unwrap()].clone())
}

fn at(seconds: u64) -> String {
    local_exact(NINE + Duration::from_secs(seconds))
}

#[test]
fn an_export_shows_the_times_of_the_cycle_that_its_figure_reads() {
    let again = || {
        Tale::new(0, Urgency::Fast)
            .did(MINUTE, E::Contacted)
            .resolved(HOUR)
            .confirmed(2 * HOUR, 5)
            .by(ActorRole::Resident, 30 * HOUR, E::Reopened, Facts::default())
    };
    let done = again().did(31 * HOUR, E::Contacted).resolved(34 * HOUR);
    let (first, second) = ("第1轮（共2轮）", "第2轮（共2轮）");
    let columns = ["轮次", "联系时间", "处置时间", "办结时间"];
    for (id, which) in [("M5", 2), ("M5a", 2), ("M7", 2), ("M8", 2), ("M12", 2)]
        .into_iter()
        .chain([("M5c", 1), ("M7c", 1), ("M4", 1), ("R3", 1), ("R6", 1), ("R5", 1), ("R9", 1)])
    {
        let want = match which {
            1 => [first.to_owned(), at(MINUTE), at(HOUR), at(2 * HOUR)],
            _ => [second.to_owned(), at(31 * HOUR), at(34 * HOUR), String::new()],
        };
        assert_eq!(cells(&done, id, 40 * HOUR, columns), want, "{id}");
    }
    // While the second cycle waits nothing of the first stands beside it.
    for id in ["M5", "M5a", "M7", "M8", "M12"] {
        let row = cells(&again(), id, 40 * HOUR, ["结果", "联系时间", "处置时间", "办结时间"]);
        assert_eq!(row, ["未定", "", "", ""], "{id}");
    }
}

#[test]
fn a_late_result_that_was_closed_after_a_reopening_shows_both_cycles_where_both_count() {
    let due = Some((NINE + Duration::from_secs(100 * HOUR)).0);
    let again = Facts { resolve_due: due, ..Facts::default() };
    let late = Tale::new(0, Urgency::Fast)
        .resolved(25 * HOUR)
        .by(ActorRole::Resident, 26 * HOUR, E::Reopened, again)
        .resolved(40 * HOUR)
        .confirmed(41 * HOUR, 4);
    let columns = ["结果", "轮次", "办结时限", "处置时间", "办结时间"];
    let row = cells(&late, "R5", 5 * DAY, columns);
    let which = "第1轮（共2轮），办结为第2轮";
    assert_eq!(row, ["计入分子", which, &at(24 * HOUR), &at(25 * HOUR), &at(41 * HOUR)]);
    let row = cells(&late, "R6", 5 * DAY, columns);
    assert_eq!(row, ["未达", "第1轮（共2轮）", &at(24 * HOUR), &at(25 * HOUR), ""]);
}

proptest! {
    /// What an auditor does with a file: the length is from one of its times to another.
    #[test]
    fn every_length_of_an_export_lies_between_its_times(tale in any_tale()) {
        let reported = tale.story().reported;
        for (id, column) in [
            ("M5", "联系时间"),
            ("M5a", "联系尝试时间"),
            ("M5c", "联系时间"),
            ("M7", "处置时间"),
            ("M7c", "处置时间"),
        ] {
            let found = tale.finds(id, (60, 60 * DAY)).unwrap();
            let [said] = cells(&tale, id, 60 * DAY, [column]);
            match (found.bucket, found.wall) {
                (Bucket::Hit, Some(wall)) => {
                    let ended = reported + Duration::from_micros(wall);
                    prop_assert_eq!(said, local_exact(ended), "{}", id);
                }
                (Bucket::Open, _) => prop_assert_eq!(said, "", "{}", id),
                _ => {}
            }
        }
        if let Some(found) = tale.finds("R5", (60, 60 * DAY)) {
            let [closed] = cells(&tale, "R5", 60 * DAY, ["办结时间"]);
            prop_assert!(found.bucket != Bucket::Hit || !closed.is_empty());
            prop_assert!(found.bucket != Bucket::Failed || closed.is_empty());
        }
        let again = tale.finds("M12", (60, 60 * DAY));
        if let Some(found) = again.filter(|one| one.bucket == Bucket::Hit) {
            let columns = ["本轮开始时间", "处置时间"];
            let [begun, resolved] = cells(&tale, "M12", 60 * DAY, columns);
            let story = tale.story();
            let last = story.cycle().unwrap();
            let ended = last.started_at + Duration::from_micros(found.wall.unwrap());
            prop_assert_eq!((begun, resolved), (local_exact(last.started_at), local_exact(ended)));
        }
    }
}

/// What the present edition and the fourth say.
fn both(tale: &Tale, id: &str, seen: (u64, u64)) -> (Option<Bucket>, Option<Bucket>) {
    (tale.bucket(id, seen), tale.found_by(4, id, seen).map(|found| found.bucket))
}

fn due_again() -> Facts {
    let due = NINE + Duration::from_secs(27 * HOUR);
    Facts { resolve_due: Some(due.0), ..Facts::default() }
}

#[test]
fn a_callback_after_which_a_case_is_opened_again_says_that_it_was_not_solved() {
    let seen = (2, 40 * HOUR);
    let resolved = Tale::new(0, Urgency::Fast).resolved(HOUR);
    let again = |tale: &Tale, role| tale.clone().by(role, 3 * HOUR, E::Reopened, due_again());
    let called = again(&resolved, ActorRole::Verifier);
    assert_eq!(both(&called, "R9", seen), (Some(Bucket::Failed), None));
    let confirmed = resolved.clone().confirmed(2 * HOUR, 5);
    let called = again(&confirmed, ActorRole::Verifier);
    assert_eq!(both(&called, "R9", seen), (Some(Bucket::Failed), Some(Bucket::Hit)));
    for id in ["R9s", "R9e"] {
        assert_eq!(called.bucket(id, seen), Some(Bucket::Failed), "{id}");
    }
    // Whoever commands the street asked nobody.
    let ordered = again(&confirmed, ActorRole::Command);
    assert_eq!(both(&ordered, "R9", seen), (Some(Bucket::Hit), Some(Bucket::Hit)));
    assert_eq!(again(&resolved, ActorRole::Resident).bucket("R9", seen), Some(Bucket::Failed));
}

#[test]
fn a_callback_that_says_not_solved_is_one_too() {
    let seen = (2, 40 * HOUR);
    let said = |tale: &Tale| {
        let by = |edition| tale.found_by(edition, "R11", seen).map(|found| found.bucket);
        (1..=edition::PRESENT).map(by).collect::<Vec<_>>()
    };
    let until_fifth = |before: Bucket, now: Bucket| {
        let said = |edition| Some(if edition < 6 { before } else { now });
        (1..=edition::PRESENT).map(said).collect::<Vec<_>>()
    };
    let resolved = Tale::new(0, Urgency::Fast).resolved(HOUR);
    let again = |role| {
        let open = resolved.clone().by(role, 3 * HOUR, E::Reopened, due_again()).resolved(5 * HOUR);
        open.then(30 * HOUR, E::AutoClosed, Facts::default())
    };
    let called = again(ActorRole::Verifier);
    assert_eq!(said(&called), until_fifth(Bucket::Failed, Bucket::Hit));
    for role in [ActorRole::Resident, ActorRole::Command] {
        let nobody = until_fifth(Bucket::Failed, Bucket::Failed);
        assert_eq!(said(&again(role)), nobody, "{role:?} calls nobody");
    }
    let reached = Facts { outcome: Some(ContactOutcome::Reached), ..Facts::default() };
    let verified = resolved.clone().by(ActorRole::Verifier, 3 * HOUR, E::Verified, reached);
    assert_eq!(said(&verified), until_fifth(Bucket::Hit, Bucket::Hit));
    let after = verified.by(ActorRole::Verifier, 5 * HOUR, E::Reopened, due_again());
    assert_eq!(said(&after), until_fifth(Bucket::Hit, Bucket::Hit), "the first one stays");
    let confirmed = resolved.clone().confirmed(2 * HOUR, 5);
    let after = confirmed.by(ActorRole::Verifier, 5 * HOUR, E::Reopened, due_again());
    assert_eq!(said(&after), until_fifth(Bucket::Failed, Bucket::Hit), "after it was closed");
}

fn resolved_as(tale: Tale, at: u64, result: ResultType) -> Tale {
    let facts = Facts { result_type: Some(result), ..Facts::default() };
    tale.by(ActorRole::Primary, at, E::Resolved, facts)
}

#[test]
fn an_answer_belongs_to_the_result_that_it_was_given_to() {
    let seen = (2, 40 * HOUR);
    let again = Tale::new(0, Urgency::Fast).resolved(HOUR).confirmed(2 * HOUR, 5).by(
        ActorRole::Command,
        3 * HOUR,
        E::Reopened,
        due_again(),
    );
    assert_eq!(both(&again, "R9s", seen), (Some(Bucket::Hit), Some(Bucket::Failed)));
    let explained = resolved_as(again, 5 * HOUR, ResultType::Explained);
    assert_eq!(both(&explained, "R9s", seen), (Some(Bucket::Hit), Some(Bucket::Failed)));
    assert_eq!(both(&explained, "R9e", seen), (Some(Bucket::Failed), Some(Bucket::Hit)));
}

/// Figures whose cards said less than their rules until the fifth edition.
const ASKED: &[&str] = &["R9", "R9s", "R9e", "R10", "R10a", "R10d"];

#[test]
fn an_answer_of_a_later_cycle_stands_with_the_first_closing_as_the_cards_say() {
    let tale = Tale::new(0, Urgency::Fast)
        .resolved(HOUR)
        .confirmed(2 * HOUR, 5)
        .by(ActorRole::Resident, 30 * HOUR, E::Reopened, due_again())
        .resolved(50 * HOUR)
        .confirmed(52 * HOUR, 2);
    let seen = (1, 60 * HOUR);
    for (id, said) in [("R9", Bucket::Hit), ("R9s", Bucket::Hit), ("R10", Bucket::Failed)] {
        assert_eq!(tale.bucket(id, seen), Some(said), "{id}");
    }
    for id in ASKED {
        let (card, _) = figure(id).unwrap();
        assert!(card.cohort.contains("首次办结"), "{id}");
        let before = edition::card(id, card.version - 1).unwrap();
        assert_eq!(before.cohort, "统计期内办结或应办结、且居民已作答的诉求", "{id}");
        assert_eq!((before.version, before.formula), (card.version - 1, card.formula), "{id}");
    }
}

proptest! {
    #[test]
    fn what_only_other_words_say_is_counted_as_before(tale in any_tale(), days in 1_u64..9) {
        for id in ASKED {
            let seen = (days, 9 * DAY);
            prop_assert_eq!(tale.found_by(5, id, seen), tale.finds(id, seen), "{}", id);
        }
    }

    #[test]
    fn what_is_solved_was_really_solved_or_explained(
        rounds in prop::collection::vec((any::<bool>(), 0_u8..4, 0_u8..3), 1..6),
    ) {
        let (mut tale, mut at) = (Tale::new(0, Urgency::Fast), 0);
        for (solved, answer, by) in rounds {
            at += 3 * HOUR;
            let result = if solved { ResultType::Solved } else { ResultType::Explained };
            tale = resolved_as(tale, at, result);
            let outcome = Some(ContactOutcome::Reached);
            tale = match answer {
                0 => tale.confirmed(at + 1, 4),
                1 => {
                    let reached = Facts { outcome, ..Facts::default() };
                    tale.by(ActorRole::Verifier, at + 1, E::Verified, reached)
                }
                2 => tale.then(at + 1, E::AutoClosed, Facts::default()),
                _ => tale,
            };
            let hits = |tale: &Tale| {
                ["R9", "R9s", "R9e"].map(|id| {
                    let found = tale.bucket(id, (9, 9 * DAY));
                    (found.is_some(), u8::from(found == Some(Bucket::Hit)))
                })
            };
            let adds_up = |tale: &Tale| {
                let [(asked, all), (.., really), (.., explained)] = hits(tale);
                (hits(tale).iter().all(|(some, _)| *some == asked), all == really + explained)
            };
            prop_assert_eq!(adds_up(&tale), (true, true));
            let role = [ActorRole::Resident, ActorRole::Verifier, ActorRole::Command];
            tale = tale.by(role[usize::from(by)], at + HOUR, E::Reopened, due_again());
            prop_assert_eq!(adds_up(&tale), (true, true));
        }
    }
}

#[test]
fn a_case_is_silent_between_its_result_and_its_reopening_but_not_while_it_was_over() {
    let longest = |tale: &Tale, edition| {
        let found = tale.found_by(edition, "M11", (9, 81 * HOUR)).unwrap();
        found.wall.unwrap() / 1_000_000
    };
    let none = Facts::default;
    let waited = Tale::new(0, Urgency::Fast)
        .resolved(HOUR)
        .by(ActorRole::Resident, 73 * HOUR, E::Reopened, none())
        .did(80 * HOUR, E::Contacted);
    let over = Tale::new(0, Urgency::Fast)
        .resolved(HOUR)
        .confirmed(2 * HOUR, 5)
        .by(ActorRole::Resident, 73 * HOUR, E::Reopened, none())
        .did(80 * HOUR, E::Contacted);
    for edition in 1..=edition::PRESENT {
        let silent = if edition < 5 { 7 } else { 72 };
        assert_eq!(longest(&waited, edition), silent * HOUR, "{edition}");
        assert_eq!(longest(&over, edition), 7 * HOUR, "{edition}");
    }
}
