use entity::kinds::{GridId, GridKind};
use proptest::prelude::*;

use super::*;
use crate::domain::gazetteer::*;
use crate::domain::geo;

const ORIGIN: Point = Point { lon: 115.48, lat: 35.235 };

fn square(west: f64) -> Vec<Point> {
    [(0.0, 0.0), (500.0, 0.0), (500.0, 500.0), (0.0, 500.0), (0.0, 0.0)]
        .map(|(x, y)| geo::moved(ORIGIN, west + x, y))
        .to_vec()
}

fn grid(id: &str, name: &str, west: f64) -> SmallGrid {
    SmallGrid {
        id: GridId(0),
        external_id: id.into(),
        kind: GridKind::Small,
        name: name.into(),
        community: CommunityRef(0),
        polygon: square(west),
    }
}

pub(super) fn building(id: &str, section: &str, no: &str, east: f64) -> Building {
    Building {
        external_id: id.into(),
        compound: "C1".into(),
        section: section.into(),
        no: no.into(),
        label: format!("{no}号楼"),
        units: 3,
        floors: 11,
        per_floor: 2,
        at: geo::moved(ORIGIN, east, 250.0),
        grid: GridRef(u16::from(east > 500.0)),
    }
}

fn range(parity: Parity, from_no: u32, to_no: u32, grid: u16) -> RoadRange {
    RoadRange { road: "青云路".into(), parity, from_no, to_no, grid: GridRef(grid) }
}

pub(super) fn group(group_no: u32) -> VillageGroup {
    let grid = GridRef(u16::from(group_no == 2));
    VillageGroup {
        village: "石桥村".into(), community: CommunityRef(0), group_no, houses: 9, grid
    }
}

pub(super) fn compound() -> Compound {
    Compound {
        external_id: "C1".into(),
        name: "梧桐花园".into(),
        aliases: vec!["老纱厂".into()],
        sections: vec!["一期".into(), "二期".into()],
        kind: "big".into(),
        grids: vec![GridRef(0), GridRef(1)],
        address: "青云路3号".into(),
    }
}

fn road() -> Road {
    Road {
        name: "青云路".into(), direction: "EW".into(), from_no: 1, to_no: 60, line: Vec::new()
    }
}

/// Two grids side by side; 梧桐花园 is split between them by building and by section.
pub(super) fn town() -> Gazetteer {
    let (compound_id, road_name) = ("C1".to_owned(), "青云路".to_owned());
    let (name, polygon) = ("槐荫社区".to_owned(), Vec::new());
    Gazetteer {
        street: "河畔街道".into(),
        communities: vec![Community { id: GridId(0), code: "1".into(), name, polygon }],
        grids: vec![grid("G1", "槐荫社区第一网格", 0.0), grid("G2", "槐荫社区第二网格", 500.0)],
        roads: vec![road()],
        ranges: vec![
            range(Parity::Odd, 1, 29, 0),
            range(Parity::Odd, 31, 59, 1),
            range(Parity::Even, 2, 60, 1),
        ],
        exceptions: vec![RoadException { road: road_name.clone(), no: 7, grid: GridRef(1) }],
        compounds: vec![compound()],
        gates: vec![Gate {
            compound: compound_id,
            gate: "东门".into(),
            road: road_name,
            no: 40,
            grid: GridRef(1),
        }],
        buildings: vec![
            building("B1", "一期", "3", 100.0),
            building("B2", "一期", "31", 150.0),
            building("B3", "二期", "3", 800.0),
            building("B4", "二期", "12", 850.0),
        ],
        neighbours: vec![Neighbour {
            street: "东城街道".into(), community: "柳荫社区".into()
        }],
        village_groups: vec![group(1), group(2)],
        ..Gazetteer::default()
    }
}

fn ask(text: &str) -> Resolution {
    Index::build(&town()).resolve(&Query { text, ..Query::default() })
}

fn near(east: f64, accuracy_m: f64) -> Position {
    let at = geo::moved(ORIGIN, east, 250.0);
    Position { lon: at.lon, lat: at.lat, accuracy_m, datum: Datum::Gcj02 }
}

#[test]
fn a_complete_address_finds_its_grid() {
    for (text, grid) in [
        ("梧桐花园31号楼1单元501 停水了", 0),
        ("梧桐花园三十一号楼漏水", 0),
        ("老纱厂１２栋", 1),
        ("梧桐花园⑫号楼", 1),
        ("梧桐花园12-1-302没电", 1),
        ("梧桐花园一期3号楼", 0),
        ("梧桐花园2期3号楼", 1),
        ("我在12号楼2单元,梧桐花园", 1),
        ("青云路29号门口", 0),
        ("青云路30号", 1),
        ("青云路7号", 1),
        ("梧桐花园东门路灯不亮", 1),
        ("石桥村二组井盖没了", 1),
        ("槐荫社区二网格", 1),
        ("听说梧桐花园31号楼也这样。青云路30号漏水", 1),
        ("梧桐花园31号楼，不对，是12号楼", 1),
    ] {
        let got = ask(text);
        assert_eq!(
            (got.action, got.grid),
            (Action::Route, Some(GridRef(grid))),
            "{text}: {}",
            got.reason
        );
    }
}

#[test]
fn what_is_not_enough_is_asked_with_the_answers_that_separate() {
    let got = ask("梧桐花园3号楼");
    assert_eq!(got.action, Action::Ask);
    let labels: Vec<_> = got
        .question
        .iter()
        .flat_map(|q| &q.answers)
        .map(|a| (a.label.as_str(), a.grid.0))
        .collect();
    assert_eq!(labels, [("一期", 0), ("二期", 1)]);
    let mut village = town();
    village.village_groups.extend([3, 4].map(group));
    let asked =
        Index::build(&village).resolve(&Query { text: "石桥村停电", ..Query::default() });
    let labels: Vec<_> =
        asked.question.iter().flat_map(|q| &q.answers).map(|a| a.label.as_str()).collect();
    assert_eq!(labels, ["石桥村1、3—4组", "石桥村2组"]);
    let two = ask("青云路30号和青云路29号").question.expect("a question");
    assert!(two.text.contains("青云路30号，还是青云路29号"), "{}", two.text);
    assert_eq!(two.answers[0].label, "青云路30号", "the buttons stand as the question does");
    for text in
        ["梧桐花园停水", "3号楼停水", "石桥村停电", "梧桐家园8号楼", "青云路30号和青云路29号"]
    {
        assert_eq!(ask(text).action, Action::Ask, "{text}");
    }
    assert_eq!(ask("槐荫社区停水").action, Action::RouteLarge);
}

#[test]
fn what_is_not_ours_or_nowhere_is_rejected() {
    for (text, why) in [
        ("东城街道柳荫社区停水", Rejection::OutOfArea),
        ("东城街道梧桐花园31号楼", Rejection::OutOfArea),
        ("青云路800号", Rejection::OutOfArea),
        ("周六上班吗", Rejection::NoAddress),
        ("", Rejection::NoAddress),
    ] {
        assert_eq!(ask(text).action, Action::Reject(why), "{text}");
    }
}

#[test]
fn a_position_decides_only_what_words_left_open() {
    let index = Index::build(&town());
    let at = |text, position| {
        index.resolve(&Query { text, position: Some(position), ..Query::default() })
    };
    assert_eq!(at("梧桐花园3号楼", near(820.0, 20.0)).grid, Some(GridRef(1)));
    assert_eq!(
        at("梧桐花园31号楼", near(820.0, 20.0)).grid,
        Some(GridRef(0)),
        "never overrules a building"
    );
    assert_eq!(at("梧桐花园3号楼", near(820.0, 400.0)).action, Action::Ask, "too inexact");
    assert_eq!(at("石桥小学后面停电", near(820.0, 20.0)).grid, Some(GridRef(1)), "in 石桥村");
    assert_eq!(at("石桥上面停电", near(820.0, 20.0)).action, Action::Ask, "on some bridge");
    assert_eq!(at("井盖没了", near(250.0, 20.0)).grid, Some(GridRef(0)));
    assert_eq!(at("周六上班吗", near(250.0, 20.0)).action, Action::Reject(Rejection::NoAddress));
}

#[test]
fn history_a_scanned_building_and_the_address_field_help() {
    let index = Index::build(&town());
    let home =
        index.resolve(&Query { text: "3号楼停水", home: Some(GridRef(1)), ..Query::default() });
    assert_eq!((home.action, home.grid), (Action::Route, Some(GridRef(1))));
    // 12号楼 of his compound lies in the other grid, so it is not for his home to say.
    let other =
        index
            .resolve(&Query { text: "12号楼停水", home: Some(GridRef(0)), ..Query::default() });
    assert_eq!(other.action, Action::Ask, "{}", other.reason);
    let scanned =
        index.resolve(&Query { text: "电梯坏了", building: Some("B4"), ..Query::default() });
    assert_eq!((scanned.action, scanned.grid), (Action::Route, Some(GridRef(1))));
    let field = index.resolve(&Query {
        text: "青云路30号那边也堵",
        address: Some("梧桐花园31号楼"),
        ..Query::default()
    });
    assert_eq!((field.grid, field.read_from), (Some(GridRef(0)), Field::Address));
}

#[test]
fn two_roads_that_meet_are_a_crossing_with_its_corners() {
    let mut places = town();
    let line = [0.0, 500.0].map(|y| geo::moved(ORIGIN, 500.0, y)).to_vec();
    let across = [0.0, 1_000.0].map(|x| geo::moved(ORIGIN, x, 250.0)).to_vec();
    for (name, line) in [("长河街", line), ("白杨路", across)] {
        let (from_no, to_no, direction) = (1, 99, "ns".to_owned());
        places.roads.push(Road { name: name.into(), direction, from_no, to_no, line });
    }
    let index = Index::build(&places);
    let west = [
        "白杨路与长河街路口西北角",
        "白杨路长河街西北角",
        "白杨路×长河街西南侧",
        "白杨路拐长河街往西50米路北",
    ];
    let east = [
        "白杨路和长河街交叉口东北角",
        "白杨路长河街东南角",
        "长河街口白杨路东南角",
        "白杨路接长河街往东50米路南",
    ];
    for (texts, grid) in [(west, GridRef(0)), (east, GridRef(1))] {
        for text in texts {
            let text = format!("{text}井盖没了");
            let found = index.resolve(&Query { text: &text, ..Query::default() });
            assert_eq!((found.action, found.grid), (Action::Route, Some(grid)), "{text}");
            assert!(found.spans.iter().all(|s| s.start < s.end), "{text}: {:?}", found.spans);
        }
    }
    let found =
        index.resolve(&Query { text: "白杨路长河街路口西北角", ..Query::default() });
    let place = found.place.and_then(|place| place.crossing);
    assert_eq!(place.as_deref(), Some("白杨路与长河街路口西北角"));
    let alone =
        index.resolve(&Query { text: "白杨路×白杨路井盖没了", ..Query::default() });
    assert!(alone.place.is_none_or(|place| place.crossing.is_none()), "{}", alone.reason);
    let open =
        index.resolve(&Query { text: "白杨路长河街路口井盖没了", ..Query::default() });
    let mut grids: Vec<GridRef> = open.candidates.iter().map(|c| c.grid).collect();
    grids.sort_unstable();
    assert_eq!((open.action, grids), (Action::Ask, vec![GridRef(0), GridRef(1)]));
}

#[test]
fn spans_point_into_the_original_text() {
    let got = ask("您好😀　梧桐花园⑫号楼");
    let kinds: Vec<_> = got.spans.iter().map(|s| (s.start, s.end, s.kind)).collect();
    assert_eq!(kinds, [(4, 8, SpanKind::Compound), (8, 11, SpanKind::Building)]);
    assert_eq!(got.reason, "梧桐花园12号楼 → 槐荫社区第二网格：楼栋表");
}

#[test]
fn the_resolution_can_be_written_as_json() {
    let json = serde_json::to_value(ask("梧桐花园31号楼")).expect("JSON");
    assert_eq!((json["grid"].as_u64(), json["place"]["building"].as_str()), (Some(0), Some("31")));
}

proptest! {
    #[test]
    fn no_text_breaks_the_resolver(
        text in "(?s:[梧桐花园青云路石桥村3号楼一二十期单元①组和口东-]|.){0,40}", east in any::<f64>(), accuracy in any::<f64>(),
    ) {
        let index = Index::build(&town());
        let position = Some(Position { lon: east, lat: 35.0, accuracy_m: accuracy, datum: Datum::Bd09 });
        let got = index.resolve(&Query { text: &text, address: Some(&text), position, ..Query::default() });
        let length = text.chars().count();
        prop_assert!(got.spans.iter().all(|s| s.start < s.end && s.end <= length));
        prop_assert!((0.0..=1.0).contains(&got.confidence));
        prop_assert!(got.candidates.len() <= 5);
        prop_assert_eq!(got.action == Action::Route, got.grid.is_some());
    }
}

#[test]
fn a_name_that_nobody_knows_is_said_whole_as_far_as_its_beginning_is_seen() {
    let index = Index::build(&town());
    for (text, name) in [
        ("星月湾小区8号楼停水", "星月湾小区"),
        ("我家在星月湾小区，停水了", "星月湾小区"),
        ("停水了，星月湾3号楼", "星月湾3号楼"),
        ("楼道里又黑又脏没人管星月湾小区", "月湾小区"),
    ] {
        let asked = index.resolve(&Query { text, ..Query::default() });
        assert_eq!(asked.reason, format!("没有找到“{name}”"), "{text}");
    }
}
