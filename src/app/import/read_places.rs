//! Reads what stands on the ground: compounds, gates, buildings, villages, places, shops, homes.

use std::path::Path;

use super::fault::FaultCode;
use super::read::Reader;
use super::sheet::{Row, Spec};
use crate::domain::gazetteer::{
    Building, Compound, Gate, Household, Neighbour, Poi, Point, Shop, VillageGroup, VillageLane,
};

static COMPOUNDS: Spec = Spec {
    file: "compounds.csv",
    columns: &["compound_id", "name", "aliases", "sections", "kind", "grids", "address"],
};
static GATES: Spec =
    Spec { file: "compound_gates.csv", columns: &["compound_id", "gate", "road", "no", "grid_id"] };
static BUILDINGS: Spec = Spec {
    file: "buildings.csv",
    columns: &[
        "building_id",
        "compound_id",
        "section",
        "no",
        "label",
        "units",
        "floors",
        "per_floor",
        "lon",
        "lat",
        "grid_id",
    ],
};
static VILLAGES: Spec = Spec {
    file: "villages.csv",
    columns: &["village", "community_code", "group_no", "houses", "grid_id"],
};
static LANES: Spec =
    Spec { file: "village_lanes.csv", columns: &["village", "lane", "group_no", "grid_id"] };
static POIS: Spec = Spec {
    file: "pois.csv",
    columns: &["poi_id", "name", "aliases", "type", "road", "no", "lon", "lat", "grid_id"],
};
static SHOPS: Spec = Spec {
    file: "shops.csv",
    columns: &["shop_id", "name", "kind", "road", "no", "sub", "lon", "lat", "grid_id"],
};
static NEIGHBOURS: Spec = Spec { file: "neighbours.csv", columns: &["street", "community"] };
static HOUSEHOLDS: Spec = Spec {
    file: "households.csv",
    columns: &[
        "household_id",
        "building_id",
        "village_group",
        "unit",
        "floor",
        "room",
        "address",
        "grid_id",
    ],
};

/// Reads every file of places, each after the files it refers to; homes are read apart.
pub fn named(reader: &mut Reader, dir: &Path) {
    let compounds = reader.each(dir, &COMPOUNDS, compound);
    reader.compounds = compounds.iter().map(|c| c.external_id.clone()).collect();
    reader.files.gazetteer.compounds = compounds;
    reader.files.gazetteer.gates = reader.each(dir, &GATES, gate);
    let buildings = reader.each(dir, &BUILDINGS, building);
    reader.buildings = buildings.iter().map(|b| b.external_id.clone()).collect();
    reader.files.gazetteer.buildings = buildings;
    let groups = reader.each(dir, &VILLAGES, village_group);
    reader.village_groups =
        groups.iter().map(|g| format!("{}#{}", g.village, g.group_no)).collect();
    reader.files.gazetteer.village_groups = groups;
    reader.files.gazetteer.village_lanes = reader.each(dir, &LANES, village_lane);
    reader.files.gazetteer.pois = reader.each(dir, &POIS, poi);
    reader.files.gazetteer.shops = reader.each(dir, &SHOPS, shop);
    reader.files.gazetteer.neighbours = reader.each(dir, &NEIGHBOURS, |r, row| {
        let street = row.required("street", &mut r.faults);
        let community = row.required("community", &mut r.faults);
        Some(Neighbour { street: street?, community: community? })
    });
}

/// Reads the dwellings, after the buildings and village groups they belong to.
pub fn homes(reader: &mut Reader, dir: &Path) {
    reader.files.households = reader.each(dir, &HOUSEHOLDS, household);
}

fn compound(reader: &mut Reader, row: &Row) -> Option<Compound> {
    let external_id = row.required("compound_id", &mut reader.faults);
    let name = row.required("name", &mut reader.faults);
    let mut grids = Vec::new();
    for part in row.list("grids") {
        if let Some(grid) = reader.grids.get(&part) {
            grids.push(*grid);
            continue;
        }
        let reason = format!("“{part}”不在 grids.csv 中");
        reader.faults.push(row.fault("grids", FaultCode::UnknownGrid, reason));
    }
    if row.text("grids").is_empty() {
        row.required("grids", &mut reader.faults);
    }
    Some(Compound {
        external_id: external_id?,
        name: name?,
        aliases: row.list("aliases"),
        sections: row.list("sections"),
        kind: row.text("kind").to_owned(),
        grids,
        address: row.text("address").to_owned(),
    })
}

fn known_compound(reader: &mut Reader, row: &Row) -> Option<String> {
    row.listed("compound_id", &reader.compounds, FaultCode::UnknownCompound, &mut reader.faults)
}

fn gate(reader: &mut Reader, row: &Row) -> Option<Gate> {
    let compound = known_compound(reader, row);
    let gate = row.required("gate", &mut reader.faults);
    let road = reader.road(row);
    let no = row.number("no", &mut reader.faults);
    let grid = reader.grid(row, "grid_id");
    Some(Gate { compound: compound?, gate: gate?, road: road?, no: no?, grid: grid? })
}

fn point(reader: &mut Reader, row: &Row) -> Option<Point> {
    let lon = row.degree("lon", 180.0, &mut reader.faults);
    let lat = row.degree("lat", 90.0, &mut reader.faults);
    Some(Point { lon: lon?, lat: lat? })
}

fn building(reader: &mut Reader, row: &Row) -> Option<Building> {
    let external_id = row.required("building_id", &mut reader.faults);
    let compound = known_compound(reader, row);
    let no = row.required("no", &mut reader.faults);
    let units = row.number("units", &mut reader.faults);
    let floors = row.number("floors", &mut reader.faults);
    let per_floor = row.number("per_floor", &mut reader.faults);
    let at = point(reader, row);
    let grid = reader.grid(row, "grid_id");
    Some(Building {
        external_id: external_id?,
        compound: compound?,
        section: row.text("section").to_owned(),
        no: no?,
        label: row.text("label").to_owned(),
        units: units?,
        floors: floors?,
        per_floor: per_floor?,
        at: at?,
        grid: grid?,
    })
}

fn village_group(reader: &mut Reader, row: &Row) -> Option<VillageGroup> {
    let village = row.required("village", &mut reader.faults);
    let community = row.known(
        "community_code",
        &reader.communities,
        FaultCode::UnknownCommunity,
        &mut reader.faults,
    );
    let group_no = row.number("group_no", &mut reader.faults);
    let houses = row.number("houses", &mut reader.faults);
    let grid = reader.grid(row, "grid_id");
    Some(VillageGroup {
        village: village?,
        community: community?,
        group_no: group_no?,
        houses: houses?,
        grid: grid?,
    })
}

fn village_lane(reader: &mut Reader, row: &Row) -> Option<VillageLane> {
    let village = row.required("village", &mut reader.faults);
    let lane = row.required("lane", &mut reader.faults);
    let group_no = row.number("group_no", &mut reader.faults);
    let grid = reader.grid(row, "grid_id");
    let (village, group_no) = (village?, group_no?);
    if !reader.village_groups.contains(&format!("{village}#{group_no}")) {
        let reason = format!("villages.csv 中没有 {village} {group_no} 组");
        reader.faults.push(row.fault("group_no", FaultCode::UnknownVillageGroup, reason));
        return None;
    }
    Some(VillageLane { village, lane: lane?, group_no, grid: grid? })
}

/// A place may stand on no road at all; a road that is named must exist.
fn maybe_road(reader: &mut Reader, row: &Row) -> Option<String> {
    if row.text("road").is_empty() { Some(String::new()) } else { reader.road(row) }
}

fn poi(reader: &mut Reader, row: &Row) -> Option<Poi> {
    let external_id = row.required("poi_id", &mut reader.faults);
    let name = row.required("name", &mut reader.faults);
    let road = maybe_road(reader, row);
    let no = row.maybe_number("no", &mut reader.faults);
    let at = point(reader, row);
    let grid = reader.grid(row, "grid_id");
    Some(Poi {
        external_id: external_id?,
        name: name?,
        aliases: row.list("aliases"),
        kind: row.text("type").to_owned(),
        road: road?,
        no: no.ok()?,
        at: at?,
        grid: grid?,
    })
}

fn shop(reader: &mut Reader, row: &Row) -> Option<Shop> {
    let external_id = row.required("shop_id", &mut reader.faults);
    let name = row.required("name", &mut reader.faults);
    let road = maybe_road(reader, row);
    let no = row.maybe_number("no", &mut reader.faults);
    let at = point(reader, row);
    let grid = reader.grid(row, "grid_id");
    Some(Shop {
        external_id: external_id?,
        name: name?,
        kind: row.text("kind").to_owned(),
        road: road?,
        no: no.ok()?,
        sub: row.text("sub").to_owned(),
        at: at?,
        grid: grid?,
    })
}

fn household(reader: &mut Reader, row: &Row) -> Option<Household> {
    let external_id = row.required("household_id", &mut reader.faults);
    let address = row.required("address", &mut reader.faults);
    let grid = reader.grid(row, "grid_id");
    let building = row.text("building_id");
    if !building.is_empty() {
        row.listed(
            "building_id",
            &reader.buildings,
            FaultCode::UnknownBuilding,
            &mut reader.faults,
        )?;
    }
    let village_group = row.text("village_group");
    if !village_group.is_empty() {
        row.listed(
            "village_group",
            &reader.village_groups,
            FaultCode::UnknownVillageGroup,
            &mut reader.faults,
        )?;
    }
    Some(Household {
        external_id: external_id?,
        building: building.to_owned(),
        village_group: village_group.to_owned(),
        unit: row.text("unit").to_owned(),
        floor: row.text("floor").to_owned(),
        room: row.text("room").to_owned(),
        address: address?,
        grid: grid?,
    })
}
