//! How far a stretch of text is from a name: a weighted edit distance with at most one dropped,
//! inserted or swapped character, and what each kind of error costs.
//!
//! Invariant: a numeral is never read as another numeral, nor a unit word as another character.

use super::fold::Text;
use super::names::Name;
use super::numbers::is_numeral;
use super::sounds::{self, Voice};
use super::words::lexicon;

const HOMOPHONE: f32 = 0.3;
/// A syllable typed out.
const SPELLED: f32 = 0.15;
const NEAR_SOUND: f32 = 0.45;
const LOOK_ALIKE: f32 = 0.6;
const SWAPPED: f32 = 0.6;
const DOUBLED: f32 = 0.4;
const DROPPED: f32 = 0.8;
const INSERTED: f32 = 0.9;
const OTHER: f32 = 1.2;
/// Any error in the part that only says the kind of place: 通达衔.
const KIND: f32 = 0.55;

/// One name and what it can mean.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) chars: Box<[char]>,
    pub(super) voices: Box<[Voice]>,
    pub(super) names: Vec<Name>,
    /// May not follow unexplained characters: half a name is also the end of others.
    pub(super) bound: bool,
    /// How many of the characters are the name's own and not its kind's.
    core: usize,
    /// The most that reading a text as this name may cost.
    budget: f32,
}

impl Entry {
    /// Starts as a name that counts only when it is typed right.
    pub(super) fn new(text: &Text) -> Self {
        Self {
            chars: text.chars().into(),
            voices: text.voices().into(),
            names: Vec::new(),
            bound: false,
            core: text.len(),
            budget: 0.0,
        }
    }

    /// Allows errors as far as the length of the name's own part bears them.
    pub(super) fn tolerate(&mut self, core: usize) {
        self.core = core;
        // Shops and known places are many, and story words look like them.
        let many = self.names.iter().all(|n| matches!(n, Name::Shop(_) | Name::Poi(_)));
        self.budget = match (core, self.chars.len()) {
            (_, 2) => HOMOPHONE * 2.0,
            (0..=3, _) if many => INSERTED,
            (0..=2, _) => OTHER,
            (3 | 4, _) => 1.3,
            _ => 2.0,
        };
    }

    pub(super) fn tolerant(&self) -> bool {
        self.budget > 0.0
    }

    /// How many characters may be missing from the text altogether.
    pub(super) fn strangers(&self) -> u8 {
        match (self.core, self.chars.len()) {
            (_, 2) => 0,
            (..=4, _) => 1,
            _ => 2,
        }
    }

    /// Returns whether the name means something only beside a number or another name.
    pub(super) fn weak(&self) -> bool {
        self.names.iter().all(|n| n.weak())
    }

    /// Returns whether so much of the name's own part is wrong that another may be meant.
    pub(super) fn gross(&self, cost: Cost) -> bool {
        let shop = self.names.iter().all(|n| matches!(n, Name::Shop(_)));
        let bearable = match self.core {
            0..=2 => 0.65,
            _ if shop => 0.65,
            3 => 0.9,
            _ => 1.25,
        };
        cost.own > bearable
    }

    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>()
            + self.chars.len() * size_of::<char>()
            + self.voices.len() * size_of::<Voice>()
            + self.names.capacity() * size_of::<Name>()
    }
}

/// What a reading costs in all, and on the name's own characters.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Cost {
    pub(super) all: f32,
    pub(super) own: f32,
}

impl Cost {
    fn plus(self, more: f32, entry: &Entry, n: usize) -> Self {
        Self { all: self.all + more, own: self.own + if n < entry.core { more } else { 0.0 } }
    }
}

/// Reads the text from `start` as the name; returns the cost and where the name ends.
pub(super) fn align(entry: &Entry, text: &Text, start: usize) -> Option<(Cost, usize)> {
    step(entry, text, (0, start), Cost::default(), true)
}

/// Goes on from name position and text position; `whole`: no drop, insertion or swap yet.
fn step(
    entry: &Entry,
    text: &Text,
    (mut n, mut t): (usize, usize),
    mut cost: Cost,
    whole: bool,
) -> Option<(Cost, usize)> {
    let len = entry.chars.len();
    while n < len {
        let Some(more) = near(entry, text, n, t) else { break };
        cost = cost.plus(more, entry, n);
        if cost.all > entry.budget {
            return None;
        }
        (n, t) = (n + 1, t + 1);
    }
    if n == len {
        return Some((cost, t));
    }
    if cost.all + DOUBLED > entry.budget {
        return None;
    }
    let is_near = |n: usize, t: usize| near(entry, text, n, t).is_some();
    let mut ways = [(other(entry, text, n, t), 1, 1), NO_WAY, NO_WAY, NO_WAY];
    if whole && len > 2 {
        let [_, swap, insert, drop] = &mut ways;
        let ahead = is_near(n, t + 1);
        if ahead && is_near(n + 1, t) {
            *swap = (SWAPPED, 2, 2);
        }
        if n > 0 && ahead {
            *insert = (if doubled(text, t) { DOUBLED } else { INSERTED }, 0, 1);
        }
        let inside = n + 1 < len && n > 0 && len > 3 && is_near(n + 1, t);
        if inside || (n + 1 == len && n > 3) {
            *drop = (DROPPED, 1, 0);
        }
    }
    let mut best: Option<(Cost, usize)> = None;
    for (more, names, texts) in ways {
        if cost.all + more <= entry.budget
            && let Some(found) = step(
                entry,
                text,
                (n + names, t + texts),
                cost.plus(more, entry, n),
                whole && (names, texts) == (1, 1),
            )
            && best.is_none_or(|(old, _)| found.0.all < old.all)
        {
            best = Some(found);
        }
    }
    best
}

const NO_WAY: (f32, usize, usize) = (f32::INFINITY, 0, 0);

/// Returns whether the character repeats the one before or after it: 双井井路.
fn doubled(text: &Text, t: usize) -> bool {
    let same = |i: usize| {
        let (a, b) = (text.voices().get(t), text.voices().get(i));
        text.at(t) == text.at(i)
            || a.zip(b).is_some_and(|(a, b)| a.sounds[0] != 0 && a.sounds[0] == b.sounds[0])
    };
    t.checked_sub(1).is_some_and(same) || same(t + 1)
}

fn pair<'a>(
    entry: &'a Entry,
    text: &'a Text,
    n: usize,
    t: usize,
) -> Option<[(char, &'a Voice); 2]> {
    let meant = (*entry.chars.get(n)?, entry.voices.get(n)?);
    Some([meant, (text.at(t)?, text.voices().get(t)?)])
}

fn shared(a: [u16; 2], b: [u16; 2]) -> bool {
    a.iter().any(|x| *x != 0 && b.contains(x))
}

/// Returns what it costs when the text's character is the name's or sounds like it.
fn near(entry: &Entry, text: &Text, n: usize, t: usize) -> Option<f32> {
    let [(meant, one), (typed, two)] = pair(entry, text, n, t)?;
    if meant == typed {
        return Some(0.0);
    }
    if shared(one.sounds, two.sounds) && !is_numeral(typed) {
        return Some(if ('\u{e000}'..='\u{f8ff}').contains(&typed) { SPELLED } else { HOMOPHONE });
    }
    let near = shared(one.families, two.families) && !is_numeral(meant) && !is_numeral(typed);
    near.then_some(NEAR_SOUND)
}

/// Returns what it costs to read a character that does not sound like the name's as it.
fn other(entry: &Entry, text: &Text, n: usize, t: usize) -> f32 {
    let Some([(meant, _), (typed, voice)]) = pair(entry, text, n, t) else { return f32::INFINITY };
    if voice.families == [0, 0] || is_numeral(meant) || is_numeral(typed) {
        return f32::INFINITY;
    }
    // 通达衔37号: the kind of a road is clear from the number behind it.
    // 江南里 is no misspelt 江南府, though: both are kinds.
    let kind =
        n + 1 == entry.chars.len() && n >= entry.core && !lexicon().kind_chars.contains(typed);
    if n >= entry.core && lexicon().kind_chars.contains(typed) {
        return f32::INFINITY;
    }
    let numbered =
        kind && text.at(t + 1).is_some_and(|c| is_numeral(c) || "和跟与到转交、/".contains(c));
    if sounds::alike(meant, typed) {
        LOOK_ALIKE
    } else if unit(typed) {
        f32::INFINITY
    } else if numbered {
        KIND
    } else {
        OTHER
    }
}

/// The words of numbers and sides are typed for themselves.
const fn unit(c: char) -> bool {
    matches!(
        c,
        '号' | '楼'
            | '栋'
            | '幢'
            | '座'
            | '单'
            | '元'
            | '层'
            | '室'
            | '户'
            | '门'
            | '期'
            | '区'
            | '东'
            | '南'
            | '西'
            | '北'
    )
}
