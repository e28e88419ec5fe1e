//! What the words beside an address say of it: whether the request is about it, or only mentions it.
//!
//! In: a folded text and where an address stands in it. Out: the cues found there, and their weight
//! in log-odds. The words of the cues are a data file, their weights a table below. Cost: one look
//! for each of the few positions within reach.

use std::sync::LazyLock;

use super::fold::{BREAK, Text};
use super::words::{List, Words, lexicon};

/// How far before an address a word about it may begin.
const BACK: usize = 8;
/// How far behind an address, in its clause, a word about it may begin.
const AHEAD: usize = 7;
/// How far from an address its trouble may be named.
pub(super) const TROUBLE: usize = 16;

/// An address whose words weigh less is not the place, even when no other is named.
pub(super) const ASIDE: f32 = -1.9;

/// An address with less evidence is not the place, even when no other is named.
pub(super) const NOTHING: f32 = -2.1;

/// … and with less than this when the text says something else of a place.
pub(super) const SOMETHING: f32 = -0.5;

/// The cues and what each adds to the log-odds that the address is the place.
const CUES: &[(&str, f32)] = &[
    ("home", -0.1),
    ("other", -3.0),
    ("past", -2.7),
    ("whereabouts", -2.4),
    ("motion", -1.1),
    ("passing", 0.3),
    ("reference", -0.9),
    ("denied", -3.4),
    ("hearsay", -2.7),
    ("favoured", -3.0),
    ("calling", -0.4),
    ("report", 0.9),
    ("label", 0.8),
    ("resident", -0.5),
    ("fixed", -4.0),
    ("same", -2.7),
    ("work", -1.6),
    ("travel", -1.0),
    ("far", -1.5),
    ("agency", -3.5),
    ("place", 1.2),
    ("but", -0.4),
    ("trouble", 0.3),
    ("trouble_before", -0.6),
    ("whole", 1.0),
    ("street", -1.2),
    ("first", -0.2),
    ("last", 0.8),
    ("elsewhere", 0.6),
    ("indoor", 0.9),
    ("outdoor", 1.3),
    ("visited", 3.0),
];

/// What was found beside an address: one bit for each of the cues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Evidence(u32);

impl Evidence {
    /// Adds a cue by its name.
    pub(super) fn with(self, name: &str) -> Self {
        let at = CUES.iter().zip(0_u32..).find(|((cue, _), _)| *cue == name);
        Self(self.0 | at.map_or(0, |(_, bit)| 1 << bit))
    }

    pub(super) fn has(self, name: &str) -> bool {
        self.with(name) == self
    }

    /// Returns the sum of the weights: below zero the address is rather not the place.
    pub(super) fn weight(self) -> f32 {
        self.cues().map(|(_, weight)| weight).sum()
    }

    /// Returns the names of the cues.
    pub(super) fn names(self) -> Vec<&'static str> {
        self.cues().map(|(name, _)| name).collect()
    }

    fn cues(self) -> impl Iterator<Item = (&'static str, f32)> {
        CUES.iter().zip(0_u32..).filter(move |(_, bit)| self.0 & (1 << bit) != 0).map(|(c, _)| *c)
    }
}

/// Words of the file by their side.
struct Roles {
    before: Cues,
    behind: Cues,
    after: Cues,
    persons: List,
    trouble: List,
    indoor: List,
    outdoor: List,
}

/// The lists of one side, each word with the cue it is.
struct Cues(Vec<(Evidence, List)>);

static ROLES: LazyLock<Roles> = LazyLock::new(|| Roles::read(include_str!("data/roles.txt")));

impl Roles {
    fn read(file: &str) -> Self {
        let lists = super::words::lists(file);
        let words = |name: &str| lists.get(name).map_or(&[][..], Vec::as_slice);
        let side = |side: &str| {
            let cues = CUES.iter().map(|(name, _)| (*name, words(&format!("{side} {name}"))));
            let cues = cues.filter(|(_, words)| !words.is_empty());
            Cues(cues.map(|(n, words)| (Evidence::default().with(n), List::new(words))).collect())
        };
        Self {
            before: side("before"),
            behind: side("behind"),
            after: side("after"),
            persons: List::new(words("persons")),
            trouble: List::new(words("trouble")),
            indoor: List::new(words("indoor")),
            outdoor: List::new(words("outdoor")),
        }
    }
}

impl Cues {
    fn at(&self, text: &Text, i: usize) -> impl Iterator<Item = (Evidence, usize)> {
        self.0.iter().filter_map(move |(cue, list)| Some((*cue, list.ends(text, i)?)))
    }
}

/// Returns what the words right beside an address say of it.
pub(super) fn beside(text: &Text, start: usize, end: usize) -> Evidence {
    let all = before(text, start).0 | behind(text, end).0;
    Evidence(all)
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
        let cue = if cue.has("home") { whose(text, i, cue) } else { cue };
        found = if stop - i > longest { cue } else { Evidence(found.0 | cue.0) };
        longest = stop - i;
    }
    found
}

/// Tells the writer's home from that of somebody he names: 我姐家住.
fn whose(text: &Text, i: usize, home: Evidence) -> Evidence {
    let named = (1..=3).filter_map(|back| i.checked_sub(back));
    let person = named.into_iter().any(|at| text.any(at, &ROLES.persons) == Some(i));
    if person { Evidence::default().with("other") } else { home }
}

fn behind(text: &Text, end: usize) -> Evidence {
    let mut found = Evidence::default();
    let near = text.skip(end, &lexicon().pointing);
    for at in [end, near] {
        ROLES.behind.at(text, at).for_each(|(cue, _)| found.0 |= cue.0);
    }
    for i in (end..end + AHEAD).take_while(|i| !stops(text, *i)) {
        ROLES.after.at(text, i).for_each(|(cue, _)| found.0 |= cue.0);
    }
    found
}

/// Returns whether a clause ends here.
fn stops(text: &Text, i: usize) -> bool {
    text.at(i).is_none_or(|c| c == BREAK || ",。!?;".contains(c))
}

/// Returns whether a fault, a nuisance or a request is named in a stretch of the text.
pub(super) fn trouble(text: &Text, start: usize, end: usize) -> bool {
    let lists = [&ROLES.trouble, &ROLES.indoor, &ROLES.outdoor];
    lists.into_iter().any(|words| text.find(start, end, words).is_some())
}

/// Returns whether the text reports what happens inside houses, and what happens on the street.
pub(super) fn scene(text: &Text) -> (bool, bool) {
    let says = |words| text.find(0, text.len(), words).is_some();
    (says(&ROLES.indoor), says(&ROLES.outdoor))
}

/// Returns whether the writer says that he lives here.
pub(super) fn is_home(text: &Text, start: usize) -> bool {
    before(text, start).has("home")
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
            ("事发地点：阳光花园", "label"),
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
            assert!(found.has(cue), "{text}: {cue} is not among {:?}", found.names());
        }
    }

    #[test]
    fn nothing_is_heard_across_a_comma_or_far_away() {
        assert_eq!(said_of("阳光花园,早就修好了", "阳光花园").names(), Vec::<&str>::new());
        let far = "阳光花园停水停到现在快一整天了也没见谁来修好";
        assert!(!said_of(far, "阳光花园").has("fixed"));
    }

    #[test]
    fn the_longer_word_counts() {
        let found = said_of("不是说阳光花园", "阳光花园");
        assert!(found.has("denied") && !found.has("report"), "{:?}", found.names());
    }

    #[test]
    fn every_list_of_the_file_is_a_cue_and_every_word_is_folded() {
        let named = |cue: &str| CUES.iter().any(|(name, _)| *name == cue);
        for (list, words) in super::super::words::lists(include_str!("data/roles.txt")) {
            let cue = list.split_once(' ').map_or(list, |(_, cue)| cue);
            let other = ["", "persons", "trouble", "indoor", "outdoor"].contains(&cue);
            assert!(named(cue) || other, "{list} is nothing that is weighed");
            for word in words {
                let folded = Text::new(word);
                assert_eq!(folded.string(0, folded.len()), word, "{list}");
            }
        }
    }
}
