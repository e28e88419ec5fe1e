//! The unit words that stand behind a number, and what may not stand behind them.

use super::line::{Line, Number, Shape};

/// What a unit word says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    House,
    Cell,
    /// 门: a unit where a building is known, else a gate.
    Door,
    Floor,
    /// 楼: a floor, or a building before a unit.
    Storey,
    Room,
    /// 弄.
    Lane,
    /// 号院: a yard has the number of the road.
    Yard,
    /// 组 of a village.
    Team,
    /// 号: whatever the place asks for.
    No,
}

/// Longest first.
const UNITS: &[(&str, Unit)] = &[
    ("号公寓楼", Unit::House),
    ("号宿舍楼", Unit::House),
    ("号办公楼", Unit::House),
    ("号教学楼", Unit::House),
    ("号综合楼", Unit::House),
    ("号公寓", Unit::House),
    ("号宿舍", Unit::House),
    ("号厂房", Unit::House),
    ("号单元", Unit::Cell),
    ("号房间", Unit::Room),
    ("号商铺", Unit::Room),
    ("号门面", Unit::Room),
    ("号楼", Unit::House),
    ("号栋", Unit::House),
    ("号幢", Unit::House),
    ("号搂", Unit::House),
    ("号房", Unit::Room),
    ("号室", Unit::Room),
    ("号户", Unit::Room),
    ("号铺", Unit::Room),
    ("号档", Unit::Room),
    ("档口", Unit::Room),
    ("档", Unit::Room),
    ("铺", Unit::Room),
    ("号院", Unit::Yard),
    ("号弄", Unit::Lane),
    ("号", Unit::No),
    ("#楼", Unit::House),
    ("#", Unit::House),
    ("栋楼", Unit::House),
    ("栋", Unit::House),
    ("幢楼", Unit::House),
    ("幢", Unit::House),
    ("撞", Unit::House),
    ("憧", Unit::House),
    ("座", Unit::House),
    ("个单元", Unit::Cell),
    ("单元", Unit::Cell),
    ("单圆", Unit::Cell),
    ("单", Unit::Cell),
    ("蛋元", Unit::Cell),
    ("门", Unit::Door),
    ("楼层", Unit::Floor),
    ("层楼", Unit::Floor),
    ("底层", Unit::Floor),
    ("层", Unit::Floor),
    ("F", Unit::Floor),
    ("f", Unit::Floor),
    ("楼", Unit::Storey),
    ("房间", Unit::Room),
    ("房", Unit::Room),
    ("室", Unit::Room),
    ("户", Unit::Room),
    ("支弄", Unit::Lane),
    ("弄", Unit::Lane),
    ("小组", Unit::Team),
    ("组", Unit::Team),
    ("队", Unit::Team),
    ("排", Unit::Team),
];

/// What makes a unit word the beginning of a name: 12号线, 6号大街, 21世纪房产, 楼道.
const NAMES: &[(&str, &[&str])] = &[
    ("号", &["线", "大街", "路", "桥", "地块", "公馆", "码头", "矿", "井"]),
    ("房", &["产", "地产", "屋", "东"]),
    ("门", &["口", "市", "诊", "面", "店", "外", "前", "牌"]),
    ("座", &["谈", "位"]),
    ("室", &["内", "外"]),
    ("户", &["型", "外", "口", "主"]),
    ("单", &["位", "独", "身", "号"]),
    ("档", &["次", "案"]),
    ("铺", &["路", "设"]),
    ("组", &["团", "合"]),
    ("号楼", &["道", "梯"]),
    ("楼", &["道", "梯"]),
];

/// Gates, exits and branches have numbers too: 3号门; at a road it is a door all the same.
const GATES: &[&str] = &["门", "口", "店", "站"];

/// Where a road's numbers begin.
pub(super) const ROADS: &[&str] = &["路", "街", "道", "巷", "胡同", "条", "线", "段"];

/// Finds the unit behind a number; returns it and where it ends.
pub(super) fn at(line: &Line, number: &Number) -> Option<(Unit, usize)> {
    // 3 号楼: one blank is forgiven.
    let from = if line.at(number.end) == ' ' { number.end + 1 } else { number.end };
    let behind = |word: &str| from + word.chars().count();
    let named = |word: &str| {
        let names = NAMES.iter().filter(|(unit, _)| *unit == word);
        names.flat_map(|(_, ends)| ends.iter()).any(|end| line.starts(behind(word), end))
    };
    let (word, unit) = UNITS.iter().find(|(word, _)| line.starts(from, word) && !named(word))?;
    let end = behind(word);
    // 1801单元 of an office tower is a room.
    let unit = if *unit == Unit::Cell && number.digits > 2 { &Unit::Room } else { unit };
    let gate = *unit == Unit::No && GATES.iter().any(|behind| line.starts(end, behind));
    let at_road = || ROADS.iter().any(|road| line.ends(number.start, road));
    (fits(number, *unit) && (!gate || at_road())).then_some((*unit, end))
}

fn fits(number: &Number, unit: Unit) -> bool {
    let house = matches!(unit, Unit::House | Unit::Cell | Unit::Storey);
    match (number.shape, unit) {
        _ if number.below => matches!(unit, Unit::Floor | Unit::Storey),
        (Shape::Letter, _) => house,
        (Shape::Han, Unit::Door | Unit::Team) => number.digits == 1,
        (_, Unit::Floor) => number.digits <= 3,
        (_, Unit::Door | Unit::Cell | Unit::Storey) => number.digits <= 2,
        _ => true,
    }
}
