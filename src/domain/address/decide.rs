//! From mentions to one answer: which place is meant, whether a position decides, what to ask.

use super::mention::{Claim, Mention, Rank, Reading, read};
use super::words::{
    COMPOUND_ENDINGS, CORRECTION, FILLERS, NAMES_A_PLACE, ON_THE_SPOT, OTHER_TOWNS, REPORTING,
};
use super::{
    Action, Answer, Candidate, Field, Index, Place, Query, Question, Rejection, Resolution,
};
use crate::domain::gazetteer::{GridRef, Point};
use crate::domain::geo;

/// A position less exact than this says nothing at the scale of small grids.
const USELESS_ACCURACY_M: f64 = 300.0;
/// Two mentions no further apart than this are one address.
const SAME_ADDRESS: usize = 4;

/// A usable position.
#[derive(Clone, Copy)]
struct Fix {
    at: Point,
    accuracy: f64,
}

/// What a text says about its place.
enum Pick {
    One(Mention),
    /// Several places with no grid in common.
    Several(Vec<Mention>),
    /// A place that is probably not the one, or not all, that was meant.
    Doubtful(Mention),
    Elsewhere(Mention),
    /// A building number without a name.
    Loose(String),
    /// A name that looks like a compound but is none of ours.
    Unknown(String),
    Nothing,
}

pub(super) fn resolve(index: &Index, query: &Query<'_>) -> Resolution {
    let address = query.address.filter(|a| !a.trim().is_empty());
    let Some(first) = address.map(|a| one(index, a, Field::Address, query)) else {
        return one(index, query.text, Field::Text, query);
    };
    if first.action == Action::Route {
        return first;
    }
    let second = one(index, query.text, Field::Text, query);
    let silent = first.action == Action::Reject(Rejection::NoAddress);
    if silent || (second.action == Action::Route && first.action == Action::Ask) {
        second
    } else {
        first
    }
}

fn one(index: &Index, raw: &str, field: Field, query: &Query<'_>) -> Resolution {
    let reading = read(index, raw);
    let fix = usable(query);
    let mut resolution = match pick(index, &reading) {
        Pick::One(found) => settle(index, found, fix),
        Pick::Several(all) => between(index, &all),
        Pick::Doubtful(found) => ask(index, found),
        Pick::Elsewhere(found) => reject(
            Rejection::OutOfArea,
            format!("{} → 不属于本街道：{}", found.title, found.source),
        ),
        Pick::Loose(number) => loose(index, &number, fix, query),
        Pick::Unknown(name) => {
            open(format!("没有找到“{name}”"), format!("没有找到“{name}”，请问是哪个小区、几号楼？"))
        }
        Pick::Nothing => nothing(index, raw, fix, query),
    };
    resolution.read_from = field;
    resolution.spans = reading.mentions.iter().flat_map(|m| m.spans.iter().copied()).collect();
    resolution.spans.sort_by_key(|s| s.start);
    resolution
}

fn usable(query: &Query<'_>) -> Option<Fix> {
    let p = query.position?;
    let sane = p.lon.is_finite()
        && p.lat.is_finite()
        && (0.0..=USELESS_ACCURACY_M).contains(&p.accuracy_m);
    sane.then(|| Fix {
        at: geo::to_gcj02(Point { lon: p.lon, lat: p.lat }, p.datum),
        accuracy: p.accuracy_m.max(10.0),
    })
}

fn pick(index: &Index, reading: &Reading) -> Pick {
    let text = &reading.text;
    let mut places: Vec<Mention> =
        reading.mentions.iter().filter(|m| !m.aside && m.rank >= Rank::Village).cloned().collect();
    if let Some((_, said)) = text.find(0, text.len(), CORRECTION).filter(|(at, _)| *at > 0)
        && places.iter().any(|m| m.start >= said)
    {
        places.retain(|m| m.start >= said);
    }
    if places.iter().any(|m| !m.home) {
        places.retain(|m| !m.home);
    }
    let elsewhere = reading.elsewhere.iter().find(|e| !e.aside);
    if let Some(other) = elsewhere
        && places.first().is_none_or(|p| {
            p.start >= other.start && p.start <= text.skip(other.end, FILLERS) + SAME_ADDRESS
        })
    {
        return Pick::Elsewhere(other.clone());
    }
    if let Some(town) = other_town(index, reading, &places) {
        return Pick::Elsewhere(town);
    }
    let numbered = reading.loose.iter().any(|t| t.certain);
    match merged(&places) {
        Some(Ok(found)) if doubtful(reading, &found, numbered) => return Pick::Doubtful(found),
        Some(Ok(found)) => return Pick::One(found),
        Some(Err(several)) => return Pick::Several(several),
        None => {}
    }
    if let Some(name) = unknown(reading) {
        return Pick::Unknown(name);
    }
    if let Some(faint) = reading.faint.iter().find(|m| !m.aside) {
        return Pick::Doubtful(faint.clone());
    }
    let coarse = reading.mentions.iter().filter(|m| !m.aside).max_by_key(|m| m.rank);
    match (
        reading.loose.iter().find(|t| t.certain || t.unit.is_some()).or(reading.loose.first()),
        coarse,
    ) {
        (Some(_), Some(found)) => Pick::Doubtful(found.clone()),
        (None, Some(found)) => Pick::One(found.clone()),
        (Some(tail), None) => {
            tail.buildings.first().map_or(Pick::Nothing, |b| Pick::Loose(b.clone()))
        }
        (None, None) => Pick::Nothing,
    }
}

/// Returns whether part of the address was not understood, or only the writer's home was.
fn doubtful(reading: &Reading, found: &Mention, numbered: bool) -> bool {
    let partial = numbered && found.rank != Rank::Building;
    let home = found.home && reading.text.find(found.end, found.end + 24, REPORTING).is_some();
    partial || home
}

/// Finds a town, or a neighbouring street in its short form, right before a place.
fn other_town(index: &Index, reading: &Reading, places: &[Mention]) -> Option<Mention> {
    let text = &reading.text;
    let first = places.first()?;
    let starts = reading
        .mentions
        .iter()
        .map(|m| m.start)
        .filter(|s| *s <= first.start && s + 12 >= first.start);
    let found = |start: usize, end: usize| {
        Mention::new(Rank::Community, (start, end), text.string(start, end), "不在本街道名录")
    };
    starts.into_iter().find_map(|goal| {
        let near = |back: usize| goal.checked_sub(back);
        let covered = |at: usize| reading.named.iter().any(|(s, e)| *s <= at && at < *e);
        let town = (1..=3)
            .filter_map(near)
            .find(|at| text.any(*at, OTHER_TOWNS) == Some(goal) && !covered(*at) && *at >= 2);
        let street = (2..=3).filter_map(near).find(|at| {
            index.other_streets.iter().any(|s| text.word(*at, s) == Some(goal)) && !covered(*at)
        });
        town.map(|at| found(at.saturating_sub(2), goal)).or(street.map(|at| found(at, goal)))
    })
}

/// Joins mentions that may be one place; `Err` when two of them cannot be.
fn merged(places: &[Mention]) -> Option<Result<Mention, Vec<Mention>>> {
    let mut joined: Vec<Mention> = Vec::new();
    for next in places {
        match joined.last_mut() {
            Some(last)
                if next.start <= last.end + SAME_ADDRESS
                    && (next.rank != last.rank || join(last, next).is_some()) =>
            {
                *last = join(last, next).unwrap_or_else(|| finer(last, next));
            }
            _ => joined.push(next.clone()),
        }
    }
    let first = joined.first()?.clone();
    let all = joined.iter().skip(1).try_fold(first, |one, next| join(&one, next));
    Some(all.ok_or(joined))
}

fn finer(a: &Mention, b: &Mention) -> Mention {
    if a.rank > b.rank { a.clone() } else { b.clone() }
}

/// Keeps the finer of two mentions with the claims that the other allows.
fn join(a: &Mention, b: &Mention) -> Option<Mention> {
    let (grids, mut kept) = (if a.rank > b.rank { a.grids() } else { b.grids() }, finer(a, b));
    let allowed = if a.rank > b.rank { b.grids() } else { a.grids() };
    kept.claims.retain(|c| grids.contains(&c.grid) && allowed.contains(&c.grid));
    (!kept.claims.is_empty()).then_some(kept)
}

/// Finds the name of a compound that is not in the gazetteer.
fn unknown(reading: &Reading) -> Option<String> {
    let text = &reading.text;
    let covered = |start: usize, end: usize| {
        let inside = reading.mentions.iter().any(|m| m.start < end && start < m.end);
        inside || reading.named.iter().any(|(s, e)| *s < end && start < *e)
    };
    let chinese = |i: usize| text.at(i).is_some_and(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let named = (2..text.len()).find_map(|i| {
        let end = text.any(i, COMPOUND_ENDINGS)?;
        (!covered(i - 2, end)
            && chinese(i - 1)
            && chinese(i - 2)
            && text.any(i, &["居委会", "居民", "居住", "居然"]).is_none())
        .then(|| text.string(i - 2, end))
    });
    named.or_else(|| {
        reading.loose.iter().filter(|t| t.certain && t.start >= 2).find_map(|t| {
            (t.hangs(text) && !covered(t.start - 2, t.start))
                .then(|| text.string(t.start - 2, t.end))
        })
    })
}

/// Answers for one mention: its grid, the position's choice among its grids, or a question.
fn settle(index: &Index, found: Mention, fix: Option<Fix>) -> Resolution {
    if found.claims.is_empty() {
        return reject(
            Rejection::OutOfArea,
            format!("{} → 本街道没有这个门牌：{}", found.title, found.source),
        );
    }
    let grids = found.grids();
    if found.beyond && grids.len() > 1 {
        return ask(index, found);
    }
    if let [grid] = grids.as_slice() {
        let confidence = if found.beyond { 0.9 } else { sure(found.rank) };
        return route(index, *grid, confidence, found, None);
    }
    if let Some(grid) = fix.and_then(|fix| by_position(index, &found, fix)) {
        return route(index, grid, 0.93, found, Some("手机定位"));
    }
    if found.rank == Rank::Community {
        return large(index, found);
    }
    ask(index, found)
}

/// How often a mention of one grid is right.
fn sure(rank: Rank) -> f64 {
    match rank {
        Rank::Grid | Rank::Building => 0.99,
        Rank::Door | Rank::Gate | Rank::VillageGroup => 0.98,
        Rank::Poi | Rank::Shop | Rank::Crossing | Rank::Compound => 0.96,
        Rank::Village | Rank::Road | Rank::Community => 0.93,
    }
}

/// Chooses among the claims when the phone stands clearly nearer to one grid's.
fn by_position(index: &Index, found: &Mention, fix: Fix) -> Option<GridRef> {
    let mut nearest: Vec<(GridRef, f64)> = Vec::new();
    for claim in &found.claims {
        let Some(at) = claim.at else {
            return steady_grid(index, fix).filter(|g| found.grids().contains(g));
        };
        let metres = geo::distance_m(at, fix.at);
        match nearest.iter_mut().find(|(g, _)| *g == claim.grid) {
            Some((_, best)) => *best = best.min(metres),
            None => nearest.push((claim.grid, metres)),
        }
    }
    nearest.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (first, second) = (nearest.first()?, nearest.get(1)?);
    let clear = first.1 <= fix.accuracy + 100.0 && second.1 - first.1 > 1.5 * fix.accuracy + 40.0;
    clear.then_some(first.0)
}

/// Returns the grid under the position when the whole circle of uncertainty lies in it.
fn steady_grid(index: &Index, fix: Fix) -> Option<GridRef> {
    let grid = index.grid_at(fix.at)?;
    let around = [
        (1.0, 0.0),
        (-1.0, 0.0),
        (0.0, 1.0),
        (0.0, -1.0),
        (0.7, 0.7),
        (-0.7, 0.7),
        (0.7, -0.7),
        (-0.7, -0.7),
    ];
    let same = |(x, y): &(f64, f64)| {
        index.grid_at(geo::moved(fix.at, x * fix.accuracy, y * fix.accuracy)) == Some(grid)
    };
    around.iter().all(same).then_some(grid)
}

/// Answers for a building number without a name: scanned building, home, or the position.
fn loose(index: &Index, number: &str, fix: Option<Fix>, query: &Query<'_>) -> Resolution {
    if let Some(known) = known_building(index, query) {
        return known;
    }
    let mut found = Mention::new(Rank::Building, (0, 0), format!("{number}号楼"), "楼栋表");
    let all = index.places.buildings.iter().filter(|b| b.no == number);
    found.claims =
        all.map(|b| Claim { grid: b.grid, at: Some(b.at), label: b.label.clone() }).collect();
    found.place.building = Some(number.to_owned());
    if let Some(home) = query.home.filter(|h| found.grids().contains(h)) {
        return route(index, home, 0.93, found, Some("上次确认的住址"));
    }
    if let Some(grid) = fix.and_then(|fix| by_position(index, &found, fix)) {
        return route(index, grid, 0.92, found, Some("手机定位"));
    }
    open(format!("{number}号楼 → 没有写小区名"), "请问是哪个小区？".to_owned())
}

fn known_building(index: &Index, query: &Query<'_>) -> Option<Resolution> {
    let building =
        index.places.buildings.iter().find(|b| Some(b.external_id.as_str()) == query.building)?;
    let compound = index.places.compounds.iter().find(|c| c.external_id == building.compound);
    let name = compound.map_or("", |c| c.name.as_str());
    let mut found = Mention::new(
        Rank::Building,
        (0, 0),
        format!("{name}{}{}", building.section, building.label),
        "楼栋码",
    );
    found.place = Place {
        compound: compound.map(|c| c.name.clone()),
        building: Some(building.no.clone()),
        ..Place::default()
    };
    Some(route(index, building.grid, 0.98, found, None))
}

/// Answers for a text without any place.
fn nothing(index: &Index, raw: &str, fix: Option<Fix>, query: &Query<'_>) -> Resolution {
    if let Some(known) = known_building(index, query) {
        return known;
    }
    let named = NAMES_A_PLACE.iter().any(|w| raw.contains(w));
    let here = ON_THE_SPOT.iter().any(|w| raw.contains(w));
    if let Some(grid) = fix.filter(|_| here && !named).and_then(|fix| steady_grid(index, fix)) {
        let found = Mention::new(Rank::Village, (0, 0), "现场".to_owned(), "网格图形");
        return route(index, grid, 0.91, found, Some("手机定位"));
    }
    if here {
        return open(
            "没有认出地址".to_owned(),
            "请问在什么位置？请写小区楼号，或路名门牌号。".to_owned(),
        );
    }
    reject(Rejection::NoAddress, "没有写地址".to_owned())
}

fn route(
    index: &Index,
    grid: GridRef,
    p: f64,
    found: Mention,
    decided: Option<&str>,
) -> Resolution {
    let by = decided.map_or_else(|| found.source.to_owned(), |d| format!("{}，{d}", found.source));
    Resolution {
        action: Action::Route,
        grid: Some(grid),
        community: index.community_of(grid),
        confidence: p,
        candidates: vec![Candidate { grid, p }],
        reason: format!("{} → {}：{by}", found.title, index.grid_name(grid)),
        ..blank(Some(found.place))
    }
}

fn large(index: &Index, found: Mention) -> Resolution {
    let community = found.claims.first().and_then(|c| index.community_of(c.grid));
    Resolution {
        action: Action::RouteLarge,
        community,
        candidates: shares(&found.claims),
        reason: format!("{} → 大网格：只写到社区", found.title),
        confidence: 0.9,
        ..blank(Some(found.place))
    }
}

fn ask(index: &Index, found: Mention) -> Resolution {
    let candidates = shares(&found.claims);
    let answers = answers(&found.claims);
    let text = match found.rank {
        _ if found.beyond => format!("{}没有查到，请核对号码", found.title),
        Rank::Compound => format!("请问在{}几号楼？", found.title),
        Rank::Village => format!("请问在{}几组？", found.title),
        Rank::Crossing => format!("请问在{}的哪个角？", found.title),
        Rank::Road => format!("请问在{}多少号附近？", found.title),
        _ => format!("请问是哪一个“{}”？", found.title),
    };
    let communities: Vec<_> = candidates.iter().map(|c| index.community_of(c.grid)).collect();
    let same = communities
        .first()
        .copied()
        .flatten()
        .filter(|c| communities.iter().all(|o| *o == Some(*c)));
    Resolution {
        action: Action::Ask,
        community: same,
        confidence: candidates.first().map_or(0.0, |c| c.p),
        reason: format!("{} → 分属几个网格，需要补充", found.title),
        candidates,
        question: Some(Question { text, answers }),
        ..blank(Some(found.place))
    }
}

fn between(index: &Index, all: &[Mention]) -> Resolution {
    let claims: Vec<Claim> = all
        .iter()
        .rev()
        .flat_map(|m| m.claims.iter().map(|c| Claim { label: m.title.clone(), ..c.clone() }))
        .collect();
    let titles: Vec<_> = all.iter().map(|m| m.title.as_str()).collect();
    let mut found = Mention::new(Rank::Shop, (0, 0), titles.join("、"), "多处地名");
    found.claims = claims;
    let mut resolution = ask(index, found);
    resolution.reason = format!("写了几处地方：{}", titles.join("、"));
    resolution.question = resolution
        .question
        .map(|q| Question {
            text: format!("请问问题在哪里：{}？", titles.join("，还是")), ..q
        });
    resolution
}

/// Returns one tap for each grid, when few words separate them.
fn answers(claims: &[Claim]) -> Vec<Answer> {
    let mut answers: Vec<Answer> = Vec::new();
    for claim in claims {
        if !answers.iter().any(|a| a.grid == claim.grid) {
            answers.push(Answer { label: claim.label.clone(), grid: claim.grid });
        }
    }
    let ambiguous = |a: &Answer| claims.iter().any(|c| c.label == a.label && c.grid != a.grid);
    let few = answers.len() <= 5 && claims.len() <= 8 && !answers.iter().any(ambiguous);
    if few { answers } else { Vec::new() }
}

/// Shares the probability among the grids by the number of claims; at most five.
fn shares(claims: &[Claim]) -> Vec<Candidate> {
    let mut counts: Vec<(GridRef, u32)> = Vec::new();
    for claim in claims {
        match counts.iter_mut().find(|(g, _)| *g == claim.grid) {
            Some((_, n)) => *n += 1,
            None => counts.push((claim.grid, 1)),
        }
    }
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let total = f64::from(counts.iter().map(|(_, n)| n).sum::<u32>().max(1));
    counts
        .iter()
        .take(5)
        .map(|(grid, n)| Candidate { grid: *grid, p: f64::from(*n) / total })
        .collect()
}

fn open(reason: String, question: String) -> Resolution {
    let question = Some(Question { text: question, answers: Vec::new() });
    Resolution { action: Action::Ask, reason, question, ..blank(None) }
}

fn reject(why: Rejection, reason: String) -> Resolution {
    Resolution { action: Action::Reject(why), reason, ..blank(None) }
}

fn blank(place: Option<Place>) -> Resolution {
    Resolution {
        action: Action::Ask,
        grid: None,
        community: None,
        place,
        confidence: 0.0,
        candidates: Vec::new(),
        spans: Vec::new(),
        read_from: Field::Text,
        reason: String::new(),
        question: None,
    }
}
