//! Reading roads: door numbers by the table, and crossings by geometry.

use super::fold::Text;
use super::mention::{Claim, Mention, Rank, What};
use super::names::{Hit, Name};
use super::numbers::number;
use super::words::lexicon;
use super::{Index, SpanKind};
use crate::domain::gazetteer::{GridRef, Parity, Point, RoadRange};
use crate::domain::geo;

/// Half a road and its pavement: where a corner of a crossing certainly lies.
const CORNER_M: f64 = 35.0;

/// Reads every road a hit may mean; those that have the number stand together: 东市街120号 of 东市南街
/// and 东市北街.
pub(super) fn doors(
    index: &Index,
    text: &Text,
    hit: &Hit,
    ids: &[usize],
    rest: &[Hit],
) -> Option<Mention> {
    let all = ids.iter().filter_map(|id| door(index, text, hit, *id, rest));
    all.reduce(|mut one, two| {
        if one.claims.is_empty() {
            return two;
        }
        one.claims.extend(two.claims);
        one
    })
}

/// Reads a road, with its door number when one follows.
fn door(index: &Index, text: &Text, hit: &Hit, id: usize, rest: &[Hit]) -> Option<Mention> {
    let road = index.places.roads.get(id)?;
    let name = road.name.clone();
    let mut found = Mention::new(Rank::Road, (hit.start, hit.end), name.clone(), "道路名录");
    found.place.road = Some(name.clone());
    found.span(text, hit.start, hit.end, SpanKind::Road);
    // 富民路二十一中: the number belongs to the next name.
    let name_at = rest.first().map_or(usize::MAX, |h| h.start);
    let number = door_number(text, hit.end, road.name.chars().last());
    let Some((no, end)) = number.filter(|(_, end)| *end <= name_at) else {
        found.claims = all_of(index, &name);
        return Some(found);
    };
    found.span(text, hit.end, end, SpanKind::RoadNo);
    found.end = end;
    found.title = format!("{name}{no}号");
    found.place.number = Some(no.to_string());
    (found.rank, found.source) = (Rank::Door, "门牌号段表");
    found.claims =
        grids_of(index, &name, no).into_iter().map(|grid| Claim::new(grid, What::Door)).collect();
    found.beyond = found.claims.is_empty();
    Some(found)
}

fn door_number(text: &Text, at: usize, kind: Option<char>) -> Option<(u32, usize)> {
    let doubled = if text.at(at) == kind { at + 1 } else { at };
    let (no, end) = number(text, text.skip(doubled, &lexicon().fillers))?;
    let end = match text.word(end, "-").and_then(|next| number(text, next)) {
        Some((_, stop)) => stop,
        None => end,
    };
    if text.any(end, &["号楼", "号搂"]).is_some_and(|e| text.any(e, &lexicon().stairs).is_none())
    {
        return None;
    }
    // A bare number counts when nothing is counted by it: 中山路429井盖没了, not 中山路3米.
    let last = text.at(end).is_none_or(|c| {
        !c.is_ascii_alphanumeric()
            && !"-#/多几个米天年月日点时分周路层楼栋幢座单期".contains(c)
            && (no >= 10 || !c.is_alphanumeric())
    });
    text.any(text.skip(end, &[]), &["号院", "号", "弄"])
        .or_else(|| last.then_some(end))
        .map(|end| (no, end))
}

fn all_of(index: &Index, road: &str) -> Vec<Claim> {
    let ids = index.ranges.get(road).into_iter().flatten();
    ids.filter_map(|i| Some(Claim::new(index.places.ranges.get(*i)?.grid, What::Range(*i))))
        .collect()
}

fn ranges<'a>(index: &'a Index, road: &str) -> impl Iterator<Item = &'a RoadRange> {
    index.ranges.get(road).into_iter().flatten().filter_map(|i| index.places.ranges.get(*i))
}

/// Returns the grid of a door; both neighbours' grids when the number falls between two ranges
/// of different grids; nothing when the road has no such number.
pub(super) fn grids_of(index: &Index, road: &str, no: u32) -> Vec<GridRef> {
    if let Some(grid) = index.exceptions.get(&(road.to_owned(), no)) {
        return vec![*grid];
    }
    let side = |r: &&RoadRange| match r.parity {
        Parity::Both => true,
        Parity::Odd => no % 2 == 1,
        Parity::Even => no.is_multiple_of(2),
    };
    let same: Vec<_> = ranges(index, road).filter(side).collect();
    if let Some(range) = same.iter().find(|r| r.from_no <= no && no <= r.to_no) {
        return vec![range.grid];
    }
    let below = same.iter().filter(|r| r.to_no < no).max_by_key(|r| r.to_no);
    let above = same.iter().filter(|r| r.from_no > no).min_by_key(|r| r.from_no);
    match (below, above) {
        (Some(a), Some(b)) if a.grid == b.grid => vec![a.grid],
        (Some(a), Some(b)) => vec![a.grid, b.grid],
        _ => Vec::new(),
    }
}

/// Returns the grids of the doors facing number `no`: the nearest numbers of the other side.
pub(super) fn across(index: &Index, road: &str, no: u32) -> Vec<GridRef> {
    grids_of(index, road, if no.is_multiple_of(2) { no.saturating_sub(1) } else { no + 1 })
}

/// Reads two roads and a word for their crossing, with the corner when it is said.
pub(super) fn crossing(
    index: &Index,
    text: &Text,
    hit: &Hit,
    roads: &[usize],
    rest: &[Hit],
) -> Option<Mention> {
    let next = rest.first()?;
    let others = next
        .names
        .iter()
        .filter_map(|n| if let Name::Road(i) | Name::RoadStem(i) = n { Some(*i) } else { None });
    if roads.is_empty() || !joined(text, hit.end, next.start) {
        return None;
    }
    let end = crossed(text, hit.end, next)?;
    let nodes = nodes(index, roads, others);
    let (one, two, _) = nodes.first()?;
    let mut found =
        Mention::new(Rank::Crossing, (hit.start, end), format!("{one}与{two}路口"), "路口图形");
    found.cost = next.cost;
    found.gross = next.gross;
    found.span(text, hit.start, hit.end, SpanKind::Road);
    found.span(text, next.start, next.end, SpanKind::Road);
    if next.end < end {
        found.span(text, next.end, end, SpanKind::Intersection);
    }
    found.place.road = Some((*one).to_owned());
    for (_, _, node) in &nodes {
        for (east, north, label) in corners(text, end) {
            let at = geo::moved(*node, east, north);
            if let Some(grid) = index.grid_at(at) {
                found.claims.push(Claim { at: Some(at), ..Claim::new(grid, What::Corner(label)) });
            }
        }
    }
    let mut corners = found.claims.iter().map(|claim| claim.what);
    // At the edge of the street the corner may lie outside; the roads themselves do not.
    let corner = match corners.next()? {
        What::Corner(label) if corners.all(|other| other == What::Corner(label)) => label,
        _ => "",
    };
    found.place.crossing = Some(format!("{}{corner}", found.title));
    Some(found)
}

/// Returns where the words end that make two roads a crossing: 路口 behind them, or the second road
/// when a corner follows or the words turn from one into the other.
fn crossed(text: &Text, from: usize, next: &Hit) -> Option<usize> {
    let words = lexicon();
    let said = text.find(next.end, next.end + 4, &words.crossing).map(|(_, end)| end);
    let mouth = || text.word(next.end, "口").or_else(|| text.sounded(next.end, "路口"));
    let side = |i: usize| text.at(i).is_some_and(|c| "东南西北".contains(c));
    let corner = || {
        let at = (next.end..next.end + 8).find(|i| side(*i) && side(i + 1))?;
        text.any(at + 2, &["角", "侧", "边", "方向", "拐角"]).map(|_| next.end)
    };
    let turned = || text.find(from, next.start, &words.turning).map(|_| next.end);
    said.or_else(mouth).or_else(corner).or_else(turned)
}

/// Finds where roads of two names cross; where a short name may be a 路 or a 街, the 路.
fn nodes<'a>(
    index: &'a Index,
    roads: &[usize],
    others: impl Iterator<Item = usize>,
) -> Vec<(&'a str, &'a str, Point)> {
    let mut nodes: Vec<(&'a str, &'a str, Point)> = Vec::new();
    for b in others {
        for a in roads {
            let (Some(one), Some(two)) = (index.places.roads.get(*a), index.places.roads.get(b))
            else {
                continue;
            };
            if a != &b
                && let Some(node) = geo::crossing(&one.line, &two.line)
            {
                nodes.push((&one.name, &two.name, node));
            }
        }
    }
    // People leave out 路, hardly ever 街 or 巷.
    if nodes.iter().any(|(a, b, _)| a.ends_with('路') && b.ends_with('路')) {
        nodes.retain(|(a, b, _)| a.ends_with('路') && b.ends_with('路'));
    } else if nodes.iter().any(|(a, b, _)| a.ends_with('路') || b.ends_with('路')) {
        nodes.retain(|(a, b, _)| a.ends_with('路') || b.ends_with('路'));
    }
    nodes
}

/// Returns whether only joining words lie between two positions.
fn joined(text: &Text, mut at: usize, goal: usize) -> bool {
    while at < goal {
        match text.any(at, &lexicon().between_roads) {
            Some(end) => at = end,
            None if text.at(at) == Some(' ') => at += 1,
            None => return false,
        }
    }
    at == goal
}

type Corner = (f64, f64, &'static str);
const QUARTERS: [Corner; 4] = [
    (CORNER_M, CORNER_M, "东北角"),
    (-CORNER_M, CORNER_M, "西北角"),
    (CORNER_M, -CORNER_M, "东南角"),
    (-CORNER_M, -CORNER_M, "西南角"),
];

/// Returns the corners that the words behind a crossing allow: 东南角, 往东50米路北, 北边.
fn corners(text: &Text, at: usize) -> Vec<Corner> {
    let stop = (at..at + 14)
        .find(|i| text.at(*i).is_none_or(|c| "，,。!?;".contains(c)))
        .unwrap_or(at + 14);
    let mut directions = (at..stop).filter_map(|i| text.at(i)).filter(|c| "东南西北".contains(*c));
    let (first, second) = (directions.next(), directions.next());
    let metres = (at..stop).find_map(|i| {
        number(text, i).filter(|(_, e)| text.word(*e, "米").is_some()).map(|(n, _)| n)
    });
    if let (Some(toward), Some(side), Some(metres)) = (first, second, metres) {
        let (along, aside) = (step(toward, f64::from(metres)), step(side, CORNER_M));
        return vec![(along.lon + aside.lon, along.lat + aside.lat, "路口附近")];
    }
    let allowed = |c: &Corner, direction: Option<char>| direction.is_none_or(|d| c.2.contains(d));
    QUARTERS.iter().filter(|c| allowed(c, first) && allowed(c, second)).copied().collect()
}

fn step(direction: char, metres: f64) -> Point {
    match direction {
        '东' => Point { lon: metres, lat: 0.0 },
        '西' => Point { lon: -metres, lat: 0.0 },
        '北' => Point { lon: 0.0, lat: metres },
        _ => Point { lon: 0.0, lat: -metres },
    }
}
