//! Checks a read folder for what no single cell shows: duplicates, overlaps, contradictions.
//!
//! Pure: plain data in, a report out. An error means that an address could lead to two grids; a
//! warning means that a person should look but the tables decide.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;

use super::check_shapes;
use super::fault::{Fault, FaultCode, Report, SharedAddress};
use super::read::Files;
use crate::domain::gazetteer::{Parity, RoadRange};

/// Checks everything. Never fails: what is wrong is in the report.
pub fn run(files: &Files) -> Report {
    let mut report = Report { counts: counts(files), ..Report::default() };
    ids(files, &mut report.errors);
    numbers(files, &mut report.errors);
    ranges(files, &mut report.errors);
    people(files, &mut report.errors);
    check_shapes::polygons(files, &mut report);
    check_shapes::points(files, &mut report);
    contradictions(files, &mut report.warnings);
    report.shared_addresses = shared_addresses(files);
    report
}

fn counts(files: &Files) -> BTreeMap<String, usize> {
    let g = &files.gazetteer;
    let rows = [
        ("communities.csv", g.communities.len()),
        ("grids.csv", g.grids.len()),
        ("roads.csv", g.roads.len()),
        ("road_ranges.csv", g.ranges.len()),
        ("road_exceptions.csv", g.exceptions.len()),
        ("compounds.csv", g.compounds.len()),
        ("compound_gates.csv", g.gates.len()),
        ("buildings.csv", g.buildings.len()),
        ("villages.csv", g.village_groups.len()),
        ("village_lanes.csv", g.village_lanes.len()),
        ("pois.csv", g.pois.len()),
        ("shops.csv", g.shops.len()),
        ("neighbours.csv", g.neighbours.len()),
        ("households.csv", files.households.len()),
        ("staff.csv", files.staff.as_ref().map_or(0, Vec::len)),
        ("duties.csv", files.duties.as_ref().map_or(0, Vec::len)),
    ];
    rows.into_iter().map(|(file, rows)| (file.to_owned(), rows)).collect()
}

/// Names the place and words of a duplicate of one file.
struct Twice<'a> {
    files: &'a Files,
    file: &'static str,
    column: &'static str,
    code: FaultCode,
}

impl Twice<'_> {
    /// Reports every key that an earlier row already has, with the line of that row.
    fn find<K: Eq + Hash>(&self, keys: impl Iterator<Item = (K, String)>, errors: &mut Vec<Fault>) {
        let mut seen: HashMap<K, u32> = HashMap::new();
        for (at, (key, words)) in keys.enumerate() {
            let line = self.files.lines.at(self.file, at);
            match seen.get(&key) {
                Some(first) => {
                    let reason = format!("{words} 与第 {first} 行重复");
                    errors.push(Fault::at(self.file, line, self.column, self.code, reason));
                }
                None => {
                    seen.insert(key, line);
                }
            }
        }
    }
}

fn ids(files: &Files, errors: &mut Vec<Fault>) {
    let g = &files.gazetteer;
    let check = |file, column, keys: Vec<&String>, errors: &mut Vec<Fault>| {
        let twice = Twice { files, file, column, code: FaultCode::DuplicateId };
        twice.find(keys.into_iter().map(|k| (k, k.clone())), errors);
    };
    check("communities.csv", "code", g.communities.iter().map(|x| &x.code).collect(), errors);
    check("grids.csv", "grid_id", g.grids.iter().map(|x| &x.external_id).collect(), errors);
    check("roads.csv", "road", g.roads.iter().map(|x| &x.name).collect(), errors);
    check(
        "compounds.csv",
        "compound_id",
        g.compounds.iter().map(|x| &x.external_id).collect(),
        errors,
    );
    check(
        "buildings.csv",
        "building_id",
        g.buildings.iter().map(|x| &x.external_id).collect(),
        errors,
    );
    check("pois.csv", "poi_id", g.pois.iter().map(|x| &x.external_id).collect(), errors);
    check("shops.csv", "shop_id", g.shops.iter().map(|x| &x.external_id).collect(), errors);
    check(
        "households.csv",
        "household_id",
        files.households.iter().map(|x| &x.external_id).collect(),
        errors,
    );
    let staff = files.staff.iter().flatten().map(|x| &x.staff_no).collect();
    check("staff.csv", "staff_id", staff, errors);
}

fn numbers(files: &Files, errors: &mut Vec<Fault>) {
    let g = &files.gazetteer;
    let twice = |file, column| Twice { files, file, column, code: FaultCode::DuplicateNumber };
    let buildings = g.buildings.iter();
    twice("buildings.csv", "no").find(
        buildings.map(|b| {
            ((&b.compound, &b.section, &b.no), format!("{} {}{}", b.compound, b.section, b.no))
        }),
        errors,
    );
    let gates = g.gates.iter();
    twice("compound_gates.csv", "gate").find(
        gates.map(|x| ((&x.compound, &x.gate), format!("{} {}", x.compound, x.gate))),
        errors,
    );
    let exceptions = g.exceptions.iter();
    twice("road_exceptions.csv", "no")
        .find(exceptions.map(|x| ((&x.road, x.no), format!("{}{}号", x.road, x.no))), errors);
    let groups = g.village_groups.iter();
    twice("villages.csv", "group_no").find(
        groups.map(|x| ((&x.village, x.group_no), format!("{}{}组", x.village, x.group_no))),
        errors,
    );
    let lanes = g.village_lanes.iter();
    twice("village_lanes.csv", "lane").find(
        lanes.map(|x| ((&x.village, &x.lane, x.group_no), format!("{}{}", x.village, x.lane))),
        errors,
    );
    let neighbours = g.neighbours.iter();
    twice("neighbours.csv", "community").find(
        neighbours.map(|x| ((&x.street, &x.community), format!("{}{}", x.street, x.community))),
        errors,
    );
}

fn people(files: &Files, errors: &mut Vec<Fault>) {
    let twice =
        Twice { files, file: "duties.csv", column: "staff_id", code: FaultCode::DuplicateNumber };
    let duties = files.duties.iter().flatten();
    twice.find(
        duties.map(|d| {
            (
                (&d.grid_id, d.role, &d.staff_no, &d.shift, d.from),
                format!("{} {} {}", d.grid_id, d.role.zh(), d.staff_no),
            )
        }),
        errors,
    );
}

fn ranges(files: &Files, errors: &mut Vec<Fault>) {
    const FILE: &str = "road_ranges.csv";
    let mut by_road: BTreeMap<&str, Vec<(u32, &RoadRange)>> = BTreeMap::new();
    for (at, range) in files.gazetteer.ranges.iter().enumerate() {
        let line = files.lines.at(FILE, at);
        if range.from_no > range.to_no {
            let reason = format!("起号 {} 大于止号 {}", range.from_no, range.to_no);
            errors.push(Fault::at(FILE, line, "to_no", FaultCode::BadRange, reason));
        }
        by_road.entry(&range.road).or_default().push((line, range));
    }
    for mut on_road in by_road.into_values() {
        on_road.sort_by_key(|(line, range)| (range.from_no, *line));
        // The furthest end seen on each side; a range that begins at or before it overlaps.
        for side in [Parity::Odd, Parity::Even] {
            overlaps_of_side(side, &on_road, errors);
        }
    }
    errors.dedup();
    roads(files, errors);
}

fn overlaps_of_side(side: Parity, on_road: &[(u32, &RoadRange)], errors: &mut Vec<Fault>) {
    let mut furthest: Option<(u32, u32)> = None;
    for (line, range) in
        on_road.iter().filter(|(_, r)| r.parity == side || r.parity == Parity::Both)
    {
        if let Some((end, first)) = furthest.filter(|(end, _)| range.from_no <= *end) {
            let reason = format!(
                "{}{}号至{}号已在第 {first} 行（到 {end} 号）",
                range.road, range.from_no, range.to_no
            );
            let fault =
                Fault::at("road_ranges.csv", *line, "from_no", FaultCode::OverlappingRange, reason);
            if !errors.contains(&fault) {
                errors.push(fault);
            }
        }
        if furthest.is_none_or(|(end, _)| range.to_no > end) {
            furthest = Some((range.to_no, *line));
        }
    }
}

fn roads(files: &Files, errors: &mut Vec<Fault>) {
    for (at, road) in files.gazetteer.roads.iter().enumerate() {
        if road.from_no > road.to_no {
            let reason = format!("起号 {} 大于止号 {}", road.from_no, road.to_no);
            errors.push(Fault::at(
                "roads.csv",
                files.lines.at("roads.csv", at),
                "to_no",
                FaultCode::BadRange,
                reason,
            ));
        }
    }
}

/// Warns where two tables name different grids for one thing.
fn contradictions(files: &Files, warnings: &mut Vec<Fault>) {
    let g = &files.gazetteer;
    let compounds: HashMap<_, _> = g.compounds.iter().map(|c| (&c.external_id, c)).collect();
    for (at, building) in g.buildings.iter().enumerate() {
        if compounds.get(&building.compound).is_some_and(|c| !c.grids.contains(&building.grid)) {
            let line = files.lines.at("buildings.csv", at);
            let reason = format!("楼栋 {} 的网格不在小区的网格列表中", building.external_id);
            warnings.push(Fault::at(
                "buildings.csv",
                line,
                "grid_id",
                FaultCode::GridMismatch,
                reason,
            ));
        }
    }
    let buildings: HashMap<_, _> = g.buildings.iter().map(|b| (&b.external_id, b.grid)).collect();
    for (at, home) in files.households.iter().enumerate() {
        if buildings.get(&home.building).is_some_and(|grid| *grid != home.grid) {
            let line = files.lines.at("households.csv", at);
            let reason = format!("户 {} 的网格与楼栋的网格不同", home.external_id);
            warnings.push(Fault::at(
                "households.csv",
                line,
                "grid_id",
                FaultCode::GridMismatch,
                reason,
            ));
        }
    }
}

fn shared_addresses(files: &Files) -> Vec<SharedAddress> {
    let mut grids: HashMap<&str, BTreeSet<_>> = HashMap::with_capacity(files.households.len());
    for home in &files.households {
        grids.entry(&home.address).or_default().insert(home.grid);
    }
    let shared = grids.into_iter().filter(|(_, grids)| grids.len() > 1);
    let mut shared: Vec<_> = shared
        .map(|(address, refs)| SharedAddress {
            address: address.to_owned(),
            grids: refs
                .into_iter()
                .filter_map(|r| files.gazetteer.grids.get(usize::from(r.0)))
                .map(|g| g.external_id.clone())
                .collect(),
        })
        .collect();
    shared.sort_by(|a, b| a.address.cmp(&b.address));
    shared
}
