//! Entries that stand with another case, and lines that were moved.

use super::*;

/// What is said of the lines of a file, and how many entries each case has.
fn streamed(events: Vec<Event>) -> (Vec<String>, Vec<usize>) {
    from(DAYS[0], &street(), events)
}

/// The same of an export from a day on, of a street with these cases.
fn from(day: &str, all: &[Vec<Event>], events: Vec<Event>) -> (Vec<String>, Vec<usize>) {
    let mut proof = Proof::new(seal(all), Extent::Sealed, good);
    let (mut runs, mut cases) = (Runs::default(), Vec::new());
    for event in events {
        let over = runs.take(event);
        cases.extend(over.and_then(|over| runs.prove(&mut proof, over)));
    }
    cases.extend(runs.finish(&mut proof));
    let own = |case: &Vec<Event>| {
        let number = &case[0].entry.case_number;
        assert!(case.iter().all(|event| event.entry.case_number == *number));
        case.len()
    };
    let found = proof.finish(day).findings;
    (found.iter().map(ToString::to_string).collect(), cases.iter().map(own).collect())
}

fn number(case: usize) -> String {
    format!("NC-2026112{}-00001", case + 1)
}

#[test]
fn an_entry_with_the_number_of_another_case_is_named_and_that_case_is_not() {
    let whole: Vec<Event> = street().concat();
    assert_eq!(streamed(whole.clone()), (vec![], vec![6; 3]));
    for (place, other) in (0..18).flat_map(|place| (0..4).map(move |other| (place, other))) {
        let case = place / 6;
        if case == other {
            continue;
        }
        let mut lines = whole.clone();
        lines[place].entry.case_number = number(other);
        let said =
            format!("{0} 第 {1} 条 case_number 被改动：当时为 {0}", number(case), place % 6 + 1);
        assert_eq!(streamed(lines), (vec![said], vec![6; 3]), "{place} to {other}");
    }
    // All of a case, as another one.
    let mut lines = whole;
    for line in &mut lines[6..12] {
        line.entry.case_number = "NC-20261199-00001".into();
    }
    let said = format!("{0} 第 1 条 case_number 被改动：当时为 {0}", number(1));
    assert_eq!(streamed(lines), (vec![said], vec![6; 3]));
}

#[test]
fn a_first_entry_that_points_at_the_end_of_another_case_is_named_and_that_case_is_not() {
    for case in 1..3 {
        let mut lines: Vec<Event> = street().concat();
        let first = case * 6;
        lines[first].entry.prev_hash = lines[first - 1].hash.clone();
        let said = format!("{} 第 1 条 prev_hash 被改动：当时为 {GENESIS}", number(case));
        assert_eq!(streamed(lines), (vec![said], vec![6; 3]));
    }
}

#[test]
fn a_whole_case_with_another_number_is_found_however_many_an_export_leaves_out() {
    let mut all = street();
    all.truncate(1);
    let mut lines = all.concat();
    for line in &mut lines {
        line.entry.case_number = "NC-20261199-00001".into();
    }
    all.extend(
        (0..300)
            .map(|n| chain(&format!("NC-20261120-{n:05}"), &[(START + n, EventType::Reported, n)])),
    );
    let said = format!("{0} 第 1 条 case_number 被改动：当时为 {0}", number(0));
    assert_eq!(from(DAYS[2], &all, lines), (vec![said], vec![6]));
}

#[test]
fn a_line_that_was_moved_to_another_case_is_named_once_and_that_case_is_not() {
    let whole: Vec<Event> = street().concat();
    let said = |place: usize| {
        let (case, seq) = (number(place / 6), place % 6 + 1);
        format!("{case} 第 {seq} 条 不在它的位置上：写在文件的别处")
    };
    for (place, to) in (0..18).flat_map(|place| (0..18).map(move |to| (place, to))) {
        // Between two entries of another case; next to each other, either line may be the moved one.
        if place / 6 == to / 6 || to % 6 == 0 || (place % 6, to) == (5, place + 2) {
            continue;
        }
        let mut lines = whole.clone();
        let line = lines.remove(place);
        lines.insert(if to > place { to - 1 } else { to }, line);
        assert_eq!(streamed(lines), (vec![said(place)], vec![6; 3]), "{place} to {to}");
    }
    for (one, other) in [(2, 9), (0, 17), (8, 14)] {
        let mut lines = whole.clone();
        lines.swap(one, other);
        let (mut found, _) = streamed(lines);
        found.sort();
        assert_eq!(found, [said(one), said(other)], "{one} with {other}");
    }
}

#[test]
fn lines_of_a_whole_case_that_stand_again_in_another_one_accuse_only_their_own() {
    let whole: Vec<Event> = street().concat();
    let mut lines = whole.clone();
    lines.insert(9, whole[2].clone());
    let said = format!("{} 第 3 条 这件工单的记录出现了两次", number(0));
    assert_eq!(streamed(lines), (vec![said], vec![6; 3]));
    // However many lines were mixed, each case is told once and nothing is lost.
    let (found, cases) = streamed((0..18).map(|nth| whole[nth * 7 % 18].clone()).collect());
    assert_eq!((found.len(), cases), (3, vec![6; 3]), "{found:?}");
}
