//! The immutable index of one street: names, and the tables a name leads to.

use std::collections::{HashMap, HashSet};

use super::divisions;
use super::fold::Text;
use super::mention::{Claim, What};
use super::names::{Name, Names, Words};
use super::numbers::{is_numeral, number};
use super::words::stem;
use super::{Costs, Query, Resolution};
use crate::domain::gazetteer::{
    AliasTarget, Building, CommunityRef, Compound, Gazetteer, GridRef, Point, Shop,
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
        let mut words = Words::new(index.kinds());
        index.name_compounds(&mut words);
        index.name_villages(&mut words);
        index.name_streets(&mut words);
        index.name_points(&mut words);
        index.name_elsewhere(&mut words);
        index.name_learned(&mut words);
        index.names = Names::build(words);
        index
    }

    /// Returns whether the gazetteer has the place.
    pub fn knows(&self, target: &AliasTarget) -> bool {
        self.learned(target).is_some()
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

    /// Returns the second halves of long names that one compound alone has: 豪庭 of 盛世豪庭.
    fn second_halves(&self) -> HashMap<String, Option<usize>> {
        let mut halves: HashMap<String, Option<usize>> = HashMap::new();
        for (compound, i) in self.places.compounds.iter().zip(0..) {
            let name: Vec<char> = compound.name.chars().collect();
            if let Some(half) =
                name.get(name.len().saturating_sub(2)..).filter(|_| (3..=4).contains(&name.len()))
            {
                halves
                    .entry(half.iter().collect())
                    .and_modify(|only| *only = None)
                    .or_insert(Some(i));
            }
        }
        halves
    }

    fn name_compounds(&mut self, words: &mut Words) {
        for (half, only) in self.second_halves() {
            let plain = ["花园", "小区", "家园", "新村", "公寓", "宿舍"].contains(&half.as_str());
            if let Some(i) = only.filter(|_| !plain) {
                words.add_half(&half, Name::CompoundStem(i));
                words.add_half(&format!("{half}小区"), Name::Compound(i));
            }
        }
        for (Compound { name, aliases, .. }, i) in self.places.compounds.iter().zip(0..) {
            for word in std::iter::once(name).chain(aliases) {
                words.add(word, Name::Compound(i));
                if let Some(stem) = stem(word) {
                    words.add(stem, Name::CompoundStem(i));
                }
                if let Some(short) = first_half(word) {
                    words.add_half(short, Name::CompoundStem(i));
                }
            }
        }
    }

    fn name_villages(&mut self, words: &mut Words) {
        for group in &self.places.village_groups {
            if !self.villages.contains(&group.village) {
                self.villages.push(group.village.clone());
            }
        }
        for (village, i) in self.villages.iter().zip(0..) {
            words.add(village, Name::Village(i));
            let short = village.strip_suffix('村').unwrap_or(village);
            words.add(short, Name::VillageStem(i));
            for kind in ["居", "庄"] {
                words.add(&format!("{short}{kind}"), Name::Village(i));
            }
        }
    }

    fn name_streets(&mut self, words: &mut Words) {
        for (road, i) in self.places.roads.iter().zip(0..) {
            words.add(&road.name, Name::Road(i));
            if let Some(stem) = road.name.strip_suffix(['路', '街', '巷']) {
                words.add(stem, Name::RoadStem(i));
            }
        }
        for (community, i) in self.places.communities.iter().zip(0..) {
            for word in community_words(&community.name) {
                words.add(&word, Name::Community(i));
            }
        }
        for (grid, i) in self.places.grids.iter().zip(0_u16..) {
            if let Some(n) = numbered(&grid.name) {
                self.numbered_grids.insert((usize::from(grid.community.0), n), GridRef(i));
            }
        }
    }

    fn name_points(&mut self, words: &mut Words) {
        let own = street_words(&self.places.street);
        for (poi, i) in self.places.pois.iter().zip(0..) {
            for word in std::iter::once(&poi.name).chain(&poi.aliases) {
                if own.contains(word) || word.starts_with("街道办") {
                    self.office = Some(i);
                } else {
                    words.add(word, Name::Poi(i));
                }
            }
        }
        for (Shop { name, .. }, i) in self.places.shops.iter().zip(0..) {
            words.add(name, Name::Shop(i));
            if let Some((chain, branch)) = name.split_once(['(', '（']) {
                let branch = branch.trim_end_matches([')', '）']);
                words.add(chain, Name::Shop(i));
                words.add(&format!("{chain}{branch}"), Name::Shop(i));
                words.add(&format!("{chain} {branch}"), Name::Shop(i));
            }
        }
    }

    /// Adds the names that residents use and the office approved.
    fn name_learned(&self, words: &mut Words) {
        for alias in &self.places.aliases {
            if let Some(name) = self.learned(&alias.target) {
                words.add(&alias.word, name);
            }
        }
    }

    /// Returns what an alias for a name's place would point at.
    pub(super) fn target(&self, name: Name) -> Option<AliasTarget> {
        let places = &self.places;
        Some(match name {
            Name::Compound(i) | Name::CompoundStem(i) => {
                AliasTarget::Compound(places.compounds.get(i)?.external_id.clone())
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

    fn learned(&self, target: &AliasTarget) -> Option<Name> {
        let places = &self.places;
        let compound = |id: &str| places.compounds.iter().position(|c| c.external_id == id);
        Some(match target {
            AliasTarget::Compound(id) => Name::Compound(compound(id)?),
            AliasTarget::Building(id) => {
                let building = places.buildings.iter().find(|b| b.external_id == *id)?;
                Name::Compound(compound(&building.compound)?)
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

    fn name_elsewhere(&mut self, words: &mut Words) {
        for word in street_words(&self.places.street) {
            words.add(&word, Name::Own);
        }
        words.add("街道办", Name::Own);
        words.add("街道办事处", Name::Own);
        for neighbour in &self.places.neighbours {
            let short =
                neighbour.street.strip_suffix("街道").unwrap_or(&neighbour.street).to_owned();
            if !self.other_streets.contains(&short) {
                self.other_streets.push(short);
            }
            let streets = street_words(&neighbour.street);
            for word in streets.into_iter().chain(community_words(&neighbour.community)) {
                words.add(&word, Name::Elsewhere);
            }
        }
        for (word, own) in divisions::words(&self.places.street_code) {
            words.add_exact(&word, if own { Name::Own } else { Name::Elsewhere });
        }
    }

    /// Returns the endings that many names share and that therefore say the kind of a place:
    /// 超市, 家属院, 花园.
    fn kinds(&self) -> HashSet<String> {
        let places = &self.places;
        let compounds =
            places.compounds.iter().flat_map(|c| std::iter::once(&c.name).chain(&c.aliases));
        let pois = places.pois.iter().flat_map(|p| std::iter::once(&p.name).chain(&p.aliases));
        let shops = places.shops.iter().map(|s| chain(&s.name).unwrap_or(&s.name));
        let names: HashSet<&str> = compounds.chain(pois).map(String::as_str).chain(shops).collect();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for name in names {
            for (at, _) in name.char_indices().skip(2) {
                let Some(ending) = name.get(at..) else { continue };
                if (2..=5).contains(&ending.chars().count()) {
                    *counts.entry(ending).or_default() += 1;
                }
            }
        }
        counts.retain(|_, n| *n >= SHARED_ENDING);
        counts.into_keys().map(str::to_owned).collect()
    }
}

/// About two kilometres, in degrees.
const NEAR_DEG: f64 = 0.02;

/// How many names must share an ending before it says nothing about which of them is meant.
const SHARED_ENDING: usize = 4;

/// Returns the first two characters of a name of four or more, as people shorten it: 万科.
fn first_half(name: &str) -> Option<&str> {
    let (at, _) = name.char_indices().nth(2)?;
    let plain = |half: &&str| name.chars().count() >= 4 && !half.chars().any(is_numeral);
    name.get(..at).filter(plain)
}

/// Returns the chain's name out of 惠万家超市(郭大千店).
fn chain(name: &str) -> Option<&str> {
    name.split_once(['(', '（']).map(|(chain, _)| chain)
}

fn community_words(name: &str) -> Vec<String> {
    let short = name.strip_suffix("社区").unwrap_or(name);
    let mut words: Vec<_> =
        ["社区居委会", "居委会", "社区"].iter().map(|end| format!("{short}{end}")).collect();
    words.push(name.to_owned());
    words
}

fn street_words(name: &str) -> Vec<String> {
    let short = name.strip_suffix("街道").unwrap_or(name);
    ["街道办事处", "街道办", "街道", "办事处"].iter().map(|end| format!("{short}{end}")).collect()
}

/// Reads 2 out of 中山社区第二网格.
fn numbered(name: &str) -> Option<u32> {
    let text = Text::new(name);
    let (at, _) = text.find(0, text.len(), &["网格"])?;
    (0..at).find_map(|i| number(&text, i).filter(|(_, end)| *end == at).map(|(n, _)| n))
}

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
