//! The street's places as plain data: what the import reads, what the store loads, what the
//! address index is built from.
//!
//! Grids are referred to by [`GridRef`], a position in [`Gazetteer::grids`]; the reader of files
//! and the store both guarantee that every reference lies inside. Coordinates are GCJ-02 degrees.

use entity::kinds::{GridId, GridKind};
use serde::Serialize;

/// Position of a small grid in [`Gazetteer::grids`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct GridRef(pub u16);

/// Position of a community in [`Gazetteer::communities`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct CommunityRef(pub u16);

/// A point, GCJ-02 degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub lon: f64,
    pub lat: f64,
}

/// Everything of one street that an address can name.
#[derive(Clone, Debug, Default)]
pub struct Gazetteer {
    pub street_code: String,
    pub street: String,
    pub communities: Vec<Community>,
    pub grids: Vec<SmallGrid>,
    pub roads: Vec<Road>,
    pub ranges: Vec<RoadRange>,
    pub exceptions: Vec<RoadException>,
    pub compounds: Vec<Compound>,
    pub gates: Vec<Gate>,
    pub buildings: Vec<Building>,
    pub village_groups: Vec<VillageGroup>,
    pub village_lanes: Vec<VillageLane>,
    pub pois: Vec<Poi>,
    pub shops: Vec<Shop>,
    pub neighbours: Vec<Neighbour>,
    /// Names that residents use and the office approved.
    pub aliases: Vec<Alias>,
}

/// A further name of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    pub word: String,
    pub target: AliasTarget,
}

/// What an alias names: the `external_id`, or the name where there is none (village, road).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AliasTarget {
    Compound(String),
    Building(String),
    Poi(String),
    Shop(String),
    Village(String),
    Road(String),
}

/// A community, which is a large grid.
#[derive(Clone, Debug)]
pub struct Community {
    /// Row id where it came from the database, `GridId(0)` where it came from a file.
    pub id: GridId,
    /// Twelve-digit statistical code.
    pub code: String,
    pub name: String,
    /// Outer ring, first point repeated at the end; empty when the file has none.
    pub polygon: Vec<Point>,
}

/// A small grid.
#[derive(Clone, Debug)]
pub struct SmallGrid {
    /// Row id where it came from the database, `GridId(0)` where it came from a file.
    pub id: GridId,
    /// The delivered file's `grid_id`, what API and predictions show.
    pub external_id: String,
    pub kind: GridKind,
    pub name: String,
    pub community: CommunityRef,
    /// Outer ring, first point repeated at the end.
    pub polygon: Vec<Point>,
}

/// A road with the numbers that exist on it.
#[derive(Clone, Debug)]
pub struct Road {
    pub name: String,
    /// `EW` or `NS`.
    pub direction: String,
    pub from_no: u32,
    pub to_no: u32,
    pub line: Vec<Point>,
}

/// Which side of a road a range covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Parity {
    Odd,
    Even,
    Both,
}

/// Door numbers of one road that belong to one grid; both ends included.
#[derive(Clone, Debug)]
pub struct RoadRange {
    pub road: String,
    pub parity: Parity,
    pub from_no: u32,
    pub to_no: u32,
    pub grid: GridRef,
}

/// A single door number that belongs elsewhere than its range says.
#[derive(Clone, Debug)]
pub struct RoadException {
    pub road: String,
    pub no: u32,
    pub grid: GridRef,
}

/// A residential compound (小区).
#[derive(Clone, Debug)]
pub struct Compound {
    pub external_id: String,
    pub name: String,
    pub aliases: Vec<String>,
    pub sections: Vec<String>,
    pub kind: String,
    pub grids: Vec<GridRef>,
    /// Road and number, as the file has it; may be empty.
    pub address: String,
}

/// A gate of a compound, with its own door number.
#[derive(Clone, Debug)]
pub struct Gate {
    pub compound: String,
    pub gate: String,
    pub road: String,
    pub no: u32,
    pub grid: GridRef,
}

/// A building of a compound.
#[derive(Clone, Debug)]
pub struct Building {
    pub external_id: String,
    /// `external_id` of the compound.
    pub compound: String,
    pub section: String,
    pub no: String,
    pub label: String,
    pub units: u32,
    pub floors: u32,
    pub per_floor: u32,
    pub at: Point,
    pub grid: GridRef,
}

/// A group of houses of a village.
#[derive(Clone, Debug)]
pub struct VillageGroup {
    pub village: String,
    pub community: CommunityRef,
    pub group_no: u32,
    pub houses: u32,
    pub grid: GridRef,
}

/// A lane of a village.
#[derive(Clone, Debug)]
pub struct VillageLane {
    pub village: String,
    pub lane: String,
    pub group_no: u32,
    pub grid: GridRef,
}

/// A place everybody knows by name.
#[derive(Clone, Debug)]
pub struct Poi {
    pub external_id: String,
    pub name: String,
    pub aliases: Vec<String>,
    pub kind: String,
    pub road: String,
    pub no: Option<u32>,
    pub at: Point,
    pub grid: GridRef,
}

/// A shop or company.
#[derive(Clone, Debug)]
pub struct Shop {
    pub external_id: String,
    pub name: String,
    pub kind: String,
    pub road: String,
    pub no: Option<u32>,
    pub sub: String,
    pub at: Point,
    pub grid: GridRef,
}

/// A community of another street: proof that a text is not ours.
#[derive(Clone, Debug)]
pub struct Neighbour {
    pub street: String,
    pub community: String,
}

/// A dwelling; read at import, never held in memory by the server.
#[derive(Clone, Debug)]
pub struct Household {
    pub external_id: String,
    /// `external_id` of the building; empty for a village house.
    pub building: String,
    pub village_group: String,
    pub unit: String,
    pub floor: String,
    pub room: String,
    pub address: String,
    pub grid: GridRef,
}
