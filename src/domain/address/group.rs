//! Mentions that stand together are one address, and what the words around speak for it.
//!
//! In: the mentions of a text. Out: addresses in their order, each with its evidence. Cost: linear
//! in the mentions, and one pass over the text when there are several. Invariant: every mention is
//! part of exactly one address.

use super::fold::Text;
use super::mention::{Mention, Rank, Reading};
use super::roles::{self, Evidence, TROUBLE};
use super::words::{List, lexicon};

/// Mentions that stand together are one address.
pub(super) struct Group<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) mentions: Vec<&'a Mention>,
    pub(super) evidence: Evidence,
    pub(super) elsewhere: bool,
    /// Named in one breath with another.
    pub(super) listed: bool,
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
        // 枫林湾7号楼、紫荆苑5号楼 are two.
        let another = next.lives()
            && self.mentions.iter().any(|m| {
                m.rank == Rank::Building
                    && m.lives()
                    && m.claims.iter().all(|c| !next.may_be(c.grid))
            });
        !back && !out && !another
    }

    /// Returns whether it has a number, a gate or a group: one place and no other.
    fn whole(&self) -> bool {
        let whole = [Rank::Building, Rank::Door, Rank::Gate, Rank::VillageGroup, Rank::Grid];
        self.mentions.iter().any(|m| whole.contains(&m.rank))
    }

    /// Returns whether it is more than the name of a compound or village.
    pub(super) fn outside(&self) -> bool {
        self.mentions.iter().any(|m| m.rank >= Rank::Crossing || m.rank == Rank::Road)
    }

    pub(super) fn fine(&self) -> bool {
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
                evidence: Evidence::default(),
                elsewhere,
                listed: false,
            }),
        }
    }
    weigh(text, &mut groups);
    groups
}

/// Collects what speaks for and against each address.
fn weigh(text: &Text, groups: &mut [Group<'_>]) {
    for group in &mut *groups {
        group.evidence = roles::beside(text, group.start, group.end);
    }
    // Where nothing speaks against the only address there is nothing to weigh.
    if groups.len() == 1 && groups.iter().all(|only| only.evidence.weight() >= 0.0) {
        return;
    }
    let bounds: Vec<(usize, usize)> = groups.iter().map(|g| (g.start, g.end)).collect();
    let several = bounds.len() > 1;
    let at_home = |e: Evidence| e.has(Evidence::HOME) || e.has(Evidence::RESIDENT);
    let home = groups.iter().any(|g| at_home(g.evidence));
    let troubles = roles::troubles(text);
    let scene = |kind: Evidence| troubles.iter().any(|(_, found)| found.has(kind));
    let (indoor, outdoor) = (scene(Evidence::INDOOR), scene(Evidence::OUTDOOR));
    let trouble = |start: usize, end: usize| {
        let end = end.min(start + TROUBLE);
        troubles.iter().any(|(at, _)| (start..end).contains(at))
    };
    for (n, group) in groups.iter_mut().enumerate() {
        let before = n.checked_sub(1).and_then(|i| bounds.get(i)).map_or(0, |(_, end)| *end);
        let behind = bounds.get(n + 1).map_or(text.len(), |(start, _)| *start);
        let lives = group.mentions.iter().any(|m| m.lives());
        let street = group.outside() && !lives;
        let facts = [
            (Evidence::TROUBLE, trouble(group.end, behind)),
            (Evidence::TROUBLE_BEFORE, trouble(before, group.start)),
            (Evidence::WHOLE, group.whole()),
            (Evidence::STREET, street && several),
            (Evidence::FIRST, n == 0 && several),
            (Evidence::LAST, n + 1 == bounds.len() && several),
            (Evidence::ELSEWHERE, group.elsewhere),
            (Evidence::INDOOR, lives && indoor),
            (Evidence::OUTDOOR, street && outdoor),
            (Evidence::VISITED, street && home && !at_home(group.evidence)),
        ];
        let facts = facts.into_iter().filter(|(_, holds)| *holds);
        group.evidence = facts.fold(group.evidence, |all, (cue, _)| all.with(cue));
    }
    share(text, groups);
}

/// Gives places that are named together the same evidence: what is said of one is said of all.
fn share(text: &Text, groups: &mut [Group<'_>]) {
    // What depends on the order of the places, or is the word that joins them.
    let own = [Evidence::FIRST, Evidence::LAST, Evidence::TROUBLE_BEFORE, Evidence::REFERENCE];
    for last in (1..groups.len()).rev() {
        let Some([one, next]) = groups.get_mut(last - 1..=last) else { continue };
        if together(text, one, next) {
            let all = one.evidence.with(next.evidence);
            let shared = own.into_iter().fold(all, Evidence::without);
            (one.evidence, next.evidence) = (shared, shared);
            (one.listed, next.listed) = (true, true);
        }
    }
}

/// Returns whether two addresses are named in one breath: A、B; A,还有B; A还是B; A,B都.
fn together(text: &Text, one: &Group<'_>, next: &Group<'_>) -> bool {
    let words = lexicon();
    let from = text.skip(one.end, &[",", "小区"]);
    let joined =
        |by: Option<usize>| by.is_some_and(|end| text.skip(end, &words.pointing) >= next.start);
    let behind = |list: &List| text.any(text.skip(next.end, &[","]), list).is_some();
    let listed = joined(text.any(from, &words.listing)) && !behind(&words.compared);
    let loosely = joined(text.any(from, &words.loosely).or(Some(from)));
    from <= next.start && (listed || (loosely && behind(&words.both)))
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
    let other = || roles::beside(text, group.start, group.end).weight() < 0.0;
    joined && !(comma && other())
}
