//! The ground of the demo street: a bent lattice of 8 × 5 cells, one small grid each.
//!
//! Neighbouring cells walk over the same nodes, so polygons share their edges exactly: no
//! overlap, no hole. Nodes move by at most 5 % of a cell, so the middle of a cell is safely inside.

use std::collections::{HashMap, HashSet};

use rand::{Rng, RngExt};

use crate::domain::gazetteer::Point;

pub const COLUMNS: u32 = 8;
pub const ROWS: u32 = 5;

const WEST: f64 = 115.4400;
const NORTH: f64 = 35.2500;
/// Half a cell: about 340 m and 360 m.
const STEP_LON: f64 = 0.003_75;
const STEP_LAT: f64 = 0.003_25;
/// Of a half cell.
const BEND: f64 = 0.1;

type Node = (u32, u32);

/// One cell, counted from the north-west.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    pub column: u32,
    pub row: u32,
}

/// The side of a cell on which a road runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    North,
    South,
    West,
    East,
    /// A lane through the middle, from west to east.
    Middle,
}

impl Side {
    /// Returns the gate that opens to this side.
    pub const fn gate(self) -> &'static str {
        match self {
            Self::North => "北门",
            Self::South => "南门",
            Self::West => "西门",
            Self::East => "东门",
            Self::Middle => "小门",
        }
    }
}

/// The nodes of the lattice.
#[derive(Debug)]
pub struct Lattice {
    nodes: HashMap<Node, Point>,
}

impl Lattice {
    /// Bends a lattice.
    pub fn bend(rng: &mut impl Rng) -> Self {
        let mut nodes = HashMap::new();
        for i in 0..=2 * COLUMNS {
            for j in 0..=2 * ROWS {
                let east = f64::from(i) + rng.random_range(-BEND..BEND);
                let south = f64::from(j) + rng.random_range(-BEND..BEND);
                let at = Point {
                    lon: round(WEST + east * STEP_LON),
                    lat: round(NORTH - south * STEP_LAT),
                };
                nodes.insert((i, j), at);
            }
        }
        Self { nodes }
    }

    /// Returns the place of a node; the corner of the map for a node that is not there.
    pub fn node(&self, node: Node) -> Point {
        self.nodes.get(&node).copied().unwrap_or(Point { lon: WEST, lat: NORTH })
    }

    /// Returns the closed ring of some cells that hang together.
    pub fn ring(&self, cells: &[Cell]) -> Vec<Point> {
        let edges: HashSet<(Node, Node)> = cells.iter().flat_map(|cell| edges(*cell)).collect();
        // An edge that is walked both ways lies inside.
        let border: HashMap<Node, Node> =
            edges.iter().filter(|(a, b)| !edges.contains(&(*b, *a))).copied().collect();
        let Some(start) = border.keys().min().copied() else { return Vec::new() };
        let mut ring = vec![self.node(start)];
        let mut at = start;
        while let Some(next) = border.get(&at).copied().filter(|_| ring.len() <= border.len()) {
            ring.push(self.node(next));
            at = next;
        }
        ring
    }

    /// Returns a point of a cell; (0, 0) is its north-west corner, (1, 1) its south-east corner.
    pub fn inside(&self, cell: Cell, u: f64, v: f64) -> Point {
        let (i, j) = (2 * cell.column, 2 * cell.row);
        let (nw, ne) = (self.node((i, j)), self.node((i + 2, j)));
        let (sw, se) = (self.node((i, j + 2)), self.node((i + 2, j + 2)));
        let mix = |a: f64, b: f64, c: f64, d: f64| {
            (a * (1.0 - u) + b * u) * (1.0 - v) + (c * (1.0 - u) + d * u) * v
        };
        Point {
            lon: round(mix(nw.lon, ne.lon, sw.lon, se.lon)),
            lat: round(mix(nw.lat, ne.lat, sw.lat, se.lat)),
        }
    }

    /// Returns the door at share `t` of a side, a little inside the cell.
    pub fn door(&self, cell: Cell, side: Side, t: f64) -> Point {
        let along = 0.15 + 0.7 * t;
        match side {
            Side::North => self.inside(cell, along, 0.15),
            Side::South => self.inside(cell, along, 0.85),
            Side::West => self.inside(cell, 0.15, along),
            Side::East => self.inside(cell, 0.85, along),
            Side::Middle => self.inside(cell, along, 0.5),
        }
    }
}

/// The border of a cell, counter-clockwise, half an edge at a time.
fn edges(cell: Cell) -> Vec<(Node, Node)> {
    let (i, j) = (2 * cell.column, 2 * cell.row);
    let walk = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (0, 0)];
    let nodes = walk.map(|(di, dj)| (i + di, j + dj));
    nodes.iter().copied().zip(nodes.iter().copied().skip(1)).collect()
}

/// Lists the cells in the order of a plough: neighbours in the list are neighbours on the ground.
pub fn plough() -> Vec<Cell> {
    let row = |row: u32| {
        (0..COLUMNS).map(move |at| Cell {
            column: if row.is_multiple_of(2) { at } else { COLUMNS - 1 - at },
            row,
        })
    };
    (0..ROWS).flat_map(row).collect()
}

/// Seven decimals are a centimetre, and what the files hold.
fn round(degree: f64) -> f64 {
    (degree * 1e7).round() / 1e7
}
