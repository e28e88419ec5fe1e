//! The answers a resident can tap when one place lies in several grids: the sections of a compound
//! where they separate the grids, else the numbers of its buildings or of a village's groups, in
//! runs: 1—23号楼, 张楼村1—3组.

use super::mention::{Claim, What};
use super::{Answer, Index};
use crate::domain::gazetteer::{Building, GridRef};

/// More runs than these in one answer nobody reads.
const MOST_RUNS: usize = 4;

/// Returns one answer for each grid, when the claims are the buildings of one compound or the groups
/// of one village and words separate the grids.
pub(super) fn by_numbers(index: &Index, claims: &[Claim]) -> Option<Vec<Answer>> {
    by_buildings(index, claims).or_else(|| by_groups(index, claims))
}

fn by_buildings(index: &Index, claims: &[Claim]) -> Option<Vec<Answer>> {
    let mut buildings: Vec<(&Building, GridRef)> = Vec::with_capacity(claims.len());
    for claim in claims {
        let What::Building(i) = claim.what else { return None };
        buildings.push((index.places.buildings.get(i)?, claim.grid));
    }
    let first = buildings.first()?.0;
    if buildings.iter().any(|(b, _)| b.compound != first.compound) {
        return None;
    }
    sections(&buildings).or_else(|| {
        let number = |(b, grid): &(&Building, GridRef)| Some((b.no.parse::<u32>().ok()?, *grid));
        runs(buildings.iter().map(number).collect::<Option<_>>()?, "", "号楼")
    })
}

fn by_groups(index: &Index, claims: &[Claim]) -> Option<Vec<Answer>> {
    let group = |claim: &Claim| match claim.what {
        What::Group(i) => index.places.village_groups.get(i),
        _ => None,
    };
    let village = group(claims.first()?)?.village.as_str();
    let number = |claim: &Claim| {
        let group = group(claim).filter(|g| g.village == village)?;
        Some((group.group_no, claim.grid))
    };
    runs(claims.iter().map(number).collect::<Option<_>>()?, village, "组")
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

/// Runs of numbers that lie in one grid, in the order of the numbers, between two words.
fn runs(mut numbers: Vec<(u32, GridRef)>, before: &str, unit: &str) -> Option<Vec<Answer>> {
    numbers.sort_by_key(|(number, _)| *number);
    let mut runs: Vec<(GridRef, u32, u32)> = Vec::new();
    for (number, grid) in numbers {
        match runs.last_mut() {
            Some((same, _, last)) if *same == grid => *last = number,
            _ => runs.push((grid, number, number)),
        }
    }
    let mut grids: Vec<GridRef> = Vec::new();
    for (grid, ..) in &runs {
        if !grids.contains(grid) {
            grids.push(*grid);
        }
    }
    let run = |(_, from, to): &(GridRef, u32, u32)| {
        if from == to { from.to_string() } else { format!("{from}—{to}") }
    };
    let answer = |grid: GridRef| {
        let own: Vec<String> = runs.iter().filter(|(g, ..)| *g == grid).map(run).collect();
        let label = || format!("{before}{}{unit}", own.join("、"));
        (own.len() <= MOST_RUNS).then(|| Answer { label: label(), grid })
    };
    grids.into_iter().map(answer).collect()
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
