//! Reading compounds, communities, known points and shops.

use super::fold::Text;
use super::mention::{Claim, Mention, Rank, What};
use super::names::{Hit, Name};
use super::numbers::number;
use super::roles::{self, ASIDE};
use super::tail::Tail;
use super::words::lexicon;
use super::{Index, SpanKind, road, section, village};
use crate::domain::gazetteer::{Building, GridRef, Poi, Shop};

/// How far a number may stand from its compound when only fillers lie between.
const REACH: usize = 8;

/// Reads a compound with its section, building or gate.
pub(super) fn compound(
    index: &Index,
    text: &Text,
    hit: (usize, usize),
    ids: &[usize],
    tails: &mut Vec<Tail>,
) -> Option<Mention> {
    let section = section::behind(index, text, hit.1, ids);
    let own_end = section.as_ref().map_or(hit.1, |(_, end)| *end);
    let after = text.skip(own_end, &lexicon().fillers);
    if let Some(found) = gate(index, text, hit, ids, after) {
        return Some(found);
    }
    let tail = take_tail(text, hit, after, tails);
    let led = || tail.as_ref().and_then(|t| section::before(index, text, t.start, ids));
    let wanted = section.map(|(names, _)| names).or_else(|| Some(vec![led()?])).unwrap_or_default();
    let wanted = wanted.as_slice();
    let mut found =
        Mention::new(Rank::Compound, hit, title(index, ids, wanted, tail.as_ref()), "小区名录");
    found.span(text, hit.0, hit.1, SpanKind::Compound);
    found.place.compound = index.places.compounds.get(*ids.first()?).map(|c| c.name.clone());
    found.place.section = (!wanted.is_empty()).then(|| wanted.join("、"));
    found.end = own_end;
    let all = || buildings(index, ids, wanted);
    let Some(tail) = tail else {
        found.claims = all().map(claim).collect();
        if found.claims.is_empty() {
            found.claims = whole(index, ids);
        }
        return Some(found);
    };
    found.span(text, tail.start, tail.end, SpanKind::Building);
    if tail.place() <= after + REACH {
        found.end = found.end.max(tail.end);
    }
    found.place.building = Some(tail.buildings.join("、"));
    found.place.unit = tail.unit.map(|n| n.to_string());
    found.place.floor = tail.floor.map(|n| n.to_string());
    found.place.room = tail.room.map(|n| n.to_string());
    let named: Vec<Housed<'_>> = all().filter(|(_, b, _)| tail.buildings.contains(&b.no)).collect();
    let fitting: Vec<Housed<'_>> =
        named.iter().copied().filter(|(_, b, _)| fits(b, &tail)).collect();
    // Unit and floor are those of the first of several buildings.
    let several = tail.buildings.len() > 1;
    let chosen = if fitting.is_empty() || several { named } else { fitting };
    if chosen.is_empty() {
        found.beyond = true;
        // Section or number is wrong: what the other sections have is as likely.
        let other = buildings(index, ids, &[]).filter(|(_, b, _)| tail.buildings.contains(&b.no));
        found.claims = all().chain(other).map(claim).collect();
    } else {
        (found.rank, found.source) = (Rank::Building, "楼栋表");
        found.claims = chosen.into_iter().map(claim).collect();
    }
    Some(found)
}

/// Reads what people call one building.
pub(super) fn building(index: &Index, text: &Text, hit: &Hit) -> Option<Mention> {
    let meant = |n: &Name| if let Name::Building(i) = n { Some(*i) } else { None };
    let at = hit.names.iter().find_map(meant)?;
    let building = index.places.buildings.get(at)?;
    let compound =
        index.places.compounds.iter().position(|c| c.external_id == building.compound)?;
    let name = &index.places.compounds.get(compound)?.name;
    let title = format!("{name}{}{}号楼", building.section, building.no);
    let mut found = Mention::new(Rank::Building, (hit.start, hit.end), title, "俗称");
    found.span(text, hit.start, hit.end, SpanKind::Building);
    found.place.compound = Some(name.clone());
    found.place.section = (!building.section.is_empty()).then(|| building.section.clone());
    found.place.building = Some(building.no.clone());
    found.claims = vec![claim((at, building, compound))];
    Some(found)
}

/// Reads a shortened compound name, which counts only with a number or gate behind it.
pub(super) fn stem(
    index: &Index,
    text: &Text,
    hit: (usize, usize),
    ids: &[usize],
    tails: &mut Vec<Tail>,
) -> Option<Mention> {
    if let Some((ids, end)) = split_name(index, text, hit, ids) {
        return compound(index, text, (hit.0, end), &ids, tails);
    }
    let mut trial: Vec<Tail> = tails.clone();
    let reach = text.skip(hit.1, &lexicon().fillers).max(
        section::behind(index, text, hit.1, ids)
            .map_or(0, |(_, end)| text.skip(end, &lexicon().fillers)),
    );
    trial.retain(|t| t.free || t.end <= hit.0 || t.place() <= reach + 1);
    let kept = trial.len();
    let found = compound(index, text, hit, ids, &mut trial)?;
    let taken = kept - trial.len();
    let foreign = found.place.section.is_none()
        && text
            .find(hit.1, hit.1 + 4, &["期", "区"])
            .is_some_and(|(_, e)| text.word(e - 2, "小区").is_none());
    let exact = matches!(found.rank, Rank::Building | Rank::Gate) || found.place.section.is_some();
    if !exact || foreign {
        return None;
    }
    tails.retain(|t| {
        taken == 0
            || !(found.spans.iter().any(|s| {
                s.kind == SpanKind::Building
                    && s.start <= text.original(t.start, t.end).0
                    && text.original(t.start, t.end).1 <= s.end
            }))
    });
    Some(found)
}

/// Reads a name with a small word inside: 恒泰那个城.
fn split_name(
    index: &Index,
    text: &Text,
    hit: (usize, usize),
    ids: &[usize],
) -> Option<(Vec<usize>, usize)> {
    let after = text.any(hit.1, &["那个", "这个"])?;
    let stem = text.string(hit.0, hit.1);
    let whole = |i: &usize| {
        let rest = index.places.compounds.get(*i)?.name.strip_prefix(&stem)?;
        (!rest.is_empty()).then(|| text.word(after, rest)).flatten().map(|end| (*i, end))
    };
    let found: Vec<(usize, usize)> = ids.iter().filter_map(whole).collect();
    let end = found.iter().map(|(_, end)| *end).max()?;
    Some((found.into_iter().filter(|(_, e)| *e == end).map(|(i, _)| i).collect(), end))
}

/// Reads a shortened name with nothing behind it as all it may mean.
pub(super) fn faint(index: &Index, text: &Text, hit: &Hit) -> Option<Mention> {
    let ids: Vec<_> = hit
        .names
        .iter()
        .filter_map(|n| if let Name::CompoundStem(i) = n { Some(*i) } else { None })
        .collect();
    let mut found =
        Mention::new(Rank::Compound, (hit.start, hit.end), text.string(hit.start, hit.end), "简称");
    // 税务所 is no short form of 税务局家属院.
    if text.any(hit.end, &lexicon().offices).is_some() {
        return None;
    }
    found.claims = whole(index, &ids);
    for name in &hit.names {
        if let Name::VillageStem(i) = name
            && let Some(village) = index.villages.get(*i)
        {
            found.claims.extend(village::groups(index, village));
        }
    }
    (!found.claims.is_empty()).then_some(found)
}

fn title(index: &Index, ids: &[usize], sections: &[String], tail: Option<&Tail>) -> String {
    let name =
        ids.first().and_then(|i| index.places.compounds.get(*i)).map_or("", |c| c.name.as_str());
    let number = tail.map(|t| format!("{}号楼", t.buildings.join("、"))).unwrap_or_default();
    format!("{name}{}{number}", sections.join("、"))
}

/// A building, its position in the table, and that of its compound.
type Housed<'a> = (usize, &'a Building, usize);

fn buildings<'a>(
    index: &'a Index,
    ids: &'a [usize],
    sections: &'a [String],
) -> impl Iterator<Item = Housed<'a>> {
    let lists = ids.iter().filter_map(|i| Some((*i, index.buildings.get(*i)?)));
    lists
        .flat_map(|(i, list)| list.iter().map(move |b| (i, *b)))
        .filter_map(|(i, b)| Some((b, index.places.buildings.get(b)?, i)))
        .filter(move |(_, b, _)| sections.is_empty() || sections.contains(&b.section))
}

fn whole(index: &Index, ids: &[usize]) -> Vec<Claim> {
    let compounds = ids.iter().filter_map(|i| Some((*i, index.places.compounds.get(*i)?)));
    let all = compounds.flat_map(|(i, c)| c.grids.iter().map(move |g| (i, *g)));
    all.map(|(i, g)| Claim { compound: Some(i), ..Claim::new(g, What::Compound(i)) }).collect()
}

fn claim((at, building, compound): Housed<'_>) -> Claim {
    let claim = Claim::new(building.grid, What::Building(at));
    Claim { at: Some(building.at), compound: Some(compound), ..claim }
}

fn fits(building: &Building, tail: &Tail) -> bool {
    let floor = tail.floor.or(tail.room.map(|room| room / 100));
    tail.unit.is_none_or(|u| building.units == 0 || u <= building.units)
        && floor.is_none_or(|f| building.floors == 0 || f <= building.floors)
}

fn take_tail(
    text: &Text,
    hit: (usize, usize),
    after: usize,
    tails: &mut Vec<Tail>,
) -> Option<Tail> {
    if tails.is_empty() {
        return None;
    }
    let aside = || roles::beside(text, hit.0, hit.1).weight() <= ASIDE;
    let ours = |t: &Tail| t.owner.is_none_or(|start| (hit.0..after.max(hit.1)).contains(&start));
    let find = |fits: &dyn Fn(&Tail) -> bool| tails.iter().position(|t| ours(t) && fits(t));
    let clear = |end: usize| text.find(hit.1, end, &["。", "!", "?"]).is_none();
    let behind = find(&|t| t.place() >= hit.1 && t.place() <= after + 1);
    let before =
        || find(&|t| t.end <= hit.0 && t.certain && text.skip(t.end, &lexicon().fillers) == hit.0);
    let near = || {
        find(&|t| {
            let close = t.place() >= hit.1 && t.place() <= hit.1 + REACH;
            close && t.certain && !t.hanging && clear(t.place())
        })
    };
    let apart = || before().or_else(near).or_else(|| find(&|t| t.free));
    let chosen = behind.or_else(|| if aside() { None } else { apart() })?;
    let first = tails.remove(chosen);
    let mut all = first;
    while let Some(next) = tails.iter().position(|t| {
        let after = text.skip(all.end, &["和", "、", ",", "还有", "跟"]);
        t.start > all.end && after == t.start
    }) {
        let more = tails.remove(next);
        all.buildings.extend(more.buildings);
        all.end = more.end;
    }
    Some(all)
}

fn gate(
    index: &Index,
    text: &Text,
    hit: (usize, usize),
    ids: &[usize],
    at: usize,
) -> Option<Mention> {
    let side = text.at(at).filter(|c| "东南西北".contains(*c))?;
    let end = text.any(at + 1, &["大门", "门"])?;
    let name = format!("{side}门");
    let gates = ids.iter().filter_map(|i| Some((*i, index.gates.get(*i)?)));
    let gates = gates.flat_map(|(i, list)| list.iter().map(move |g| (i, *g)));
    let title = format!("{}{name}", title(index, ids, &[], None));
    let mut found = Mention::new(Rank::Gate, (hit.0, end), title, "大门表");
    found.span(text, hit.0, hit.1, SpanKind::Compound);
    found.span(text, at, end, SpanKind::Gate);
    found.place.compound = index.places.compounds.get(*ids.first()?).map(|c| c.name.clone());
    found.claims = gates
        .filter_map(|(i, g)| Some((i, g, index.places.gates.get(g)?)))
        .filter(|(.., gate)| gate.gate == name)
        .map(|(i, g, gate)| Claim { compound: Some(i), ..Claim::new(gate.grid, What::Gate(g)) })
        .collect();
    if found.claims.is_empty() {
        found.rank = Rank::Compound;
        found.claims = whole(index, ids);
    }
    Some(found)
}

/// Reads a community, and 二网格 behind it.
pub(super) fn community(index: &Index, text: &Text, hit: &Hit) -> Option<Mention> {
    let id =
        hit.names.iter().find_map(|n| if let Name::Community(i) = n { Some(*i) } else { None })?;
    let name = index.places.communities.get(id)?.name.clone();
    let at = text.skip(hit.end, &["的", "第", "区"]);
    let grid = number(text, at).and_then(|(n, end)| Some((n, text.any(end, &["网格", "号网格"])?)));
    let mut found = Mention::new(Rank::Community, (hit.start, hit.end), name, "社区名录");
    if let Some((n, end)) = grid {
        found.end = end;
        found.span(text, hit.start, end, SpanKind::Grid);
        if let Some(grid) = index.numbered_grids.get(&(id, n)) {
            (found.rank, found.source) = (Rank::Grid, "网格名录");
            index.grid_name(*grid).clone_into(&mut found.title);
            found.claims.push(Claim::new(*grid, What::Grid));
            return Some(found);
        }
        found.beyond = true;
    } else {
        found.span(text, hit.start, hit.end, SpanKind::Community);
    }
    let claim = |grid: GridRef| Claim::new(grid, What::Grid);
    found.claims = index.grids_of(id).iter().copied().map(claim).collect();
    Some(found)
}

/// Reads a known point, or the door across the road from it.
pub(super) fn poi(index: &Index, text: &Text, hit: &Hit) -> Option<Mention> {
    let ids: Vec<usize> = hit
        .names
        .iter()
        .filter_map(|n| if let Name::Poi(i) = n { Some(*i) } else { None })
        .collect();
    point(index, text, (hit.start, hit.end), &ids)
}

/// Reads one of the given points.
pub(super) fn point(
    index: &Index,
    text: &Text,
    hit: (usize, usize),
    ids: &[usize],
) -> Option<Mention> {
    let first = index.places.pois.get(*ids.first()?)?;
    let mut found = Mention::new(Rank::Poi, hit, first.name.clone(), "地点表");
    found.place.poi = Some(first.name.clone());
    found.span(text, hit.0, hit.1, SpanKind::Poi);
    let across = text.any(text.skip(hit.1, &["的", "大门", "门口"]), &lexicon().opposite);
    for (i, poi) in ids.iter().filter_map(|i| Some((*i, index.places.pois.get(*i)?))) {
        match (across, poi.no) {
            (Some(end), Some(no)) => {
                found.end = end;
                found.title = format!("{}对面", poi.name);
                let facing = road::across(index, &poi.road, no);
                found.claims.extend(facing.into_iter().map(|g| Claim::new(g, What::AcrossPoi(i))));
            }
            _ => found.claims.push(at_poi(i, poi)),
        }
    }
    Some(found)
}

fn at_poi(i: usize, poi: &Poi) -> Claim {
    Claim { at: Some(poi.at), ..Claim::new(poi.grid, What::Poi(i)) }
}

/// Reads a shop; a road or community right before it chooses among branches.
pub(super) fn shop(index: &Index, hit: &Hit, before: &[Mention]) -> Option<Mention> {
    let all: Vec<(usize, &Shop)> = hit
        .names
        .iter()
        .filter_map(|n| if let Name::Shop(i) = n { Some(*i) } else { None })
        .filter_map(|i| Some((i, index.places.shops.get(i)?)))
        .collect();
    let first = all.first()?.1;
    let near = before.iter().filter(|m| m.end + 4 >= hit.start && m.rank <= Rank::Road);
    let kept = near.fold(all.clone(), |kept, m| {
        let here = |(_, s): &&(usize, &Shop)| {
            m.place.road.as_ref().is_some_and(|r| *r == s.road)
                || (m.rank == Rank::Community && m.grids().contains(&s.grid))
        };
        let some: Vec<(usize, &Shop)> = kept.iter().filter(here).copied().collect();
        if some.is_empty() { kept } else { some }
    });
    let mut found = Mention::new(Rank::Shop, (hit.start, hit.end), first.name.clone(), "店铺表");
    found.place.shop = Some(first.name.clone());
    found.claims = kept
        .iter()
        .map(|(i, s)| Claim { at: Some(s.at), ..Claim::new(s.grid, What::Shop(*i)) })
        .collect();
    Some(found)
}
