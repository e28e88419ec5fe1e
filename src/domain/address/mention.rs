//! A place that the text mentions, and the grids it may mean.

use super::lexicon::{Hit, Name};
use super::tail::{Tail, tails};
use super::text::Text;
use super::words::{ASIDE_AFTER, ASIDE_BEFORE, CORRECTION, HOME_BEFORE, STOPS};
use super::{Index, Place, Span, SpanKind, place, road};
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
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub(super) grid: GridRef,
    pub(super) at: Option<Point>,
    /// What tells this claim from the others, as a resident would say it.
    pub(super) label: String,
}

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
    /// Comparison or whereabouts of the writer.
    pub(super) aside: bool,
    pub(super) home: bool,
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
            spans: Vec::new(),
            aside: false,
            home: false,
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
    /// Stretches covered by names.
    pub(super) named: Vec<(usize, usize)>,
}

/// Reads a text into mentions.
pub(super) fn read(index: &Index, raw: &str) -> Reading {
    let text = Text::new(raw);
    let hits = index.lexicon.scan(&text);
    let mut reading = Reading {
        mentions: Vec::new(),
        elsewhere: Vec::new(),
        loose: Vec::new(),
        faint: Vec::new(),
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
        if let Some(found) = mention(index, &reading, hit, rest, &mut tails) {
            done = found.end;
            reading.named.push((hit.start, hit.end));
            if hit.names.contains(&Name::Elsewhere) && found.claims.is_empty() {
                reading.elsewhere.push(found);
            } else {
                reading.mentions.push(found);
            }
        } else if hit.names.contains(&Name::Own) {
            reading.named.push((hit.start, hit.end));
        } else if let Some(faint) = place::faint(index, &reading.text, hit) {
            reading.faint.push(faint);
        }
    }
    reading.loose = tails;
    mark(&reading.text, &mut reading.mentions);
    mark(&reading.text, &mut reading.elsewhere);
    mark(&reading.text, &mut reading.faint);
    reading
}

/// Drops numbers that were taken back, and frees the others for the only compound of the text.
fn prepare(text: &Text, hits: &[Hit<'_>], tails: &mut Vec<Tail>) {
    if let Some((at, end)) = text.find(0, text.len(), CORRECTION)
        && tails.iter().any(|t| t.certain && t.start >= end)
    {
        tails.retain(|t| t.start >= at);
    }
    let compounds: Vec<_> = hits
        .iter()
        .filter(|h| h.names.iter().any(|n| matches!(n, Name::Compound(_) | Name::CompoundStem(_))))
        .collect();
    if let [only] = compounds.as_slice()
        && !is_aside(text, only.start, only.end)
    {
        for tail in tails {
            tail.free = tail.certain && !tail.hangs(text);
        }
    }
}

fn mention(
    index: &Index,
    reading: &Reading,
    hit: &Hit<'_>,
    rest: &[Hit<'_>],
    tails: &mut Vec<Tail>,
) -> Option<Mention> {
    let text = &reading.text;
    let only =
        |pick: fn(&Name) -> Option<usize>| hit.names.iter().filter_map(pick).collect::<Vec<_>>();
    let roads = only(|n| if let Name::Road(i) | Name::RoadStem(i) = n { Some(*i) } else { None });
    if let Some(found) = road::crossing(index, text, hit, &roads, rest) {
        return Some(found);
    }
    let compounds = only(|n| if let Name::Compound(i) = n { Some(*i) } else { None });
    if !compounds.is_empty() {
        return place::compound(index, text, (hit.start, hit.end), &compounds, tails);
    }
    let stems = only(|n| if let Name::CompoundStem(i) = n { Some(*i) } else { None });
    let found = place::village(index, text, hit)
        .or_else(|| {
            hit.names.iter().find_map(|n| {
                if let Name::Road(i) = n { road::door(index, text, hit, *i) } else { None }
            })
        })
        .or_else(|| place::community(index, text, hit))
        .or_else(|| place::poi(index, text, hit))
        .or_else(|| place::shop(index, hit, &reading.mentions));
    if found.is_some() {
        return found;
    }
    if !stems.is_empty() {
        return place::stem(index, text, (hit.start, hit.end), &stems, tails);
    }
    hit.names.contains(&Name::Elsewhere).then(|| {
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

/// Marks what is compared with, passed by or lived in rather than reported.
fn mark(text: &Text, mentions: &mut [Mention]) {
    for found in mentions {
        found.aside = is_aside(text, found.start, found.end);
        found.home = (2..=8)
            .filter_map(|back| found.start.checked_sub(back))
            .any(|i| text.any(i, HOME_BEFORE).is_some_and(|end| end <= found.start));
    }
}

fn is_aside(text: &Text, start: usize, end: usize) -> bool {
    let stop = (end..end + 12)
        .find(|i| text.at(*i).is_none_or(|c| STOPS.contains(&c)))
        .unwrap_or(end + 12);
    let after = text
        .find(end, stop, ASIDE_AFTER)
        .is_some_and(|(at, _)| text.find(end, at, &[",", " "]).is_none());
    let before = (1..=8)
        .filter_map(|back| start.checked_sub(back))
        .any(|i| text.any(i, ASIDE_BEFORE) == Some(start));
    after || before
}
