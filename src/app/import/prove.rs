//! Warns before a folder is accepted: which of its own addresses would not find their grid.

use std::collections::{BTreeSet, HashMap};

use super::fault::{Fault, FaultCode};
use super::read::Files;
use crate::domain::address::coverage::{PlaceKind, Proof, Stray};
use crate::domain::address::{Costs, Index};
use crate::domain::gazetteer::GridRef;

/// How many addresses of a kind are worth naming.
const NAMED: usize = 20;

/// Proves every address of a checked folder; returns a warning for each that leads elsewhere, and
/// one for the rest of a kind that has many.
pub fn run(files: &Files, costs: Costs) -> Vec<Fault> {
    let index = Index::build(&files.gazetteer).with_costs(costs);
    let mut proof = Proof::of_places(&index, &files.gazetteer, shared(files));
    for (home, row) in files.households.iter().zip(0..) {
        proof.household(row, &home.address, home.grid);
    }
    let strays = proof.finish().strays;
    let mut warnings = Vec::new();
    for kind in PlaceKind::ALL {
        let of_kind = || strays.iter().filter(move |stray| stray.kind == kind);
        warnings.extend(of_kind().take(NAMED).map(|stray| warning(files, stray)));
        let more = of_kind().count().saturating_sub(NAMED);
        if more > 0 {
            let reason = format!("另有 {more} 个{}的地址不能确定网格", kind.zh());
            let (file, column) = cell(kind);
            warnings.push(Fault::at(file, 0, column, FaultCode::StrayAddress, reason));
        }
    }
    warnings
}

/// Lists the dwellings whose address occurs in several grids.
fn shared(files: &Files) -> Vec<(String, GridRef)> {
    let mut grids: HashMap<&str, BTreeSet<GridRef>> = HashMap::new();
    for home in &files.households {
        grids.entry(&home.address).or_default().insert(home.grid);
    }
    let several = grids.into_iter().filter(|(_, grids)| grids.len() > 1);
    several.flat_map(|(a, grids)| grids.into_iter().map(move |g| (a.to_owned(), g))).collect()
}

const fn cell(kind: PlaceKind) -> (&'static str, &'static str) {
    match kind {
        PlaceKind::Household => ("households.csv", "address"),
        PlaceKind::Building => ("buildings.csv", "label"),
        PlaceKind::Shop => ("shops.csv", "name"),
        PlaceKind::DoorNumber => ("road_ranges.csv", "from_no"),
    }
}

fn warning(files: &Files, stray: &Stray) -> Fault {
    let names = |grids: &[GridRef]| {
        let grids = grids.iter().filter_map(|g| files.gazetteer.grids.get(usize::from(g.0)));
        let names: Vec<_> = grids.map(|grid| grid.external_id.as_str()).collect();
        if names.is_empty() { "无".to_owned() } else { names.join("、") }
    };
    let (file, column) = cell(stray.kind);
    let line = files.lines.at(file, stray.row);
    let reason =
        format!("“{}”应属 {}，却得到 {}", stray.address, names(&stray.expected), names(&stray.got));
    Fault::at(file, line, column, FaultCode::StrayAddress, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::{SEED, street};

    #[test]
    fn a_sound_folder_has_no_warning_and_many_strays_are_summed_up() {
        let mut street = street::generate(SEED);
        street.households.truncate(40);
        let mut files = Files {
            gazetteer: street.gazetteer,
            households: street.households,
            ..Files::default()
        };
        assert_eq!(run(&files, Costs::default()), []);
        for home in files.households.iter_mut().take(25) {
            home.grid = GridRef(home.grid.0 + 1);
        }
        let warnings = run(&files, Costs::default());
        assert_eq!(warnings.len(), NAMED + 1);
        assert_eq!(
            (warnings[0].file.as_str(), warnings[0].code),
            ("households.csv", FaultCode::StrayAddress)
        );
        assert!(warnings[0].reason.contains(&files.households[0].address), "{}", warnings[0]);
        assert!(warnings[NAMED].reason.contains("另有 5 个户"), "{}", warnings[NAMED]);
    }
}
