//! The resolver measured on labelled messages; skipped, loudly, where there are none. The
//! predictions stay in the temporary folder, for the scorer to break down by class.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use entity::kinds::{Datum, GridId, GridKind};
use serde_json::Value;

use super::*;
use crate::domain::gazetteer::*;

type Row = HashMap<String, String>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/address")
}

pub(super) fn rows(name: &str) -> Vec<Row> {
    let mut file =
        csv::Reader::from_path(folder().join("gazetteer").join(name)).expect("a gazetteer file");
    file.deserialize().map(|row| row.expect("a row")).collect()
}

fn number<T: std::str::FromStr>(row: &Row, key: &str) -> Option<T> {
    row[key].parse().ok()
}

fn list(raw: &str) -> Vec<String> {
    raw.split('|').filter(|s| !s.is_empty()).map(str::to_owned).collect()
}

fn at(row: &Row) -> Point {
    Point { lon: number(row, "lon").expect("lon"), lat: number(row, "lat").expect("lat") }
}

/// Reads coordinates of every feature by the given property.
fn shapes(name: &str, key: &str) -> HashMap<String, Vec<Point>> {
    let raw = std::fs::read_to_string(folder().join("gazetteer").join(name)).expect("a shape file");
    let file: Value = serde_json::from_str(&raw).expect("JSON");
    let point =
        |p: &Value| Point { lon: p[0].as_f64().expect("lon"), lat: p[1].as_f64().expect("lat") };
    let features = file["features"].as_array().expect("features");
    let shape = |f: &Value| {
        let coordinates = &f["geometry"]["coordinates"];
        let line = if f["geometry"]["type"] == "Polygon" { &coordinates[0] } else { coordinates };
        line.as_array().expect("a line").iter().map(point).collect()
    };
    features
        .iter()
        .map(|f| (f["properties"][key].as_str().expect("a key").to_owned(), shape(f)))
        .collect()
}

/// Rows that others refer to by id.
struct Refs {
    communities: Vec<Row>,
    grids: Vec<Row>,
}

impl Refs {
    fn community(&self, code: &str) -> CommunityRef {
        let at = self.communities.iter().position(|c| c["code"] == code).expect("a community");
        CommunityRef(at.try_into().expect("a small number"))
    }

    fn grid(&self, id: &str) -> GridRef {
        let at = self.grids.iter().position(|g| g["grid_id"] == id).expect("a grid");
        GridRef(at.try_into().expect("a small number"))
    }
}

fn own(row: &Row, key: &str) -> String {
    row[key].clone()
}

pub(super) fn gazetteer() -> Option<Gazetteer> {
    if !folder().exists() {
        eprintln!("SKIPPED: no labelled messages at {}", folder().display());
        return None;
    }
    let refs = Refs { communities: rows("communities.csv"), grids: rows("grids.csv") };
    let mut places = Gazetteer {
        street: own(&refs.communities[0], "street"),
        street_code: own(&refs.communities[0], "street_code"),
        ..Gazetteer::default()
    };
    areas(&mut places, &refs);
    roads(&mut places, &refs);
    homes(&mut places, &refs);
    villages(&mut places, &refs);
    points(&mut places, &refs);
    Some(places)
}

fn areas(places: &mut Gazetteer, refs: &Refs) {
    let polygons = shapes("grids.geojson", "grid_id");
    places.communities = refs
        .communities
        .iter()
        .map(|r| Community {
            id: GridId(0),
            code: own(r, "code"),
            name: own(r, "name"),
            polygon: Vec::new(),
        })
        .collect();
    places.grids = refs
        .grids
        .iter()
        .map(|r| SmallGrid {
            id: GridId(0),
            external_id: own(r, "grid_id"),
            kind: GridKind::Small,
            name: own(r, "name"),
            community: refs.community(&r["community_code"]),
            polygon: polygons[&r["grid_id"]].clone(),
        })
        .collect();
}

fn roads(places: &mut Gazetteer, refs: &Refs) {
    let lines = shapes("roads.geojson", "road");
    places.roads = rows("roads.csv")
        .iter()
        .map(|r| Road {
            name: own(r, "road"),
            direction: own(r, "direction"),
            from_no: number(r, "from_no").unwrap(),
            to_no: number(r, "to_no").unwrap(),
            line: lines[&r["road"]].clone(),
        })
        .collect();
    places.ranges = rows("road_ranges.csv")
        .iter()
        .map(|r| RoadRange {
            road: own(r, "road"),
            parity: match r["parity"].as_str() {
                "odd" => Parity::Odd,
                "even" => Parity::Even,
                _ => Parity::Both,
            },
            from_no: number(r, "from_no").unwrap(),
            to_no: number(r, "to_no").unwrap(),
            grid: refs.grid(&r["grid_id"]),
        })
        .collect();
    places.exceptions = rows("road_exceptions.csv")
        .iter()
        .map(|r| RoadException {
            road: own(r, "road"),
            no: number(r, "no").unwrap(),
            grid: refs.grid(&r["grid_id"]),
        })
        .collect();
}

fn homes(places: &mut Gazetteer, refs: &Refs) {
    places.compounds = rows("compounds.csv")
        .iter()
        .map(|r| Compound {
            external_id: own(r, "compound_id"),
            name: own(r, "name"),
            aliases: list(&r["aliases"]),
            sections: list(&r["sections"]),
            kind: own(r, "kind"),
            grids: list(&r["grids"]).iter().map(|g| refs.grid(g)).collect(),
            address: own(r, "address"),
        })
        .collect();
    places.gates = rows("compound_gates.csv")
        .iter()
        .map(|r| Gate {
            compound: own(r, "compound_id"),
            gate: own(r, "gate"),
            road: own(r, "road"),
            no: number(r, "no").unwrap(),
            grid: refs.grid(&r["grid_id"]),
        })
        .collect();
    places.buildings = rows("buildings.csv")
        .iter()
        .map(|r| Building {
            external_id: own(r, "building_id"),
            compound: own(r, "compound_id"),
            section: own(r, "section"),
            no: own(r, "no"),
            label: own(r, "label"),
            units: number(r, "units").unwrap_or(0),
            floors: number(r, "floors").unwrap_or(0),
            per_floor: number(r, "per_floor").unwrap_or(0),
            at: at(r),
            grid: refs.grid(&r["grid_id"]),
        })
        .collect();
}

fn villages(places: &mut Gazetteer, refs: &Refs) {
    places.village_groups = rows("villages.csv")
        .iter()
        .map(|r| VillageGroup {
            village: own(r, "village"),
            community: refs.community(&r["community_code"]),
            group_no: number(r, "group_no").unwrap(),
            houses: 0,
            grid: refs.grid(&r["grid_id"]),
        })
        .collect();
    places.village_lanes = rows("village_lanes.csv")
        .iter()
        .map(|r| VillageLane {
            village: own(r, "village"),
            lane: own(r, "lane"),
            group_no: number(r, "group_no").unwrap(),
            grid: refs.grid(&r["grid_id"]),
        })
        .collect();
}

fn points(places: &mut Gazetteer, refs: &Refs) {
    places.pois = rows("pois.csv")
        .iter()
        .map(|r| Poi {
            external_id: own(r, "poi_id"),
            name: own(r, "name"),
            aliases: list(&r["aliases"]),
            kind: own(r, "type"),
            road: own(r, "road"),
            no: number(r, "no"),
            at: at(r),
            grid: refs.grid(&r["grid_id"]),
        })
        .collect();
    places.shops = rows("shops.csv")
        .iter()
        .map(|r| Shop {
            external_id: own(r, "shop_id"),
            name: own(r, "name"),
            kind: own(r, "kind"),
            road: own(r, "road"),
            no: number(r, "no"),
            sub: own(r, "sub"),
            at: at(r),
            grid: refs.grid(&r["grid_id"]),
        })
        .collect();
    places.neighbours = rows("neighbours.csv")
        .iter()
        .map(|r| Neighbour { street: own(r, "street"), community: own(r, "community") })
        .collect();
}

fn ask_index(index: &Index, message: &Value) -> Resolution {
    let gps = &message["gps"];
    let position = gps["lon"].as_f64().map(|lon| Position {
        lon,
        lat: gps["lat"].as_f64().expect("lat"),
        accuracy_m: gps["acc"].as_f64().expect("acc"),
        datum: Datum::Gcj02,
    });
    index.resolve(&Query {
        text: message["text"].as_str().expect("text"),
        position,
        ..Query::default()
    })
}

fn line(places: &Gazetteer, message: &Value, got: &Resolution) -> Value {
    let name = |g: GridRef| places.grids[usize::from(g.0)].external_id.clone();
    let action = match got.action {
        Action::Route => "route",
        Action::RouteLarge => "route_big",
        Action::Ask => "clarify",
        Action::Reject(_) => "reject",
    };
    serde_json::json!({
        "id": message["id"], "action": action, "grid": got.grid.map(name), "confidence": got.confidence, "why": got.reason,
        "community": got.community.map(|c| places.communities[usize::from(c.0)].code.clone()),
        "candidates": got.candidates.iter().map(|c| serde_json::json!({"grid": name(c.grid), "p": c.p})).collect::<Vec<_>>(),
    })
}

/// Right, asked or rejected without need, wrong; as the bars of address.md count them.
fn verdict(message: &Value, said: &Value) -> &'static str {
    let label = &message["label"];
    let expected = label["expected"].as_str().expect("expected");
    let has = |list: &Value, x: &Value| list.as_array().is_some_and(|l| l.contains(x));
    match (said["action"].as_str().expect("action"), expected) {
        ("route", "resolve" | "resolve_gps" | "clarify" | "learned")
            if said["grid"] == label["grid"] || has(&label["soft"], &said["grid"]) =>
        {
            "right"
        }
        ("route_big", "clarify" | "learned") if said["community"] == label["community"] => "right",
        ("route_big", "resolve" | "resolve_gps") if said["community"] == label["community"] => {
            "asked"
        }
        ("route" | "route_big", _) => "wrong",
        ("clarify", "clarify" | "learned") | ("reject", "out_of_area" | "no_address") => "right",
        ("clarify", "out_of_area" | "no_address")
            if said["candidates"].as_array().is_some_and(Vec::is_empty) =>
        {
            "right"
        }
        ("clarify", _) => "asked",
        _ => "rejected",
    }
}

#[test]
fn labelled_messages_are_answered_as_well_as_before() {
    let Some(places) = gazetteer() else { return };
    let index = Index::build(&places);
    let file = std::fs::read_to_string(folder().join("dev.jsonl")).expect("messages");
    let messages: Vec<Value> =
        file.lines().map(|l| serde_json::from_str(l).expect("a message")).collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let (mut resolvable, mut routed_right) = (0, 0);
    let mut lines = String::new();
    for message in &messages {
        let said = line(&places, message, &ask_index(&index, message));
        let verdict = verdict(message, &said);
        *counts.entry(verdict).or_default() += 1;
        if matches!(message["label"]["expected"].as_str(), Some("resolve" | "resolve_gps")) {
            resolvable += 1;
            routed_right += usize::from(verdict == "right");
        }
        writeln!(lines, "{said}").expect("a line");
    }
    std::fs::write(std::env::temp_dir().join("zhinan-predictions.jsonl"), lines).expect("a file");
    eprintln!("{counts:?}; resolvable {resolvable}, of them right {routed_right}");
    let wrong = counts.get("wrong").copied().unwrap_or(0);
    assert!(
        routed_right * 100 >= resolvable * 95,
        "right of the resolvable: {routed_right} of {resolvable}"
    );
    assert!(wrong * 1000 <= messages.len() * 8, "wrong: {wrong} of {}", messages.len());
}
