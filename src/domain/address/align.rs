//! How far a stretch of text is from a name: a weighted edit distance with at most one dropped,
//! inserted or swapped character, and what each kind of error costs.
//!
//! Invariant: a numeral is never read as another numeral, nor a unit word as another character.

use super::fold::Text;
use super::names::Name;
use super::sounds::{self, Voice};

const HOMOPHONE: f32 = 0.3;
const NEAR_SOUND: f32 = 0.45;
const LOOK_ALIKE: f32 = 0.6;
const SWAPPED: f32 = 0.6;
const DOUBLED: f32 = 0.4;
const DROPPED: f32 = 0.8;
const INSERTED: f32 = 0.9;
const OTHER: f32 = 1.2;
/// Any error in the part that only says the kind of place: 通达衔.
const KIND: f32 = 0.7;

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
    pub(super) fn strangers(&self) -> u32 {
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
    let mut here = apart(entry, text, n, t);
    while n < len && here <= NEAR_SOUND {
        cost = cost.plus(here, entry, n);
        if cost.all > entry.budget {
            return None;
        }
        (n, t) = (n + 1, t + 1);
        here = apart(entry, text, n, t);
    }
    if n == len {
        return Some((cost, t));
    }
    let near = |n: usize, t: usize| apart(entry, text, n, t) <= NEAR_SOUND;
    // 通达衔37号: the kind of a road is clear from the number behind it.
    let kind = n + 1 == len && n >= entry.core && here < f32::INFINITY;
    let numbered = kind && text.at(t + 1).is_some_and(numeral);
    let here = if numbered { here.min(KIND) } else { here };
    let mut ways = [(here, 1, 1), NO_WAY, NO_WAY, NO_WAY];
    if whole && len > 2 {
        let [_, swap, insert, drop] = &mut ways;
        if near(n + 1, t) && near(n, t + 1) {
            *swap = (SWAPPED, 2, 2);
        }
        if n > 0 && near(n, t + 1) {
            *insert = (if doubled(text, t) { DOUBLED } else { INSERTED }, 0, 1);
        }
        let inside = n + 1 < len && n > 0 && len > 3 && near(n + 1, t);
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

/// Says how far the text's character is from the name's.
fn apart(entry: &Entry, text: &Text, n: usize, t: usize) -> f32 {
    let meant = entry.chars.get(n).zip(entry.voices.get(n));
    let typed = text.at(t).zip(text.voices().get(t));
    match (meant, typed) {
        (Some((meant, _)), Some((typed, _))) if *meant == typed => 0.0,
        (Some((meant, a)), Some((typed, b))) => differ((*meant, a), (typed, b)),
        _ => f32::INFINITY,
    }
}

/// Says how far a typed character is from the one that was meant.
fn differ(meant: (char, &Voice), typed: (char, &Voice)) -> f32 {
    let numerals = (numeral(meant.0), numeral(typed.0));
    if typed.1.families == [0, 0] || numerals == (true, true) {
        return f32::INFINITY;
    }
    let shared = |a: [u16; 2], b: [u16; 2]| a.iter().any(|x| *x != 0 && b.contains(x));
    if shared(meant.1.sounds, typed.1.sounds) {
        HOMOPHONE
    } else if numerals != (false, false) {
        f32::INFINITY
    } else if shared(meant.1.families, typed.1.families) {
        NEAR_SOUND
    } else if sounds::alike(meant.0, typed.0) {
        LOOK_ALIKE
    } else if unit(typed.0) {
        f32::INFINITY
    } else {
        OTHER
    }
}

/// Numbers are exact evidence: never a typing error, and never typed by one.
const fn numeral(c: char) -> bool {
    matches!(
        c,
        '0'..='9'
            | '零'
            | '〇'
            | '一'
            | '二'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '百'
            | '千'
            | '两'
            | '幺'
            | '廿'
    )
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
