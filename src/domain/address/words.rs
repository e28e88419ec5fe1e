//! The closed word lists of the reader: what surrounds an address, not what is one.
//!
//! The words stand in a data file with what each list is for, read once. Whether a list has a word at
//! a position costs one bit when no word begins with the character there.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::fold::Text;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::read(include_str!("data/words.txt")));

/// Returns the lists.
pub(super) fn lexicon() -> &'static Lexicon {
    &LEXICON
}

macro_rules! lexicon {
    ($($name:ident: $kind:ident,)*) => {
        /// The lists by the names they have in the file, where each says what it is for.
        pub(super) struct Lexicon {
            $(pub(super) $name: $kind,)*
        }

        impl Lexicon {
            fn read(file: &str) -> Self {
                let lists = lists(file);
                let words = |name: &str| lists.get(name).map_or(&[][..], Vec::as_slice);
                Self { $($name: $kind::new(words(stringify!($name))),)* }
            }
        }

        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

lexicon! {
    within_address: List,
    leading: Chars,
    no_name: List,
    behind_name: List,
    stairs: List,
    duties: List,
    correction: List,
    fillers: List,
    crossing: List,
    offices: List,
    opposite: List,
    compound_endings: List,
    on_the_spot: List,
    reporting: List,
    other_towns: List,
    names_a_place: List,
    before_number: Chars,
    before_name: Chars,
    pointing: List,
    says_number: List,
    building: List,
    kinds: List,
    road_endings: List,
    kind_chars: Chars,
    between_roads: List,
    turning: List,
    leading_in: List,
    denial: List,
    of_a_village: List,
    loosely: List,
    listing: List,
    both: List,
    compared: List,
}

/// Cuts the file into its lists.
pub(super) fn lists(file: &str) -> HashMap<&str, Vec<&str>> {
    let (mut lists, mut name) = (HashMap::<&str, Vec<&str>>::new(), "");
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((next, _)) => name = next,
            None => lists.entry(name).or_default().extend(line.split_whitespace()),
        }
    }
    lists
}

/// What can be looked for at one position of a text.
pub(super) trait Words {
    /// Returns where the first of the words ends that the text has at `i`.
    fn ends(&self, text: &Text, i: usize) -> Option<usize>;
}

impl Words for [&str] {
    fn ends(&self, text: &Text, i: usize) -> Option<usize> {
        self.iter().find_map(|word| text.word(i, word))
    }
}

impl<const N: usize> Words for [&str; N] {
    fn ends(&self, text: &Text, i: usize) -> Option<usize> {
        self.as_slice().ends(text, i)
    }
}

/// Words in the order of their first characters, the longest first, and those characters as bits.
#[derive(Debug, Default)]
pub(super) struct List {
    words: Vec<Box<[char]>>,
    firsts: Vec<char>,
    bits: [u128; 8],
}

impl List {
    pub(super) fn new(words: &[&str]) -> Self {
        let mut words: Vec<Box<[char]>> = words.iter().map(|w| w.chars().collect()).collect();
        words.sort_by_key(|word| (first(word), std::cmp::Reverse(word.len())));
        let firsts: Vec<char> = words.iter().map(|word| first(word)).collect();
        let mut bits = [0; 8];
        for (row, bit) in firsts.iter().map(|c| bit(*c)) {
            if let Some(slot) = bits.get_mut(row) {
                *slot |= bit;
            }
        }
        Self { words, firsts, bits }
    }

    /// Returns the words in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = String> + '_ {
        self.words.iter().map(|word| word.iter().collect())
    }

    /// Returns a name without the longest of the words it ends with, when two or more characters
    /// remain.
    pub(super) fn rest<'a>(&self, name: &'a str) -> Option<&'a str> {
        let rests = self.words.iter().filter_map(|ending| {
            let (at, _) = name.char_indices().rev().nth(ending.len().checked_sub(1)?)?;
            let (rest, end) = name.split_at_checked(at)?;
            (end.chars().eq(ending.iter().copied()) && rest.chars().count() >= 2).then_some(rest)
        });
        rests.min_by_key(|rest| rest.len())
    }

    /// Returns the positions in the list of all words that the text has at `i`, the longest first.
    pub(super) fn all<'a>(&'a self, text: &'a Text, i: usize) -> impl Iterator<Item = usize> + 'a {
        let known = |c: &char| {
            let (row, bit) = bit(*c);
            self.bits.get(row).is_some_and(|bits| bits & bit != 0)
        };
        let range = text.at(i).filter(known).map_or(0..0, |c| {
            let from = self.firsts.partition_point(|first| *first < c);
            let same = self.firsts.get(from..).unwrap_or(&[]).iter();
            from..from + same.take_while(|first| **first == c).count()
        });
        range.filter(move |n| self.words.get(*n).is_some_and(|word| text.has(i, word)))
    }

    /// Returns the length of a word.
    pub(super) fn len(&self, nth: usize) -> usize {
        self.words.get(nth).map_or(0, |word| word.len())
    }
}

impl Words for List {
    fn ends(&self, text: &Text, i: usize) -> Option<usize> {
        self.all(text, i).next().map(|nth| i + self.len(nth))
    }
}

/// Returns whether the writer says right before `at` that it is not what follows: 不是二期.
pub(super) fn denied(text: &Text, at: usize) -> bool {
    let before = at.checked_sub(2);
    before.is_some_and(|i| text.any(i, &lexicon().denial) == Some(at))
}

fn first(word: &[char]) -> char {
    word.first().copied().unwrap_or_default()
}

/// A set of characters.
#[derive(Debug, Default)]
pub(super) struct Chars(Vec<char>);

impl Chars {
    fn new(words: &[&str]) -> Self {
        let mut chars: Vec<char> = words.iter().flat_map(|word| word.chars()).collect();
        chars.sort_unstable();
        chars.dedup();
        Self(chars)
    }

    pub(super) fn contains(&self, c: char) -> bool {
        self.0.binary_search(&c).is_ok()
    }
}

/// Returns the row and the bit of a first character; characters share bits, so a clear one is
/// certain.
fn bit(c: char) -> (usize, u128) {
    let code = u32::from(c);
    (usize::try_from(code / 128 % 8).unwrap_or(0), 1 << (code % 128))
}

/// Returns the name without its generic ending, when two or more characters remain.
pub(super) fn stem(name: &str) -> Option<&str> {
    lexicon().compound_endings.rest(name)
}

/// Returns how many characters of a name are its own and not its kind's.
pub(super) fn core(name: &Text) -> usize {
    let all = lexicon().kinds.words.iter().chain(&lexicon().compound_endings.words);
    let lengths = all.filter_map(|word| {
        let at = name.len().checked_sub(word.len())?;
        (at > 1 && name.slice(at, name.len()) == &**word).then_some(word.len())
    });
    name.len() - lengths.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_list_of_the_file_is_used_and_none_is_missing_or_empty() {
        let lists = lists(include_str!("data/words.txt"));
        let there: HashSet<&str> =
            lists.iter().filter(|(_, words)| !words.is_empty()).map(|(name, _)| *name).collect();
        assert_eq!(there, NAMES.iter().copied().collect());
    }

    #[test]
    fn every_word_is_folded_and_stands_once() {
        for (name, words) in lists(include_str!("data/words.txt")) {
            let mut seen = HashSet::new();
            for word in words {
                let folded = Text::new(word);
                assert_eq!(folded.string(0, folded.len()), word, "{name}");
                assert!(seen.insert(word), "{name}: {word} stands twice");
            }
        }
    }
}
