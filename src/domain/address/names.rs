//! All names of the street, and where a text has them, typed right or nearly right.
//!
//! Every name is filed under the sound families of its first three characters, taken in pairs. One
//! wrong, missing, doubled or swapped character always leaves one of the pairs standing, so each
//! adjacent or next-but-one pair of the text leads to all names that can be meant there. Cost: one
//! probe for each pair, one glance at each name found, one alignment for the few that pass.

use std::collections::{HashMap, HashSet};

use super::align::{Entry, align};
use super::fold::{Text, is_han};
use super::sounds::{self, Family, Voice};
use super::words;

/// What a name can mean; numbers are positions in the index's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Name {
    Compound(usize),
    /// A compound's name without its generic ending; needs a number after it.
    CompoundStem(usize),
    /// What people call one building: 大黄楼.
    Building(usize),
    Village(usize),
    /// A village's name without 村; needs a group or lane after it.
    VillageStem(usize),
    Poi(usize),
    Shop(usize),
    Road(usize),
    /// A road's name without 路 or 街; only at a crossing.
    RoadStem(usize),
    Community(usize),
    /// The own street office, county, city and province as a prefix.
    Own,
    /// A neighbour's community or street, another county or city.
    Elsewhere,
}

/// A name found in the text.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) names: Vec<Name>,
    /// What it costs to read the text as the name: 0 for the name itself.
    pub(super) cost: f32,
    /// A character of the name's own is another one: perhaps another name is meant.
    pub(super) gross: bool,
}

impl Hit {
    /// Returns whether it means something only beside a number or another name.
    pub(super) fn weak(&self) -> bool {
        self.names.iter().all(|n| n.weak())
    }
}

impl Name {
    /// Returns whether it means something only beside a number or another name.
    pub(super) fn weak(self) -> bool {
        matches!(self, Self::CompoundStem(_) | Self::VillageStem(_) | Self::RoadStem(_))
    }
}

/// A hit before it is chosen.
#[derive(Clone, Copy, Debug)]
struct Raw {
    start: usize,
    end: usize,
    id: usize,
    cost: f32,
    gross: bool,
    weak: bool,
}

/// Which characters of a name a pair holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Pair {
    FirstSecond,
    FirstThird,
    SecondThird,
}

/// Words and their meanings, until [`Names::build`] files them.
#[derive(Debug, Default)]
pub(super) struct Words {
    ids: HashMap<Box<[char]>, usize>,
    entries: Vec<Entry>,
    /// Endings that say the kind of a place and not which.
    kinds: HashSet<String>,
}

impl Words {
    /// Starts with the endings that many names share.
    pub(super) fn new(kinds: HashSet<String>) -> Self {
        Self { kinds, ..Self::default() }
    }

    /// Adds a word that will be found with typing errors, too.
    pub(super) fn add(&mut self, word: &str, name: Name) {
        let core = self.core(word);
        if let Some(entry) = self.enter(word, name) {
            entry.tolerate(core);
        }
    }

    /// Adds the second half of a name, which counts only where a name may begin.
    pub(super) fn add_half(&mut self, word: &str, name: Name) {
        let known = self.ids.contains_key(Text::new(word).chars());
        if let Some(entry) = self.enter(word, name) {
            entry.bound |= !known;
        }
    }

    /// Adds a word that counts only when it is typed right.
    pub(super) fn add_exact(&mut self, word: &str, name: Name) {
        self.enter(word, name);
    }

    fn enter(&mut self, word: &str, name: Name) -> Option<&mut Entry> {
        let text = Text::new(word);
        if text.len() < 2 {
            return None;
        }
        let fresh = self.entries.len();
        let id = *self.ids.entry(text.chars().into()).or_insert(fresh);
        if id == fresh {
            self.entries.push(Entry::new(&text));
        }
        let entry = self.entries.get_mut(id)?;
        if !entry.names.contains(&name) {
            entry.names.push(name);
        }
        Some(entry)
    }

    /// Returns how many characters of a name are its own and not its kind's.
    fn core(&self, word: &str) -> usize {
        let mut ends = word.char_indices().zip(0_usize..).skip(2);
        let own = ends.find(|((at, _), _)| word.get(*at..).is_some_and(|e| self.kinds.contains(e)));
        own.map_or(usize::MAX, |(_, n)| n).min(words::core(&Text::new(word)))
    }
}

/// A name in the list of a pair.
#[derive(Clone, Copy, Debug)]
struct Filed {
    id: u32,
    pair: Pair,
    /// How many of its families a text may lack; `None` when it must be typed right.
    spare: Option<u8>,
    /// How many characters it has, up to 255.
    len: u8,
    /// The third character, where it has one: a glance before the whole name is fetched.
    third: Option<char>,
    /// The families of the one of the first three characters that the pair leaves out, or of the
    /// second where the pair leaves out the third.
    other: [Family; 2],
}

impl Filed {
    fn new(pair: Pair, id: u32, entry: &Entry) -> Self {
        let other = entry.voices.get(usize::from(pair != Pair::SecondThird));
        Self {
            id,
            pair,
            spare: Some(entry.strangers()).filter(|_| entry.tolerant()),
            len: u8::try_from(entry.chars.len()).unwrap_or(u8::MAX),
            third: entry.chars.get(2).copied(),
            other: other.map_or([0, 0], |voice| voice.families),
        }
    }

    /// Returns whether a text may have it from `start` on: no more of its families may be missing
    /// there than it bears.
    fn fits(self, families: u128, bits: &[u128], start: usize) -> bool {
        let there = bits.iter().skip(start).take(usize::from(self.len) + 1);
        let there = there.fold(0, |all, bits| all | bits);
        self.spare.is_some_and(|spare| lacking(families & !there) <= spare)
    }
}

/// The filed names; immutable.
#[derive(Debug, Default)]
pub(super) struct Names {
    entries: Vec<Entry>,
    /// Where the list of each pair of families begins in `filed`.
    begins: Vec<u32>,
    filed: Vec<Filed>,
    /// A bit for each family that the name filed there certainly has.
    families: Vec<u128>,
    width: usize,
}

impl Names {
    pub(super) fn build(words: Words) -> Self {
        let width = sounds::families();
        let mut rows: Vec<(usize, Pair, u32)> = Vec::new();
        for (entry, id) in words.entries.iter().zip(0_u32..) {
            let pairs: &[_] = if entry.tolerant() {
                &[(0, 1, Pair::FirstSecond), (0, 2, Pair::FirstThird), (1, 2, Pair::SecondThird)]
            } else {
                &[(0, 1, Pair::FirstSecond)]
            };
            for (a, b, pair) in pairs {
                let (Some(a), Some(b)) = (entry.voices.get(*a), entry.voices.get(*b)) else {
                    continue;
                };
                rows.extend(readings(*a, *b).map(|(a, b)| (key(width, a, b), *pair, id)));
            }
        }
        rows.sort_unstable();
        rows.dedup();
        let mut begins = vec![0_u32; width * width + 1];
        for (key, ..) in &rows {
            if let Some(count) = begins.get_mut(key + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in &mut begins {
            sum += *count;
            *count = sum;
        }
        let entry = |id: &u32| usize::try_from(*id).ok().and_then(|i| words.entries.get(i));
        let all = || rows.iter().filter_map(|(_, pair, id)| Some((*pair, *id, entry(id)?)));
        let families = all().map(|(.., e)| signature(&e.voices)).collect();
        let filed = all().map(|(pair, id, e)| Filed::new(pair, id, e)).collect();
        Self { entries: words.entries, begins, filed, families, width }
    }

    /// Bytes on the heap.
    pub(super) fn bytes(&self) -> usize {
        let entries: usize = self.entries.iter().map(Entry::bytes).sum();
        entries + self.begins.len() * 4 + self.filed.len() * (size_of::<Filed>() + 16)
    }

    /// Lists the names of a pair that lack no more than `most` of the families around it.
    fn filed(
        &self,
        [a, b]: [&Voice; 2],
        around: u128,
        most: u8,
    ) -> impl Iterator<Item = (Filed, u128)> {
        let key = key(self.width, a.families[0], b.families[0]);
        let at = |i: usize| self.begins.get(i).and_then(|n| usize::try_from(*n).ok());
        let range = at(key).zip(at(key + 1)).map_or(0..0, |(from, to)| from..to);
        let families = self.families.get(range.clone()).unwrap_or(&[]);
        let filed = self.filed.get(range).unwrap_or(&[]);
        let all = filed.iter().copied().zip(families.iter().copied());
        all.filter(move |(_, families)| lacking(families & !around) <= most)
    }

    /// Finds the names that explain the text best, without overlap.
    pub(super) fn scan(&self, text: &Text) -> Vec<Hit> {
        let voices = text.voices();
        let bits: Vec<u128> =
            voices.iter().map(|v| bit(v.families[0]) | bit(v.families[1])).collect();
        let around = surroundings(&bits);
        let around = |i: usize| around.get(i).copied().unwrap_or(0);
        let mut hits: Vec<Raw> = Vec::with_capacity(32);
        let mut likely: Vec<(Filed, usize)> = Vec::with_capacity(32);
        // Names are filed under all their readings, so the usual one of the text is enough.
        for (start, pair) in voices.windows(2).enumerate() {
            let [a, b] = pair else { continue };
            for (filed, families) in self.filed([a, b], around(start), 2) {
                if filed.pair == Pair::FirstSecond
                    && filed.third.is_none_or(|c| text.at(start + 2) == Some(c))
                {
                    hits.extend(self.exact(text, start, filed, &hits));
                }
                let begins = begins(filed, voices, (start, 1));
                likely.extend(
                    begins.filter(|at| filed.fits(families, &bits, *at)).map(|at| (filed, at)),
                );
            }
        }
        for (i, triple) in voices.windows(3).enumerate() {
            let [a, _, b] = triple else { continue };
            for (filed, families) in self.filed([a, b], around(i), 2) {
                let begins = begins(filed, voices, (i, 2));
                likely.extend(
                    begins.filter(|at| filed.fits(families, &bits, *at)).map(|at| (filed, at)),
                );
            }
        }
        let exact = hits.len();
        for (filed, start) in likely {
            let found = self
                .entry(filed)
                .and_then(|(id, e)| near(e, text, start, id, hits.get(..exact).unwrap_or(&[])));
            hits.extend(found);
        }
        self.choose(hits, exact)
    }

    fn entry(&self, filed: Filed) -> Option<(usize, &Entry)> {
        let id = usize::try_from(filed.id).ok()?;
        Some((id, self.entries.get(id)?))
    }

    fn exact(&self, text: &Text, start: usize, filed: Filed, before: &[Raw]) -> Option<Raw> {
        let (id, entry) = self.entry(filed)?;
        let end = start + entry.chars.len();
        let there = text.slice(start, end) == &*entry.chars;
        (there && (!entry.bound || bare(text, start, before))).then(|| Raw {
            start,
            end,
            id,
            cost: 0.0,
            gross: false,
            weak: entry.weak(),
        })
    }

    /// Chooses hits that do not overlap and explain the text best; hits on one stretch that are as
    /// good become one with all their meanings.
    fn choose(&self, mut hits: Vec<Raw>, exact: usize) -> Vec<Hit> {
        let long: Vec<Raw> =
            hits.iter().take(exact).filter(|h| h.end - h.start >= 3).copied().collect();
        let beaten = |h: &Raw| {
            h.cost >= GROSS
                && long.iter().any(|e| {
                    let touches = e.start < h.end && h.start < e.end;
                    touches && (!e.weak || e.start < h.start)
                })
        };
        hits.retain(|h| !beaten(h));
        hits.sort_by(|a, b| {
            (a.end, a.start).cmp(&(b.end, b.start)).then(a.cost.total_cmp(&b.cost))
        });
        // best[i]: value of the best choice among the first i hits; the hit it took, and what lies before.
        let mut best: Vec<(f32, Option<usize>, usize)> = Vec::with_capacity(hits.len() + 1);
        best.push((0.0, None, 0));
        for (i, hit) in hits.iter().enumerate() {
            let before = hits.get(..i).map_or(0, |h| h.partition_point(|h| h.end <= hit.start));
            let with = best.get(before).map_or(0.0, |b| b.0) + hit.value();
            let without = best.get(i).map_or(0.0, |b| b.0);
            best.push(if with > without { (with, Some(i), before) } else { (without, None, i) });
        }
        let (mut chosen, mut i) = (Vec::new(), hits.len());
        while let Some((_, taken, before)) = best.get(i).filter(|_| i > 0) {
            if let Some(raw) = taken.and_then(|at| hits.get(at)) {
                chosen.push(self.meanings(raw, &hits));
            }
            i = *before;
        }
        chosen.reverse();
        chosen
    }

    /// Joins the meanings of all hits on one stretch that are about as good.
    fn meanings(&self, best: &Raw, hits: &[Raw]) -> Hit {
        let same = |h: &&Raw| {
            (h.start, h.end) == (best.start, best.end)
                && (h.id == best.id || (best.cost > 0.0 && h.cost - best.cost <= AS_GOOD))
        };
        let mut names: Vec<Name> = Vec::new();
        for entry in hits.iter().filter(same).filter_map(|h| self.entries.get(h.id)) {
            for name in &entry.names {
                if !names.contains(name) {
                    names.push(*name);
                }
            }
        }
        Hit { start: best.start, end: best.end, names, cost: best.cost, gross: best.gross }
    }
}

/// A hit that costs this much gives way to any exact name of three characters it touches.
const GROSS: f32 = 0.6;
/// Readings that differ by no more cannot be told apart.
const AS_GOOD: f32 = 0.2;

impl Raw {
    /// Longer names explain more; a wrong character explains less than it covers. Two names in a
    /// row explain less than one long one.
    fn value(&self) -> f32 {
        let len = f32::from(u8::try_from(self.end - self.start).unwrap_or(u8::MAX));
        len - 0.5 - 1.5 * self.cost - if self.weak { 0.4 } else { 0.0 }
    }
}

fn key(width: usize, a: Family, b: Family) -> usize {
    usize::from(a) * width + usize::from(b)
}

/// Characters of a name that its signature tells of.
const SIGNED: usize = 8;

/// Returns one bit for each family a name's beginning certainly has; characters with two readings
/// have none.
fn signature(voices: &[Voice]) -> u128 {
    let certain = voices.iter().take(SIGNED).filter(|v| v.families[1] == 0).map(|v| v.families[0]);
    certain.fold(0, |all, family| all | bit(family))
}

/// Returns for each character the families of all that can belong to the signature of a name one
/// of whose pairs begins there: two characters before it (one of the name, one inserted), and as
/// many as the signature has with two inserted.
fn surroundings(own: &[u128]) -> Vec<u128> {
    let mut bits = Vec::with_capacity(own.len() + 2);
    bits.extend_from_slice(&[0; 2]);
    bits.extend_from_slice(own);
    // Each pass doubles how far ahead the bits of a position reach.
    for reach in [1, 2, 4, SIGNED + 4 - 8] {
        for i in 0..bits.len() {
            let ahead = bits.get(i + reach).copied().unwrap_or(0);
            if let Some(here) = bits.get_mut(i) {
                *here |= ahead;
            }
        }
    }
    bits
}

/// Counts bits up to 3, which is more than any name may lack.
fn lacking(bits: u128) -> u8 {
    let one_less = |bits: u128| bits & bits.wrapping_sub(1);
    let (two, three) = (one_less(bits), one_less(one_less(bits)));
    u8::from(bits != 0) + u8::from(two != 0) + u8::from(three != 0)
}

/// Returns the bit of a family; families share bits, so that a set bit proves nothing and a clear
/// one everything.
fn bit(family: Family) -> u128 {
    if family == 0 { 0 } else { 1 << (family % 128) }
}

/// Returns the pairs of families of two characters with up to two readings each.
fn readings(a: Voice, b: Voice) -> impl Iterator<Item = (Family, Family)> {
    let firsts = a.families.into_iter().filter(|f| *f != 0);
    firsts.flat_map(move |a| b.families.into_iter().filter(|f| *f != 0).map(move |b| (a, b)))
}

/// Returns where a name begins whose pair lies at `i` and `i + gap`; nothing when a nearer pair of
/// the same name says so as well.
fn begins(filed: Filed, voices: &[Voice], (i, gap): (usize, usize)) -> Option<usize> {
    let has = |at: usize| {
        let here =
            |voice: &Voice| voice.families.iter().any(|f| *f != 0 && filed.other.contains(f));
        voices.get(at).is_some_and(here)
    };
    match (filed.pair, gap) {
        (Pair::FirstThird, _) | (Pair::FirstSecond, 2) => (!has(i + 1)).then_some(i),
        (Pair::FirstSecond, _) => Some(i),
        (Pair::SecondThird, 1) => i.checked_sub(1).filter(|start| !has(*start)),
        (Pair::SecondThird, _) => has(i + 1).then_some(i),
    }
}

/// Reads the text from `start` as the name, unless an exact name lies there already.
fn near(entry: &Entry, text: &Text, start: usize, id: usize, exact: &[Raw]) -> Option<Raw> {
    let (cost, end) = align(entry, text, start)?;
    let covered = |h: &Raw| h.start <= start && end <= h.end && h.end - h.start >= 3;
    if cost.all == 0.0 || exact.iter().any(covered) {
        return None;
    }
    let gross = entry.gross(cost);
    let slight = || entry.names.iter().all(|n| matches!(n, Name::Shop(_) | Name::RoadStem(_)));
    // 半夜施工 is no misspelt 夜市.
    let short = entry.chars.len() == 2;
    if (gross && slight()) || ((gross || short) && !open(text, start, exact)) {
        return None;
    }
    Some(Raw { start, end, id, cost: cost.all, gross, weak: entry.weak() })
}

/// Returns whether a name may begin here: after nothing, a mark, a number, another name, or a word
/// that stands before places.
fn open(text: &Text, start: usize, exact: &[Raw]) -> bool {
    let Some(before) = start.checked_sub(1).and_then(|i| text.at(i)) else { return true };
    !is_han(before)
        || words::lexicon().before_name.contains(before)
        || exact.iter().any(|h| h.end == start)
}

/// Like [`open`], but a joining word before it may be the first half's end: 泰和佳苑.
fn bare(text: &Text, start: usize, exact: &[Raw]) -> bool {
    let joins =
        start.checked_sub(1).and_then(|i| text.at(i)).is_some_and(|c| "和与跟同于家".contains(c));
    !joins && open(text, start, exact)
}
