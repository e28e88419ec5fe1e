//! Roads along the lines of the lattice, lanes through cells, and who owns which door number.

use std::collections::{HashMap, HashSet};

use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};

use super::chance::{self, roll, words};
use super::lattice::{COLUMNS, Cell, Lattice, ROWS, Side};
use crate::domain::gazetteer::{GridRef, Parity, Point, Road, RoadException, RoadRange};

/// One side of one block of a road: the door numbers that face a cell.
#[derive(Clone, Debug)]
pub struct Face {
    pub road: String,
    pub parity: Parity,
    pub from_no: u32,
    pub to_no: u32,
    pub grid: GridRef,
    pub cell: Cell,
    pub side: Side,
}

impl Face {
    /// Rolls a door number of this face.
    pub fn number(&self, rng: &mut impl Rng) -> u32 {
        let step = if self.parity == Parity::Both { 1 } else { 2 };
        self.from_no + step * roll(rng, 0, (self.to_no - self.from_no) / step)
    }

    /// Returns where a number of this face is.
    pub fn at(&self, lattice: &Lattice, no: u32) -> Point {
        let length = f64::from(self.to_no - self.from_no).max(1.0);
        lattice.door(self.cell, self.side, f64::from(no.saturating_sub(self.from_no)) / length)
    }
}

/// Every road of the street.
#[derive(Debug, Default)]
pub struct Network {
    pub roads: Vec<Road>,
    pub faces: Vec<Face>,
}

/// A stretch of a line of the lattice that has one name.
struct Stretch {
    name: String,
    vertical: bool,
    line: u32,
    from: u32,
    to: u32,
}

/// Builds 30 roads along the lines and 10 lanes inside cells.
pub fn build(
    lattice: &Lattice,
    grids: &HashMap<(u32, u32), GridRef>,
    rng: &mut impl Rng,
) -> Network {
    let mut network = Network::default();
    let mut names = words(chance::ROADS).into_iter();
    let lines =
        (0..=COLUMNS).map(|l| (true, l, ROWS)).chain((0..=ROWS).map(|l| (false, l, COLUMNS)));
    for ((vertical, line, length), name) in lines.zip(names.by_ref()) {
        let middle = length / 2;
        let ends = if vertical { ["北路", "南路"] } else { ["西路", "东路"] };
        for (end, (from, to)) in ends.into_iter().zip([(0, middle), (middle, length)]) {
            let stretch = Stretch { name: format!("{name}{end}"), vertical, line, from, to };
            lay(&stretch, lattice, grids, &mut network, rng);
        }
    }
    lanes(lattice, grids, &mut network, rng);
    network
}

/// Numbers one stretch. About 80 numbers a block; the two sides change block at slightly different
/// numbers, and which side is odd is a matter of the road.
fn lay(
    stretch: &Stretch,
    lattice: &Lattice,
    grids: &HashMap<(u32, u32), GridRef>,
    network: &mut Network,
    rng: &mut impl Rng,
) {
    let odd_first = rng.random_bool(0.5);
    let mut last = 0;
    for first_side in [true, false] {
        let odd = first_side == odd_first;
        let mut begin = 0;
        for (count, block) in (1u32..).zip(stretch.from..stretch.to) {
            let end = 80 * count + 2 * roll(rng, 0, 3);
            let (from_no, to_no) = if odd { (begin + 1, end - 1) } else { (begin + 2, end) };
            begin = end;
            let Some((cell, side)) = facing(stretch, block, first_side) else { continue };
            let Some(grid) = grids.get(&(cell.column, cell.row)).copied() else { continue };
            let parity = if odd { Parity::Odd } else { Parity::Even };
            let road = stretch.name.clone();
            network.faces.push(Face { road, parity, from_no, to_no, grid, cell, side });
            last = last.max(to_no);
        }
    }
    let nodes = 2 * stretch.from..=2 * stretch.to;
    let line = nodes.map(|n| {
        lattice.node(if stretch.vertical { (2 * stretch.line, n) } else { (n, 2 * stretch.line) })
    });
    network.roads.push(Road {
        name: stretch.name.clone(),
        direction: if stretch.vertical { "NS" } else { "EW" }.to_owned(),
        from_no: 1,
        to_no: last,
        line: line.collect(),
    });
}

/// Finds the cell west (north) or east (south) of a block; none at the edge of the street.
fn facing(stretch: &Stretch, block: u32, first_side: bool) -> Option<(Cell, Side)> {
    let across = if first_side { stretch.line.checked_sub(1)? } else { stretch.line };
    if stretch.vertical {
        let side = if first_side { Side::East } else { Side::West };
        (across < COLUMNS).then_some((Cell { column: across, row: block }, side))
    } else {
        let side = if first_side { Side::South } else { Side::North };
        (across < ROWS).then_some((Cell { column: block, row: across }, side))
    }
}

fn lanes(
    lattice: &Lattice,
    grids: &HashMap<(u32, u32), GridRef>,
    network: &mut Network,
    rng: &mut impl Rng,
) {
    for (at, name) in (0u32..).zip(words(chance::LANES)) {
        // Every fourth cell has a lane.
        let cell = Cell { column: (4 * at + at / 2) % COLUMNS, row: at / 2 };
        let Some(grid) = grids.get(&(cell.column, cell.row)).copied() else { continue };
        let to_no = 40 + roll(rng, 0, 20);
        let (side, road) = (Side::Middle, name.to_owned());
        network.faces.push(Face {
            road,
            parity: Parity::Both,
            from_no: 1,
            to_no,
            grid,
            cell,
            side,
        });
        let line = [0.15, 0.5, 0.85].map(|u| lattice.inside(cell, u, 0.5)).to_vec();
        network.roads.push(Road {
            name: name.to_owned(),
            direction: "EW".to_owned(),
            from_no: 1,
            to_no,
            line,
        });
    }
}

impl Network {
    /// Lists the number ranges in the order of the roads.
    pub fn ranges(&self) -> Vec<RoadRange> {
        let faces = self.faces.iter();
        faces
            .map(|f| RoadRange {
                road: f.road.clone(),
                parity: f.parity,
                from_no: f.from_no,
                to_no: f.to_no,
                grid: f.grid,
            })
            .collect()
    }

    /// Makes a few numbers belong across the road, avoiding those that something stands on.
    pub fn exceptions(
        &self,
        used: &HashSet<(String, u32)>,
        rng: &mut impl Rng,
    ) -> Vec<RoadException> {
        let mut exceptions: Vec<RoadException> = Vec::new();
        while exceptions.len() < 8 {
            let Some(face) = self.faces.choose(rng) else { break };
            let no = face.number(rng);
            let opposite = |f: &&Face| {
                f.road == face.road
                    && f.grid != face.grid
                    && f.parity != face.parity
                    && (f.from_no..=f.to_no).contains(&no)
            };
            let across = self.faces.iter().find(opposite);
            let taken = used.contains(&(face.road.clone(), no))
                || exceptions.iter().any(|x| x.road == face.road && x.no == no);
            if let Some(across) = across.filter(|_| !taken) {
                exceptions.push(RoadException { road: face.road.clone(), no, grid: across.grid });
            }
        }
        exceptions
    }
}
