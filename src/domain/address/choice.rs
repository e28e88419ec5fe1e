//! The answers a resident can tap when one compound lies in several grids: its sections where they
//! separate the grids, else the numbers of its buildings, in runs: 1—23号楼.

use super::mention::{Claim, What};
use super::{Answer, Index};
use crate::domain::gazetteer::{Building, GridRef};

/// More runs than these in one answer nobody reads.
const MOST_RUNS: usize = 4;

/// Returns one answer for each grid, when the claims are buildings and words separate the grids.
pub(super) fn by_buildings(index: &Index, claims: &[Claim]) -> Option<Vec<Answer>> {
    let mut buildings: Vec<(&Building, GridRef)> = Vec::with_capacity(claims.len());
    for claim in claims {
        let What::Building(i) = claim.what else { return None };
        buildings.push((index.places.buildings.get(i)?, claim.grid));
    }
    let first = buildings.first()?.0;
    if buildings.iter().any(|(b, _)| b.compound != first.compound) {
        return None;
    }
    sections(&buildings).or_else(|| numbers(buildings))
}

/// 一期 / 二期, when no section lies in two grids and every building is in one.
fn sections(buildings: &[(&Building, GridRef)]) -> Option<Vec<Answer>> {
    let mut answers: Vec<Answer> = Vec::new();
    for (building, grid) in buildings {
        if building.section.is_empty() {
            return None;
        }
        match answers.iter().find(|a| a.label == building.section) {
            Some(known) if known.grid == *grid => {}
            Some(_) => return None,
            None => answers.push(Answer { label: building.section.clone(), grid: *grid }),
        }
    }
    (answers.len() > 1).then_some(answers)
}

/// Runs of numbers that lie in one grid, in the order of the numbers.
fn numbers(mut buildings: Vec<(&Building, GridRef)>) -> Option<Vec<Answer>> {
    let number = |b: &Building| b.no.parse::<u32>().ok();
    if buildings.iter().any(|(b, _)| number(b).is_none()) {
        return None;
    }
    buildings.sort_by_key(|(b, _)| number(b));
    let mut runs: Vec<(GridRef, &str, &str)> = Vec::new();
    for (building, grid) in &buildings {
        match runs.last_mut() {
            Some((same, _, last)) if same == grid => *last = &building.no,
            _ => runs.push((*grid, &building.no, &building.no)),
        }
    }
    let mut grids: Vec<GridRef> = Vec::new();
    for (grid, ..) in &runs {
        if !grids.contains(grid) {
            grids.push(*grid);
        }
    }
    grids
        .into_iter()
        .map(|grid| {
            let own: Vec<String> = runs
                .iter()
                .filter(|(g, ..)| *g == grid)
                .map(
                    |(_, from, to)| {
                        if from == to { (*from).to_owned() } else { format!("{from}—{to}") }
                    },
                )
                .collect();
            (own.len() <= MOST_RUNS)
                .then(|| Answer { label: format!("{}号楼", own.join("、")), grid })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::address::{Action, Query};
    use crate::domain::gazetteer::{Compound, Gazetteer, Point, SmallGrid};

    fn building(section: &str, no: u32, grid: u16) -> Building {
        Building {
            external_id: format!("B{section}{no}"),
            compound: "C1".to_owned(),
            section: section.to_owned(),
            no: no.to_string(),
            label: format!("{no}号楼"),
            units: 1,
            floors: 6,
            per_floor: 2,
            at: Point { lon: 115.0, lat: 35.0 },
            grid: GridRef(grid),
        }
    }

    fn asked(buildings: Vec<Building>) -> Vec<(String, u16)> {
        let grid = |n: u16| SmallGrid {
            id: entity::kinds::GridId(0),
            external_id: format!("G{n}"),
            kind: entity::kinds::GridKind::Small,
            name: format!("第{n}网格"),
            community: crate::domain::gazetteer::CommunityRef(0),
            polygon: Vec::new(),
        };
        let compound = Compound {
            external_id: "C1".to_owned(),
            name: "翠屏湾".to_owned(),
            aliases: Vec::new(),
            sections: vec!["一期".to_owned(), "二期".to_owned()],
            kind: "big".to_owned(),
            grids: vec![GridRef(0), GridRef(1)],
            address: String::new(),
        };
        let places = Gazetteer {
            grids: vec![grid(0), grid(1)],
            compounds: vec![compound],
            buildings,
            ..Gazetteer::default()
        };
        let found = Index::build(&places)
            .resolve(&Query { text: "翠屏湾停水了", ..Query::default() });
        assert_eq!(found.action, Action::Ask);
        let question = found.question.expect("a question");
        question.answers.into_iter().map(|a| (a.label, a.grid.0)).collect()
    }

    #[test]
    fn sections_are_the_answers_when_they_separate_the_grids() {
        let all = vec![building("一期", 1, 0), building("一期", 2, 0), building("二期", 1, 1)];
        assert_eq!(asked(all), [("一期".to_owned(), 0), ("二期".to_owned(), 1)]);
    }

    #[test]
    fn runs_of_numbers_are_the_answers_when_sections_do_not() {
        let all = (1..=9).map(|n| building("", n, u16::from((4..=6).contains(&n)))).collect();
        assert_eq!(asked(all), [("1—3、7—9号楼".to_owned(), 0), ("4—6号楼".to_owned(), 1)]);
    }

    #[test]
    fn a_compound_that_is_mixed_too_finely_is_asked_in_words() {
        let all = (1..=20).map(|n| building("", n, u16::from(n % 2 == 0))).collect();
        assert_eq!(asked(all), []);
    }
}
