//! A place that the text mentions, and the grids it may mean.

use super::fold::Text;
use super::names::{Hit, Name};
use super::roles::{self, ASIDE};
use super::tail::{Tail, tails};
use super::words::{denied, lexicon};
use super::{Index, Place, Span, SpanKind, place, road, village};
use crate::domain::gazetteer::{GridRef, Point};

/// How exactly a mention says where; later is more exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Community,
    Road,
    Village,
    Compound,
    Crossing,
    VillageGroup,
    Poi,
    Shop,
    Gate,
    Door,
    Grid,
    Building,
}

/// One place a mention may mean.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim {
    pub(super) grid: GridRef,
    pub(super) at: Option<Point>,
    /// The compound, where it is one's.
    pub(super) compound: Option<usize>,
    pub(super) what: What,
}

impl Claim {
    pub(super) fn new(grid: GridRef, what: What) -> Self {
        Self { grid, at: None, compound: None, what }
    }
}

/// What a claim is: a row of the gazetteer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Compound(usize),
    Building(usize),
    Gate(usize),
    Group(usize),
    Lane(usize),
    Poi(usize),
    AcrossPoi(usize),
    Shop(usize),
    Range(usize),
    Corner(&'static str),
    Grid,
    Door,
}

#[expect(clippy::struct_excessive_bools, reason = "four facts that say nothing of each other")]
#[derive(Clone, Debug)]
pub(super) struct Mention {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) rank: Rank,
    /// What the text says, in the gazetteer's words.
    pub(super) title: String,
    /// Where the answer comes from: 楼栋表, 门牌号段表 …
    pub(super) source: &'static str,
    pub(super) claims: Vec<Claim>,
    pub(super) place: Place,
    pub(super) spans: Vec<Span>,
    /// Places it may mean as well that lie too far from the position to be listed.
    pub(super) unlisted: usize,
    /// What the words beside it say, in log-odds: see `roles`.
    pub(super) weight: f32,
    /// How far behind it lies the next best address of the text, read or only announced, in
    /// log-odds.
    pub(super) ahead: f32,
    /// What the name's spelling cost.
    pub(super) cost: f32,
    /// The spelling is so far off that another name may be meant.
    pub(super) gross: bool,
    /// Named in one breath with another place: neither says anything of the other.
    pub(super) listed: bool,
    /// A coarser part of the address says otherwise.
    pub(super) contradicted: bool,
    /// The street has no such number here.
    pub(super) beyond: bool,
}

impl Mention {
    pub(super) fn new(
        rank: Rank,
        hit: (usize, usize),
        title: String,
        source: &'static str,
    ) -> Self {
        let (start, end) = hit;
        Self {
            start,
            end,
            rank,
            title,
            source,
            claims: Vec::new(),
            place: Place::default(),
            spans: Vec::with_capacity(4),
            unlisted: 0,
            weight: 0.0,
            ahead: f32::INFINITY,
            cost: 0.0,
            gross: false,
            listed: false,
            contradicted: false,
            beyond: false,
        }
    }

    /// Returns the distinct grids in the order of the claims.
    pub(super) fn grids(&self) -> Vec<GridRef> {
        let mut grids = Vec::new();
        for claim in &self.claims {
            if !grids.contains(&claim.grid) {
                grids.push(claim.grid);
            }
        }
        grids
    }

    /// Returns whether its place may lie in the grid.
    pub(super) fn may_be(&self, grid: GridRef) -> bool {
        self.claims.iter().any(|claim| claim.grid == grid)
    }

    /// Returns whether it is a compound or part of one.
    pub(super) fn lives(&self) -> bool {
        matches!(self.rank, Rank::Compound | Rank::Building | Rank::Gate)
    }

    pub(super) fn span(&mut self, text: &Text, start: usize, end: usize, kind: SpanKind) {
        let (start, end) = text.original(start, end);
        self.spans.push(Span { start, end, kind });
    }
}

/// Everything of a text that bears on the place.
pub(super) struct Reading {
    pub(super) text: Text,
    pub(super) mentions: Vec<Mention>,
    /// Mentions of neighbours' communities and streets.
    pub(super) elsewhere: Vec<Mention>,
    /// Number tails that no name took.
    pub(super) loose: Vec<Tail>,
    /// Shortened names without a number: not enough to route, enough to ask.
    pub(super) faint: Vec<Mention>,
    /// Where the street office is named.
    pub(super) office: Option<(usize, usize)>,
    /// Stretches covered by names.
    pub(super) named: Vec<(usize, usize)>,
}

/// Reads a text into mentions.
pub(super) fn read(index: &Index, raw: &str) -> Reading {
    let text = Text::new(raw);
    let hits = index.names.scan(&text);
    let mut reading = Reading {
        mentions: Vec::new(),
        elsewhere: Vec::new(),
        loose: Vec::new(),
        faint: Vec::new(),
        office: None,
        named: Vec::new(),
        text,
    };
    let mut tails = tails(&reading.text);
    tails.retain(|tail| !hits.iter().any(|h| h.start < tail.end && tail.start < h.end));
    prepare(&reading.text, &hits, &mut tails);
    let mut done = 0;
    for (at, hit) in hits.iter().enumerate() {
        if hit.start < done {
            continue;
        }
        let rest = hits.get(at + 1..).unwrap_or(&[]);
        if let Some(mut found) = mention(index, &reading, hit, rest, &mut tails) {
            found.cost += hit.cost;
            found.gross |= hit.gross;
            done = found.end;
            reading.named.push((hit.start, hit.end));
            if found.rank == Rank::Community && found.claims.is_empty() {
                reading.elsewhere.push(found);
            } else {
                reading.mentions.push(found);
            }
        } else if hit.names.contains(&Name::Own) {
            reading.named.push((hit.start, hit.end));
            if text_has_office(&reading.text, hit) {
                reading.office = Some((hit.start, hit.end));
            }
        } else if let Some(faint) = place::faint(index, &reading.text, hit)
            .filter(|_| hit.cost == 0.0 || hit.end - hit.start > 2)
        {
            reading.faint.push(faint);
        }
    }
    reading.loose = tails;
    let text = &reading.text;
    reading.faint.retain(|m| roles::beside(text, m.start, m.end).weight() > ASIDE);
    reading
}

fn text_has_office(text: &Text, hit: &Hit) -> bool {
    ["办", "办事处"].iter().any(|end| {
        let len = end.chars().count();
        hit.end.checked_sub(len).is_some_and(|at| text.word(at, end) == Some(hit.end))
    })
}

/// Drops numbers that were taken back: 3号楼,不对,5号楼; 不是16栋是27栋; 24栋不是2栋.
fn take_back(text: &Text, hits: &[Hit], tails: &mut Vec<Tail>) {
    let mut at = 0;
    while let Some([one, two]) = tails.get(at..at + 2) {
        let apart = hits.iter().any(|h| one.end <= h.start && h.end <= two.start);
        let said = text.find(one.end, two.start, &lexicon().correction).is_some();
        let not =
            text.find(one.end, two.start, &lexicon().denial).filter(|_| two.start <= one.end + 6);
        // Right between two numbers it denies the second; after a pause it corrects the first.
        let denies = not.is_some_and(|(i, end)| {
            end == two.start
                && text.skip(one.end, &["(", ",", "的"]) >= i
                && text.at(one.end) != Some('…')
        });
        if apart {
            at += 1;
        } else if denies {
            tails.remove(at + 1);
        } else if said || not.is_some() || denied(text, one.start) {
            let wrong = tails.remove(at);
            if let Some(right) = tails.get_mut(at) {
                right.instead = Some(wrong.start);
                right.certain = true;
            }
        } else {
            at += 1;
        }
    }
}

/// Drops numbers that were taken back, and frees the others for the only compound of the text.
fn prepare(text: &Text, hits: &[Hit], tails: &mut Vec<Tail>) {
    take_back(text, hits, tails);
    let compound =
        |h: &&Hit| h.names.iter().any(|n| matches!(n, Name::Compound(_) | Name::CompoundStem(_)));
    let meant = |h: &&Hit| roles::beside(text, h.start, h.end).weight() > ASIDE;
    let named = |i: usize| hits.iter().any(|h| h.start <= i && i < h.end);
    for tail in tails.iter_mut() {
        tail.hanging = tail.hangs(text, named);
        let behind = |h: &&Hit| {
            compound(h) && h.end <= tail.start && text.skip(h.end, &lexicon().fillers) >= tail.start
        };
        tail.owner = hits.iter().rfind(behind).map(|h| h.start);
    }
    let one =
        tails.iter().any(|t| t.certain) && hits.iter().filter(compound).filter(meant).count() == 1;
    if one {
        for tail in tails {
            tail.free = tail.certain && !tail.hanging;
        }
    }
}

fn mention(
    index: &Index,
    reading: &Reading,
    hit: &Hit,
    rest: &[Hit],
    tails: &mut Vec<Tail>,
) -> Option<Mention> {
    let text = &reading.text;
    let only =
        |pick: fn(&Name) -> Option<usize>| hit.names.iter().filter_map(pick).collect::<Vec<_>>();
    let roads = only(|n| if let Name::Road(i) | Name::RoadStem(i) = n { Some(*i) } else { None });
    if let Some(found) = road::crossing(index, text, hit, &roads, rest) {
        return Some(found);
    }
    if let Some(found) = place::building(index, text, hit) {
        return Some(found);
    }
    let compounds = only(|n| if let Name::Compound(i) = n { Some(*i) } else { None });
    if !compounds.is_empty() {
        return place::compound(index, text, (hit.start, hit.end), &compounds, tails);
    }
    let stems = only(|n| if let Name::CompoundStem(i) = n { Some(*i) } else { None });
    if !stems.is_empty()
        && let Some(found) = place::stem(index, text, (hit.start, hit.end), &stems, tails)
    {
        return Some(found);
    }
    let found = village::village(index, text, hit)
        .or_else(|| {
            let named = only(|n| if let Name::Road(i) = n { Some(*i) } else { None });
            road::doors(index, text, hit, &named, rest)
        })
        .or_else(|| place::community(index, text, hit))
        .or_else(|| place::poi(index, text, hit))
        .or_else(|| place::shop(index, hit, &reading.mentions));
    if found.is_some() {
        return found;
    }
    hit.names.iter().all(|n| *n == Name::Elsewhere).then(|| {
        let mut found = Mention::new(
            Rank::Community,
            (hit.start, hit.end),
            text.string(hit.start, hit.end),
            "邻近街道名录",
        );
        found.span(text, hit.start, hit.end, SpanKind::Elsewhere);
        found
    })
}
