//! Which of the mentioned places the request is about.
//!
//! In: the addresses of a text with what speaks for each. Out: one place, several, or why there is
//! none. Addresses that the words speak less for are left out, the rest is joined as far as it can
//! be one place. Cost: linear in the number of mentions, which is small.

use super::fold::{Text, is_han};
use super::group::{Group, groups};
use super::mention::{Claim, Mention, Rank, Reading};
use super::roles::{self, ASIDE};
use super::tail::Tail;
use super::words::lexicon;
use super::{Index, place};

/// Characters of a compound's name before its ending.
const LONGEST_NAME: usize = 7;

/// Two mentions no further apart than this are one address.
const SAME_ADDRESS: usize = 4;

/// Addresses whose evidence lies further apart than this are told apart: nine to one.
const APART: f32 = 2.2;

/// … and a place elsewhere is the one when its evidence is better by this: three to one.
const CLEARLY: f32 = 1.1;

/// An address with less evidence is not the place, even when no other is named …
const LEAST: f32 = -2.1;
/// … and with less than this when the text says something else of a place.
const LEAST_WITH_A_RIVAL: f32 = -0.5;

/// How far ahead an address is of one that was announced and not read.
const UNREAD: f32 = 2.6;

/// What a text says about its place.
pub(super) enum Pick {
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

pub(super) fn pick(index: &Index, reading: &Reading) -> Pick {
    let (open, rest) = meant(reading);
    let ours = |fine: bool| -> Vec<Mention> {
        let groups = open.iter().filter(|g| !g.elsewhere && g.fine() == fine);
        let ahead = |m: Mention| {
            let most = if unread(reading, m.end) { UNREAD } else { f32::INFINITY };
            Mention { ahead: most.min(m.weight - rest), ..m }
        };
        groups.filter_map(|g| reduce(index, g)).map(ahead).collect()
    };
    let (mut fine, coarse) = (ours(true), ours(false));
    if let Some(foreign) = open.iter().find(|g| g.elsewhere) {
        let said = foreign.evidence.weight();
        let best = fine.iter().map(|m| m.weight).fold(f32::NEG_INFINITY, f32::max);
        if foreign.fine() || leads(&reading.text, foreign, &fine) || said > best + CLEARLY {
            return foreign
                .mentions
                .first()
                .map_or(Pick::Nothing, |m| Pick::Elsewhere((*m).clone()));
        }
        if let ([only], true) = (fine.as_slice(), said > best) {
            return Pick::Doubtful(only.clone());
        }
    }
    if let Some(town) = other_town(index, reading, &fine) {
        return Pick::Elsewhere(town);
    }
    let read = |m: &Mention| matches!(m.rank, Rank::Door | Rank::Building | Rank::VillageGroup);
    let apart = |t: &Tail| {
        !reading.mentions.iter().any(|m| read(m) && m.start <= t.start && t.start <= m.end)
    };
    let numbered = reading.loose.iter().any(|t| t.certain && apart(t));
    let one = if fine.len() == 1 { fine.pop().map(Ok) } else { merged(fine) };
    match one {
        Some(Ok(mut found)) => {
            narrow(&mut found, &coarse);
            return if doubtful(reading, &found, numbered) {
                Pick::Doubtful(found)
            } else {
                Pick::One(found)
            };
        }
        Some(Err(several)) => {
            return complete(&several).map_or(Pick::Several(several), Pick::One);
        }
        None => {}
    }
    unclear(index, reading, coarse, numbered)
}

/// Among places that cannot be one, a single complete address beats names alone.
fn complete(several: &[Mention]) -> Option<Mention> {
    let whole = |m: &&Mention| {
        matches!(
            m.rank,
            Rank::Building | Rank::Door | Rank::VillageGroup | Rank::Grid | Rank::Crossing
        ) && m.grids().len() == 1
    };
    let mut found = several.iter().filter(whole);
    let one = found.next()?;
    let alone = found.next().is_none();
    let name = [Rank::Compound, Rank::Village, Rank::Poi, Rank::Shop, Rank::Road];
    let mut others = several.iter().filter(|m| !std::ptr::eq(*m, one));
    let behind = others.all(|m| name.contains(&m.rank) && m.weight < one.weight);
    (alone && behind).then(|| Mention { contradicted: true, ..one.clone() })
}

/// Returns whether another town stands right before the first place: 上海浦东马堤口新村.
fn leads(text: &Text, town: &Group<'_>, places: &[Mention]) -> bool {
    places.iter().map(|p| p.start).min().is_some_and(|start| {
        (town.end..town.end + 4).contains(&start)
            && (town.end..start).all(|i| text.at(i).is_some_and(is_han))
    })
}

/// Picks for a text that names no place of ours exactly.
fn unclear(index: &Index, reading: &Reading, coarse: Vec<Mention>, numbered: bool) -> Pick {
    if let Some(name) = unknown(reading) {
        // A new compound of a community of ours: its worker is known at least.
        if let Some(found) = coarse.into_iter().find(|m| m.rank == Rank::Community) {
            return Pick::Doubtful(found);
        }
        let like = reading
            .faint
            .iter()
            .find(|m| m.end >= 2 && reading.text.string(m.start, m.end).chars().count() >= 2);
        return like.map_or(Pick::Unknown(name), |m| Pick::Doubtful(m.clone()));
    }
    if let Some(faint) = reading.faint.first() {
        let mut faint = faint.clone();
        narrow(&mut faint, &coarse);
        let sure = faint.grids().len() == 1 && !numbered;
        return if sure { Pick::One(faint) } else { Pick::Doubtful(faint) };
    }
    let certain = reading.loose.iter().find(|t| t.certain || t.unit.is_some());
    match (certain.or(reading.loose.first()), coarse.into_iter().max_by_key(|m| m.rank)) {
        (Some(_), Some(found)) => Pick::Doubtful(found),
        (None, Some(found)) => Pick::One(found),
        (Some(tail), None) => {
            tail.buildings.first().map_or(Pick::Nothing, |b| Pick::Loose(b.clone()))
        }
        (None, None) => office(index, reading).map_or(Pick::Nothing, Pick::One),
    }
}

/// Returns the addresses that may be what the request is about: those that the words beside them
/// speak for about as well as for the best; and the evidence of the best of the rest.
fn meant(reading: &Reading) -> (Vec<Group<'_>>, f32) {
    let mut open = groups(reading);
    let text = &reading.text;
    let correction = text.find(0, text.len(), &lexicon().correction).filter(|(at, _)| *at > 0);
    if let Some((_, said)) = correction
        && open.iter().any(|g| g.start >= said && g.fine())
    {
        open.retain(|g| g.start >= said);
    }
    let weights = open.iter().map(|g| g.evidence.weight());
    let best = weights.fold(f32::NEG_INFINITY, f32::max);
    // Looked for only where it makes a difference.
    let weak = open.iter().any(|g| g.evidence.weight() <= LEAST_WITH_A_RIVAL);
    let least = if weak && rival(reading, &open) { LEAST_WITH_A_RIVAL } else { LEAST };
    let mut rest = f32::NEG_INFINITY;
    open.retain(|g| {
        let weight = g.evidence.weight();
        let finer = g.fine() || g.elsewhere || g.outside();
        let kept = weight > least && (!finer || weight >= best - APART);
        rest = if kept || !finer { rest } else { rest.max(weight) };
        kept
    });
    (open, rest)
}

/// Returns whether the text announces a place from `start` on, and none was read there: 我家…, 地点：….
fn unread(reading: &Reading, start: usize) -> bool {
    let text = &reading.text;
    let read = |at: usize| {
        let mentions = reading.mentions.iter().chain(&reading.elsewhere).chain(&reading.faint);
        let near = |start: usize| (at..at + 3).contains(&start);
        mentions.into_iter().any(|m| near(m.start) || (m.start <= at && at < m.end))
            || reading.named.iter().any(|(start, _)| near(*start))
            || reading.loose.iter().any(|t| near(t.start))
    };
    let place = |at: usize| {
        let word = (at..at + 3).all(|i| text.at(i).is_some_and(is_han));
        word && text.find(at, at + 8, &lexicon().names_a_place).is_some()
    };
    let mut announced = roles::announced(text, start, text.len());
    announced.any(|at| place(at) && !read(at))
}

/// Returns whether the text says more of a place than its addresses do: a number or a shortened name
/// that none of them took, or a place that was announced and not read.
fn rival(reading: &Reading, groups: &[Group<'_>]) -> bool {
    let taken = |at: usize| groups.iter().any(|g| g.start <= at && at < g.end);
    let number = |t: &Tail| (t.certain || t.unit.is_some()) && !taken(t.start);
    reading.loose.iter().any(number)
        || reading.faint.iter().any(|m| !taken(m.start))
        || unread(reading, 0)
}

/// Makes one mention of a group: the finest, held to what the others allow.
fn reduce(index: &Index, group: &Group<'_>) -> Option<Mention> {
    let homes = group.mentions.iter().filter(|m| m.lives());
    let finest = homes.max_by_key(|m| m.rank).or(group.mentions.iter().max_by_key(|m| m.rank))?;
    let weight = group.evidence.weight();
    let mut found = Mention { weight, listed: group.listed, ..(*finest).clone() };
    for other in group.mentions.iter().filter(|m| !std::ptr::eq(**m, *finest)) {
        match (&other.place.road, found.lives()) {
            (Some(road), true) => {
                let near: Vec<Claim> = found
                    .claims
                    .iter()
                    .filter(|c| c.compound.is_some_and(|c| index.lies_on(c, road)))
                    .copied()
                    .collect();
                if !near.is_empty() {
                    found.claims = near;
                }
            }
            _ => narrow(&mut found, std::slice::from_ref(*other)),
        }
        found.start = found.start.min(other.start);
        found.end = found.end.max(other.end);
    }
    Some(found)
}

/// Keeps the claims that coarser mentions allow; a contradiction is the coarser one's error.
fn narrow(found: &mut Mention, coarse: &[Mention]) {
    for other in coarse {
        let allowed = other.grids();
        if found.claims.iter().any(|c| allowed.contains(&c.grid)) {
            found.claims.retain(|c| allowed.contains(&c.grid));
        } else if !found.claims.is_empty() && !allowed.is_empty() {
            found.contradicted = true;
        }
    }
}

/// The street office itself, when a text names it and no other place.
fn office(index: &Index, reading: &Reading) -> Option<Mention> {
    let (start, end) = reading.office?;
    let id = index.office?;
    if roles::beside(&reading.text, start, end).weight() <= ASIDE {
        return None;
    }
    place::point(index, &reading.text, (start, end), &[id])
}

/// Returns whether part of the address was not understood, or only the writer's home was.
fn doubtful(reading: &Reading, found: &Mention, numbered: bool) -> bool {
    let partial = numbered && found.rank != Rank::Building;
    let home = found.lives()
        && roles::is_home(&reading.text, found.start)
        && reading.text.find(found.end, found.end + 24, &lexicon().reporting).is_some();
    // Roads and villages are few and all known: one that is a character off is the one. So is a
    // compound that has the number.
    let closed = matches!(
        found.rank,
        Rank::Door | Rank::VillageGroup | Rank::Crossing | Rank::Grid | Rank::Building
    );
    partial || home || (found.gross && !closed)
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
        let town = (1..=3).filter_map(near).find(|at| {
            text.any(*at, &lexicon().other_towns) == Some(goal) && !covered(*at) && *at >= 2
        });
        let street = (2..=3).filter_map(near).find(|at| {
            index.other_streets.iter().any(|s| text.word(*at, s) == Some(goal)) && !covered(*at)
        });
        town.map(|at| found(at.saturating_sub(2), goal)).or(street.map(|at| found(at, goal)))
    })
}

/// Joins mentions that may be one place; `Err` when two of them cannot be.
fn merged(places: Vec<Mention>) -> Option<Result<Mention, Vec<Mention>>> {
    let mut joined: Vec<Mention> = Vec::with_capacity(places.len());
    for next in places {
        let close = |last: &&mut Mention| next.start <= last.end + SAME_ADDRESS;
        let one = joined.last_mut().filter(close);
        match one.and_then(|last| Some((join(last, &next).or_else(|| louder(last, &next))?, last)))
        {
            Some((one, last)) => *last = one,
            None => joined.push(next),
        }
    }
    let first = joined.first()?.clone();
    let all = joined.iter().skip(1).try_fold(first, |one, next| join(&one, next));
    Some(all.ok_or(joined))
}

/// Returns the one of two addresses of different kinds that the words clearly speak for.
fn louder(a: &Mention, b: &Mention) -> Option<Mention> {
    let ahead = a.weight - b.weight;
    let clear = a.rank != b.rank && ahead.abs() > CLEARLY;
    clear.then(|| if ahead > 0.0 { a.clone() } else { b.clone() })
}

fn finer(a: &Mention, b: &Mention) -> Mention {
    if a.rank > b.rank { a.clone() } else { b.clone() }
}

/// Keeps the finer of two mentions with the claims that the other allows.
fn join(a: &Mention, b: &Mention) -> Option<Mention> {
    if a.listed && b.listed && a.grids() != b.grids() {
        return None;
    }
    let (grids, mut kept) = (if a.rank > b.rank { a.grids() } else { b.grids() }, finer(a, b));
    let allowed = if a.rank > b.rank { b.grids() } else { a.grids() };
    kept.claims.retain(|c| grids.contains(&c.grid) && allowed.contains(&c.grid));
    (!kept.claims.is_empty()).then_some(kept)
}

/// Finds the name of a compound that is not in the gazetteer: a generic ending with an unexplained
/// name before it, or a building number that hangs on unexplained characters.
fn unknown(reading: &Reading) -> Option<String> {
    let text = &reading.text;
    let free = |i: usize| {
        text.at(i).is_some_and(is_han)
            && !reading.mentions.iter().any(|m| m.start <= i && i < m.end)
            && !reading.named.iter().any(|(s, e)| *s <= i && i < *e)
    };
    let word = |i: usize| free(i) && text.at(i).is_some_and(|c| !lexicon().before_name.contains(c));
    let named = (2..text.len()).find_map(|i| {
        let end = text.any(i, &lexicon().compound_endings).filter(|end| end - i >= 2)?;
        (word(i - 1) && word(i - 2) && (i..end).all(free)).then(|| text.string(begin(i, word), end))
    });
    named.or_else(|| {
        reading.loose.iter().filter(|t| t.certain && t.start >= 2).find_map(|t| {
            let (start, end) = (t.start, t.end);
            (word(start - 1) && word(start - 2)).then(|| text.string(begin(start, word), end))
        })
    })
}

/// Where a name begins that ends before `end`: where its words do. Two characters stand for what has
/// no beginning to be seen.
fn begin(end: usize, word: impl Fn(usize) -> bool) -> usize {
    let least = end.saturating_sub(LONGEST_NAME);
    let start = (least..end).rev().take_while(|i| word(*i)).last().unwrap_or(end);
    let is_clear = start > least || start == 0;
    if is_clear { start } else { end.saturating_sub(2) }
}
