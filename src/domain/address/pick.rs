//! Which of the mentioned places the request is about.
//!
//! Mentions that stand together are one address; an address that is only compared with, passed by
//! or lived in is left out; the rest is joined as far as it can be one place. Cost: linear in the
//! number of mentions, which is small.

use super::fold::{Text, is_han};
use super::mention::{Claim, Mention, Rank, Reading};
use super::roles::{gives_way, is_aside, is_home};
use super::tail::Tail;
use super::words::lexicon;
use super::{Index, place};

/// Two mentions no further apart than this are one address.
const SAME_ADDRESS: usize = 4;

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
    let open = meant(reading);
    let ours = |fine: bool| -> Vec<Mention> {
        let groups = open.iter().filter(|g| !g.elsewhere && g.fine() == fine);
        groups.filter_map(|g| reduce(index, g)).collect()
    };
    let (mut fine, coarse) = (ours(true), ours(false));
    if let Some(foreign) = open.iter().find(|g| g.elsewhere)
        && (fine.is_empty() || foreign.fine() || leads(&reading.text, foreign, &fine))
    {
        return foreign.mentions.first().map_or(Pick::Nothing, |m| Pick::Elsewhere((*m).clone()));
    }
    if let Some(town) = other_town(index, reading, &fine) {
        return Pick::Elsewhere(town);
    }
    let read = |m: &Mention| matches!(m.rank, Rank::Door | Rank::Building | Rank::VillageGroup);
    let apart = |t: &Tail| {
        !reading.mentions.iter().any(|m| read(m) && m.start <= t.start && t.start <= m.end)
    };
    let numbered = reading.loose.iter().any(|t| t.certain && apart(t));
    let one = if fine.len() == 1 { fine.pop().map(Ok) } else { merged(&fine) };
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
    let names = several.iter().filter(|m| !std::ptr::eq(*m, one)).all(|m| {
        matches!(m.rank, Rank::Compound | Rank::Village | Rank::Poi | Rank::Shop | Rank::Road)
    });
    (alone && names).then(|| Mention { contradicted: true, ..one.clone() })
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

/// Returns the addresses that may be what the request is about: not what is compared with, not
/// what was taken back, and not the writer's home when another place follows.
fn meant(reading: &Reading) -> Vec<Group<'_>> {
    let mut open = groups(reading);
    open.retain(|g| g.role != Role::Aside);
    let text = &reading.text;
    if let Some((_, said)) =
        text.find(0, text.len(), &lexicon().correction).filter(|(at, _)| *at > 0)
        && open.iter().any(|g| g.start >= said && g.fine())
    {
        open.retain(|g| g.start >= said);
    }
    let counts = |g: &Group<'_>| g.fine() || g.elsewhere;
    // A complete address never gives way to a name alone, and a home only to a place outside.
    let bare = open.iter().filter(|g| g.role == Role::Meant && counts(g)).all(|g| !g.whole());
    if open.iter().any(|g| counts(g) && g.role != Role::Yields) {
        open.retain(|g| g.role != Role::Yields || (bare && g.whole()));
    }
    if open.iter().any(|g| g.role != Role::Home && (g.outside() || g.elsewhere)) {
        open.retain(|g| g.role != Role::Home);
    }
    open
}

/// What an address has to do with the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Meant,
    /// Compared with: never the place.
    Aside,
    /// Not the place when another is named.
    Yields,
    /// Where the writer lives; the place when no other is named.
    Home,
}

/// Mentions that stand together are one address.
pub(super) struct Group<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) mentions: Vec<&'a Mention>,
    pub(super) role: Role,
    pub(super) elsewhere: bool,
}

impl Group<'_> {
    /// Returns whether a mention may go on this address: addresses go from coarse to fine, and a
    /// home is not followed by the street.
    fn takes(&self, next: &Mention, elsewhere: bool) -> bool {
        let finest = self.mentions.iter().map(|m| m.rank).max().unwrap_or(Rank::Community);
        let coarser = elsewhere || next.rank == Rank::Community;
        let street = !next.lives() && next.rank >= Rank::Crossing;
        let housed = self.mentions.iter().any(|m| m.lives());
        let back = coarser && finest >= Rank::Compound;
        let out = street && housed;
        !back && !out
    }

    /// Returns whether it has a number, a gate or a group: one place and no other.
    fn whole(&self) -> bool {
        let whole = [Rank::Building, Rank::Door, Rank::Gate, Rank::VillageGroup, Rank::Grid];
        self.mentions.iter().any(|m| whole.contains(&m.rank))
    }

    /// Returns whether it is more than the name of a compound or village.
    fn outside(&self) -> bool {
        self.mentions.iter().any(|m| m.rank >= Rank::Crossing || m.rank == Rank::Road)
    }

    fn fine(&self) -> bool {
        self.mentions.iter().any(|m| m.rank >= Rank::Village)
    }
}

pub(super) fn groups(reading: &Reading) -> Vec<Group<'_>> {
    let text = &reading.text;
    let mut all: Vec<(&Mention, bool)> = reading
        .mentions
        .iter()
        .map(|m| (m, false))
        .chain(reading.elsewhere.iter().map(|m| (m, true)))
        .collect();
    all.sort_by_key(|(m, _)| m.start);
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (mention, elsewhere) in all {
        match groups.last_mut() {
            Some(last) if last.takes(mention, elsewhere) && adjoins(text, last, mention.start) => {
                last.end = last.end.max(mention.end);
                last.mentions.push(mention);
            }
            _ => groups.push(Group {
                start: mention.start,
                end: mention.end,
                mentions: vec![mention],
                role: Role::Meant,
                elsewhere,
            }),
        }
    }
    for group in &mut groups {
        group.role = if is_aside(text, group.start, group.end) {
            Role::Aside
        } else if gives_way(text, group.start, group.end) {
            Role::Yields
        } else if is_home(text, group.start) {
            Role::Home
        } else {
            Role::Meant
        };
    }
    groups
}

/// Returns whether a mention goes on an address that ended at `end`: only small words lie between,
/// and no comma after a complete address.
fn adjoins(text: &Text, group: &Group<'_>, start: usize) -> bool {
    let complete = group.mentions.iter().any(|m| m.rank >= Rank::Compound);
    let small = &lexicon().within_address;
    let mut end = text.skip(group.end, small);
    while let Some(next) = text.word(end, ",").filter(|next| !complete && *next <= start) {
        end = text.skip(next, small);
    }
    let joined = start <= group.end || end >= start;
    // 我住秋滨街道的,金色港湾…; 不是青春社区,阳光绿城…: after the comma something else begins.
    let comma = text.find(group.end, start, &[","]).is_some();
    let other = || {
        is_home(text, group.start)
            || is_aside(text, group.start, group.end)
            || gives_way(text, group.start, group.end)
    };
    joined && !(comma && other())
}

/// Makes one mention of a group: the finest, held to what the others allow.
fn reduce(index: &Index, group: &Group<'_>) -> Option<Mention> {
    let homes = group.mentions.iter().filter(|m| m.lives());
    let finest = homes.max_by_key(|m| m.rank).or(group.mentions.iter().max_by_key(|m| m.rank))?;
    let mut found = (*finest).clone();
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
    if is_aside(&reading.text, start, end) {
        return None;
    }
    place::point(index, &reading.text, (start, end), &[id])
}

/// Returns whether part of the address was not understood, or only the writer's home was.
fn doubtful(reading: &Reading, found: &Mention, numbered: bool) -> bool {
    let partial = numbered && found.rank != Rank::Building;
    let home = is_home(&reading.text, found.start)
        && reading.text.find(found.end, found.end + 24, &lexicon().reporting).is_some();
    // Roads and villages are few and all known: one that is a character off is the one.
    let closed =
        matches!(found.rank, Rank::Door | Rank::VillageGroup | Rank::Crossing | Rank::Grid);
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
        (word(i - 1) && word(i - 2) && (i..end).all(free)).then(|| text.string(i - 2, end))
    });
    named.or_else(|| {
        reading.loose.iter().filter(|t| t.certain && t.start >= 2).find_map(|t| {
            (word(t.start - 1) && word(t.start - 2)).then(|| text.string(t.start - 2, t.end))
        })
    })
}
