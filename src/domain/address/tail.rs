//! Number tails: 3号楼2单元501, 17-1-302, A座, 十二号楼, 3、5、7号楼.

use super::fold::{Text, is_han};
use super::numbers::{is_numeral, number};
use super::words::lexicon;

/// Words of a building as they are misspelt; the sound or shape decides.
const SOUNDED: &[&str] = &["号楼"];
const UNIT: &[&str] = &["单元", "个单元", "门"];
const ROOM: &[&str] = &["室", "户", "号", "房"];
const LISTED: &[&str] = &["、", ",", "和", "."];

/// A building and what lies inside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tail {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Names of the buildings in the table's spelling; several when listed.
    pub(super) buildings: Vec<String>,
    pub(super) unit: Option<u32>,
    pub(super) floor: Option<u32>,
    pub(super) room: Option<u32>,
    /// Where the number began that this one corrects.
    pub(super) instead: Option<usize>,
    /// Cannot be a door number or a floor.
    pub(super) certain: bool,
    /// Where the name begins that it stands right behind.
    pub(super) owner: Option<usize>,
    /// Hangs on characters that no name explains.
    pub(super) hanging: bool,
    /// May belong to the only compound of the text, wherever that stands.
    pub(super) free: bool,
}

impl Tail {
    /// Returns where the number belongs: its own place, or that of the one it corrects.
    pub(super) fn place(&self) -> usize {
        self.instead.unwrap_or(self.start)
    }

    /// Returns whether the number hangs on characters that no name explains: 老油田院3号楼.
    pub(super) fn hangs(&self, text: &Text, named: impl Fn(usize) -> bool) -> bool {
        let said = |len: usize| {
            self.start.checked_sub(len).and_then(|i| text.any(i, &lexicon().says_number))
        };
        if said(2) == Some(self.start) {
            return false;
        }
        let kind = |i: usize| text.at(i).is_some_and(|c| "院区里期内".contains(c) && !named(i));
        let behind = (0..2).take_while(|n| self.start.checked_sub(n + 1).is_some_and(kind)).count();
        let loose = |back: usize| {
            self.start.checked_sub(behind + back).is_some_and(|i| {
                let han = text.at(i).is_some_and(is_han);
                han && !named(i)
                    && (back > 1
                        || text.at(i).is_some_and(|c| !lexicon().before_number.contains(c)))
            })
        };
        loose(1) && loose(2)
    }
}

/// Finds every tail from left to right.
pub(super) fn tails(text: &Text) -> Vec<Tail> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < text.len() {
        if !text.at(i).is_some_and(begins) {
            i += 1;
        } else if let Some(tail) = tail(text, i) {
            i = tail.end;
            found.push(tail);
        } else {
            i = number(text, i).map_or(i + 1, |(_, end)| end);
        }
    }
    found
}

/// Returns whether a tail may begin with the character.
fn begins(c: char) -> bool {
    c == '第' || c.is_ascii_uppercase() || is_numeral(c)
}

fn tail(text: &Text, start: usize) -> Option<Tail> {
    let (buildings, end, certain) =
        lettered(text, start).or_else(|| dashed(text, start)).or_else(|| numbered(text, start))?;
    let mut tail = Tail { start, end, buildings, certain, ..Tail::default() };
    inside(text, &mut tail);
    tail.certain |= tail.unit.is_some();
    Some(tail)
}

type Head = (Vec<String>, usize, bool);

fn lettered(text: &Text, i: usize) -> Option<Head> {
    let letter = text.at(i).filter(char::is_ascii_uppercase)?;
    let end = text.any(i + 1, &["座", "栋", "号楼", "幢", "楼"])?;
    Some((vec![letter.to_string()], end, true))
}

/// `17-1-302`, and `33--1` where the middle was left out.
fn dashed(text: &Text, i: usize) -> Option<Head> {
    let (building, dash) = number(text, i)?;
    let spaced = || {
        text.word(dash, " ")
            .filter(|at| number(text, *at).is_some_and(|(_, e)| unit_word(text, e).is_some()))
    };
    let after = text.any(dash, &["--", "-", "."]).or_else(spaced)?;
    let (second, end) = number(text, after)?;
    if text.any(end, &lexicon().building).is_some() && building < second && second - building < 40 {
        let end = text.any(end, &lexicon().building)?;
        return Some(((building..=second).map(|n| n.to_string()).collect(), end, true));
    }
    let third = text.any(end, &["--", "-", "."]).and_then(|next| number(text, next));
    if text.at(dash) == Some('.')
        && third.is_none_or(|(n, _)| n < 100)
        && unit_word(text, end).is_none()
    {
        return None;
    }
    let certain = third.is_some() || unit_word(text, end).is_some();
    if text.word(end, "号").is_some() && !certain {
        return None;
    }
    Some((vec![building.to_string()], dash, certain))
}

fn numbered(text: &Text, i: usize) -> Option<Head> {
    let first = text.word(i, "第").unwrap_or(i);
    let (n, mut end) = number(text, first)?;
    let mut buildings = vec![n.to_string()];
    while let Some((next, stop)) = text.any(end, LISTED).and_then(|after| number(text, after)) {
        buildings.push(next.to_string());
        end = stop;
    }
    end = text.skip(end, &[]);
    if let Some(stop) = building_word(text, end) {
        return Some((buildings, stop, true));
    }
    if buildings.len() > 1 {
        return None;
    }
    if let Some(stop) = text.word(end, "号") {
        let unit = number(text, text.skip(stop, &["第"]))
            .is_some_and(|(_, e)| unit_word(text, e).is_some());
        return Some((buildings, stop, unit));
    }
    text.word(end, "楼").filter(|_| n < 100).map(|stop| (buildings, stop, false))
}

fn building_word(text: &Text, at: usize) -> Option<usize> {
    let words = lexicon();
    let stairs =
        |end| text.any(end, &words.stairs).is_some() && text.any(end, &words.duties).is_none();
    if text.word(at, "号楼").is_some_and(stairs) {
        return None;
    }
    let sounded = || SOUNDED.iter().find_map(|word| text.sounded(at, word));
    text.any(at, &words.building).or_else(|| sounded().filter(|_| text.at(at + 1) != Some('漏')))
}

fn unit_word(text: &Text, at: usize) -> Option<usize> {
    text.any(at, UNIT).or_else(|| text.sounded(at, "单元"))
}

fn inside(text: &Text, tail: &mut Tail) {
    let fillers = &["的", "-", ".", ",", "第", "东", "西", "中", "南", "北"][..];
    for _ in 0..3 {
        let at = text.skip(tail.end, fillers);
        if let Some(stop) = text.any(at, &["单元"]).filter(|_| tail.unit.is_none()) {
            tail.end = stop;
            continue;
        }
        let Some((n, end)) = number(text, at) else { return };
        // 9#2-101: unit and room behind the building.
        let ahead = text.word(end, "-").and_then(|next| number(text, next));
        if ahead.is_some_and(|(room, _)| room >= 100) && n < 20 && tail.unit.is_none() {
            (tail.unit, tail.end) = (Some(n), end);
            continue;
        }
        let dashed = matches!(text.at(tail.end), Some('-' | '.'));
        if let Some(stop) = unit_word(text, end) {
            (tail.unit, tail.end) = (Some(n), stop);
        } else if let Some(stop) =
            text.any(end, &["层", "楼"]).filter(|_| tail.floor.is_none() && n < 60)
        {
            (tail.floor, tail.end) = (Some(n), stop);
        } else if n >= 100 && tail.room.is_none() {
            (tail.room, tail.end) = (Some(n), text.any(end, ROOM).unwrap_or(end));
        } else if dashed && tail.unit.is_none() && n < 20 {
            (tail.unit, tail.end) = (Some(n), end);
        } else {
            return;
        }
    }
}
