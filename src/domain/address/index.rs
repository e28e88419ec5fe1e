//! The immutable index of one street: names, and the tables a name leads to.

use std::collections::{HashMap, HashSet};

use super::mention::{Claim, What};
use super::names::{Name, Names};
use super::section::{self, Spelling};
use super::{Costs, Query, Resolution, vocabulary};
use crate::domain::gazetteer::{
    AliasTarget, Building, CommunityRef, Compound, Gazetteer, GridRef, Point,
};
use crate::domain::geo;

/// Everything resolving needs; built once per gazetteer version and shared.
#[derive(Debug, Default)]
pub struct Index {
    pub(super) names: Names,
    pub(super) places: Gazetteer,
    pub(super) costs: Costs,
    /// What surrounds each grid, for a first look.
    boxes: Vec<(Box2, GridRef)>,
    /// Small grids of each community.
    communities: Vec<Vec<GridRef>>,
    /// Positions of the buildings with a number, from south to north.
    by_number: HashMap<String, Vec<u32>>,
    /// Positions in `places.buildings` by position of the compound.
    pub(super) buildings: Vec<Vec<usize>>,
    pub(super) gates: Vec<Vec<usize>>,
    /// How the sections of each compound are written.
    pub(super) sections: Vec<Vec<Spelling>>,
    /// Positions in `places.ranges` by road name.
    pub(super) ranges: HashMap<String, Vec<usize>>,
    pub(super) exceptions: HashMap<(String, u32), GridRef>,
    pub(super) villages: Vec<String>,
    /// Names that several compounds bear.
    twins: HashSet<String>,
    /// Neighbouring streets as people shorten them: 西城.
    pub(super) other_streets: Vec<String>,
    /// The street office itself among the places.
    pub(super) office: Option<usize>,
    /// The grid of a community that carries a number in its name.
    pub(super) numbered_grids: HashMap<(usize, u32), GridRef>,
}

impl Index {
    /// Builds the index; references of the gazetteer that lead nowhere are never followed.
    pub fn build(gazetteer: &Gazetteer) -> Self {
        let mut index = Self { places: gazetteer.clone(), ..Self::default() };
        index.link();
        index.survey();
        index.names = Names::build(vocabulary::words(&mut index));
        index
    }

    /// Returns whether the gazetteer has the place.
    pub fn knows(&self, target: &AliasTarget) -> bool {
        self.learned(target).is_some()
    }

    /// Returns whether some of the place lies in the grid.
    pub fn lies_in(&self, target: &AliasTarget, grid: GridRef) -> bool {
        let places = &self.places;
        let Some(name) = self.learned(target) else { return false };
        match name {
            Name::Compound(i) => places.compounds.get(i).is_some_and(|c| c.grids.contains(&grid)),
            Name::Building(i) => places.buildings.get(i).is_some_and(|b| b.grid == grid),
            Name::Poi(i) => places.pois.get(i).is_some_and(|p| p.grid == grid),
            Name::Shop(i) => places.shops.get(i).is_some_and(|s| s.grid == grid),
            Name::Village(i) => self.villages.get(i).is_some_and(|village| {
                places.village_groups.iter().any(|g| g.village == *village && g.grid == grid)
            }),
            Name::Road(i) => places.roads.get(i).is_some_and(|road| {
                places.ranges.iter().any(|r| r.road == road.name && r.grid == grid)
            }),
            _ => false,
        }
    }

    /// Weighs errors otherwise than by default.
    #[must_use]
    pub fn with_costs(self, costs: Costs) -> Self {
        Self { costs, ..self }
    }

    /// Reads one query. Total: every text has an answer.
    pub fn resolve(&self, query: &Query<'_>) -> Resolution {
        super::decide::resolve(self, query)
    }

    /// Lays the reading of one query open, for people: names with their costs, addresses with their
    /// roles, the decision.
    pub fn explain(&self, query: &Query<'_>) -> String {
        super::explain::explain(self, query)
    }

    /// Bytes on the heap: the names, and the rows of the buildings and compounds, which are nearly
    /// all of the rest.
    pub fn bytes(&self) -> usize {
        let text = |s: &String| s.capacity();
        let buildings = self.places.buildings.iter().map(|b| {
            let texts = [&b.external_id, &b.compound, &b.section, &b.no, &b.label];
            size_of::<Building>() + 12 + texts.into_iter().map(text).sum::<usize>()
        });
        let compounds = self.places.compounds.iter().map(|c| {
            let texts = [&c.external_id, &c.name, &c.kind, &c.address].into_iter().map(text);
            size_of::<Compound>() + texts.sum::<usize>() + c.aliases.iter().map(text).sum::<usize>()
        });
        self.names.bytes() + buildings.sum::<usize>() + compounds.sum::<usize>()
    }

    /// Finds the grid that holds a point.
    pub fn grid_at(&self, at: Point) -> Option<GridRef> {
        let near = self.boxes.iter().filter(|(b, _)| b.holds(at)).filter_map(|(_, grid)| {
            let g = self.places.grids.get(usize::from(grid.0))?;
            Some((g.external_id.as_str(), g.polygon.as_slice(), *grid))
        });
        geo::locate(near, at)
    }

    /// Returns whether a compound has its address or a gate on the road.
    pub(super) fn lies_on(&self, compound: usize, road: &str) -> bool {
        let address =
            self.places.compounds.get(compound).is_some_and(|c| c.address.starts_with(road));
        let mut gates = self.gates.get(compound).into_iter().flatten();
        address || gates.any(|g| self.places.gates.get(*g).is_some_and(|g| g.road == road))
    }

    /// Says what a claim is, as a resident would.
    pub(super) fn label(&self, claim: &Claim, title: &str) -> String {
        let places = &self.places;
        let text = match claim.what {
            What::Compound(i) => places.compounds.get(i).map(|c| c.name.clone()),
            What::Building(i) => places.buildings.get(i).map(|b| self.building_label(b, claim)),
            What::Gate(i) => {
                places.gates.get(i).map(|g| format!("{}{}号（{}）", g.road, g.no, g.gate))
            }
            What::Group(i) => {
                places.village_groups.get(i).map(|g| format!("{}{}组", g.village, g.group_no))
            }
            What::Lane(i) => {
                places.village_lanes.get(i).map(|l| format!("{}{}", l.village, l.lane))
            }
            What::Poi(i) => places.pois.get(i).map(|p| format!("{}（{}）", p.name, p.road)),
            What::AcrossPoi(i) => {
                places.pois.get(i).map(|p| format!("{}（{}）对面", p.name, p.road))
            }
            What::Shop(i) => places.shops.get(i).map(|s| {
                let no = s.no.map_or_else(String::new, |n| format!("{n}号"));
                format!("{}{no} {}", s.road, s.name)
            }),
            What::Range(i) => {
                places.ranges.get(i).map(|r| format!("{}{}—{}号", r.road, r.from_no, r.to_no))
            }
            What::Corner(label) => Some(label.to_owned()),
            What::Grid => Some(self.grid_name(claim.grid).to_owned()),
            What::Door => Some(title.to_owned()),
        };
        text.unwrap_or_default()
    }

    fn building_label(&self, b: &Building, claim: &Claim) -> String {
        let compound = claim.compound.and_then(|c| self.places.compounds.get(c));
        match compound.filter(|c| self.twins.contains(&c.name)) {
            Some(c) => format!("{}（{}）{}{}", c.name, c.address, b.section, b.label),
            None => format!("{}{}", b.section, b.label),
        }
    }

    pub(super) fn community_of(&self, grid: GridRef) -> Option<CommunityRef> {
        self.places.grids.get(usize::from(grid.0)).map(|g| g.community)
    }

    pub(super) fn grid_name(&self, grid: GridRef) -> &str {
        self.places.grids.get(usize::from(grid.0)).map_or("", |g| g.name.as_str())
    }

    pub(super) fn grids_of(&self, community: usize) -> &[GridRef] {
        self.communities.get(community).map_or(&[], Vec::as_slice)
    }

    /// Returns how many buildings have a number.
    pub(super) fn count(&self, no: &str) -> usize {
        self.by_number.get(no).map_or(0, Vec::len)
    }

    /// Lists the buildings with a number; with a position only those within walking distance.
    pub(super) fn numbered(&self, no: &str, near: Option<Point>) -> Vec<(usize, &Building)> {
        let list = self.by_number.get(no).map_or(&[][..], Vec::as_slice);
        let building = |i: &u32| {
            let i = usize::try_from(*i).ok()?;
            Some((i, self.places.buildings.get(i)?))
        };
        let south =
            |edge: f64| list.partition_point(|i| building(i).is_some_and(|(_, b)| b.at.lat < edge));
        let range =
            near.map_or(0..list.len(), |at| south(at.lat - NEAR_DEG)..south(at.lat + NEAR_DEG));
        let all = list.get(range).unwrap_or(&[]).iter().filter_map(building);
        all.filter(|(_, b)| near.is_none_or(|at| (b.at.lon - at.lon).abs() < NEAR_DEG)).collect()
    }

    /// Fills the tables that lead from a place on the map or a number to grids and buildings.
    fn survey(&mut self) {
        let grids = self.places.grids.iter().zip(0_u16..).map(|(g, i)| (g, GridRef(i)));
        self.communities = vec![Vec::new(); self.places.communities.len()];
        for (grid, i) in grids {
            if !grid.polygon.is_empty() {
                self.boxes.push((Box2::around(&grid.polygon), i));
            }
            if let Some(list) = self.communities.get_mut(usize::from(grid.community.0)) {
                list.push(i);
            }
        }
        for (building, i) in self.places.buildings.iter().zip(0_u32..) {
            self.by_number.entry(building.no.clone()).or_default().push(i);
        }
        let lat = |i: &u32| {
            let building = usize::try_from(*i).ok().and_then(|i| self.places.buildings.get(i));
            building.map_or(0.0, |b| b.at.lat)
        };
        for list in self.by_number.values_mut() {
            list.sort_by(|a, b| lat(a).total_cmp(&lat(b)));
        }
    }

    fn link(&mut self) {
        let places = &self.places;
        let compounds: HashMap<&str, usize> =
            places.compounds.iter().zip(0..).map(|(c, i)| (c.external_id.as_str(), i)).collect();
        let mut seen = HashSet::new();
        let names = places.compounds.iter().map(|c| &c.name);
        self.twins = names.filter(|name| !seen.insert(*name)).cloned().collect();
        self.sections = places.compounds.iter().map(|c| section::spell(&c.sections)).collect();
        self.buildings = vec![Vec::new(); places.compounds.len()];
        self.gates = self.buildings.clone();
        for (building, i) in places.buildings.iter().zip(0..) {
            if let Some(list) =
                compounds.get(building.compound.as_str()).and_then(|c| self.buildings.get_mut(*c))
            {
                list.push(i);
            }
        }
        for (gate, i) in places.gates.iter().zip(0..) {
            if let Some(list) =
                compounds.get(gate.compound.as_str()).and_then(|c| self.gates.get_mut(*c))
            {
                list.push(i);
            }
        }
        for (range, i) in places.ranges.iter().zip(0..) {
            self.ranges.entry(range.road.clone()).or_default().push(i);
        }
        self.exceptions =
            places.exceptions.iter().map(|e| ((e.road.clone(), e.no), e.grid)).collect();
    }

    /// Returns what an alias for a name's place would point at.
    pub(super) fn target(&self, name: Name) -> Option<AliasTarget> {
        let places = &self.places;
        Some(match name {
            Name::Compound(i) | Name::CompoundStem(i) => {
                AliasTarget::Compound(places.compounds.get(i)?.external_id.clone())
            }
            Name::Building(i) => {
                AliasTarget::Building(places.buildings.get(i)?.external_id.clone())
            }
            Name::Village(i) | Name::VillageStem(i) => {
                AliasTarget::Village(self.villages.get(i)?.clone())
            }
            Name::Poi(i) => AliasTarget::Poi(places.pois.get(i)?.external_id.clone()),
            Name::Shop(i) => AliasTarget::Shop(places.shops.get(i)?.external_id.clone()),
            Name::Road(i) | Name::RoadStem(i) => {
                AliasTarget::Road(places.roads.get(i)?.name.clone())
            }
            Name::Community(_) | Name::Own | Name::Elsewhere => return None,
        })
    }

    pub(super) fn learned(&self, target: &AliasTarget) -> Option<Name> {
        let places = &self.places;
        let compound = |id: &str| places.compounds.iter().position(|c| c.external_id == id);
        Some(match target {
            AliasTarget::Compound(id) => Name::Compound(compound(id)?),
            AliasTarget::Building(id) => {
                Name::Building(places.buildings.iter().position(|b| b.external_id == *id)?)
            }
            AliasTarget::Poi(id) => {
                Name::Poi(places.pois.iter().position(|p| p.external_id == *id)?)
            }
            AliasTarget::Shop(id) => {
                Name::Shop(places.shops.iter().position(|s| s.external_id == *id)?)
            }
            AliasTarget::Village(name) => {
                Name::Village(self.villages.iter().position(|v| v == name)?)
            }
            AliasTarget::Road(name) => {
                Name::Road(places.roads.iter().position(|r| r.name == *name)?)
            }
        })
    }
}

/// About two kilometres, in degrees.
const NEAR_DEG: f64 = 0.02;

/// The smallest upright rectangle around a ring, in degrees.
#[derive(Clone, Copy, Debug)]
struct Box2 {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Box2 {
    fn around(ring: &[Point]) -> Self {
        let (max, min) = (f64::INFINITY, f64::NEG_INFINITY);
        let start = Self { west: max, south: max, east: min, north: min };
        ring.iter().fold(start, |b, p| Self {
            west: b.west.min(p.lon),
            south: b.south.min(p.lat),
            east: b.east.max(p.lon),
            north: b.north.max(p.lat),
        })
    }

    fn holds(&self, at: Point) -> bool {
        (self.west..=self.east).contains(&at.lon) && (self.south..=self.north).contains(&at.lat)
    }
}
