//! Cuts the numbers out of an address line, without any gazetteer.
//!
//! In: one line. Out: door, building, unit, floor and room numbers with their unit words, in their
//! order and without overlap. Left to right in one pass: a number is read (`line`), the unit word
//! behind it is looked up (`unit`), and what the two mean is decided by what stands before
//! (`meaning`): a road, a compound, or a number just cut. Costs time linear in the line.
//! Invariant: any text has an answer, and every span lies inside the line.

mod line;
mod meaning;
mod unit;

#[cfg(test)]
mod tests;

use serde::Serialize;

use line::{Line, Number, Shape};
use unit::Unit;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NumberKind {
    /// 门牌号: of a house at a road, a lane or a village.
    RoadNo,
    /// 楼栋号.
    HouseNo,
    /// 单元号.
    CellNo,
    /// 楼层号.
    FloorNo,
    /// 房间号.
    RoomNo,
}

/// A number with its unit word: half-open, in Unicode scalar values of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberSpan {
    pub start: usize,
    pub end: usize,
    pub kind: NumberKind,
}

/// Finds the numbers of a line.
pub fn cut(line: &str) -> Vec<NumberSpan> {
    let mut cutter = Cutter { line: Line::new(line), spans: Vec::new() };
    let mut at = 0;
    while at < cutter.line.len() {
        // A step that stands still would never end.
        at = cutter.step(at).max(at + 1);
    }
    cutter.spans
}

/// A line on its way.
struct Cutter {
    line: Line,
    spans: Vec<NumberSpan>,
}

/// Numbers that stand together, `3-1-502` or `3、5`, and the unit behind the last.
struct Group {
    numbers: Vec<Number>,
    /// `-`, `/`, `、` for lists, `.` for dots and blanks; `\0` of a single number.
    sign: char,
    unit: Option<Unit>,
    /// Behind the unit.
    end: usize,
}

impl Cutter {
    /// Reads what begins at a character; returns where to go on.
    fn step(&mut self, at: usize) -> usize {
        if let Some(end) = self.side(at) {
            return end;
        }
        let Some(first) = self.line.number(at) else { return self.line.skip(at) };
        if let Some(end) = self.annexe(&first) {
            return end;
        }
        let mut group = self.group(first);
        if !group.holds() {
            group.numbers.truncate(1);
            (group.sign, group.unit) = ('\0', None);
            group.end = group.numbers.first().map_or(at, |number| number.end);
        }
        self.mean(&group);
        group.end
    }

    /// Reads 东单元 and, once a building is known, 西户.
    fn side(&mut self, at: usize) -> Option<usize> {
        if !matches!(self.line.at(at), '东' | '西' | '南' | '北' | '中') {
            return None;
        }
        let behind = if self.line.at(at + 1) == '边' { at + 2 } else { at + 1 };
        let (kind, length) = if self.line.starts(behind, "单元") {
            (NumberKind::CellNo, 2)
        } else if self.line.at(behind) == '户' && self.knows_building() {
            (NumberKind::RoomNo, 1)
        } else {
            return None;
        };
        self.push(at, behind + length, kind);
        Some(behind + length)
    }

    /// Reads 附3号 and -3号 behind a door number as parts of it.
    fn annexe(&mut self, first: &Number) -> Option<usize> {
        let sign = first.start.checked_sub(1).map(|at| self.line.at(at))?;
        let joined = matches!(sign, '附' | '增') || (sign == '-' && first.digits <= 2);
        let behind = self.line.at(first.end);
        if !joined || (sign == '-' && (behind == '-' || unit::at(&self.line, first).is_some())) {
            return None;
        }
        let end = if behind == '号' { first.end + 1 } else { first.end };
        let last = self.spans.last_mut()?;
        let whole = last.kind == NumberKind::RoadNo && last.end + 1 == first.start;
        if !whole {
            return None;
        }
        last.end = end;
        Some(end)
    }

    /// Collects the numbers that belong to the first one.
    fn group(&self, first: Number) -> Group {
        let mut sign = '\0';
        let mut numbers = vec![first];
        while let Some(last) = numbers.last() {
            if unit::at(&self.line, last).is_some() {
                break;
            }
            let Some((mark, behind)) = self.line.sign(last.end) else { break };
            if sign != '\0' && sign != mark || numbers.len() == 4 {
                break;
            }
            let Some(next) = self.line.number(behind) else { break };
            sign = mark;
            numbers.push(next);
        }
        let found = numbers.last().and_then(|last| unit::at(&self.line, last));
        let plain = numbers.last().map_or(0, |last| last.end);
        let (unit, end) = found.map_or((None, plain), |(unit, end)| (Some(unit), end));
        Group { numbers, sign, unit, end }
    }

    fn push(&mut self, start: usize, end: usize, kind: NumberKind) {
        let free = self.spans.last().map_or(0, |last| last.end);
        if start >= free && end > start && end <= self.line.len() {
            self.spans.push(NumberSpan { start, end, kind });
        }
    }

    /// Returns the kind of the number cut just before, with nothing but signs between.
    fn before(&self, at: usize) -> Option<NumberKind> {
        let last = self.spans.last()?;
        (last.end..at).all(|i| self.line.is_gap(i)).then_some(last.kind)
    }

    /// Tells whether a building, a unit or a floor was cut already.
    fn knows_building(&self) -> bool {
        let inside =
            |kind| matches!(kind, NumberKind::HouseNo | NumberKind::CellNo | NumberKind::FloorNo);
        self.spans.iter().any(|span| inside(span.kind))
    }
}

impl Group {
    /// Tells whether the signs between the numbers make them one: a list needs a unit, and blanks
    /// or dots join nothing but building, unit and room.
    fn holds(&self) -> bool {
        let long = self.numbers.iter().filter(|number| number.is_long()).count();
        let last = self.numbers.last().is_some_and(Number::is_long);
        match self.sign {
            '、' if self.unit == Some(Unit::House) => long == 0,
            '、' => matches!(self.unit, Some(Unit::Cell | Unit::Floor | Unit::Room | Unit::No)),
            '.' => self.numbers.len() == 3 && last && long == 1,
            _ => true,
        }
    }
}

impl Number {
    /// Tells whether it looks like a room: three digits and more, not a year or a phone.
    fn is_long(&self) -> bool {
        (3..=5).contains(&self.digits)
    }

    /// Tells whether it looks like a hall of an office park: B3, A29.
    fn is_hall(&self) -> bool {
        self.shape == Shape::Digits && self.lettered && self.digits <= 2
    }

    fn is_letter(&self) -> bool {
        self.shape == Shape::Letter
    }
}
