//! Proves that every place of a gazetteer is reached by its own clean address.
//!
//! In: the index, the places, the dwellings one by one. Out: the addresses that lead elsewhere.
//! An address that places of several grids share must ask, with exactly those grids as candidates.
//! Costs one resolution per address; dwellings are looked at and forgotten, so a town's need no
//! memory. Invariant: every place is checked, and checked once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::{Action, Index, Query};
use crate::domain::gazetteer::{Building, Gazetteer, GridRef, Parity, Shop};

/// What has an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    Household,
    Building,
    Shop,
    DoorNumber,
}

impl PlaceKind {
    /// Every kind, in the order in which they are reported.
    pub const ALL: [Self; 4] = [Self::Household, Self::Building, Self::Shop, Self::DoorNumber];

    /// Returns the Chinese word.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Household => "户",
            Self::Building => "楼栋",
            Self::Shop => "商铺",
            Self::DoorNumber => "门牌号",
        }
    }

    /// Returns the word of the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Household => "household",
            Self::Building => "building",
            Self::Shop => "shop",
            Self::DoorNumber => "door_number",
        }
    }
}

/// An address that places of several grids share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedAddress {
    pub address: String,
    /// In ascending order.
    pub grids: Vec<GridRef>,
}

/// An address that does not lead where it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    pub kind: PlaceKind,
    /// Position of the place in its table; of a door number, that of its range or exception.
    pub row: usize,
    pub address: String,
    /// One grid to route to, or several to ask for.
    pub expected: Vec<GridRef>,
    pub action: Action,
    /// The grid it was routed to, or the candidates.
    pub got: Vec<GridRef>,
}

/// What the proof found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Places checked, by kind.
    pub checked: BTreeMap<PlaceKind, usize>,
    /// By address.
    pub shared: Vec<SharedAddress>,
    /// By kind and table.
    pub strays: Vec<Stray>,
}

/// One place and its clean address.
struct Named {
    kind: PlaceKind,
    row: usize,
    address: String,
    grid: GridRef,
}

/// A proof under way.
#[derive(Debug)]
pub struct Proof<'a> {
    index: &'a Index,
    /// Grids of every address that is not one grid's alone.
    shared: HashMap<String, BTreeSet<GridRef>>,
    found: Coverage,
}

impl<'a> Proof<'a> {
    /// Checks everything but the dwellings. `shared` are the pairs of address and grid of those
    /// dwellings whose address occurs in several grids.
    pub fn of_places(
        index: &'a Index,
        places: &Gazetteer,
        shared: impl IntoIterator<Item = (String, GridRef)>,
    ) -> Self {
        let named = named(places);
        let mut grids: HashMap<String, BTreeSet<GridRef>> = HashMap::new();
        for (address, grid) in
            named.iter().map(|place| (place.address.clone(), place.grid)).chain(shared)
        {
            grids.entry(address).or_default().insert(grid);
        }
        grids.retain(|_, grids| grids.len() > 1);
        let mut proof = Self { index, shared: grids, found: Coverage::default() };
        for place in &named {
            proof.check(place.kind, place.row, &place.address, place.grid);
        }
        proof
    }

    /// Checks one dwelling; `row` is its position in the table.
    pub fn household(&mut self, row: usize, address: &str, grid: GridRef) {
        self.check(PlaceKind::Household, row, address, grid);
    }

    /// Ends the proof.
    pub fn finish(mut self) -> Coverage {
        let shared = self.shared.into_iter();
        self.found.shared = shared
            .map(|(address, grids)| SharedAddress { address, grids: grids.into_iter().collect() })
            .collect();
        self.found.shared.sort_by(|a, b| a.address.cmp(&b.address));
        self.found.strays.sort_by_key(|stray| (stray.kind, stray.row));
        self.found
    }

    fn check(&mut self, kind: PlaceKind, row: usize, address: &str, grid: GridRef) {
        *self.found.checked.entry(kind).or_default() += 1;
        let said = self.index.resolve(&Query { text: address, ..Query::default() });
        let (wanted, expected) = match self.shared.get(address) {
            Some(grids) => (Action::Ask, grids.iter().copied().collect()),
            None => (Action::Route, vec![grid]),
        };
        let mut got: Vec<GridRef> = match said.action {
            Action::Route => said.grid.into_iter().collect(),
            _ => said.candidates.iter().map(|candidate| candidate.grid).collect(),
        };
        got.sort_unstable();
        if said.action != wanted || got != expected {
            let (address, action) = (address.to_owned(), said.action);
            self.found.strays.push(Stray { kind, row, address, expected, action, got });
        }
    }
}

/// Lists the clean address and grid of every building, shop and door number.
pub fn addresses(places: &Gazetteer) -> impl Iterator<Item = (String, GridRef)> {
    named(places).into_iter().map(|place| (place.address, place.grid))
}

fn named(places: &Gazetteer) -> Vec<Named> {
    let compounds: HashMap<&str, &str> =
        places.compounds.iter().map(|c| (c.external_id.as_str(), c.name.as_str())).collect();
    let buildings = places.buildings.iter().zip(0..).map(|(building, row)| Named {
        kind: PlaceKind::Building,
        row,
        address: building_address(&compounds, building),
        grid: building.grid,
    });
    let shops = places.shops.iter().zip(0..).map(|(shop, row)| Named {
        kind: PlaceKind::Shop,
        row,
        address: shop_address(shop),
        grid: shop.grid,
    });
    buildings.chain(shops).chain(doors(places)).collect()
}

fn building_address(compounds: &HashMap<&str, &str>, building: &Building) -> String {
    let compound = compounds.get(building.compound.as_str()).copied().unwrap_or_default();
    let label = if building.label.is_empty() {
        format!("{}号楼", building.no)
    } else {
        building.label.clone()
    };
    format!("{compound}{}{label}", building.section)
}

fn shop_address(shop: &Shop) -> String {
    match shop.no {
        Some(no) => format!("{}{no}号{}", shop.road, shop.name),
        None => format!("{}{}", shop.road, shop.name),
    }
}

/// Lists every number of every range, and every exception in its place.
fn doors(places: &Gazetteer) -> impl Iterator<Item = Named> {
    let apart: BTreeSet<(&str, u32)> =
        places.exceptions.iter().map(|x| (x.road.as_str(), x.no)).collect();
    let door = |row, road: &str, no, grid| Named {
        kind: PlaceKind::DoorNumber,
        row,
        address: format!("{road}{no}号"),
        grid,
    };
    let exceptions = places.exceptions.iter().zip(0..);
    let exceptions = exceptions.map(move |(x, row)| door(row, &x.road, x.no, x.grid));
    let ranges = places.ranges.iter().zip(0..).flat_map(move |(range, row)| {
        let own = |no: &u32| match range.parity {
            Parity::Odd => !no.is_multiple_of(2),
            Parity::Even => no.is_multiple_of(2),
            Parity::Both => true,
        };
        let apart = apart.clone();
        (range.from_no..=range.to_no)
            .filter(own)
            .filter(move |no| !apart.contains(&(range.road.as_str(), *no)))
            .map(move |no| door(row, &range.road, no, range.grid))
    });
    ranges.chain(exceptions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::street::Street;
    use crate::demo::{SEED, street};
    use crate::domain::gazetteer::{RoadException, RoadRange};

    fn prove(street: &Street, index: &Index) -> Coverage {
        let mut grids: HashMap<&str, BTreeSet<GridRef>> = HashMap::new();
        for home in &street.households {
            grids.entry(&home.address).or_default().insert(home.grid);
        }
        let several = grids.into_iter().filter(|(_, grids)| grids.len() > 1);
        let shared = several.flat_map(|(a, grids)| grids.into_iter().map(|g| (a.to_owned(), g)));
        let mut proof = Proof::of_places(index, &street.gazetteer, shared);
        for (home, row) in street.households.iter().zip(0..) {
            proof.household(row, &home.address, home.grid);
        }
        proof.finish()
    }

    #[test]
    fn every_place_of_the_demo_street_is_checked_once() {
        let street = street::generate(SEED);
        let coverage = prove(&street, &Index::build(&street.gazetteer));
        assert_eq!(coverage.checked[&PlaceKind::Household], street.households.len());
        assert_eq!(coverage.checked[&PlaceKind::Building], street.gazetteer.buildings.len());
        assert_eq!(coverage.checked[&PlaceKind::Shop], street.gazetteer.shops.len());
        let strays = coverage.strays.iter().map(|s| &s.address).take(5).collect::<Vec<_>>();
        assert!(coverage.strays.is_empty(), "{}: {strays:?} …", coverage.strays.len());
    }

    #[test]
    fn a_building_of_another_grid_is_a_stray_with_both_grids() {
        let street = street::generate(SEED);
        let index = Index::build(&street.gazetteer);
        let mut changed = street.gazetteer.clone();
        let (row, from) = (17, changed.buildings[17].grid);
        let to = GridRef(u16::from(from.0 == 0));
        changed.buildings[row].grid = to;
        let coverage = Proof::of_places(&index, &changed, []).finish();
        let stray = coverage.strays.iter().find(|s| s.kind == PlaceKind::Building && s.row == row);
        let stray = stray.expect("the moved building");
        assert_eq!((&stray.expected[..], &stray.got[..]), (&[to][..], &[from][..]));
        assert_eq!(stray.action, Action::Route);
    }

    #[test]
    fn an_exception_takes_its_number_out_of_the_range() {
        let range = |parity, from_no, to_no, grid| RoadRange {
            road: "中和路".to_owned(),
            parity,
            from_no,
            to_no,
            grid: GridRef(grid),
        };
        let places = Gazetteer {
            ranges: vec![range(Parity::Odd, 1, 6, 0), range(Parity::Even, 2, 4, 1)],
            exceptions: vec![RoadException {
                road: "中和路".to_owned(), no: 3, grid: GridRef(2)
            }],
            ..Gazetteer::default()
        };
        let doors: Vec<_> = doors(&places).map(|door| (door.address, door.grid.0)).collect();
        let wanted = [
            ("中和路1号", 0),
            ("中和路5号", 0),
            ("中和路2号", 1),
            ("中和路4号", 1),
            ("中和路3号", 2),
        ];
        assert_eq!(doors, wanted.map(|(address, grid)| (address.to_owned(), grid)));
    }

    #[test]
    fn an_address_of_two_grids_is_shared_and_must_ask() {
        let street = street::generate(SEED);
        let index = Index::build(&street.gazetteer);
        let home = &street.households[0];
        let other = GridRef(u16::from(home.grid.0 == 0));
        let shared = [home.grid, other].map(|grid| (home.address.clone(), grid));
        let mut proof = Proof::of_places(&index, &Gazetteer::default(), shared);
        proof.household(0, &home.address, home.grid);
        let coverage = proof.finish();
        let mut grids = vec![home.grid, other];
        grids.sort_unstable();
        assert_eq!(
            coverage.shared,
            [SharedAddress { address: home.address.clone(), grids: grids.clone() }]
        );
        // The index knows one place only, so it routes: the proof must say that this is wrong.
        assert_eq!(coverage.strays[0].expected, grids);
    }
}
