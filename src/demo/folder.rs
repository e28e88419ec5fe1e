//! Writes a street as the folder a town would deliver (docs/IMPORT.md).

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use serde_json::json;

use super::street::Street;
use crate::domain::gazetteer::{Gazetteer, GridRef, Parity, Point};

/// Writes every file; the folder is made when it is not there. Fails when the disk does.
pub fn write_folder(street: &Street, dir: &Path) -> io::Result<()> {
    std::fs::create_dir_all(dir)?;
    for (file, text) in files(street) {
        std::fs::write(dir.join(file), text)?;
    }
    Ok(())
}

/// Returns every file with its text.
pub fn files(street: &Street) -> Vec<(&'static str, String)> {
    let g = &street.gazetteer;
    let mut files = tables(g);
    files.extend(places(g));
    files.push(("households.csv", households(street)));
    files.extend(shapes(g));
    files
}

/// Joins a header and rows. The demo's words hold no comma and no quote.
fn csv(header: &str, rows: impl Iterator<Item = String>) -> String {
    let mut text = format!("{header}\n");
    for row in rows {
        text.push_str(&row);
        text.push('\n');
    }
    text
}

fn grid(g: &Gazetteer, at: GridRef) -> &str {
    g.grids.get(usize::from(at.0)).map_or("", |grid| grid.external_id.as_str())
}

fn tables(g: &Gazetteer) -> Vec<(&'static str, String)> {
    let code = |at: usize| g.communities.get(at).map_or("", |c| c.code.as_str());
    let communities = g
        .communities
        .iter()
        .map(|c| format!("{},{},{},{}", c.code, c.name, g.street_code, g.street));
    let grids = g
        .grids
        .iter()
        .map(|s| format!("{},{},{}", s.external_id, s.name, code(usize::from(s.community.0))));
    let roads =
        g.roads.iter().map(|r| format!("{},{},{},{}", r.name, r.direction, r.from_no, r.to_no));
    let ranges = g.ranges.iter().map(|r| {
        let parity = match r.parity {
            Parity::Odd => "odd",
            Parity::Even => "even",
            Parity::Both => "both",
        };
        format!("{},{parity},{},{},{}", r.road, r.from_no, r.to_no, grid(g, r.grid))
    });
    let exceptions =
        g.exceptions.iter().map(|x| format!("{},{},{}", x.road, x.no, grid(g, x.grid)));
    let groups = g.village_groups.iter().map(|v| {
        let code = code(usize::from(v.community.0));
        format!("{},{code},{},{},{}", v.village, v.group_no, v.houses, grid(g, v.grid))
    });
    let lanes = g
        .village_lanes
        .iter()
        .map(|l| format!("{},{},{},{}", l.village, l.lane, l.group_no, grid(g, l.grid)));
    let neighbours = g.neighbours.iter().map(|n| format!("{},{}", n.street, n.community));
    vec![
        ("communities.csv", csv("code,name,street_code,street", communities)),
        ("grids.csv", csv("grid_id,name,community_code", grids)),
        ("roads.csv", csv("road,direction,from_no,to_no", roads)),
        ("road_ranges.csv", csv("road,parity,from_no,to_no,grid_id", ranges)),
        ("road_exceptions.csv", csv("road,no,grid_id", exceptions)),
        ("villages.csv", csv("village,community_code,group_no,houses,grid_id", groups)),
        ("village_lanes.csv", csv("village,lane,group_no,grid_id", lanes)),
        ("neighbours.csv", csv("street,community", neighbours)),
    ]
}

fn places(g: &Gazetteer) -> Vec<(&'static str, String)> {
    let compounds = g.compounds.iter().map(|c| {
        let grids: Vec<_> = c.grids.iter().map(|at| grid(g, *at)).collect();
        let lists = [c.aliases.join("|"), c.sections.join("|")];
        format!(
            "{},{},{},{},{},{}",
            c.external_id,
            c.name,
            lists.join(","),
            c.kind,
            grids.join("|"),
            c.address
        )
    });
    let gates = g
        .gates
        .iter()
        .map(|x| format!("{},{},{},{},{}", x.compound, x.gate, x.road, x.no, grid(g, x.grid)));
    let buildings = g.buildings.iter().map(|b| {
        let size = format!("{},{},{}", b.units, b.floors, b.per_floor);
        let name = format!("{},{},{},{},{}", b.external_id, b.compound, b.section, b.no, b.label);
        format!("{name},{size},{},{}", at(b.at), grid(g, b.grid))
    });
    let pois = g.pois.iter().map(|p| {
        let door = format!("{},{}", p.road, number(p.no));
        format!(
            "{},{},{},{},{door},{},{}",
            p.external_id,
            p.name,
            p.aliases.join("|"),
            p.kind,
            at(p.at),
            grid(g, p.grid)
        )
    });
    let shops = g.shops.iter().map(|s| {
        let door = format!("{},{},{}", s.road, number(s.no), s.sub);
        format!("{},{},{},{door},{},{}", s.external_id, s.name, s.kind, at(s.at), grid(g, s.grid))
    });
    vec![
        ("compounds.csv", csv("compound_id,name,aliases,sections,kind,grids,address", compounds)),
        ("compound_gates.csv", csv("compound_id,gate,road,no,grid_id", gates)),
        (
            "buildings.csv",
            csv(
                "building_id,compound_id,section,no,label,units,floors,per_floor,lon,lat,grid_id",
                buildings,
            ),
        ),
        ("pois.csv", csv("poi_id,name,aliases,type,road,no,lon,lat,grid_id", pois)),
        ("shops.csv", csv("shop_id,name,kind,road,no,sub,lon,lat,grid_id", shops)),
    ]
}

fn households(street: &Street) -> String {
    let rows = street.households.iter().map(|h| {
        let door = format!("{},{},{}", h.unit, h.floor, h.room);
        let grid = grid(&street.gazetteer, h.grid);
        format!("{},{},{},{door},{},{grid}", h.external_id, h.building, h.village_group, h.address)
    });
    csv("household_id,building_id,village_group,unit,floor,room,address,grid_id", rows)
}

fn at(point: Point) -> String {
    format!("{:.7},{:.7}", point.lon, point.lat)
}

fn number(no: Option<u32>) -> String {
    no.map(|n| n.to_string()).unwrap_or_default()
}

fn shapes(g: &Gazetteer) -> Vec<(&'static str, String)> {
    let polygon = |ring: &[Point]| json!({"type": "Polygon", "coordinates": [pairs(ring)]});
    let grids = g.grids.iter().map(|s| {
        let code = g.communities.get(usize::from(s.community.0)).map_or("", |c| c.code.as_str());
        (json!({"grid_id": s.external_id, "name": s.name, "community": code}), polygon(&s.polygon))
    });
    let communities = g
        .communities
        .iter()
        .map(|c| (json!({"code": c.code, "name": c.name}), polygon(&c.polygon)));
    let roads = g.roads.iter().map(|r| {
        (json!({"road": r.name}), json!({"type": "LineString", "coordinates": pairs(&r.line)}))
    });
    vec![
        ("grids.geojson", collection(grids)),
        ("communities.geojson", collection(communities)),
        ("roads.geojson", collection(roads)),
    ]
}

fn pairs(points: &[Point]) -> Vec<[f64; 2]> {
    points.iter().map(|p| [p.lon, p.lat]).collect()
}

/// One feature a line, so that a report can name the line.
fn collection(features: impl Iterator<Item = (serde_json::Value, serde_json::Value)>) -> String {
    let mut text =
        String::from("{\"type\":\"FeatureCollection\",\"crs_note\":\"GCJ-02\",\"features\":[");
    let mut between = "\n";
    for (properties, geometry) in features {
        let feature = json!({"type": "Feature", "properties": properties, "geometry": geometry});
        // Writing to a String cannot fail.
        let _ = write!(text, "{between}{feature}");
        between = ",\n";
    }
    text.push_str("\n]}\n");
    text
}
