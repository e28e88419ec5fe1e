//! One row per kind of fault: what is broken, and where the report must point.

use super::tests::{TINY, tiny};
use super::*;

/// File, what is replaced, by what, then line, column and code of the report.
type Case = (&'static str, &'static str, &'static str, u32, &'static str, FaultCode);

const ERRORS: &[Case] = &[
    ("shops.csv", "shop_id,name", "shop_id,title", 1, "name", FaultCode::MissingColumn),
    ("shops.csv", ",115.415,35.205,G2", ",115.415,35.205,G2,x", 3, "", FaultCode::BadCsv),
    ("shops.csv", "S1,面馆", "S1,", 2, "name", FaultCode::EmptyValue),
    ("shops.csv", "中路,4,1", "中路,四,1", 3, "no", FaultCode::BadNumber),
    ("shops.csv", "115.415", "east", 3, "lon", FaultCode::BadNumber),
    ("shops.csv", "中路,4", "西路,4", 3, "road", FaultCode::UnknownRoad),
    ("shops.csv", "35.205,G2", "35.205,G3", 3, "grid_id", FaultCode::UnknownGrid),
    ("shops.csv", "115.415,35.205", "116.415,35.205", 3, "lon", FaultCode::OutsideStreet),
    ("shops.csv", "S2", "S1", 3, "shop_id", FaultCode::DuplicateId),
    ("communities.csv", "371702003002", "3717020030", 3, "code", FaultCode::BadCode),
    ("communities.csv", "乙社区,371702003", "乙社区,371702004", 3, "code", FaultCode::BadCode),
    ("grids.csv", "371702003002", "371702003009", 3, "community_code", FaultCode::UnknownCommunity),
    ("compound_gates.csv", "C1,东门", "C2,东门", 2, "compound_id", FaultCode::UnknownCompound),
    (
        "compound_gates.csv",
        "C1,东门",
        "C1,东门,中路,3,G1\nC1,东门",
        3,
        "gate",
        FaultCode::DuplicateNumber,
    ),
    ("compounds.csv", "G1|G2", "G1|G8", 2, "grids", FaultCode::UnknownGrid),
    ("buildings.csv", "B2,C1,,2", "B2,C1,,1", 3, "no", FaultCode::DuplicateNumber),
    ("households.csv", "H2,B2", "H2,B7", 3, "building_id", FaultCode::UnknownBuilding),
    ("households.csv", "乙村#1", "乙村#2", 4, "village_group", FaultCode::UnknownVillageGroup),
    ("village_lanes.csv", "前街,1", "前街,4", 2, "group_no", FaultCode::UnknownVillageGroup),
    ("road_ranges.csv", "odd", "left", 2, "parity", FaultCode::UnknownWord),
    ("road_ranges.csv", "even,2,98", "even,98,2", 3, "to_no", FaultCode::BadRange),
    ("road_ranges.csv", "even,2,98", "odd,99,101", 3, "from_no", FaultCode::OverlappingRange),
    ("road_ranges.csv", "even,2,98", "both,50,60", 3, "from_no", FaultCode::OverlappingRange),
    (
        "road_exceptions.csv",
        "中路,7,G2",
        "中路,7,G2\n中路,7,G1",
        3,
        "no",
        FaultCode::DuplicateNumber,
    ),
    ("grids.geojson", "[115.4,35.2]]]", "[115.4,35.201]]]", 2, "geometry", FaultCode::OpenPolygon),
    (
        "grids.geojson",
        "[115.41,35.21],[115.4,35.21]",
        "[115.4,35.21],[115.41,35.21]",
        2,
        "geometry",
        FaultCode::CrossedPolygon,
    ),
    (
        "grids.geojson",
        "[[[115.41,35.2],[115.42,35.2],[115.42,35.21],[115.41,35.21],[115.41,35.2]]]",
        "[[[115.409,35.2],[115.42,35.2],[115.42,35.21],[115.409,35.21],[115.409,35.2]]]",
        3,
        "geometry",
        FaultCode::OverlappingPolygons,
    ),
    ("grids.geojson", "\"G2\"", "\"G9\"", 3, "grid_id", FaultCode::UnknownGrid),
    ("grids.geojson", "]}\n", "]\n", 5, "", FaultCode::BadGeojson),
    ("grids.geojson", "\"Polygon\"", "\"LineStrang\"", 0, "", FaultCode::BadGeojson),
    ("staff.csv", "W2,李四", "W1,王五,\nW2,李四", 3, "staff_id", FaultCode::DuplicateId),
    ("duties.csv", "cadre,W2", "cadre,W9", 3, "staff_id", FaultCode::UnknownStaff),
    ("duties.csv", "cadre,W2", "boss,W2", 3, "role", FaultCode::UnknownWord),
    ("duties.csv", "2026-01-01", "2026-13-01", 2, "from", FaultCode::BadDate),
    ("duties.csv", "2026-01-01,", "2026-01-01,2025-01-01", 2, "to", FaultCode::BadDate),
    ("duties.csv", "G1,", "G7,", 2, "grid_id", FaultCode::UnknownGrid),
];

#[test]
fn every_kind_of_fault_names_its_file_line_column_and_code() {
    let dir = tempfile::tempdir().unwrap();
    for (file, from, to, line, column, code) in ERRORS {
        let text = TINY.iter().find(|(name, _)| name == file).unwrap().1;
        assert!(text.contains(from), "{file} has no {from}");
        tiny(dir.path(), file, from, to);
        let report = prepare(dir.path()).expect_err(&format!("{file}: {to} must be refused"));
        let hit = report.errors.iter().any(|f| {
            f.file == *file
                && f.line == *line
                && f.column == *column
                && f.code == *code
                && !f.reason.is_empty()
        });
        assert!(hit, "{file}: {to} should give {line}:{column} {code:?}, got {:?}", report.errors);
    }
}

#[test]
fn a_file_that_is_missing_or_not_utf8_is_named() {
    let dir = tempfile::tempdir().unwrap();
    tiny(dir.path(), "", "", "");
    std::fs::remove_file(dir.path().join("pois.csv")).unwrap();
    let mut shops =
        TINY.iter().find(|(name, _)| *name == "shops.csv").unwrap().1.as_bytes().to_vec();
    let at = shops.windows(3).position(|w| w == "书".as_bytes()).unwrap();
    shops[at] = 0xff;
    std::fs::write(dir.path().join("shops.csv"), shops).unwrap();
    let report = prepare(dir.path()).unwrap_err();
    let found: Vec<_> = report
        .errors
        .iter()
        .map(|f| (f.file.as_str(), f.line, f.column.as_str(), f.code))
        .collect();
    assert_eq!(
        found,
        [("pois.csv", 0, "", FaultCode::MissingFile), ("shops.csv", 3, "name", FaultCode::NotUtf8)]
    );
}

#[test]
fn a_grid_without_a_border_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    tiny(dir.path(), "grids.csv", "G2,乙一", "G2,乙一,371702003002\nG3,乙二");
    let report = prepare(dir.path()).unwrap_err();
    assert!(
        report
            .errors
            .iter()
            .any(|f| f.code == FaultCode::MissingPolygon && f.reason.contains("G3"))
    );
}

#[test]
fn what_a_person_should_look_at_is_a_warning_and_forbids_nothing() {
    let dir = tempfile::tempdir().unwrap();
    tiny(dir.path(), "shops.csv", "115.415,35.205,G2", "115.405,35.205,G2");
    let (_, report) = prepare(dir.path()).unwrap();
    assert_eq!(
        report.warnings.iter().map(|w| (w.line, w.code)).collect::<Vec<_>>(),
        [(3, FaultCode::OutsideGrid)]
    );
    tiny(dir.path(), "households.csv", "101,G2", "101,G1");
    let (_, report) = prepare(dir.path()).unwrap();
    assert_eq!(
        report.warnings.iter().map(|w| (w.line, w.code)).collect::<Vec<_>>(),
        [(3, FaultCode::GridMismatch)]
    );
}

#[test]
fn one_address_in_two_grids_is_listed() {
    let dir = tempfile::tempdir().unwrap();
    tiny(dir.path(), "households.csv", "春园2号楼1单元101", "春园1号楼1单元101");
    let (_, report) = prepare(dir.path()).unwrap();
    assert_eq!(report.shared_addresses.len(), 1);
    assert_eq!(report.shared_addresses[0].grids, ["G1", "G2"]);
}

#[test]
fn a_byte_order_mark_and_quoted_cells_are_read() {
    let dir = tempfile::tempdir().unwrap();
    tiny(dir.path(), "shops.csv", "shop_id,name", "\u{feff}shop_id,name");
    assert!(prepare(dir.path()).is_ok());
    tiny(dir.path(), "shops.csv", "S1,面馆", "S1,\"面,馆\"");
    assert_eq!(prepare(dir.path()).unwrap().0.gazetteer.shops[0].name, "面,馆");
}

#[test]
fn every_code_is_in_the_document() {
    let document = include_str!("../../../docs/IMPORT.md");
    for code in FaultCode::ALL {
        assert!(document.contains(&format!("`{}`", code.word())), "{}", code.word());
    }
}
