//! Turns read data into rows: references become ids, lists and lines become text.

use std::collections::HashMap;

use entity::kinds::{BuildingId, CompoundId, GridId, GridKind, Timestamp};
use entity::{
    building, compound, compound_gate, grid, household, neighbour, poi, road, road_exception,
};
use entity::{road_range, shop, village_group, village_lane};
use sea_orm::DbErr;

use super::read::Files;
use crate::domain::gazetteer::{GridRef, Parity, Point};
use crate::store::places::Ids;

/// What a row needs beside its own data.
pub struct Writing<'a> {
    pub files: &'a Files,
    pub ids: &'a Ids,
    pub now: Timestamp,
}

impl Writing<'_> {
    fn grid(&self, at: GridRef) -> Result<GridId, DbErr> {
        let grid = self.files.gazetteer.grids.get(usize::from(at.0));
        let id = grid.and_then(|g| self.ids.grids.get(&g.external_id)).copied();
        id.ok_or_else(|| missing("grid", &at.0.to_string()))
    }

    fn road(&self, name: &str) -> Result<i64, DbErr> {
        self.ids.roads.get(name).copied().ok_or_else(|| missing("road", name))
    }

    fn maybe_road(&self, name: &str) -> Result<Option<i64>, DbErr> {
        if name.is_empty() { Ok(None) } else { self.road(name).map(Some) }
    }

    fn compound(&self, name: &str) -> Result<CompoundId, DbErr> {
        self.ids.compounds.get(name).copied().ok_or_else(|| missing("compound", name))
    }
}

fn missing(table: &str, name: &str) -> DbErr {
    DbErr::RecordNotFound(format!("{table} {name} of the delivered folder"))
}

/// Numbers are checked to be at most a million when they are read.
fn small(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn json(points: &[Point]) -> String {
    let pairs: Vec<String> = points.iter().map(|p| format!("[{},{}]", p.lon, p.lat)).collect();
    format!("[{}]", pairs.join(","))
}

/// Makes the rows of some kinds of grid; fails when a parent is not there yet.
pub fn grids(
    files: &Files,
    kinds: &[GridKind],
    known: &HashMap<String, GridId>,
    now: Timestamp,
) -> Result<Vec<grid::Model>, DbErr> {
    let g = &files.gazetteer;
    let row = |kind, external_id: &str, name: &str, parent: Option<&str>, ring: &[Point]| {
        let parent_id = match parent {
            None => None,
            Some(parent) => {
                Some(known.get(parent).copied().ok_or_else(|| missing("grid", parent))?)
            }
        };
        Ok(grid::Model {
            id: GridId(0),
            external_id: external_id.to_owned(),
            kind,
            code: (!matches!(kind, GridKind::Small | GridKind::Special))
                .then(|| external_id.to_owned()),
            parent_id,
            name: name.to_owned(),
            polygon: (!ring.is_empty()).then(|| json(ring)),
            valid_from: now,
            valid_to: None,
        })
    };
    if kinds.contains(&GridKind::Street) {
        return Ok(vec![row(GridKind::Street, &g.street_code, &g.street, None, &[])?]);
    }
    if kinds.contains(&GridKind::Large) {
        let communities = g.communities.iter();
        return communities
            .map(|c| row(GridKind::Large, &c.code, &c.name, Some(&g.street_code), &c.polygon))
            .collect();
    }
    let small = g.grids.iter().map(|s| {
        let parent = g.communities.get(usize::from(s.community.0)).map(|c| c.code.as_str());
        row(s.kind, &s.external_id, &s.name, Some(parent.unwrap_or_default()), &s.polygon)
    });
    small.collect()
}

/// Builds the rows of the files' roads.
pub fn roads(files: &Files, now: Timestamp) -> Vec<road::Model> {
    let roads = files.gazetteer.roads.iter();
    roads
        .map(|r| road::Model {
            id: 0,
            name: r.name.clone(),
            direction: r.direction.clone(),
            from_no: small(r.from_no),
            to_no: small(r.to_no),
            line: json(&r.line),
            valid_from: now,
            valid_to: None,
        })
        .collect()
}

/// Builds the rows of the files' ranges, each with its grid.
pub fn ranges(w: &Writing) -> Result<Vec<road_range::Model>, DbErr> {
    let ranges = w.files.gazetteer.ranges.iter();
    ranges
        .map(|r| {
            Ok(road_range::Model {
                id: 0,
                road_id: w.road(&r.road)?,
                parity: match r.parity {
                    Parity::Odd => "odd",
                    Parity::Even => "even",
                    Parity::Both => "both",
                }
                .to_owned(),
                from_no: small(r.from_no),
                to_no: small(r.to_no),
                grid_id: w.grid(r.grid)?,
                valid_from: w.now,
                valid_to: None,
            })
        })
        .collect()
}

/// Builds the rows of the files' exceptions, each with its grid.
pub fn exceptions(w: &Writing) -> Result<Vec<road_exception::Model>, DbErr> {
    let exceptions = w.files.gazetteer.exceptions.iter();
    exceptions
        .map(|x| {
            Ok(road_exception::Model {
                id: 0,
                road_id: w.road(&x.road)?,
                no: small(x.no),
                grid_id: w.grid(x.grid)?,
                valid_from: w.now,
                valid_to: None,
            })
        })
        .collect()
}

/// Builds the rows of the files' compounds.
pub fn compounds(files: &Files, now: Timestamp) -> Vec<compound::Model> {
    let g = &files.gazetteer;
    let names = |refs: &[GridRef]| {
        let names = refs
            .iter()
            .filter_map(|r| g.grids.get(usize::from(r.0)))
            .map(|x| x.external_id.as_str());
        names.collect::<Vec<_>>().join("|")
    };
    let compounds = g.compounds.iter();
    compounds
        .map(|c| compound::Model {
            id: CompoundId(0),
            external_id: c.external_id.clone(),
            name: c.name.clone(),
            aliases: c.aliases.join("|"),
            sections: c.sections.join("|"),
            kind: c.kind.clone(),
            grids: names(&c.grids),
            address: c.address.clone(),
            valid_from: now,
            valid_to: None,
        })
        .collect()
}

/// Builds the rows of the files' gates, each with its grid.
pub fn gates(w: &Writing) -> Result<Vec<compound_gate::Model>, DbErr> {
    let gates = w.files.gazetteer.gates.iter();
    gates
        .map(|x| {
            Ok(compound_gate::Model {
                id: 0,
                compound_id: w.compound(&x.compound)?,
                gate: x.gate.clone(),
                road_id: w.road(&x.road)?,
                no: small(x.no),
                grid_id: w.grid(x.grid)?,
                valid_from: w.now,
                valid_to: None,
            })
        })
        .collect()
}

/// Builds the rows of the files' buildings, each with its grid.
pub fn buildings(w: &Writing) -> Result<Vec<building::Model>, DbErr> {
    let buildings = w.files.gazetteer.buildings.iter();
    buildings
        .map(|b| {
            Ok(building::Model {
                id: BuildingId(0),
                external_id: b.external_id.clone(),
                compound_id: w.compound(&b.compound)?,
                section: b.section.clone(),
                no: b.no.clone(),
                label: b.label.clone(),
                units: small(b.units),
                floors: small(b.floors),
                per_floor: small(b.per_floor),
                lon: b.at.lon,
                lat: b.at.lat,
                grid_id: w.grid(b.grid)?,
                valid_from: w.now,
                valid_to: None,
            })
        })
        .collect()
}

/// Builds the rows of the files' households, each with its grid.
pub fn households(w: &Writing) -> Result<Vec<household::Model>, DbErr> {
    let homes = w.files.households.iter();
    homes
        .map(|h| {
            let building_id = w.ids.buildings.get(&h.building).copied();
            if building_id.is_none() && !h.building.is_empty() {
                return Err(missing("building", &h.building));
            }
            Ok(household::Model {
                id: 0,
                external_id: h.external_id.clone(),
                building_id,
                village_group: h.village_group.clone(),
                unit: h.unit.clone(),
                floor: h.floor.clone(),
                room: h.room.clone(),
                address: h.address.clone(),
                grid_id: w.grid(h.grid)?,
                valid_from: w.now,
                valid_to: None,
            })
        })
        .collect()
}

/// Builds the rows of the files' village groups, each with its grid.
pub fn village_groups(w: &Writing) -> Result<Vec<village_group::Model>, DbErr> {
    let g = &w.files.gazetteer;
    let groups = g.village_groups.iter();
    groups
        .map(|v| {
            let code =
                g.communities.get(usize::from(v.community.0)).map_or("", |c| c.code.as_str());
            Ok(village_group::Model {
                id: 0,
                village: v.village.clone(),
                community_id: w
                    .ids
                    .grids
                    .get(code)
                    .copied()
                    .ok_or_else(|| missing("community", code))?,
                group_no: small(v.group_no),
                houses: small(v.houses),
                grid_id: w.grid(v.grid)?,
                valid_from: w.now,
                valid_to: None,
            })
        })
        .collect()
}

/// Builds the rows of the files' village lanes, each with its grid.
pub fn village_lanes(w: &Writing) -> Result<Vec<village_lane::Model>, DbErr> {
    let lanes = w.files.gazetteer.village_lanes.iter();
    lanes
        .map(|v| {
            Ok(village_lane::Model {
                id: 0,
                village: v.village.clone(),
                lane: v.lane.clone(),
                group_no: small(v.group_no),
                grid_id: w.grid(v.grid)?,
                valid_from: w.now,
                valid_to: None,
            })
        })
        .collect()
}

/// Builds the rows of the files' pois, each with its grid.
pub fn pois(w: &Writing) -> Result<Vec<poi::Model>, DbErr> {
    let pois = w.files.gazetteer.pois.iter();
    pois.map(|p| {
        Ok(poi::Model {
            id: 0,
            external_id: p.external_id.clone(),
            name: p.name.clone(),
            aliases: p.aliases.join("|"),
            kind: p.kind.clone(),
            road_id: w.maybe_road(&p.road)?,
            no: p.no.map(small),
            lon: p.at.lon,
            lat: p.at.lat,
            grid_id: w.grid(p.grid)?,
            valid_from: w.now,
            valid_to: None,
        })
    })
    .collect()
}

/// Builds the rows of the files' shops, each with its grid.
pub fn shops(w: &Writing) -> Result<Vec<shop::Model>, DbErr> {
    let shops = w.files.gazetteer.shops.iter();
    shops
        .map(|s| {
            Ok(shop::Model {
                id: 0,
                external_id: s.external_id.clone(),
                name: s.name.clone(),
                kind: s.kind.clone(),
                road_id: w.maybe_road(&s.road)?,
                no: s.no.map(small),
                sub: s.sub.clone(),
                lon: s.at.lon,
                lat: s.at.lat,
                grid_id: w.grid(s.grid)?,
                valid_from: w.now,
                valid_to: None,
            })
        })
        .collect()
}

/// Builds the rows of the files' neighbours.
pub fn neighbours(w: &Writing) -> Vec<neighbour::Model> {
    let neighbours = w.files.gazetteer.neighbours.iter();
    neighbours
        .map(|n| neighbour::Model {
            id: 0,
            street: n.street.clone(),
            community: n.community.clone(),
            valid_from: w.now,
            valid_to: None,
        })
        .collect()
}
