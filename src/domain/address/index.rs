//! The immutable index of one street: names, and the tables a name leads to.

use std::collections::HashMap;

use super::lexicon::{Lexicon, Name};
use super::numbers::number;
use super::text::Text;
use super::words::stem;
use super::{Query, Resolution};
use crate::domain::gazetteer::{CommunityRef, Compound, Gazetteer, GridRef, Point, Shop};
use crate::domain::geo;

/// Everything resolving needs; built once per gazetteer version and shared.
#[derive(Debug, Default)]
pub struct Index {
    pub(super) lexicon: Lexicon,
    pub(super) places: Gazetteer,
    /// Positions in `places.buildings` by position of the compound.
    pub(super) buildings: Vec<Vec<usize>>,
    pub(super) gates: Vec<Vec<usize>>,
    /// Positions in `places.ranges` by road name.
    pub(super) ranges: HashMap<String, Vec<usize>>,
    pub(super) exceptions: HashMap<(String, u32), GridRef>,
    pub(super) villages: Vec<String>,
    /// Neighbouring streets as people shorten them: 西城.
    pub(super) other_streets: Vec<String>,
    /// The grid of a community that carries a number in its name.
    pub(super) numbered_grids: HashMap<(usize, u32), GridRef>,
}

impl Index {
    /// Builds the index; references of the gazetteer that lead nowhere are never followed.
    pub fn build(gazetteer: &Gazetteer) -> Self {
        let mut index = Self { places: gazetteer.clone(), ..Self::default() };
        index.link();
        index.name_compounds();
        index.name_villages();
        index.name_streets();
        index.name_points();
        index.name_elsewhere();
        index
    }

    /// Reads one query. Total: every text has an answer.
    pub fn resolve(&self, query: &Query<'_>) -> Resolution {
        super::decide::resolve(self, query)
    }

    /// Finds the grid that holds a point.
    pub fn grid_at(&self, at: Point) -> Option<GridRef> {
        let regions = self.places.grids.iter().zip(0_u16..);
        geo::locate(
            regions.map(|(g, i)| (g.external_id.as_str(), g.polygon.as_slice(), GridRef(i))),
            at,
        )
    }

    pub(super) fn community_of(&self, grid: GridRef) -> Option<CommunityRef> {
        self.places.grids.get(usize::from(grid.0)).map(|g| g.community)
    }

    pub(super) fn grid_name(&self, grid: GridRef) -> &str {
        self.places.grids.get(usize::from(grid.0)).map_or("", |g| g.name.as_str())
    }

    pub(super) fn grids_of(&self, community: usize) -> Vec<GridRef> {
        let all = self.places.grids.iter().zip(0_u16..);
        all.filter(|(g, _)| usize::from(g.community.0) == community)
            .map(|(_, i)| GridRef(i))
            .collect()
    }

    fn link(&mut self) {
        let places = &self.places;
        let compounds: HashMap<&str, usize> =
            places.compounds.iter().zip(0..).map(|(c, i)| (c.external_id.as_str(), i)).collect();
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

    fn name_compounds(&mut self) {
        for (Compound { name, aliases, .. }, i) in self.places.compounds.iter().zip(0..) {
            for word in std::iter::once(name).chain(aliases) {
                self.lexicon.add(word, Name::Compound(i));
                if let Some(stem) = stem(word) {
                    self.lexicon.add(stem, Name::CompoundStem(i));
                }
            }
        }
    }

    fn name_villages(&mut self) {
        for group in &self.places.village_groups {
            if !self.villages.contains(&group.village) {
                self.villages.push(group.village.clone());
            }
        }
        for (village, i) in self.villages.iter().zip(0..) {
            self.lexicon.add(village, Name::Village(i));
            let short = village.strip_suffix('村').unwrap_or(village);
            self.lexicon.add(short, Name::VillageStem(i));
            self.lexicon.add(&format!("{short}居"), Name::Village(i));
        }
    }

    fn name_streets(&mut self) {
        for (road, i) in self.places.roads.iter().zip(0..) {
            self.lexicon.add(&road.name, Name::Road(i));
            if let Some(stem) = road.name.strip_suffix(['路', '街', '巷']) {
                self.lexicon.add(stem, Name::RoadStem(i));
            }
        }
        for (community, i) in self.places.communities.iter().zip(0..) {
            for word in community_words(&community.name) {
                self.lexicon.add(&word, Name::Community(i));
            }
        }
        for (grid, i) in self.places.grids.iter().zip(0_u16..) {
            if let Some(n) = numbered(&grid.name) {
                self.numbered_grids.insert((usize::from(grid.community.0), n), GridRef(i));
            }
        }
    }

    fn name_points(&mut self) {
        let own = street_words(&self.places.street);
        for (poi, i) in self.places.pois.iter().zip(0..) {
            for word in std::iter::once(&poi.name).chain(&poi.aliases) {
                if !own.contains(word) && !word.starts_with("街道办") {
                    self.lexicon.add(word, Name::Poi(i));
                }
            }
        }
        for (Shop { name, .. }, i) in self.places.shops.iter().zip(0..) {
            self.lexicon.add(name, Name::Shop(i));
            if let Some((chain, _)) = name.split_once(['(', '（']) {
                self.lexicon.add(chain, Name::Shop(i));
            }
        }
    }

    fn name_elsewhere(&mut self) {
        for word in street_words(&self.places.street) {
            self.lexicon.add(&word, Name::Own);
        }
        for neighbour in &self.places.neighbours {
            let short =
                neighbour.street.strip_suffix("街道").unwrap_or(&neighbour.street).to_owned();
            if !self.other_streets.contains(&short) {
                self.other_streets.push(short);
            }
            let streets = street_words(&neighbour.street);
            for word in streets.into_iter().chain(community_words(&neighbour.community)) {
                self.lexicon.add(&word, Name::Elsewhere);
            }
        }
    }
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
