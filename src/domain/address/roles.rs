//! What the words beside an address say of it: whether the request is about it, or only mentions it.
//!
//! In: a folded text and where an address stands in it. Out: the cues found there, and their weight
//! in log-odds. The words of the cues are a data file, their weights a table below. Cost: one look
//! for each of the few positions within reach.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::fold::{BREAK, Text};
use super::words::{List, lexicon};

/// How far before an address a word about it may begin.
const BACK: usize = 8;
/// How far behind an address, in its clause, a word about it may begin.
const AHEAD: usize = 7;
/// How far from an address its trouble may be named.
pub(super) const TROUBLE: usize = 16;

/// An address whose words weigh less is not the place, even when no other is named.
pub(super) const ASIDE: f32 = -1.9;

/// The lists of what is reported; all are `trouble`.
const TROUBLES: &[(Evidence, &str)] = &[
    (Evidence::TROUBLE, "trouble"),
    (Evidence::INDOOR, "indoor"),
    (Evidence::OUTDOOR, "outdoor"),
    (Evidence::INDOOR.with(Evidence::MATTER), "matter"),
];

macro_rules! cues {
    ($($cue:ident $name:literal $zh:literal $weight:literal;)*) => {
        /// Places of the bits.
        #[derive(Clone, Copy)]
        #[expect(clippy::upper_case_acronyms, non_camel_case_types, reason = "named as the cues are")]
        enum Bit { $($cue),* }

        impl Evidence {
            $(pub(super) const $cue: Self = Self::bit(Bit::$cue);)*
        }

        /// The cues by the names they have in the file and for people, and their weights.
        const CUES: &[(Evidence, &str, &str, f32)] =
            &[$((Evidence::$cue, $name, $zh, $weight)),*];
    };
}

// What each cue adds to the log-odds that the address is the place.
cues! {
    HOME "home" "住处" -0.1;
    OTHER "other" "别人家" -3.0;
    PAST "past" "从前" -2.7;
    WHEREABOUTS "whereabouts" "人在" -2.4;
    MOTION "motion" "来去" -1.1;
    PASSING "passing" "路过" 0.3;
    REFERENCE "reference" "参照" -0.9;
    DENIED "denied" "否定" -3.4;
    HEARSAY "hearsay" "听说" -2.7;
    FAVOURED "favoured" "厚此薄彼" -3.0;
    CALLING "calling" "打电话" -0.4;
    REPORT "report" "反映" 0.9;
    LABEL "label" "标明" 0.8;
    SCENE "scene" "事发地" 2.4;
    RESIDENT "resident" "居民" -0.5;
    FIXED "fixed" "已修好" -4.0;
    SAME "same" "同样" -2.7;
    WORK "work" "上班办事" -1.6;
    TRAVEL "travel" "来往" -1.0;
    FAR "far" "远近" -1.5;
    AGENCY "agency" "部门" -3.5;
    PLACE "place" "就在" 1.2;
    BUT "but" "转折" -0.4;
    TROUBLE "trouble" "后有事由" 0.3;
    TROUBLE_BEFORE "trouble_before" "前有事由" -0.6;
    WHOLE "whole" "完整" 1.0;
    STREET "street" "街面" -1.2;
    FIRST "first" "首个" -0.2;
    LAST "last" "末个" 0.8;
    ELSEWHERE "elsewhere" "外地" 0.6;
    INDOOR "indoor" "屋内事" 0.9;
    OUTDOOR "outdoor" "街面事" 1.3;
    VISITED "visited" "另有住处" 3.0;
    // Papers and money: of a household, but nothing that happens at a place.
    MATTER "matter" "手续" 0.0;
}

/// What was found beside an address: one bit for each of the cues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Evidence(u64);

impl Evidence {
    #[expect(clippy::as_conversions, reason = "a place in an enum has no other way to a number")]
    const fn bit(bit: Bit) -> Self {
        Self(1 << bit as u64)
    }

    /// Returns both.
    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) const fn has(self, cue: Self) -> bool {
        self.0 & cue.0 != 0
    }

    /// Returns the sum of the weights: below zero the address is rather not the place.
    pub(super) fn weight(self) -> f32 {
        self.cues().map(|(.., weight)| weight).sum()
    }

    /// Returns the names of the cues for people.
    pub(super) fn names(self) -> Vec<&'static str> {
        self.cues().map(|(_, _, zh, _)| *zh).collect()
    }

    fn cues(self) -> impl Iterator<Item = &'static (Self, &'static str, &'static str, f32)> {
        CUES.iter().filter(move |(cue, ..)| self.has(*cue))
    }
}

/// Words of the file by their side.
struct Roles {
    before: Cues,
    behind: Cues,
    after: Cues,
    persons: List,
    /// Words before an address, of two characters or more, after which a place must follow.
    announcing: List,
    troubles: Cues,
}

/// Words of all lists of one side, and for each word the cue it is.
struct Cues {
    words: List,
    cues: Vec<Evidence>,
}

static ROLES: LazyLock<Roles> = LazyLock::new(|| Roles::read(include_str!("data/roles.txt")));

impl Roles {
    fn read(file: &str) -> Self {
        let lists = super::words::lists(file);
        let words = |name: &str| lists.get(name).map_or(&[][..], Vec::as_slice);
        let side = |side: &str| {
            Cues::new(CUES.iter().map(|(cue, name, ..)| (*cue, words(&format!("{side}{name}")))))
        };
        let announcing: Vec<&str> = ["home", "label", "scene", "passing"]
            .iter()
            .flat_map(|cue| words(&format!("before {cue}")))
            .copied()
            .filter(|word| word.chars().count() > 1)
            .collect();
        Self {
            before: side("before "),
            behind: side("behind "),
            after: side("after "),
            persons: List::new(words("persons")),
            announcing: List::new(&announcing),
            troubles: Cues::new(TROUBLES.iter().map(|(cue, name)| (*cue, words(name)))),
        }
    }
}

impl Cues {
    fn new<'a>(lists: impl Iterator<Item = (Evidence, &'a [&'a str])>) -> Self {
        let mut all: HashMap<&str, Evidence> = HashMap::new();
        for (cue, words) in lists {
            for word in words {
                let known = all.entry(word).or_default();
                *known = known.with(cue);
            }
        }
        let mut words: Vec<&str> = all.keys().copied().collect();
        words.sort_unstable();
        let words = List::new(&words);
        let cues = words.iter().map(|word| all.get(word.as_str()).copied().unwrap_or_default());
        Self { cues: cues.collect(), words }
    }

    /// Lists the cues of the words that the text has at `i`, and where each ends.
    fn at<'a>(&'a self, text: &'a Text, i: usize) -> impl Iterator<Item = (Evidence, usize)> + 'a {
        let found = self.words.all(text, i);
        found.filter_map(move |nth| Some((*self.cues.get(nth)?, i + self.words.len(nth))))
    }
}

/// Returns what the words right beside an address say of it.
pub(super) fn beside(text: &Text, start: usize, end: usize) -> Evidence {
    before(text, start).with(behind(text, end))
}

fn before(text: &Text, start: usize) -> Evidence {
    let reach = (1..=BACK).filter_map(|back| start.checked_sub(back));
    let words = reach.flat_map(|i| ROLES.before.at(text, i).map(move |(cue, stop)| (i, stop, cue)));
    let (mut found, mut longest) = (Evidence::default(), 0);
    for (i, stop, cue) in words {
        let reaches = stop <= start && text.skip(stop, &lexicon().pointing) >= start;
        // The longer word is the one meant: 不是说, not 说.
        if !reaches || stop - i < longest {
            continue;
        }
        let cue = if cue.has(Evidence::HOME) { whose(text, i, cue) } else { cue };
        found = if stop - i > longest { cue } else { found.with(cue) };
        longest = stop - i;
    }
    found
}

/// Tells the writer's home from that of somebody he names: 我姐家住.
fn whose(text: &Text, i: usize, home: Evidence) -> Evidence {
    let named = (1..=3).filter_map(|back| i.checked_sub(back));
    let person = named.into_iter().any(|at| text.any(at, &ROLES.persons) == Some(i));
    if person { Evidence::OTHER } else { home }
}

fn behind(text: &Text, end: usize) -> Evidence {
    let mut found = Evidence::default();
    let near = text.skip(end, &lexicon().pointing);
    for at in [end, near] {
        ROLES.behind.at(text, at).for_each(|(cue, _)| found = found.with(cue));
    }
    for i in (end..end + AHEAD).take_while(|i| !stops(text, *i)) {
        ROLES.after.at(text, i).for_each(|(cue, _)| found = found.with(cue));
    }
    found
}

/// Returns whether a clause ends here.
fn stops(text: &Text, i: usize) -> bool {
    text.at(i).is_none_or(|c| c == BREAK || ",。!?;".contains(c))
}

/// Returns where faults, nuisances and requests are named, each with `indoor` or `outdoor` where it
/// tells the scene.
pub(super) fn troubles(text: &Text) -> Vec<(usize, Evidence)> {
    (0..text.len()).filter_map(|i| Some((i, ROLES.troubles.at(text, i).next()?.0))).collect()
}

/// Returns whether a text is a word for what is reported, and nothing else.
pub(super) fn is_trouble(text: &Text) -> bool {
    ROLES.troubles.at(text, 0).any(|(_, end)| end == text.len())
}

/// Returns where words end that announce a place, within a stretch of the text.
pub(super) fn announced(text: &Text, start: usize, end: usize) -> impl Iterator<Item = usize> + '_ {
    let ends = (start..end).filter_map(|i| text.any(i, &ROLES.announcing));
    ends.map(|end| text.skip(end, &lexicon().pointing))
}

/// Returns whether the writer says that he lives here.
pub(super) fn is_home(text: &Text, start: usize) -> bool {
    before(text, start).has(Evidence::HOME)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said_of(text: &str, place: &str) -> Evidence {
        let folded = Text::new(text);
        let at = |i: usize| folded.word(i, place).map(|end| (i, end));
        let (start, end) = (0..folded.len()).find_map(at).expect("the place is in the text");
        beside(&folded, start, end)
    }

    #[test]
    fn each_cue_is_heard_where_it_is_said() {
        let cases = [
            ("我家住阳光花园", "home"),
            ("我姐家住阳光花园", "other"),
            ("以前住阳光花园没这毛病", "past"),
            ("我这会儿在阳光花园", "whereabouts"),
            ("去阳光花园买菜看见的", "motion"),
            ("路过阳光花园看见的", "passing"),
            ("离阳光花园不远", "reference"),
            ("离阳光花园不远", "far"),
            ("不是阳光花园那个", "denied"),
            ("听说阳光花园也有", "hearsay"),
            ("光给阳光花园换新的", "favoured"),
            ("打阳光花园电话没人接", "calling"),
            ("反映一下阳光花园停水", "report"),
            ("住址：阳光花园", "label"),
            ("事发地点：阳光花园", "scene"),
            ("我是阳光花园的居民", "resident"),
            ("阳光花园早就修好了", "fixed"),
            ("阳光花园也一样", "same"),
            ("我在阳光花园上班", "work"),
            ("从阳光花园回来", "travel"),
            ("阳光花园的网格员不管", "agency"),
            ("阳光花园门口", "place"),
        ];
        for (text, cue) in cases {
            let found = said_of(text, "阳光花园");
            let heard = CUES.iter().any(|(bit, name, ..)| *name == cue && found.has(*bit));
            assert!(heard, "{text}: {cue} is not among {:?}", found.names());
        }
    }

    #[test]
    fn some_words_speak_for_a_place_and_others_against_it() {
        let weight = |cue: &str| CUES.iter().find(|(_, name, ..)| *name == cue).expect(cue).3;
        for cue in ["passing", "report", "label", "scene", "place", "trouble", "whole", "visited"] {
            assert!(weight(cue) > 0.0, "{cue} speaks for the place");
        }
        for cue in [
            "other",
            "past",
            "whereabouts",
            "motion",
            "reference",
            "denied",
            "hearsay",
            "favoured",
            "calling",
            "resident",
            "fixed",
            "same",
            "work",
            "travel",
            "far",
            "agency",
            "but",
            "trouble_before",
            "street",
        ] {
            assert!(weight(cue) < 0.0, "{cue} speaks against the place");
        }
    }

    #[test]
    fn nothing_is_heard_across_a_comma_or_far_away() {
        assert_eq!(said_of("阳光花园,早就修好了", "阳光花园").names(), Vec::<&str>::new());
        let far = "阳光花园停水停到现在快一整天了也没见谁来修好";
        assert!(!said_of(far, "阳光花园").has(Evidence::FIXED));
    }

    #[test]
    fn the_longer_word_counts() {
        let found = said_of("不是说阳光花园", "阳光花园");
        assert!(found.has(Evidence::DENIED) && !found.has(Evidence::REPORT), "{:?}", found.names());
    }

    #[test]
    fn every_list_of_the_file_is_a_cue_and_every_word_is_folded() {
        let named = |cue: &str| CUES.iter().any(|(_, name, ..)| *name == cue);
        for (list, words) in super::super::words::lists(include_str!("data/roles.txt")) {
            let cue = list.split_once(' ').map_or(list, |(_, cue)| cue);
            let other = ["", "persons"].contains(&cue);
            assert!(named(cue) || other, "{list} is nothing that is weighed");
            for word in words {
                let folded = Text::new(word);
                assert_eq!(folded.string(0, folded.len()), word, "{list}");
            }
        }
    }
}
