//! Reads what has a shape: polygons of grids and communities, roads with their ranges.

use std::collections::HashMap;
use std::path::Path;
use std::str::FromStr;

use geojson::{FeatureCollection, GeometryValue};

use super::fault::{Fault, FaultCode};
use super::read::Reader;
use super::sheet::{self, Spec};
use crate::domain::gazetteer::{Parity, Point, Road, RoadException, RoadRange};

static ROADS: Spec =
    Spec { file: "roads.csv", columns: &["road", "direction", "from_no", "to_no"] };
static RANGES: Spec =
    Spec { file: "road_ranges.csv", columns: &["road", "parity", "from_no", "to_no", "grid_id"] };
static EXCEPTIONS: Spec = Spec { file: "road_exceptions.csv", columns: &["road", "no", "grid_id"] };

const GRID_SHAPES: &str = "grids.geojson";
const COMMUNITY_SHAPES: &str = "communities.geojson";
const ROAD_SHAPES: &str = "roads.geojson";

/// A GeoJSON file: where its features are and what they are called.
struct Shapes {
    file: &'static str,
    key: &'static str,
    text: String,
    found: HashMap<String, Vec<Point>>,
}

/// Reads the polygons of grids (required) and of communities (optional).
pub fn shapes(reader: &mut Reader, dir: &Path) {
    if let Some(shapes) = open(reader, dir, GRID_SHAPES, "grid_id") {
        for at in 0..reader.files.gazetteer.grids.len() {
            let Some(grid) = reader.files.gazetteer.grids.get_mut(at) else { continue };
            reader.files.lines.push(GRID_SHAPES, shapes.line(&grid.external_id));
            if let Some(ring) = shapes.found.get(&grid.external_id) {
                grid.polygon.clone_from(ring);
                continue;
            }
            let reason = format!("网格 {} 没有边界", grid.external_id);
            reader.faults.push(Fault::at(
                GRID_SHAPES,
                0,
                "grid_id",
                FaultCode::MissingPolygon,
                reason,
            ));
        }
        strangers(&shapes, &reader.grids, FaultCode::UnknownGrid, &mut reader.faults);
    }
    if !dir.join(COMMUNITY_SHAPES).exists() {
        return;
    }
    let Some(shapes) = open(reader, dir, COMMUNITY_SHAPES, "code") else { return };
    for community in &mut reader.files.gazetteer.communities {
        reader.files.lines.push(COMMUNITY_SHAPES, shapes.line(&community.code));
        community.polygon = shapes.found.get(&community.code).cloned().unwrap_or_default();
    }
    strangers(&shapes, &reader.communities, FaultCode::UnknownCommunity, &mut reader.faults);
}

/// Reads roads, their ranges and exceptions; `roads.geojson` is optional.
pub fn roads(reader: &mut Reader, dir: &Path) {
    let shapes =
        if dir.join(ROAD_SHAPES).exists() { open(reader, dir, ROAD_SHAPES, "road") } else { None };
    let lines = shapes.map(|s| s.found).unwrap_or_default();
    let roads = reader.each(dir, &ROADS, |r, row| {
        let name = row.required("road", &mut r.faults);
        let (from_no, to_no) =
            (row.number("from_no", &mut r.faults), row.number("to_no", &mut r.faults));
        let name = name?;
        let line = lines.get(&name).cloned().unwrap_or_default();
        Some(Road {
            name,
            direction: row.text("direction").to_owned(),
            from_no: from_no?,
            to_no: to_no?,
            line,
        })
    });
    reader.roads = roads.iter().map(|road| road.name.clone()).collect();
    reader.files.gazetteer.roads = roads;
    reader.files.gazetteer.ranges = reader.each(dir, &RANGES, |r, row| {
        let road = r.road(row);
        let parity = parity(row.text("parity"));
        if parity.is_none() {
            let reason = format!("“{}”应为 odd、even 或 both", row.text("parity"));
            r.faults.push(row.fault("parity", FaultCode::UnknownWord, reason));
        }
        let (from_no, to_no) =
            (row.number("from_no", &mut r.faults), row.number("to_no", &mut r.faults));
        let grid = r.grid(row, "grid_id");
        Some(RoadRange {
            road: road?,
            parity: parity?,
            from_no: from_no?,
            to_no: to_no?,
            grid: grid?,
        })
    });
    reader.files.gazetteer.exceptions = reader.each(dir, &EXCEPTIONS, |r, row| {
        let road = r.road(row);
        let no = row.number("no", &mut r.faults);
        let grid = r.grid(row, "grid_id");
        Some(RoadException { road: road?, no: no?, grid: grid? })
    });
}

fn parity(word: &str) -> Option<Parity> {
    match word {
        "odd" => Some(Parity::Odd),
        "even" => Some(Parity::Even),
        "both" | "" => Some(Parity::Both),
        _ => None,
    }
}

impl Shapes {
    /// Finds the line that names a feature, for reports; 0 when it is not there.
    fn line(&self, name: &str) -> u32 {
        let quoted = format!("\"{name}\"");
        let Some(at) = self.text.find(&quoted) else { return 0 };
        let newlines = self.text.get(..at).unwrap_or_default().matches('\n').count();
        u32::try_from(newlines + 1).unwrap_or(u32::MAX)
    }
}

fn open(reader: &mut Reader, dir: &Path, file: &'static str, key: &'static str) -> Option<Shapes> {
    let text = sheet::text(dir, file, &mut reader.faults)?;
    let collection = match FeatureCollection::from_str(&text) {
        Ok(collection) => collection,
        Err(broken) => {
            let reason = format!("不是有效的 GeoJSON：{broken}");
            reader.faults.push(Fault::at(
                file,
                json_line(&text),
                "",
                FaultCode::BadGeojson,
                reason,
            ));
            return None;
        }
    };
    let mut shapes = Shapes { file, key, text, found: HashMap::new() };
    for feature in collection.features {
        let Some(name) = feature.property(key).and_then(|v| v.as_str()).map(str::to_owned) else {
            let reason = format!("有一个图形没有属性 {key}");
            reader.faults.push(Fault::at(file, 0, key, FaultCode::BadGeojson, reason));
            continue;
        };
        let line = shapes.line(&name);
        match points(feature.geometry.as_ref().map(|g| &g.value)) {
            Ok(_) if shapes.found.contains_key(&name) => {
                let reason = format!("{name} 出现了两次");
                reader.faults.push(Fault::at(file, line, key, FaultCode::DuplicateId, reason));
            }
            Ok(points) => {
                shapes.found.insert(name, points);
            }
            Err(reason) => {
                let reason = format!("{name}：{reason}");
                reader.faults.push(Fault::at(
                    file,
                    line,
                    "geometry",
                    FaultCode::BadGeojson,
                    reason,
                ));
            }
        }
    }
    Some(shapes)
}

/// Asks the JSON parser where it stopped; 0 when the text is JSON but not GeoJSON.
fn json_line(text: &str) -> u32 {
    let stopped = serde_json::from_str::<serde_json::Value>(text).err();
    stopped.map_or(0, |e| u32::try_from(e.line()).unwrap_or(u32::MAX))
}

fn strangers<T>(
    shapes: &Shapes,
    known: &HashMap<String, T>,
    code: FaultCode,
    faults: &mut Vec<Fault>,
) {
    let mut names: Vec<_> = shapes.found.keys().filter(|name| !known.contains_key(*name)).collect();
    names.sort();
    for name in names {
        let reason = format!("“{name}”不在表中，却有边界");
        faults.push(Fault::at(shapes.file, shapes.line(name), shapes.key, code, reason));
    }
}

fn points(value: Option<&GeometryValue>) -> Result<Vec<Point>, &'static str> {
    let path = match value {
        Some(GeometryValue::LineString { coordinates }) => coordinates,
        Some(GeometryValue::Polygon { coordinates }) => only_ring(coordinates)?,
        Some(GeometryValue::MultiPolygon { coordinates }) => match coordinates.as_slice() {
            [polygon] => only_ring(polygon)?,
            _ => return Err("不支持由几块组成的图形，请分成几个网格"),
        },
        _ => return Err("应为 Polygon 或 LineString"),
    };
    path.iter()
        .map(|position| match position.as_slice() {
            [lon, lat, ..] if lon.abs() <= 180.0 && lat.abs() <= 90.0 => {
                Ok(Point { lon: *lon, lat: *lat })
            }
            _ => Err("坐标应为 [经度, 纬度]"),
        })
        .collect()
}

fn only_ring(rings: &[Vec<geojson::Position>]) -> Result<&Vec<geojson::Position>, &'static str> {
    match rings {
        [ring] => Ok(ring),
        _ => Err("不支持有洞的多边形"),
    }
}
