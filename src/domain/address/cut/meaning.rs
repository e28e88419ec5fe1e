//! What a group of numbers means, from its unit and from what stands before it.

use super::line::{Line, Number, Shape};
use super::unit::{self, ROADS, Unit};
use super::{Cutter, Group, NumberKind};
use crate::domain::address::fold::is_han;

use NumberKind::{CellNo, FloorNo, HouseNo, RoadNo, RoomNo};

/// Endings of compounds: a bare 号 behind one counts its buildings. Behind everything else, roads,
/// lanes and villages first of all, it is a door number.
const COMPOUNDS: &[&str] = &[
    "小区",
    "东区",
    "西区",
    "南区",
    "北区",
    "中区",
    "一区",
    "二区",
    "三区",
    "四区",
    "五区",
    "六区",
    "花园",
    "家园",
    "公寓",
    "新村",
    "新城",
    "大院",
    "宿舍",
    "家属院",
    "别墅",
    "国际",
    "名都",
    "城邦",
    "期",
    "园区",
    "园",
    "苑",
    "庭",
    "府",
    "墅",
    "居",
    "寓",
    "厦",
    "轩",
    "阁",
    "郡",
    "城",
    "邸",
];

/// Compounds where people live: 楼 behind one is a building, not a floor.
const HOMES: &[&str] =
    &["小区", "花园", "家园", "新村", "新苑", "家属院", "宿舍", "苑", "名都", "庭", "期"];

/// What stands before the number of a shop or stall.
const STALLS: &[&str] = &["商位", "店面", "摊位", "商铺", "铺位", "房号", "底商", "门面"];

/// Behind a bare number these make it a quantity, a time or a bus.
const QUANTITIES: &[&str] = &[
    "米", "公里", "千米", "里", "年", "月", "日", "天", "点", "时", "分", "元", "块", "岁", "人",
    "个", "次", "路", "期", "区", "亩", "吨", "度", "%", "倍", "平", "班", "级", "届", "站", "队",
    "多", "来", "余", "排", "条", "街", "中", "小", "院", "团", "连", "厂", "矿", "车", "台",
];

impl Cutter {
    /// Cuts a group, or leaves it.
    pub(super) fn mean(&mut self, group: &Group) {
        let Some((first, last)) = group.numbers.first().zip(group.numbers.last()) else { return };
        let start = self.with_ordinal(first, group.unit);
        match (group.numbers.as_slice(), group.unit) {
            ([_], None) => self.bare(last),
            ([_], Some(unit)) => self.single(group, unit, start),
            (numbers, None) if group.sign != '、' => self.chain(numbers, group.end),
            (_, None) => {}
            (numbers, Some(unit)) => self.chain_with_unit(group, numbers, unit, start),
        }
    }

    /// Takes in the 第 of 第3层.
    fn with_ordinal(&self, first: &Number, unit: Option<Unit>) -> usize {
        let ordinal = first.start.checked_sub(1).filter(|&at| self.line.at(at) == '第');
        match unit {
            // 书香门第7号楼 ends with the letter; 第七栋 begins with it.
            Some(Unit::House) if first.shape != Shape::Han => first.start,
            Some(Unit::House | Unit::Cell | Unit::Floor) => ordinal.unwrap_or(first.start),
            _ => first.start,
        }
    }

    fn single(&mut self, group: &Group, unit: Unit, start: usize) {
        let Some(number) = group.numbers.first() else { return };
        let kind = match unit {
            Unit::House => HouseNo,
            Unit::Cell if self.before(start) == Some(FloorNo) => RoomNo,
            Unit::Cell => CellNo,
            Unit::Door if self.before(start) == Some(HouseNo) => CellNo,
            Unit::Floor => FloorNo,
            Unit::Storey => self.storey(number, group.end),
            Unit::Room => RoomNo,
            Unit::Lane | Unit::Yard => RoadNo,
            Unit::Team => return self.team(start, group.end),
            Unit::No => self.plain_no(number, group.end),
            Unit::Door => return,
        };
        self.push(start, group.end, kind);
    }

    /// Tells a building called 5楼 from a floor: a unit follows it, or a compound stands before.
    fn storey(&self, number: &Number, end: usize) -> NumberKind {
        if number.below {
            return FloorNo;
        }
        let unit_follows = self.before(number.start) != Some(CellNo) && self.cell_at(end);
        let home = !self.knows_building() && ends_with_any(&self.line, number.start, HOMES);
        if number.is_letter() || unit_follows || home { HouseNo } else { FloorNo }
    }

    /// Tells whether a unit follows: 2单元, 东单元, 3门.
    fn cell_at(&self, at: usize) -> bool {
        let next = self.line.number(at).and_then(|next| unit::at(&self.line, &next));
        matches!(next, Some((Unit::Cell | Unit::Door, _))) || self.line.starts(at + 1, "单元")
    }

    /// Reads 5组6号 as one; 5组 alone is no number of a door.
    fn team(&mut self, start: usize, end: usize) {
        if let Some(next) = self.line.number(end)
            && let Some((Unit::No | Unit::Room, end)) = unit::at(&self.line, &next)
        {
            self.push(start, end, RoadNo);
        }
    }

    /// Decides what 号 alone counts.
    fn plain_no(&self, number: &Number, end: usize) -> NumberKind {
        match self.before(number.start) {
            // 3栋16号: the published data calls it the room, against its own guideline, unless the
            // room follows.
            Some(HouseNo) if self.line.number(end).is_some() => return CellNo,
            Some(HouseNo | CellNo | FloorNo) => return RoomNo,
            Some(RoadNo) => return HouseNo,
            Some(RoomNo) | None => {}
        }
        if ends_with_any(&self.line, number.start, ROADS) {
            return RoadNo;
        }
        if self.knows_building() && number.is_long() {
            return RoomNo;
        }
        let inner = self.line.number(end).is_some_and(|next| next.is_long());
        if inner || self.cell_at(end) || ends_with_any(&self.line, number.start, COMPOUNDS) {
            HouseNo
        } else if ends_with_any(&self.line, number.start, STALLS) {
            RoomNo
        } else {
            RoadNo
        }
    }

    /// Cuts a number without a unit where only one reading is left.
    fn bare(&mut self, number: &Number) {
        if number.below || ends_with_any(&self.line, number.start, &["第", ":", "."]) {
            return;
        }
        let quantity = QUANTITIES.iter().any(|word| self.line.starts(number.end, word));
        let kind = match self.before(number.start) {
            Some(HouseNo | CellNo | FloorNo) if number.is_long() => RoomNo,
            Some(RoadNo) if number.is_long() && !quantity => RoomNo,
            Some(CellNo) if number.shape == Shape::Digits && self.stands_free(number) => RoomNo,
            None if number.is_long() && ends_with_any(&self.line, number.start, STALLS) => RoomNo,
            None if self.numbers_a_road(number) && !quantity => RoadNo,
            _ if number.is_long() && self.ends_the_line(number) => RoomNo,
            None if number.is_hall() && self.ends_the_line(number) => HouseNo,
            _ => return,
        };
        self.push(number.start, number.end, kind);
    }

    fn stands_free(&self, number: &Number) -> bool {
        let behind = self.line.at(number.end);
        behind == '\0' || self.line.is_gap(number.end)
    }

    /// Tells whether the line ends here, behind a name or inside a building.
    fn ends_the_line(&self, number: &Number) -> bool {
        let named = || {
            let before = number.start.checked_sub(1).map(|i| self.line.at(i));
            before.is_some_and(is_han) && !ends_with_any(&self.line, number.start, ROADS)
        };
        number.end == self.line.len() && (self.knows_building() || named())
    }

    fn numbers_a_road(&self, number: &Number) -> bool {
        number.shape == Shape::Digits
            && number.digits <= 4
            && ends_with_any(&self.line, number.start, ROADS)
    }

    /// Cuts 3-1-502 and its shorter forms.
    fn chain(&mut self, numbers: &[Number], end: usize) {
        let dated = numbers.iter().any(|n| n.digits > 5)
            || numbers.len() > 2 && numbers.first().is_some_and(|n| n.digits > 3);
        let counted = QUANTITIES.iter().any(|word| self.line.starts(end, word));
        if dated || counted && numbers.len() == 2 {
            return;
        }
        let before = numbers.first().and_then(|first| self.before(first.start));
        let on_road =
            numbers.first().is_some_and(|first| ends_with_any(&self.line, first.start, ROADS));
        let long = numbers.last().is_some_and(Number::is_long);
        let first_digits = numbers.first().map_or(0, |n| n.digits);
        let room = numbers.first().is_some_and(Number::is_long);
        let kinds: &[NumberKind] = match (numbers.len(), before) {
            // 29-5 behind a building is floor and room in one.
            (2, Some(HouseNo | CellNo | FloorNo)) if room || !long => {
                return self.whole(numbers, end, RoomNo);
            }
            (2, None) if room && !on_road && !(long && first_digits <= 3) => return,
            (2, Some(HouseNo)) => &[CellNo, RoomNo],
            (2, Some(CellNo | FloorNo)) => return self.whole(numbers, end, RoomNo),
            (2, None) if on_road && !long => return self.whole(numbers, end, RoadNo),
            (2, None) if on_road => &[RoadNo, RoomNo],
            (2, None | Some(RoadNo)) if long => &[HouseNo, RoomNo],
            (2, None) => &[HouseNo, CellNo],
            (3, Some(HouseNo)) => &[CellNo, FloorNo, RoomNo],
            (3, _) => &[HouseNo, CellNo, RoomNo],
            (4, _) => &[HouseNo, CellNo, FloorNo, RoomNo],
            _ => return,
        };
        for (number, kind) in numbers.iter().zip(kinds) {
            self.push(number.start, number.end, *kind);
        }
    }

    fn whole(&mut self, numbers: &[Number], end: usize, kind: NumberKind) {
        if let Some(first) = numbers.first() {
            self.push(first.start, end, kind);
        }
    }

    /// Cuts several numbers before one unit: a list, a range, or a chain whose last part has it.
    fn chain_with_unit(&mut self, group: &Group, numbers: &[Number], unit: Unit, start: usize) {
        let Some((first, last)) = numbers.first().zip(numbers.last()) else { return };
        let before = self.before(first.start);
        let listed = group.sign == '、';
        let room = matches!(unit, Unit::Room) || matches!(unit, Unit::No) && last.is_long();
        let kinds: &[NumberKind] = match (numbers.len(), unit) {
            (3, _) if !listed && room => &[HouseNo, CellNo, RoomNo],
            (2, _) if !listed && room && !first.is_long() => match before {
                Some(HouseNo) => &[CellNo, RoomNo],
                Some(CellNo | FloorNo) => &[],
                _ => &[HouseNo, RoomNo],
            },
            (2, Unit::Cell) if !listed => &[HouseNo, CellNo],
            (3, Unit::Storey | Unit::Floor) if !listed => &[HouseNo, CellNo, FloorNo],
            _ => &[],
        };
        if kinds.is_empty() {
            let kind = match unit {
                Unit::House => HouseNo,
                Unit::Cell if before == Some(FloorNo) => RoomNo,
                Unit::Cell => CellNo,
                Unit::Floor | Unit::Storey => FloorNo,
                Unit::Room => RoomNo,
                Unit::Lane | Unit::Yard => RoadNo,
                Unit::No => self.plain_no(first, group.end),
                Unit::Door | Unit::Team => return,
            };
            return self.push(start, group.end, kind);
        }
        for (number, kind) in numbers.iter().zip(kinds) {
            let end = if number == last { group.end } else { number.end };
            self.push(number.start, end, *kind);
        }
    }
}

fn ends_with_any(line: &Line, at: usize, words: &[&str]) -> bool {
    let closing = at.checked_sub(1).is_some_and(|i| matches!(line.at(i), ' ' | ')' | '】'));
    let at = if closing { at - 1 } else { at };
    words.iter().any(|word| line.ends(at, word))
}
