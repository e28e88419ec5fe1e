//! Compounds with their buildings and gates.
//!
//! Each cell has two slots, a compound takes one; fifteen compounds take the second slot of a cell
//! and the first of the next, so that one compound lies in two grids. 阳光花园 is always such a one,
//! in 中山社区: its building 3 and its building 30 have different grid workers.

use std::collections::BTreeSet;

use rand::Rng;
use rand::seq::SliceRandom;

use super::chance::{self, pick, roll, words};
use super::lattice::{Cell, Lattice, plough};
use super::roads::{Face, Network};
use super::street::Ground;
use crate::domain::gazetteer::{Building, Compound, Gate, GridRef};

/// The compound of the story; its slot lies in the first cell of 中山社区.
const STORY: &str = "阳光花园";
const STORY_SLOT: usize = 7;
const SPLITS: usize = 15;

/// Half a cell: a cell and whether it is the half in the direction of the plough.
#[derive(Clone, Copy, Debug)]
struct Slot {
    cell: Cell,
    grid: GridRef,
    east: bool,
}

/// What is built.
#[derive(Debug, Default)]
pub struct Estate {
    pub compounds: Vec<Compound>,
    pub gates: Vec<Gate>,
    pub buildings: Vec<Building>,
}

/// Builds 65 compounds with about 1,500 buildings.
pub fn build(ground: &Ground, network: &Network, rng: &mut impl Rng) -> Estate {
    let slots = slots(ground);
    let splits = splits(rng);
    let mut names = words(chance::COMPOUNDS).into_iter();
    let mut estate = Estate::default();
    let mut at = 0;
    while let Some(first) = slots.get(at) {
        let mut taken = vec![*first];
        if splits.contains(&at) {
            taken.extend(slots.get(at + 1));
        }
        let name = if at == STORY_SLOT { Some(STORY) } else { names.next() };
        at += taken.len();
        compound(&taken, name, (&ground.lattice, network), &mut estate, rng);
    }
    estate
}

fn slots(ground: &Ground) -> Vec<Slot> {
    let cells = plough().into_iter();
    cells
        .flat_map(|cell| {
            let grid = ground.grid_of(cell);
            let eastward = cell.row % 2 == 0;
            [Slot { cell, grid, east: !eastward }, Slot { cell, grid, east: eastward }]
        })
        .collect()
}

/// Chooses the slots whose compound also takes the next one.
fn splits(rng: &mut impl Rng) -> BTreeSet<usize> {
    // Slot 5 would take slot 6, and the story's compound would still begin at 7: kept out so that
    // a compound of its own stands before it.
    let mut odd: Vec<usize> = (1..78).step_by(2).filter(|s| *s != 5 && *s != STORY_SLOT).collect();
    odd.shuffle(rng);
    odd.into_iter().take(SPLITS - 1).chain([STORY_SLOT]).collect()
}

fn compound(
    slots: &[Slot],
    name: Option<&'static str>,
    (lattice, network): (&Lattice, &Network),
    estate: &mut Estate,
    rng: &mut impl Rng,
) {
    let external_id = format!("C{:04}", estate.compounds.len() + 1);
    let gates = gates(&external_id, slots, network, rng);
    let address = gates.first().map(|g| format!("{}{}号", g.road, g.no)).unwrap_or_default();
    let name = name.map_or_else(|| format!("{address}院"), str::to_owned);
    let kind = kind(&name, slots.len());
    let sections: Vec<String> = match (slots.len(), name.as_str()) {
        (2, name) if name != STORY && roll(rng, 0, 1) == 0 => {
            let pair =
                if roll(rng, 0, 1) == 0 { ["一期", "二期"] } else { ["东区", "西区"] };
            pair.map(str::to_owned).to_vec()
        }
        _ => Vec::new(),
    };
    let mut no = 0;
    for (at, slot) in slots.iter().enumerate() {
        let section = sections.get(at).cloned().unwrap_or_default();
        if !section.is_empty() {
            no = 0;
        }
        let count = buildings_in_slot(kind, rng);
        for place in 0..count {
            no += 1;
            let mut building = building(&external_id, &section, no, rng);
            building.external_id = format!("B{:05}", estate.buildings.len() + 1);
            if name == STORY {
                building.units = building.units.max(3);
            }
            let (u, v) = spot(slot.east, place, count);
            building.at = lattice.inside(slot.cell, u, v);
            building.grid = slot.grid;
            estate.buildings.push(building);
        }
    }
    let aliases = alias(&name).into_iter().collect();
    let mut grids: Vec<GridRef> = slots.iter().map(|s| s.grid).collect();
    grids.dedup();
    estate.compounds.push(Compound {
        external_id,
        name,
        aliases,
        sections,
        kind: kind.to_owned(),
        grids,
        address,
    });
    estate.gates.extend(gates);
}

fn kind(name: &str, slots: usize) -> &'static str {
    match slots {
        2 => "big",
        _ if name.ends_with("号院") => "yard",
        _ if name.ends_with("家属院") => "small",
        _ => "med",
    }
}

fn buildings_in_slot(kind: &str, rng: &mut impl Rng) -> u32 {
    match kind {
        "big" => roll(rng, 16, 20),
        "med" => roll(rng, 20, 24),
        "small" => roll(rng, 8, 14),
        _ => roll(rng, 2, 5),
    }
}

fn alias(name: &str) -> Option<String> {
    let stem = name.strip_suffix("小区").or_else(|| name.strip_suffix("家园"))?;
    Some(if name.ends_with("小区") { stem.to_owned() } else { format!("{stem}小区") })
}

/// Spreads buildings over half a cell, four in a row.
fn spot(east: bool, place: u32, count: u32) -> (f64, f64) {
    let rows = f64::from(count.div_ceil(4).max(1));
    let u = 0.18 + 0.08 * f64::from(place % 4) + if east { 0.36 } else { 0.0 };
    (u, 0.2 + 0.6 * (f64::from(place / 4) + 0.5) / rows)
}

fn building(compound: &str, section: &str, no: u32, rng: &mut impl Rng) -> Building {
    let floors = pick(rng, &[5, 6, 6, 6, 11, 11, 18]);
    let (units, per_floor) = if floors == 18 { (roll(rng, 1, 2), 3) } else { (roll(rng, 2, 4), 2) };
    Building {
        external_id: String::new(),
        compound: compound.to_owned(),
        section: section.to_owned(),
        no: no.to_string(),
        label: format!("{no}号楼"),
        units,
        floors,
        per_floor,
        at: crate::domain::gazetteer::Point { lon: 0.0, lat: 0.0 },
        grid: GridRef(0),
    }
}

/// Opens up to three gates, each to another side of the compound's cells.
fn gates(compound: &str, slots: &[Slot], network: &Network, rng: &mut impl Rng) -> Vec<Gate> {
    let mut faces: Vec<&Face> =
        network.faces.iter().filter(|f| slots.iter().any(|s| s.cell == f.cell)).collect();
    faces.shuffle(rng);
    let mut gates: Vec<Gate> = Vec::new();
    for face in faces {
        let gate = face.side.gate();
        if gates.len() < 3 && gates.iter().all(|g| g.gate != gate) {
            let no = face.number(rng);
            let (compound, gate, road) = (compound.to_owned(), gate.to_owned(), face.road.clone());
            gates.push(Gate { compound, gate, road, no, grid: face.grid });
        }
    }
    gates
}
